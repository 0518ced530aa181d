"""The desk as the agent sees it: a tool server within this process."""

from collections.abc import Sequence

from claude_agent_sdk import McpSdkServerConfig
from mcp.server import Server
from mcp.types import CallToolRequestParams, CallToolResult, ListToolsResult, Tool

from autocoder_action.adapters.claude.counter import Counter
from autocoder_action.adapters.claude.program import SERVER
from autocoder_action.session.brief import ToolSpec
from autocoder_action.session.call import Call, Reply


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
