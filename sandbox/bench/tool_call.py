"""A call of a feature tool as the agent makes it: through the tool server in this process."""

import time
from collections.abc import Awaitable, Callable
from statistics import median

from mcp import Client

from autocoder_action.adapters.claude.tools import Counter, serve
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.order import next_features
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.outcome import Step
from autocoder_action.session.tools import Context, handle, specs
from sandbox.bench.plans import NOW


class _Desk:
    """Answers from one backlog, and performs nothing."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog

    def call(self, call: Call) -> Reply:
        """Answer one call."""
        return handle(self._backlog, call, Context(activity=None, now=NOW)).reply

    def hear(self, step: Step) -> None:
        """Take no notice."""


async def above_the_function(backlog: Backlog, repeats: int) -> float:
    """Return the milliseconds that *get next* takes as a tool, less those of choosing the feature itself.

    Both are measured in turn, so that what else the machine does falls on both.
    """
    counter = Counter(_Desk(backlog), on_error=lambda: None)
    try:
        async with Client(serve(specs(None), counter)["instance"]) as client:

            async def call() -> object:
                return await client.call_tool("feature_get_next", {})

            async def choose() -> object:
                return next_features(backlog)

            pairs = [(await _took(call), await _took(choose)) for _ in range(3 * repeats)]
    finally:
        counter.close()
    above: float = median(tool for tool, _ in pairs) - median(function for _, function in pairs)
    return max(above, 0.0)


async def _took(do: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await do()
    return (time.perf_counter() - began) * 1_000
