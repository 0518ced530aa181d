"""The desk as the agent sees it: a tool server within this process, one call at a time."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from claude_agent_sdk import McpSdkServerConfig
from mcp.server import Server
from mcp.types import CallToolRequestParams, CallToolResult, ListToolsResult, Tool

from autocoder_action.ports import Desk
from autocoder_action.session.brief import ToolSpec
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.outcome import Step

SERVER = "features"
_CLOSED = Reply(text="The session is over.", failed=True)
_T = TypeVar("_T")


def full_name(tool: str) -> str:
    """Return the name under which the agent's program knows a tool."""
    return f"mcp__{SERVER}__{tool}"


class Counter:
    """Takes everything to the desk from one thread, in order, so that the desk needs no locks.

    A call may take minutes: meanwhile the event loop stays free for the relay and for an interruption.
    """

    def __init__(self, desk: Desk, *, on_error: Callable[[], None]) -> None:
        """Take the desk, and what to do at once when it fails: its errors are never the agent's to see."""
        self._desk = desk
        self._on_error = on_error
        self._error: BaseException | None = None
        self._refusing = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")

    async def call(self, call: Call) -> Reply:
        """Bring a call, and wait for the reply."""
        return await asyncio.wrap_future(self._thread.submit(self._call, call))

    def hear(self, step: Step) -> None:
        """Bring a step, without waiting."""
        self._thread.submit(self._at_desk, partial(self._desk.hear, step), None)

    def refuse(self) -> None:
        """Begin no further call: the conversation is being ended."""
        self._refusing = True

    def close(self) -> None:
        """Wait for what is under way, then raise what went wrong at the desk."""
        self._thread.shutdown(wait=True)
        if self._error is not None:
            raise self._error

    def _call(self, call: Call) -> Reply:
        return _CLOSED if self._refusing else self._at_desk(partial(self._desk.call, call), _CLOSED)

    def _at_desk(self, use: Callable[[], _T], otherwise: _T) -> _T:
        if self._error is not None:
            return otherwise
        try:
            return use()
        except BaseException as error:  # noqa: BLE001  # raised again by close(), in the caller's thread
            self._error = error
            self._on_error()
            return otherwise


def serve(tools: Sequence[ToolSpec], counter: Counter) -> McpSdkServerConfig:
    """Make a tool server whose every call goes to the desk, its arguments as the agent wrote them.

    The SDK's own helper would check them against the schema first, and refuse what the desk understands.
    """
    known = {tool.name for tool in tools}

    async def list_tools(_context: object, _page: object) -> ListToolsResult:
        return ListToolsResult(tools=[_tool(spec) for spec in tools])

    async def call_tool(_context: object, asked: CallToolRequestParams) -> CallToolResult:
        if asked.name not in known:
            return _result(Reply(text=f"There is no tool {asked.name}.", failed=True))
        return _result(await counter.call(Call(name=asked.name, arguments=asked.arguments or {})))

    server = Server(SERVER, on_list_tools=list_tools, on_call_tool=call_tool)
    return McpSdkServerConfig(type="sdk", name=SERVER, instance=server)


def _tool(spec: ToolSpec) -> Tool:
    return Tool.model_validate({"name": spec.name, "description": spec.description, "inputSchema": dict(spec.schema)})


def _result(reply: Reply) -> CallToolResult:
    content = [{"type": "text", "text": reply.text}]
    return CallToolResult.model_validate({"content": content, "isError": reply.failed})
