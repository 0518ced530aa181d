"""A call of a feature tool as the agent makes it: through the tool server in this process."""

import time
from statistics import median

from mcp import Client

from autocoder_action.adapters.claude.counter import Counter
from autocoder_action.adapters.claude.tools import serve
from autocoder_action.backlog.feature import Backlog
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.outcome import Step
from autocoder_action.session.tools import Context, handle, specs
from sandbox.bench.plans import NOW


class _Desk:
    """Answers from one backlog, performs nothing, and notes how long the answers took."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog
        self.took: list[float] = []
        """Milliseconds of each answer."""

    def call(self, call: Call) -> Reply:
        """Answer one call."""
        began = time.perf_counter()
        reply = handle(self._backlog, call, Context(activity=None, now=NOW)).reply
        self.took.append((time.perf_counter() - began) * 1_000)
        return reply

    def hear(self, step: Step) -> None:
        """Take no notice."""


async def above_the_function(backlog: Backlog, repeats: int) -> float:
    """Return the milliseconds of *get next* as a tool, less those of the function that answers it in the same call.

    They are subtracted call by call: the function takes many times as long as what is around it, and what else the
    machine does falls on both.
    """
    desk = _Desk(backlog)
    counter = Counter(desk, on_error=lambda: None)
    calls: list[float] = []
    try:
        async with Client(serve(specs(None), counter)["instance"]) as client:
            for _ in range(3 * repeats):
                began = time.perf_counter()
                await client.call_tool("feature_get_next", {})
                calls.append((time.perf_counter() - began) * 1_000)
    finally:
        counter.close()
    return median(call - answer for call, answer in zip(calls, desk.took, strict=True))
