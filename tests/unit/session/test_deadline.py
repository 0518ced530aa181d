"""A session's minutes count from the process's start, and the last of them are for its end."""

import pytest

from autocoder_action.session.deadline import deadline


@pytest.mark.parametrize(
    ("minutes", "work", "look"), [(1, 48, 56), (10, 480, 560), (45, 2160, 2520), (50, 2400, 2800), (350, 20400, 20800)]
)
def test_a_fifth_is_kept_for_the_end_and_ten_minutes_at_most(minutes: int, work: float, look: float) -> None:
    made = deadline(minutes)
    assert (made.work, made.look, made.end) == (work, look, minutes * 60)


@pytest.mark.parametrize(("elapsed", "enough"), [(0, True), (1944, True), (1945, False), (2160, False), (9999, False)])
def test_no_conversation_begins_that_could_do_next_to_nothing(elapsed: float, enough: bool) -> None:  # a row
    assert deadline(45).enough(elapsed) is enough
