"""The MCP library's own client, on a server that it starts."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from mcp import Client, StdioServerParameters
from mcp.client.client import ConnectMode
from mcp.client.stdio import stdio_client
from mcp.types import TextContent

_T = TypeVar("_T")
_NOWHERE = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # for as long as the tests run


class Refused(Exception):  # noqa: N818  # a refusal is an answer, not an error of the server's
    """A tool answered with isError."""


class Talk:
    """A client that is connected."""

    def __init__(self, client: Client) -> None:
        """Take the client."""
        self.client = client

    async def call(self, tool: str, /, **arguments: object) -> dict[str, object]:
        """Call a tool; raise Refused where it says isError."""
        result = await self.client.call_tool(tool, arguments)
        text = "".join(part.text for part in result.content if isinstance(part, TextContent))
        if result.is_error:
            raise Refused(text)
        said: dict[str, object] = json.loads(text)
        return said

    async def refusal(self, tool: str, /, **arguments: object) -> str:
        """Call a tool that has to refuse; return what it said."""
        try:
            said = await self.call(tool, **arguments)
        except Refused as refused:
            return str(refused)
        raise AssertionError(said)


@asynccontextmanager
async def talk(project: Path, *options: str, mode: ConnectMode = "auto") -> AsyncIterator[Talk]:
    """Start a server on a project and connect to it; at the end it has to go by itself."""
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-P", "-m", "autocoder_action", "mcp", "--project", str(project), *options],
        env={"PATH": os.environ["PATH"], "HOME": str(project)},
    )
    async with Client(stdio_client(parameters, errlog=_NOWHERE), mode=mode) as client:
        yield Talk(client)


def story(project: Path, tell: Callable[[Talk], Awaitable[_T]], *options: str) -> _T:
    """Run a story of one client."""

    async def run() -> _T:
        async with talk(project, *options) as client:
            return await tell(client)

    return asyncio.run(run())
