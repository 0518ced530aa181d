"""The feature tools as an MCP server on this process's stdin and stdout."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.types import CallToolRequestParams, CallToolResult, ListToolsResult, Tool

from autocoder_action.session.brief import ToolSpec
from autocoder_action.session.call import Call, Reply

_AT_ONCE = 8
"""Calls that are answered at the same time; one that runs a check must not hold up the others."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What answers the calls."""

    name: str
    version: str
    instructions: str
    tools: Sequence[ToolSpec]
    call: Callable[[Call], Reply]
    """Called from several threads."""
    close: Callable[[], None]
    """Ends what takes long, when the client is gone."""


def serve(desk: Desk) -> None:
    """Answer one client until it closes our stdin."""
    with ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="call") as pool:
        try:
            asyncio.run(_serve(desk, pool))
        finally:
            desk.close()


async def _serve(desk: Desk, pool: ThreadPoolExecutor) -> None:
    known = {tool.name for tool in desk.tools}

    async def list_tools(_context: object, _page: object) -> ListToolsResult:
        return ListToolsResult(tools=[_tool(spec) for spec in desk.tools])

    async def call_tool(_context: object, asked: CallToolRequestParams) -> CallToolResult:
        if asked.name not in known:
            return _result(
                Reply(text=f"There is no tool {asked.name[:80]}. There are: {', '.join(known)}.", failed=True)
            )
        call = Call(name=asked.name, arguments=asked.arguments or {})
        return _result(await asyncio.wrap_future(pool.submit(desk.call, call)))

    server = Server(
        desk.name,
        version=desk.version,
        instructions=desk.instructions,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _tool(spec: ToolSpec) -> Tool:
    return Tool.model_validate({"name": spec.name, "description": spec.description, "inputSchema": dict(spec.schema)})


def _result(reply: Reply) -> CallToolResult:
    content = [{"type": "text", "text": reply.text}]
    return CallToolResult.model_validate({"content": content, "isError": reply.failed})
