"""A browser for an agent that builds something with a page: Playwright's tools on the image's own Chromium."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from shutil import which
from typing import TYPE_CHECKING

from autocoder_action.session.outcome import Picture

if TYPE_CHECKING:
    from claude_agent_sdk import HookMatcher
    from claude_agent_sdk.types import HookContext, HookEvent, HookInput, McpStdioServerConfig, SyncHookJSONOutput

SERVER = "browser"
FOLDER = "pictures"
"""Below the agent's home: what its tools save."""
# Each of these can do what others do, or what the shell does better; every tool costs its description in each session.
UNUSED = ("browser_run_code_unsafe", "browser_drop", "browser_drag", "browser_emulate_media", "browser_find")
_MOST_PICTURES, _MOST_BYTES = 30, 5 * 1024 * 1024
_ENDINGS = (".png", ".jpeg", ".jpg")
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True, kw_only=True)
class Browser:
    """What an image with a browser has."""

    node: str
    program: Path
    """Playwright's server of tools."""
    chromium: str

    def server(self, home: Path) -> "McpStdioServerConfig":
        """Return how the agent's program starts it: as the agent's user, with nothing kept from one page to the next.

        Chromium's own sandbox needs user namespaces, which containers refuse, or a helper with root's rights, which
        this user can never have: the boundary is the user and the container, as for everything that the agent runs.
        """
        options = ("--headless", "--isolated", "--no-sandbox", "--file-paths", "absolute")
        where = ("--executable-path", self.chromium, "--output-dir", str(home / FOLDER))
        # Playwright keeps its sockets in a common folder, which is somebody else's on a machine that several use.
        return {"command": self.node, "args": [str(self.program), *options, *where], "env": {"TMPDIR": str(home)}}


def find(root: Path = Path("/opt/browser")) -> Browser | None:
    """Return this machine's browser; None where the image is the one without."""
    program = root / "node_modules/@playwright/mcp/cli.js"
    node, chromium = which("node"), which("chromium")
    if node is None or chromium is None or not program.is_file():
        return None
    return Browser(node=node, program=program, chromium=chromium)


def hooks(home: Path) -> "dict[HookEvent, list[HookMatcher]]":
    """Return what has a picture go where pictures are looked for, however the agent calls it.

    Playwright puts a file that has a name into the working directory, where it would become part of the work.
    """
    from claude_agent_sdk import HookMatcher  # noqa: PLC0415  # most runs hold no session, and need none of it

    async def elsewhere(told: "HookInput", _tool: str | None, _context: "HookContext") -> "SyncHookJSONOutput":
        given = told["tool_input"] if told["hook_event_name"] == "PreToolUse" else {}
        named = PurePosixPath(str(given.get("filename") or "")).name
        if not named:
            return {}
        placed = {**given, "filename": str(home / FOLDER / named)}
        return {"hookSpecificOutput": {"hookEventName": "PreToolUse", "updatedInput": placed}}

    return {"PreToolUse": [HookMatcher(matcher=f"mcp__{SERVER}__browser_take_screenshot", hooks=[elsewhere])]}


def pictures(home: Path) -> tuple[Picture, ...]:
    """Return the pictures that the agent left, by name; a link leads nowhere.

    The agent owns the folder, and is gone by now. What is opened is a plain file of one name, without following
    anything, and it is a picture by its first bytes.
    """
    try:
        folder = os.open(home / FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return ()
    try:
        names = sorted(one for one in os.listdir(folder) if one.lower().endswith(_ENDINGS))  # noqa: PTH208  # a path could be another folder by now
        found = (_picture(folder, name) for name in names[: _MOST_PICTURES * 2])
        return tuple(one for one in found if one)[:_MOST_PICTURES]
    finally:
        os.close(folder)


def _picture(folder: int, name: str) -> Picture | None:
    try:
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    try:
        seen = os.fstat(file)
        if not stat.S_ISREG(seen.st_mode) or seen.st_nlink != 1 or seen.st_size > _MOST_BYTES:
            return None
        with os.fdopen(file, "rb", closefd=False) as stream:
            content = stream.read(_MOST_BYTES)
    finally:
        os.close(file)
    return Picture(name=name, content=content) if content.startswith(_BEGINNINGS) else None
