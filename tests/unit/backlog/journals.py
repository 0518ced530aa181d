"""Journals for tests: changes of every kind, and what a project's runs and people may have written."""

from collections.abc import Mapping, Sequence
from typing import TypeVar, get_args, get_type_hints

from hypothesis import strategies as st
from msgspec import structs

from autocoder_action.backlog.journal import (
    Accepted,
    Added,
    Answered,
    Asked,
    Attempted,
    Booked,
    Cancelled,
    Change,
    Checked,
    Claimed,
    Day,
    Edited,
    Journal,
    Line,
    Linked,
    NotBefore,
    Noted,
    Paused,
    Rebuilt,
    Regressed,
    Released,
    Reopened,
    Resumed,
    Retried,
    Rewired,
    Settled,
    Skipped,
    Told,
    Totals,
    Tracked,
    Wrote,
    append,
)
from autocoder_action.backlog.journal_base import Amount

_Kind = TypeVar("_Kind")
NOW = 1_767_323_045
DAY = 86_400
UIDS = st.sampled_from("abcdefg")
"""As the drawn backlogs have them, and one more."""


def numbered(changes: Sequence[Line]) -> Journal:
    """Return a journal of these changes, in this order."""
    return append((), changes)


def any_change() -> st.SearchStrategy[Change]:
    """Draw a change of any kind, with any values."""
    days = st.lists(_any(Day), max_size=2).map(tuple)
    return st.one_of(
        [_any(kind, more=st.just(""), **{"days": days} if kind is Totals else {}) for kind in get_args(Change)]
    )


def _any(kind: type[_Kind], **given: st.SearchStrategy[object]) -> st.SearchStrategy[_Kind]:
    """Draw any values, but no amount that nobody can have."""
    hints = get_type_hints(kind, include_extras=True)
    amounts = {name: st.integers(min_value=0) for name, hint in hints.items() if hint == Amount}
    return st.builds(kind, **amounts | given)


def _of_feature() -> st.SearchStrategy[Change]:
    head = {"at": st.integers(NOW - 9, NOW + 9), "run": st.just("5-1"), "id": st.just(""), "feature": UIDS}
    words = st.sampled_from(["Add", "List", "Other words"])
    needs = st.lists(UIDS, max_size=2).map(tuple)
    by = st.sampled_from(["ada", None])
    return st.one_of(
        st.builds(Added, **head, name=words, description=words, steps=st.just(("Look.",)), needs=needs, by=by),
        st.builds(Edited, **head, name=st.none() | words, description=st.none() | words, priority=st.integers(0, 9)),
        st.builds(Rewired, **head, needs=needs),
        *(st.builds(kind, **head) for kind in (Cancelled, Retried, Reopened)),
        st.builds(Skipped, **head, why=st.just("external"), reason=words),
        st.builds(Asked, **head, question=words),
        st.builds(Told, **head, answer=words, by=by),
        st.builds(Regressed, **head, evidence=words),
        _checked(head),
        st.builds(Noted, **head, error=words),
        st.builds(Accepted, **head, by=st.just("ada"), meaning=st.none() | st.just("0" * 16)),
        st.builds(
            Attempted, at=head["at"], run=head["run"], id=head["id"], features=st.lists(UIDS, max_size=2).map(tuple)
        ),
    )


_SEEN = [
    Checked(
        id="", at=0, run="", feature="", command=command, exit_code=code, duration_ms=7, tree="b" * 40,
        evidence="2 failed" if code else "", meaning=meaning,
    )
    for command, code, meaning in (
        ("pytest -q", 0, None), ("pytest -q", 0, None), ("pytest -q", 1, None), ("pytest -q", None, None),
        ("make test", 0, None), ("pytest -q", 0, "0" * 16),
    )
]  # fmt: skip


def _checked(head: Mapping[str, st.SearchStrategy[object]]) -> st.SearchStrategy[Change]:
    return st.builds(structs.replace, st.sampled_from(_SEEN), **head)


