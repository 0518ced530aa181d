"""The Agent port on Claude Code; the SDK is imported only once a conversation begins."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from autocoder_action.adapters.claude import endings, launch
from autocoder_action.ports import Desk
from autocoder_action.session.brief import Brief, Caps
from autocoder_action.session.confine import AgentUser
from autocoder_action.session.outcome import Conversation, Ending, Usage
from autocoder_action.session.provider import Provider

if TYPE_CHECKING:
    from claude_agent_sdk import ResultMessage

    from autocoder_action.adapters.claude.meter import Meter
    from autocoder_action.adapters.claude.proxy import Proxy
    from autocoder_action.adapters.claude.talk import Talk


@dataclass(kw_only=True)
class ClaudeAgent:
    """Holds conversations with Claude Code, one after the other."""

    provider: Provider
    user: AgentUser | None
    """None runs the agent as this process's own user."""
    path: str
    """The agent's ``PATH``."""
    contain: Callable[[], AbstractContextManager[None]]
    """Ends, on leaving, every process that was started inside."""
    home: Path | None = None
    """For an agent without a user of its own; None lends an empty one, and deletes it afterwards."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What the agent sees beyond the necessary; a name of ours wins."""
    retries: int = 4
    """How often the program tries a request again; the fourth wait ends after some 10 s."""
    minute: float = 60.0
    """Seconds in a minute; tests are in a hurry."""
    _cancelled: bool = field(default=False, init=False)
    _wake: Callable[[], object] | None = field(default=None, init=False)

    def cancel(self) -> None:
        """End the conversation that is held, and any later one at once; safe in a signal's handler and any thread."""
        self._cancelled = True
        self._interrupt()

    def converse(self, brief: Brief, *, folder: Path, desk: Desk) -> Conversation:
        """Hold one conversation; everything that it started is gone when this returns.

        The desk is used from one thread, one thing at a time. What it raises ends the conversation and is
        raised here; a call that is under way when the conversation ends is waited for.
        """
        if self._cancelled:
            return Conversation(ending=Ending.CANCELLED, usage=Usage(), detail="The session was cancelled.")
        from autocoder_action.adapters.claude import (  # noqa: PLC0415  # 0.7 s that a run without a session saves
            proxy,
            steps,
            talk,
            tools,
        )

        narrator = steps.Narrator()
        with ExitStack() as stack:
            private = Path(stack.enter_context(_temporary()))
            given = self.user.home if self.user else self.home
            home = given or Path(stack.enter_context(_temporary()))
            stack.enter_context(self.contain())
            relay = stack.enter_context(proxy.Proxy(self.provider))
            counter = tools.Counter(desk, on_error=self._interrupt)
            stack.callback(counter.close)
            script = launch.write_wrapper(private, user=self.user, environment=self._environment(relay, home))
            server = tools.serve(brief.tools, counter)
            root = self.user is None and os.geteuid() == 0
            options = talk.options(brief, folder=folder, script=script, server=server, root=root)
            held = talk.Talk(options, narrator=narrator, counter=counter)
            evidence = asyncio.run(self._hold(held, brief, launch.pid_file(private)))
        resets_in = max(0, narrator.resets_at - int(time.time())) if narrator.resets_at else 0
        evidence = replace(evidence, failure=relay.meter.failure, resets_in=resets_in)
        verdict = endings.judge(evidence, provider=self.provider, model=brief.model)
        return Conversation(
            ending=verdict.ending,
            usage=_usage(evidence.result, narrator.turns, relay.meter, brief.caps),
            text=narrator.text,
            detail=verdict.detail,
            remedy=verdict.remedy,
            wait_seconds=verdict.wait_seconds,
        )

    async def _hold(self, held: "Talk", brief: Brief, pid_file: Path) -> endings.Evidence:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(stop.set)
        if self._cancelled:  # between the first look and here
            stop.set()
        try:
            return await held.hold(
                brief.prompt,
                seconds=brief.caps.minutes * self.minute,
                stop=stop,
                kill=lambda: launch.kill(pid_file),
            )
        finally:
            self._wake = None

    def _interrupt(self) -> None:
        if (wake := self._wake) is not None:
            with suppress(RuntimeError):  # the conversation has ended in the same moment
                wake()

    def _environment(self, relay: "Proxy", home: Path) -> dict[str, str]:
        start = launch.Start(provider=self.provider, base_url=relay.base_url, token=relay.token, retries=self.retries)
        return {**self.environment, **launch.environment(start, home=home, path=self.path)}


def _temporary() -> TemporaryDirectory[str]:
    """Make a folder that is closed to other users; whatever resists at its end is left behind."""
    return TemporaryDirectory(prefix="autocoder-", ignore_cleanup_errors=True)


def _usage(result: "ResultMessage | None", turns: int, meter: "Meter", caps: Caps) -> Usage:
    """Sum up; where the program ended without telling the cost, all that it could have spent counts."""
    total = meter.total
    cost = result.total_cost_usd if result is not None else None
    unknown = caps.cost_micro if total.all_input else 0
    return Usage(
        turns=turns,
        input_tokens=total.all_input,
        output_tokens=total.output,
        cost_micro=unknown if cost is None else round(cost * 1_000_000),
    )
