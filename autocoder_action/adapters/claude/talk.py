"""One conversation with the agent's program, from its first request until it is gone."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from anyio.abc import Process
from anyio.streams.text import TextReceiveStream, TextSendStream
from claude_agent_sdk import (
    ClaudeAgentOptions,
    ClaudeSDKClient,
    McpSdkServerConfig,
    McpServerConfig,
    ResultMessage,
)
from claude_agent_sdk._internal._task_compat import spawn_detached
from claude_agent_sdk._internal.transport.subprocess_cli import SubprocessCLITransport

from autocoder_action.adapters.claude import browser as browsers
from autocoder_action.adapters.claude import program
from autocoder_action.adapters.claude.counter import Counter
from autocoder_action.adapters.claude.endings import Evidence, can_be_read
from autocoder_action.adapters.claude.program import Start
from autocoder_action.adapters.claude.steps import Narrator
from autocoder_action.session.brief import Brief
from autocoder_action.session.outcome import Ending
from autocoder_action.session.terms import Terms

# Its errors are told as endings, not a second time on standard error.
logging.getLogger("claude_agent_sdk").addHandler(logging.NullHandler())

# An interruption takes 0.05 s as a rule. The runner gives 7.5 s from its first signal to its second.
_SECONDS_TO_HEED = 2.0


# An image that the agent reads is one line of the program's output.
_LONGEST_LINE = 64 * 1024 * 1024


def options(
    brief: Brief, terms: Terms, *, folder: Path, start: Start, server: McpSdkServerConfig
) -> ClaudeAgentOptions:
    """Return how the program is to be started: nothing of the repository's or the user's configures it."""
    return ClaudeAgentOptions(
        cli_path=start.script,
        cwd=folder,
        model=program.model(brief, terms),
        system_prompt=brief.system,
        verbatim_prompts=True,
        max_turns=brief.caps.turns,
        max_budget_usd=program.dollars(brief, terms),
        setting_sources=[],
        strict_mcp_config=True,
        mcp_servers=_servers(brief, start, server),
        tools=list(brief.hands),
        allowed_tools=start.allowed(brief),
        disallowed_tools=start.disallowed(),
        permission_mode=start.permission_mode,
        hooks=browsers.hooks(start.home) if start.browser else None,
        max_buffer_size=_LONGEST_LINE,
    )


def _servers(brief: Brief, start: Start, server: McpSdkServerConfig) -> dict[str, McpServerConfig]:
    servers: dict[str, McpServerConfig] = {program.SERVER: server} if brief.tools else {}
    return servers | ({browsers.SERVER: start.browser.server(start.home)} if start.browser else {})


class _Begun(SubprocessCLITransport):
    """The SDK's own way to talk with the program, with one that was started already."""

    def __init__(self, options: ClaudeAgentOptions, process: Process) -> None:
        super().__init__("", options)
        self._begun = process

    async def connect(self) -> None:
        """Take over the program's streams, as the SDK does for one that it has started."""
        self._process = self._begun
        if self._begun.stdin and self._begun.stdout and self._begun.stderr:
            self._stdin_stream = TextSendStream(self._begun.stdin)
            self._stdout_stream = TextReceiveStream(self._begun.stdout)
            self._stderr_stream = TextReceiveStream(self._begun.stderr)
            self._stderr_task = spawn_detached(self._handle_stderr())
            self._ready = True


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
    """Gives the program its task, and listens until a result or an interruption."""

    def __init__(self, options: ClaudeAgentOptions, process: Process, *, narrator: Narrator, counter: Counter) -> None:
        self._complaints: deque[str] = deque(maxlen=20)
        options = replace(options, stderr=self._complaints.append)
        self._client = ClaudeSDKClient(options, _Begun(options, process))
        self._process = process
        self._narrator = narrator
        self._counter = counter

    async def hold(self, prompt: str, *, seconds: float, hands: Hands) -> Evidence:
        """Hold the conversation until its end, the end of its time, or the event.

        The program is gone when this returns, whatever happened.
        """
        talk = asyncio.create_task(self._talk(prompt))
        asked = asyncio.create_task(hands.stop.wait())
        steered = asyncio.create_task(hands.steer(self._client.query))
        stopped, code = None, None
        try:
            await asyncio.wait({talk, asked}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if not talk.done():
                stopped = Ending.CANCELLED if asked.done() else Ending.TIMEOUT
                await self._interrupt(talk, hands.kill)
            else:
                code = self._process.returncode  # before anybody ends it
        finally:
            talk.cancel()
            asked.cancel()
            steered.cancel()
            answer, *_ = await asyncio.gather(talk, asked, steered, return_exceptions=True)
            await self._client.disconnect()
        result = answer if isinstance(answer, ResultMessage) and can_be_read(answer) else None
        broke = "" if result else self._complaint(answer)
        return Evidence(result=result, stopped=stopped, failure=None, broke=broke, code=code)

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
        if isinstance(answer, Exception):
            return str(answer)
        return "its last word cannot be read" if answer else "it closed its output"
