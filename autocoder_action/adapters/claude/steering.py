"""Telling the agent, in the midst of its work, that a cap is near."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from autocoder_action.adapters.claude.meter import Meter
from autocoder_action.session.brief import Signals
from autocoder_action.session.meter import Nearness
from autocoder_action.session.prompts import fill


async def steer(meter: Meter, signals: Signals, say: Callable[[str], Awaitable[None]], *, every: float) -> None:
    """Say each signal once, when its time has come; never returns.

    It looks after each answer of the model, and every so many seconds for the sake of the minutes.
    """
    changed, loop = asyncio.Event(), asyncio.get_running_loop()

    def change() -> None:
        with suppress(RuntimeError):  # the conversation has ended in the same moment
            loop.call_soon_threadsafe(changed.set)

    meter.on_change = change
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), timeout=every)
        changed.clear()
        if due := meter.due():
            near, used = due
            await say(fill(signals.close if near is Nearness.CLOSE else signals.near, {"used": used}))
