"""One conversation with the agent's program, from its first request until it is gone."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from claude_agent_sdk import (
    ClaudeAgentOptions,
    ClaudeSDKClient,
    McpSdkServerConfig,
    McpServerConfig,
    ResultMessage,
)

from autocoder_action.adapters.claude import browser as browsers
from autocoder_action.adapters.claude.endings import Evidence
from autocoder_action.adapters.claude.steps import Narrator
from autocoder_action.adapters.claude.tools import SERVER, Counter, full_name
from autocoder_action.session.brief import Brief
from autocoder_action.session.outcome import Ending
from autocoder_action.session.terms import Terms

# Its errors are told as endings, not a second time on standard error.
logging.getLogger("claude_agent_sdk").addHandler(logging.NullHandler())

# An interruption takes 0.05 s as a rule. The runner gives 7.5 s from its first signal to its second.
_SECONDS_TO_HEED = 2.0


# An image that the agent reads is one line of the program's output.
_LONGEST_LINE = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Start:
    """What the program is started with besides its task."""

    script: Path
    server: McpSdkServerConfig
    root: bool
    home: Path
    browser: browsers.Browser | None = None
    """The machine's browser, for an agent that has it."""


def options(brief: Brief, terms: Terms, *, folder: Path, start: Start) -> ClaudeAgentOptions:
    """Return how the program is to be started: nothing of the repository's or the user's configures it.

    No question is ever asked: the boundary is the user and the container. As root the program rightly
    refuses to go without its own checks; then it may use its tools and is denied a few delicate paths.
    The relay keeps the cap on dollars. The program is told it, too, and tells the model what is left, but only
    where it counts with the same prices.
    """
    browsing = [f"mcp__{browsers.SERVER}"] if start.browser else []
    return ClaudeAgentOptions(
        cli_path=start.script,
        cwd=folder,
        model=terms.model + ("[1m]" if brief.model.endswith("[1m]") else ""),
        system_prompt=brief.system,
        verbatim_prompts=True,
        max_turns=brief.caps.turns,
        max_budget_usd=None if terms.own or terms.price is None else brief.caps.cost_micro / 1_000_000,
        setting_sources=[],
        strict_mcp_config=True,
        mcp_servers=_servers(brief, start),
        tools=list(brief.hands),
        allowed_tools=[*brief.hands, *(full_name(tool.name) for tool in brief.tools), *browsing],
        disallowed_tools=[f"mcp__{browsers.SERVER}__{name}" for name in browsers.UNUSED] if browsing else [],
        permission_mode="dontAsk" if start.root else "bypassPermissions",
        hooks=browsers.hooks(start.home) if start.browser else None,
        max_buffer_size=_LONGEST_LINE,
    )


def _servers(brief: Brief, start: Start) -> dict[str, McpServerConfig]:
    servers: dict[str, McpServerConfig] = {SERVER: start.server} if brief.tools else {}
    return servers | ({browsers.SERVER: start.browser.server(start.home)} if start.browser else {})


@dataclass(frozen=True, kw_only=True)
class Hands:
    """What acts on a conversation while it is held."""

    stop: asyncio.Event
    """Ends it."""
    kill: Callable[[], None]
    """Ends a program that does not heed."""
    steer: Callable[[Callable[[str], Awaitable[None]]], Coroutine[None, None, None]]
    """Tells the agent what it has to know meanwhile; what is said during a turn is taken into that turn."""


class Talk:
    """Starts the program, gives it its task, and listens until a result or an interruption."""

    def __init__(self, options: ClaudeAgentOptions, *, narrator: Narrator, counter: Counter) -> None:
        self._complaints: deque[str] = deque(maxlen=20)
        self._client = ClaudeSDKClient(replace(options, stderr=self._complaints.append))
        self._narrator = narrator
        self._counter = counter

    async def hold(self, prompt: str, *, seconds: float, hands: Hands) -> Evidence:
        """Hold the conversation until its end, the end of its time, or the event.

        The program is gone when this returns, whatever happened.
        """
        talk = asyncio.create_task(self._talk(prompt))
        asked = asyncio.create_task(hands.stop.wait())
        steered = asyncio.create_task(hands.steer(self._client.query))
        stopped: Ending | None = None
        try:
            await asyncio.wait({talk, asked}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if not talk.done():
                stopped = Ending.CANCELLED if asked.done() else Ending.TIMEOUT
                await self._interrupt(talk, hands.kill)
        finally:
            talk.cancel()
            asked.cancel()
            steered.cancel()
            answer, *_ = await asyncio.gather(talk, asked, steered, return_exceptions=True)
            await self._client.disconnect()
        result = answer if isinstance(answer, ResultMessage) else None
        return Evidence(result=result, stopped=stopped, failure=None, broke="" if result else self._complaint(answer))

    async def _talk(self, prompt: str) -> ResultMessage | None:
        await self._client.connect()
        await self._client.query(prompt)
        async for message in self._client.receive_response():
            for step in self._narrator.steps(message):
                self._counter.hear(step)
            if isinstance(message, ResultMessage):
                return message
        return None

    async def _interrupt(self, talk: asyncio.Task[ResultMessage | None], kill: Callable[[], None]) -> None:
        """Ask the program to stop, so that it ends its tools and tells what was used; or else end it."""
        self._counter.refuse()
        # Any error here means that there is nobody to ask.
        with suppress(Exception):
            await asyncio.wait_for(self._client.interrupt(), _SECONDS_TO_HEED)
            await asyncio.wait({talk}, timeout=_SECONDS_TO_HEED)
        if not talk.done():
            kill()

    def _complaint(self, answer: object) -> str:
        """Return what the program said last, else what the SDK says of it."""
        if self._complaints:
            return self._complaints[-1]
        return str(answer) if isinstance(answer, Exception) else "it closed its output"