def decisions(most: int = 12) -> st.SearchStrategy[Journal]:
    """Draw journals of changes of features."""
    return st.lists(_of_feature(), max_size=most).map(_named)


def _named(changes: Sequence[Change]) -> Journal:
    named: list[Line] = []
    for place, change in enumerate(changes):
        values = {name: getattr(change, name) for name in change.__struct_fields__}
        named.append(type(change)(**values | {"id": f"j{place}"}))
    return numbered(named)


def booked(number: int, *, at: int = NOW, run: str = "", cost_micro: int = 5_000_000) -> Booked:
    """Return a booking of ``session-<number>``."""
    run = run or f"{number}-1"
    return Booked(
        id=f"{run}/booked/session-{number}",
        at=at,
        run=run,
        session=f"session-{number}",
        activity="build",
        branch=f"autocoder/root/session-{number}",
        model="m",
        cost_micro=cost_micro,
        turns=200,
        minutes=45,
    )


def claimed(booking: Booked, *uids: str, until: int) -> Claimed:
    """Return the claim that goes with a booking."""
    name = booking.id.replace("booked", "claimed")
    return Claimed(id=name, at=booking.at, run=booking.run, session=booking.session, features=uids, until=until)


def settled(booking: Booked, cost_micro: int, *attempted: str, pull: int | None = None) -> Settled:
    """Return the settlement of a booking."""
    return Settled(
        id=booking.id.replace("booked", "settled"),
        at=booking.at + 60,
        run=booking.run,
        session=booking.session,
        conclusion="progressed",
        turns=7,
        input_tokens=100,
        output_tokens=10,
        cost_micro=cost_micro,
        passed=("p",),
        attempted=attempted,
        commits=(),
        pull=pull,
    )


@st.composite
def histories(draw: st.DrawFn) -> Journal:
    """Draw what many sessions, people and syncs may have left, some of it unfinished."""
    lines: list[Line] = []
    count = draw(st.integers(0, 80))
    for number in range(1, count + 1):
        one = booked(number, at=NOW - draw(st.integers(0, 90)) * DAY, cost_micro=draw(st.integers(0, 9)))
        lines.append(one)
        if draw(st.booleans()):
            lines.append(claimed(one, draw(UIDS), until=NOW + draw(st.integers(-9, 9))))
        if draw(st.integers(0, 5)):
            lines.append(settled(one, draw(st.integers(0, 9)), *draw(st.lists(UIDS, max_size=2))))
            if not draw(st.integers(0, 5)):
                lines.append(structs.replace(settled(one, draw(st.integers(0, 9))), id=f"again-{number}"))
    lines += draw(st.lists(_others(), max_size=20))
    lines += draw(decisions())
    return numbered(draw(st.permutations(lines)) if draw(st.booleans()) else lines)


def _others() -> st.SearchStrategy[Change]:
    head = {"at": st.integers(NOW - 100 * DAY, NOW), "run": st.just("9-1"), "id": st.uuids().map(str)}
    sessions = st.integers(1, 9).map(lambda number: f"session-{number}")
    return st.one_of(
        st.builds(Linked, **head, feature=UIDS, issue=st.integers(1, 9), digest=st.just("d")),
        st.builds(Tracked, **head, issue=st.integers(1, 9), digest=st.just("d")),
        st.builds(Wrote, **head, writes=st.integers(0, 480)),
        st.builds(Answered, **head, comment=st.integers(1, 9), reply=st.none()),
        st.builds(Paused, **head, by=st.just("ada"), reason=st.just("x")),
        st.builds(Resumed, **head, by=st.just("ada")),
        st.builds(NotBefore, **head, until=st.integers(NOW - 9, NOW + 9), reason=st.just("x")),
        st.builds(Rebuilt, **head, sessions=st.just(())),
        st.builds(Released, **head, session=sessions, holder=st.just("1-1"), features=st.tuples(UIDS)),
    )
