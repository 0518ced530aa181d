"""Stands in for a browser's tools: takes the same words, and makes a picture where it is told to."""

import sys
from pathlib import Path

from mcp.server import MCPServer

server = MCPServer("browser")


def folder() -> Path:
    """Return where pictures go."""
    return Path(sys.argv[sys.argv.index("--output-dir") + 1])


@server.tool()
def browser_take_screenshot(filename: str = "") -> str:
    """Take a screenshot; one that has a name goes into the working directory."""
    folder().mkdir(exist_ok=True)
    path = Path.cwd() / filename if filename else folder() / "page.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\nhello")
    return f"saved as {path}"


@server.tool()
def browser_run_code_unsafe() -> str:
    """Do anything."""
    return "done"


if __name__ == "__main__":
    server.run("stdio")
