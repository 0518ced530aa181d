"""A conversation reaches a model as the words of those who may write, newest kept, within its limit."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from autocoder_action.intake.people_text import CUT, quote
from autocoder_action.intake.thread import Turn, thread


def turn(comment: int, text: str = "words", *, ours: bool = False, may_write: bool = True) -> Turn:
    """Return a comment of the author who is named after its number."""
    return Turn(comment=comment, author=f"p{comment}", ours=ours, may_write=may_write, text=text)


turns = st.lists(
    st.builds(turn, st.integers(1, 99), st.text(max_size=30), ours=st.booleans(), may_write=st.booleans()), max_size=8
).map(lambda made: [replace(one, comment=number, author=f"p{number}") for number, one in enumerate(made, 1)])


def authors(blocks: tuple[str, ...]) -> list[str]:
    """Return who is named at the head of each block."""
    return [block.partition("\n")[0].partition("by=")[2].rstrip(">") for block in blocks]


def test_everybody_who_may_write_and_we_ourselves_are_heard() -> None:
    said = [turn(1), turn(2, may_write=False), turn(3, ours=True, may_write=False), turn(4)]
    assert authors(thread(said, limit=10_000)) == ["p1", "p3", "p4"]


def test_a_new_chat_forgets_what_was_before_even_where_its_own_comment_is_gone() -> None:
    said = [turn(10), turn(20), turn(30), turn(40)]
    assert authors(thread(said, limit=10_000, since=30)) == ["p30", "p40"]
    assert authors(thread(said, limit=10_000, since=25)) == ["p30", "p40"]
    assert thread(said, limit=10_000, since=41) == ()


def test_the_oldest_are_dropped_first() -> None:
    said = [turn(number) for number in range(1, 6)]
    size = len(quote("p1", "words"))
    assert authors(thread(said, limit=2 * size + 2)) == ["p4", "p5"]


def test_of_what_does_not_fit_the_beginning_stays_where_there_is_room() -> None:
    said = [turn(1), turn(2, "long " * 1000), turn(3)]
    oldest, newest = thread(said, limit=1_000)
    assert authors((oldest, newest)) == ["p2", "p3"]
    assert CUT in oldest


@settings(deadline=None)
@given(turns, st.integers(0, 600))
def test_a_thread_keeps_its_size_and_its_order(said: list[Turn], limit: int) -> None:
    blocks = thread(said, limit=limit)
    assert sum(len(one) for one in blocks) <= limit
    heard = [one.author for one in said if one.ours or one.may_write]
    assert authors(blocks) == heard[len(heard) - len(blocks) :]
