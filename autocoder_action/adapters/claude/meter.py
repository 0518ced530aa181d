"""What the relay counts: what each request costs, what a session has left, and what went wrong last."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from autocoder_action.adapters.claude.contents import extra_tokens
from autocoder_action.adapters.claude.reading import Failure, Reading
from autocoder_action.intake.caps import Caps
from autocoder_action.session.meter import (
    Count,
    Nearness,
    Reservation,
    Size,
    Verdict,
    begin,
    ended,
    judge,
    nearness,
    reserve,
    settle,
)
from autocoder_action.session.outcome import Ending
from autocoder_action.session.prices import Tokens
from autocoder_action.session.terms import Terms

_MOST_OUTPUT = 128_000
"""Tokens that a model writes at most, for a request that names no bound."""


@dataclass(kw_only=True)
class Meter:
    """The count of one conversation; the relay's thread writes it, anybody reads it."""

    terms: Terms
    caps: Caps
    time: Callable[[], float] = lambda: 0.0
    """Tells which share of its time the conversation has used."""
    on_change: Callable[[], object] = lambda: None
    """Called after each answer, in the relay's thread."""
    requests: int = 0
    """Requests that were passed on, answered or not."""
    total: Tokens = field(default_factory=Tokens)
    failure: Failure | None = None
    """The last request's failure; None once one succeeds."""
    ending: Ending | None = None
    """The cap for whose sake a request was not passed on; None while there was no such request."""
    barred: str = ""
    """Why the last request was not one of this session's; empty where it was."""
    _count: Count = field(default_factory=Count)
    _goes_on: bool = False
    """Whether the last answer was one that tools have to be run for."""
    _told: Nearness = Nearness.FAR
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def turns(self) -> int:
        """Return how many replies have begun or ended; a request that never came to an end counts as one."""
        with self._lock:
            return self._count.turns + len(self._count.reserved)

    @property
    def cost_micro(self) -> int:
        """Return what was spent, in millionths of a dollar; a request that never came to an end counts its input."""
        with self._lock:
            return self._count.spent_micro + sum(one.input_micro for one in self._count.reserved)

    @property
    def settled_micro(self) -> int:
        """Return what the answers that are over have cost: what is shown meanwhile, since it never goes down."""
        with self._lock:
            return self._count.spent_micro

    def reserve(self, asked: Mapping[str, object], sent: int) -> Reservation:
        """Return what a request may come to."""
        whole = asked.get("stream") is not True
        size = Size(sent=sent, extra=extra_tokens(asked), output=_most_output(asked), whole=whole)
        return reserve(self.terms.price, size)

    def ask(self, reservation: Reservation) -> Verdict:
        """Decide about a request, and count it where it passes."""
        with self._lock:
            time = self.time()
            verdict = judge(self._count, self.caps, time=time)
            if verdict is Verdict.PASS:
                self._count = begin(self._count, reservation)
                self.requests += 1
                self.barred = ""
            elif verdict is Verdict.END:
                self.ending = ended(self._count, self.caps, time=time)
            return verdict

    def succeed(self, reservation: Reservation, reading: Reading) -> None:
        """Count a whole answer, or one that an error of the service's ended."""
        self._finish(reservation, reading, reading.failure)

    def fail(self, reservation: Reservation, failure: Failure, reading: Reading | None = None) -> None:
        """Count what a broken answer used, and keep why it broke; without a reading there was no answer at all."""
        self._finish(reservation, reading, failure)

    def due(self) -> tuple[Nearness, str] | None:
        """Return how near a cap is where the agent has to be told now; None where it was, or is about to end itself."""
        with self._lock:
            if self._count.reserved or not self._goes_on:
                return None
            near, words = nearness(self._count, self.caps, time=self.time())
            if near <= self._told or near is Nearness.REACHED:
                return None
            self._told = near
            return near, words

    def _finish(self, reservation: Reservation, reading: Reading | None, failure: Failure | None) -> None:
        with self._lock:
            tokens = reading.used(broken=failure is not None) if reading else Tokens()
            cost = self.terms.price.cost_micro(tokens)
            if reading and not reading.told:
                cost += reservation.input_micro
            self._count = settle(self._count, reservation, cost, answered=reading is not None)
            self._goes_on = failure is None and reading is not None and reading.goes_on
            self.total += tokens
            self.failure = failure
        self.on_change()


def _most_output(asked: Mapping[str, object]) -> int:
    """Return how many tokens an answer may have: what the request allows, for the words or for the thoughts."""
    thinking = asked.get("thinking")
    named = (asked.get("max_tokens"), thinking.get("budget_tokens") if isinstance(thinking, dict) else 0)
    if not isinstance(named[0], int) or isinstance(named[0], bool):
        return _MOST_OUTPUT
    return max(one for one in named if isinstance(one, int))
