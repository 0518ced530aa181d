"""Whoever asks, and in whatever order answers come: a session overshoots its caps by one reply at most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from autocoder_action.session.prices import price_of

CAPS = Caps(turns=10, cost_micro=1_000, minutes=20, features=1)


@given(
    st.integers(1, 5_000),
    st.integers(1, 12),
    st.lists(st.tuples(st.booleans(), st.integers(0, 2_000), st.floats(0, 1), st.integers(0, 9)), max_size=60),
)
def test_no_interleaving_overshoots_by_more_than_one_reply(
    cap: int, turns: int, acts: list[tuple[bool, int, float, int]]
) -> None:
    """Each act asks for a request of so much at most, or ends one that is under way at a part of that."""
    caps = Caps(turns=turns, cost_micro=cap, minutes=1, features=1)
    count, dearest = Count(), 0
    for asks, most, part, which in acts:
        if asks:
            held = Reservation(input_micro=0, most_micro=most)
            verdict = judge(count, caps, time=0)
            assert verdict is not Verdict.WAIT or count.reserved, "nothing waits for nothing"
            count = begin(count, held) if verdict is Verdict.PASS else count
        elif count.reserved:
            held = count.reserved[which % len(count.reserved)]
            cost = int(held.most_micro * part)
            dearest = max(dearest, cost)
            count = settle(count, held, cost, answered=True)
        assert count.spent_micro < cap + max(1, dearest)
        assert count.turns + len(count.reserved) <= turns


@pytest.mark.parametrize(
    ("count", "time", "verdict", "ending"),
    [
        (Count(), 0, Verdict.PASS, None),
        (Count(spent_micro=999, turns=9), 0.995, Verdict.PASS, None),
        (Count(spent_micro=1_000), 0, Verdict.END, Ending.BUDGET),
        (Count(turns=10), 0, Verdict.END, Ending.TURNS),
        (Count(), 1, Verdict.END, Ending.TIMEOUT),
        (Count(spent_micro=990, reserved=(Reservation(input_micro=1, most_micro=10),)), 0, Verdict.WAIT, None),
        (Count(spent_micro=990, reserved=(Reservation(input_micro=1, most_micro=9),)), 0, Verdict.PASS, None),
        (Count(turns=9, reserved=(Reservation(input_micro=1, most_micro=9),)), 0, Verdict.WAIT, None),
    ],
)
def test_a_request_passes_as_long_as_nothing_that_is_certain_or_possible_reaches_a_cap(
    count: Count, time: float, verdict: Verdict, ending: Ending | None
) -> None:
    assert (judge(count, CAPS, time=time), ended(count, CAPS, time=time)) == (verdict, ending)


@pytest.mark.parametrize(
    ("count", "time", "near"),
    [
        (Count(turns=7, spent_micro=799), 0.795, (Nearness.FAR, "79 % of its dollars")),
        (Count(turns=8), 0.05, (Nearness.NEAR, "80 % of its turns")),
        (Count(turns=8, spent_micro=949), 0.05, (Nearness.NEAR, "94 % of its dollars")),
        (Count(turns=8), 0.95, (Nearness.CLOSE, "95 % of its minutes")),
        (Count(turns=10), 0, (Nearness.REACHED, "100 % of its turns")),
    ],
)
def test_the_nearest_cap_is_named(count: Count, time: float, near: tuple[Nearness, str]) -> None:
    assert nearness(count, CAPS, time=time) == near


def test_a_reservation_holds_the_whole_answer_and_more_than_the_input() -> None:
    price = price_of("claude-opus-5", {})
    assert price
    held = reserve(price, Size(sent=4_000, output=64_000))
    assert held.input_micro == 5_000
    assert held.most_micro == 64_000 * 25 + 6_000 * 10
    in_one_piece = reserve(price, Size(sent=4_000, output=64_000, whole=True))
    assert in_one_piece == Reservation(input_micro=held.most_micro, most_micro=held.most_micro, whole=True)
