"""The agent's program, started while the SDK that talks with it is still being loaded: each takes most of a second."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import TYPE_CHECKING, Literal

import anyio

from autocoder_action.adapters.claude import browser as browsers
from autocoder_action.session.brief import Brief
from autocoder_action.session.terms import Terms

if TYPE_CHECKING:
    from anyio.abc import Process

SERVER = "features"


def full_name(tool: str) -> str:
    """Return the name under which the agent's program knows a tool.

    >>> full_name("feature_get")
    'mcp__features__feature_get'
    """
    return f"mcp__{SERVER}__{tool}"


@dataclass(frozen=True, kw_only=True)
class Start:
    """What the program is started with besides its task."""

    script: Path
    root: bool
    home: Path
    browser: browsers.Browser | None = None
    """The machine's browser, for an agent that has it."""

    @property
    def permission_mode(self) -> Literal["dontAsk", "bypassPermissions"]:
        """Return how far the program asks nobody.

        No question is ever asked: the boundary is the user and the container. As root the program rightly refuses to go
        without its own checks; then it may use its tools and is denied a few delicate paths.
        """
        return "dontAsk" if self.root else "bypassPermissions"

    def allowed(self, brief: Brief) -> list[str]:
        """Return the tools that need no permission: all that the agent has."""
        browsing = [f"mcp__{browsers.SERVER}"] if self.browser else []
        return [*brief.hands, *(full_name(tool.name) for tool in brief.tools), *browsing]

    def disallowed(self) -> list[str]:
        """Return the browser's tools that no agent needs."""
        return [f"mcp__{browsers.SERVER}__{name}" for name in browsers.UNUSED] if self.browser else []


def dollars(brief: Brief, terms: Terms) -> float | None:
    """Return the cap that the program is told, which tells the model what is left; the relay is who keeps it.

    None where the program would count with other prices.
    """
    return None if terms.own else brief.caps.cost_micro / 1_000_000


def model(brief: Brief, terms: Terms) -> str:
    """Return the model's name as the program wants it."""
    return terms.model + ("[1m]" if brief.model.endswith("[1m]") else "")


def command(brief: Brief, terms: Terms, start: Start) -> list[str]:
    """Return the words that start the program: those that the SDK would write from `talk.options`."""
    return [str(start.script), "--output-format", "stream-json", "--verbose", *_words(brief, terms, start)]


def _words(brief: Brief, terms: Terms, start: Start) -> Iterator[str]:
    yield from ("--system-prompt", brief.system)
    yield from ("--tools", ",".join(brief.hands))
    yield from _given("--allowedTools", ",".join(start.allowed(brief)))
    yield from _given("--max-turns", str(brief.caps.turns or ""))
    most = dollars(brief, terms)
    yield from _given("--max-budget-usd", "" if most is None else str(most))
    yield from _given("--disallowedTools", ",".join(start.disallowed()))
    yield from ("--model", model(brief, terms), "--permission-mode", start.permission_mode)
    servers: dict[str, object] = {SERVER: {"type": "sdk", "name": SERVER}} if brief.tools else {}
    servers |= {browsers.SERVER: start.browser.server(start.home)} if start.browser else {}
    yield from _given("--mcp-config", json.dumps({"mcpServers": servers}) if servers else "")
    yield from ("--strict-mcp-config", "--setting-sources=", "--input-format", "stream-json")


def _given(option: str, value: str) -> Sequence[str]:
    return (option, value) if value else ()


async def begin(words: Sequence[str], folder: Path) -> "Process":
    """Start the program; it waits for its first words, and spends nothing until then."""
    return await anyio.open_process(words, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=folder)


async def end(process: "Process") -> None:
    """End the program where nobody has."""
    if process.returncode is None:
        process.kill()
    await process.aclose()
