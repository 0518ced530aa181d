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
from autocoder_action.adapters.claude.counter import Counter
from autocoder_action.adapters.claude.library import Library
from autocoder_action.adapters.claude.task import Rooms, Said, Task
from autocoder_action.errors import ConfigError, UpstreamError
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.ports import Desk
from autocoder_action.session.brief import Brief
from autocoder_action.session.confine import AgentUser
from autocoder_action.session.outcome import BrokenOffError, Conversation, Ending, Picture, Usage
from autocoder_action.session.provider import Provider
from autocoder_action.session.terms import Terms, doubts, terms

if TYPE_CHECKING:
    from anyio.abc import Process

    from autocoder_action.adapters.claude.browser import Browser
    from autocoder_action.adapters.claude.meter import Meter
    from autocoder_action.adapters.claude.program import Start


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
    browser: Callable[[], "Browser | None"] = lambda: None
    """Finds the machine's browser."""
    _cancelled: bool = field(default=False, init=False)
    _wake: Callable[[], object] | None = field(default=None, init=False)
    _library: Library = field(default_factory=Library, init=False)

    def cancel(self) -> None:
        """End the conversation that is held, and any later one at once; safe in a signal's handler and any thread."""
        self._cancelled = True
        self._interrupt()

    def admit(self, model: str, prices: Mapping[str, PriceKeys], *, browser: bool = False) -> None:
        """Raise ConfigError where the service refuses a session with this model, or its dollars could not be capped.

        Raise ConfigError, too, where a browser is wanted and there is none, and UpstreamError where the service is not
        there. It takes less than five seconds.
        """
        agreed = terms(model, self.provider, prices)
        if browser and self.browser() is None:
            raise ConfigError(
                "`browser: true` is set, and this image has no browser.",
                remedy="Use `autocoder-action/autocoder-action/browser@…` in the workflow, whose image has one, or "
                "take `browser` out of the configuration.",
            )
        from autocoder_action.adapters.claude import preflight  # noqa: PLC0415  # 0.1 s that a run without a session saves

        self._library.begin()
        failure = preflight.ask(self.provider, agreed.model)
        if failure is None:
            return
        verdict = endings.judge_service(failure, provider=self.provider, model=agreed.model)
        kind = ConfigError if verdict.ending is Ending.REFUSED else UpstreamError
        raise kind(verdict.detail, remedy=verdict.remedy)

    def converse(self, brief: Brief, *, folder: Path, desk: Desk) -> Conversation:
        """Hold one conversation; everything that it started is gone when this returns.

        The desk is used from one thread, one thing at a time. What it raises breaks the conversation off; a call
        that is under way when the conversation ends is waited for.
        """
        if self._cancelled:
            return Conversation(ending=Ending.CANCELLED, usage=Usage(), detail="The session was cancelled.")
        begun = time.monotonic()
        self._library.begin()
        from autocoder_action.adapters.claude import meter  # noqa: PLC0415  # as above

        agreed, seen = terms(brief.model, self.provider, brief.prices), list[Picture]()
        count = meter.Meter(terms=agreed, caps=brief.caps, time=lambda: _share(time.monotonic() - begun, brief.seconds))
        try:
            with ExitStack() as stack:
                rooms = self._rooms(stack, seen)
                listening = launch.Listening()
                stack.callback(listening.socket.close)
                counter = Counter(desk, on_error=self._interrupt)
                stack.callback(counter.close)
                task = Task(
                    brief=brief,
                    terms=agreed,
                    folder=folder,
                    start=self._start(brief, rooms, listening),
                    listening=listening,
                    count=count,
                    counter=counter,
                    ends=begun + brief.seconds,
                )
                said = asyncio.run(self._hold(task))
            return replace(self._told(said, brief, count, agreed), pictures=tuple(seen))
        except Exception as error:
            raise BrokenOffError(_usage(count)) from error

    def _rooms(self, stack: ExitStack, seen: list[Picture]) -> Rooms:
        """Lend the agent its folders until the stack is left, and collect its pictures then."""
        from autocoder_action.adapters.claude import browser  # noqa: PLC0415  # as above

        private = Path(stack.enter_context(_temporary()))
        given = self.user.home if self.user else self.home
        home = given or Path(stack.enter_context(_temporary()))
        stack.callback(lambda: seen.extend(browser.pictures(home)))  # once all that the agent started is gone
        stack.enter_context(self.contain())
        return Rooms(private=private, home=home)

    def _start(self, brief: Brief, rooms: Rooms, relay: launch.Listening) -> "Start":
        """Prepare what the program is started with."""
        from autocoder_action.adapters.claude import program  # noqa: PLC0415  # as above

        environment = self._environment(relay, rooms.home)
        return program.Start(
            script=launch.write_wrapper(rooms.private, user=self.user, environment=environment),
            root=self.user is None and os.geteuid() == 0,
            home=rooms.home,
            browser=self.browser() if brief.browser else None,
        )

    def _told(self, said: Said, brief: Brief, count: "Meter", agreed: Terms) -> Conversation:
        """Say how a conversation ended, from what the program said and what the relay saw."""
        resets_in = max(0, said.resets_at - int(time.time())) if said.resets_at else 0
        evidence = replace(
            said.evidence, failure=count.failure, reached=count.ending, barred=count.barred, resets_in=resets_in
        )
        verdict = endings.judge(evidence, provider=self.provider, model=brief.model)
        return Conversation(
            ending=verdict.ending,
            usage=_usage(count),
            text=said.text,
            detail=verdict.detail,
            remedy=verdict.remedy,
            wait_seconds=verdict.wait_seconds,
            notes=doubts(agreed, count.cost_micro, evidence.result.total_cost_usd if evidence.result else None),
        )

    async def _hold(self, task: Task) -> Said:
        """Start the program, wait until the relay and what talks with it are loaded, and hold the conversation."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(stop.set)
        if self._cancelled:  # between the first look and here
            stop.set()
        from autocoder_action.adapters.claude import program  # noqa: PLC0415  # as above

        process = await program.begin(program.command(task.brief, task.terms, task.start), task.folder)
        try:
            await asyncio.to_thread(self._library.wait)
            from autocoder_action.adapters.claude import proxy  # noqa: PLC0415  # as above

            with proxy.Proxy(self.provider, task.count, task.listening):
                return await self._talk(task, process, stop)
        finally:
            self._wake = None
            await program.end(process)

    async def _talk(self, task: Task, process: "Process", stop: asyncio.Event) -> Said:
        """Give the program its task, and listen until the end."""
        from autocoder_action.adapters.claude import steering, steps, talk, tools  # noqa: PLC0415  # as above

        narrator = steps.Narrator(cost=lambda: task.count.settled_micro)
        server = tools.serve(task.brief.tools, task.counter)
        options = talk.options(task.brief, task.terms, folder=task.folder, start=task.start, server=server)
        held = talk.Talk(options, process, narrator=narrator, counter=task.counter)
        seconds = max(0.0, task.ends - time.monotonic())
        hands = talk.Hands(
            stop=stop,
            kill=lambda: launch.kill(launch.pid_file(task.start.script.parent)),
            steer=lambda say: steering.steer(task.count, task.brief.signals, say, every=seconds / 100),
        )
        evidence = await held.hold(task.brief.prompt, seconds=seconds, hands=hands)
        return Said(evidence=evidence, text=narrator.text, resets_at=narrator.resets_at)

    def _interrupt(self) -> None:
        if (wake := self._wake) is not None:
            with suppress(RuntimeError):  # the conversation has ended in the same moment
                wake()

    def _environment(self, relay: launch.Listening, home: Path) -> dict[str, str]:
        start = launch.Start(provider=self.provider, base_url=relay.base_url, token=relay.token)
        return {**self.environment, **launch.environment(start, home=home, path=self.path)}


def _temporary() -> TemporaryDirectory[str]:
    """Make a folder that is closed to other users; whatever resists at its end is left behind."""
    return TemporaryDirectory(prefix="autocoder-", ignore_cleanup_errors=True)


def _share(gone: float, whole: float) -> float:
    return gone / whole if whole > 0 else 1.0


def _usage(meter: "Meter") -> Usage:
    total = meter.total
    return Usage(
        turns=meter.turns, input_tokens=total.all_input, output_tokens=total.output, cost_micro=meter.cost_micro
    )
