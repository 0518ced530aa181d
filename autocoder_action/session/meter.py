"""Whether the model may be asked once more, and when the agent is told that an end is near; decided, not done.

A request that is under way is counted with the most that it can cost. So, whoever asks and however many at once,
a session overshoots its dollars by the last reply that was let through and never by two.
"""

from dataclasses import dataclass, replace
from enum import Enum, IntEnum

from autocoder_action.intake.caps import Caps
from autocoder_action.session.outcome import Ending
from autocoder_action.session.prices import Price, Tokens

_OVERHEAD = 2_000
"""Tokens that a service adds to a request for the tools' sake, at most."""
_BYTES = 4
"""Of a request, for one token, as a rule."""


class Verdict(Enum):
    """What becomes of a request."""

    PASS = "pass"  # noqa: S105  # no password
    WAIT = "wait"
    """What is under way could use up what is left; ask again when one of those requests is over."""
    END = "end"
    """A cap is reached."""


class Nearness(IntEnum):
    """How much of a cap is used, in per cent, as far as the agent is told of it."""

    FAR = 0
    NEAR = 80
    CLOSE = 95
    REACHED = 100


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """What one request may come to, in millionths of a dollar."""

    input_micro: int
    """What its input costs, about: counted where an answer breaks off before it says so itself.

    Of an answer in one piece no part is seen, and the service makes all of it whoever waits: there it is the most.
    """
    most_micro: int
    """More than it can cost."""
    whole: bool = False
    """Whether the answer comes in one piece."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """What a session has used so far, and what is under way."""

    turns: int = 0
    """Replies that have begun or ended."""
    spent_micro: int = 0
    reserved: tuple[Reservation, ...] = ()

    @property
    def reserved_micro(self) -> int:
        """Return the most that the requests under way can cost."""
        return sum(one.most_micro for one in self.reserved)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a request is, and its answer at most."""

    sent: int
    """Bytes."""
    output: int
    """Tokens that the answer may have."""
    extra: int = 0
    """Tokens of input that its bytes do not tell of: those of images and documents, at most."""
    whole: bool = False
    """Whether its answer comes in one piece."""


def reserve(price: Price, size: Size) -> Reservation:
    """Return what a request may come to.

    What its bytes do not tell counts whole where an answer breaks off, too, or requests that are given up would cost
    more than is counted.
    """
    guess = Tokens(input=size.sent // _BYTES + size.extra)
    most = price.most_micro(size.sent + size.extra + _OVERHEAD, max(size.output, 0))
    return Reservation(input_micro=most if size.whole else price.cost_micro(guess), most_micro=most, whole=size.whole)


def judge(count: Count, caps: Caps, *, time: float) -> Verdict:
    """Say whether one more request may pass now; ``time`` is the share of the minutes that is used, 1.0 all of them."""
    if ended(count, caps, time=time) is not None:
        return Verdict.END
    open_turns = count.turns + len(count.reserved) < caps.turns
    open_money = count.spent_micro + count.reserved_micro < caps.cost_micro
    return Verdict.PASS if open_turns and open_money else Verdict.WAIT


def ended(count: Count, caps: Caps, *, time: float) -> Ending | None:
    """Return the cap that is reached; None while there is none."""
    if count.spent_micro >= caps.cost_micro:
        return Ending.BUDGET
    if count.turns >= caps.turns:
        return Ending.TURNS
    return Ending.TIMEOUT if time >= 1 else None


def begin(count: Count, reservation: Reservation) -> Count:
    """Count a request that passes."""
    return replace(count, reserved=(*count.reserved, reservation))


def settle(count: Count, reservation: Reservation, cost_micro: int, *, answered: bool) -> Count:
    """Count what a request came to in the end; one that was not answered is no turn."""
    left = list(count.reserved)
    left.remove(reservation)
    return replace(
        count, turns=count.turns + answered, spent_micro=count.spent_micro + cost_micro, reserved=tuple(left)
    )


def nearness(count: Count, caps: Caps, *, time: float) -> tuple[Nearness, str]:
    """Return how near the nearest cap is, and which: ``82 % of its dollars``."""
    shares = {
        "turns": count.turns / caps.turns,
        "dollars": count.spent_micro / caps.cost_micro,
        "minutes": time,
    }
    name = max(shares, key=lambda one: shares[one])
    percent = int(shares[name] * 100)
    reached = max(one for one in Nearness if one <= percent)
    return reached, f"{percent} % of its {name}"
