"""claude-progress.txt is bounded, loses no note that was there before, and merges whatever the order."""

from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog.progress import ROOM, Entry, Progress, parse, render, tidy, union

OLD = "Session 1: I set up the server.\n\n## TODO\n- the login\n"
_WORDS = st.text(alphabet=st.sampled_from("ab >-#\n·:"), max_size=40)
ENTRIES = st.builds(
    Entry,
    session=st.integers(1, 4).map(lambda number: f"session-{number}"),
    run=st.sampled_from(["1-1", "2-1"]),
    at=st.integers(0, 20_000_000).map(lambda at: at * 60),
    activity=st.sampled_from(["build", "initialize"]),
    did=st.lists(_WORDS, max_size=3).map(tuple),
    ended=_WORDS,
    note=_WORDS,
).map(tidy)
FILES = st.lists(ENTRIES, max_size=6).map(lambda some: union(*(Progress(entries=(one,)) for one in some)))


def entry(number: int, **more: object) -> Entry:
    return Entry(session=f"session-{number}", run="1-1", at=number * 600, activity="build", **more)  # type: ignore[arg-type]  # a test's shorthand


def test_the_newest_session_comes_first_with_what_it_did_how_it_ended_and_its_note() -> None:
    first = entry(1, did=("F1 Greet: passes",), ended="progressed")
    second = entry(2, did=("F2 Part: not done (no such file)",), note="I tried X.\nY is next.")
    assert render(Progress().put(first).put(second)).splitlines()[2:] == [
        "## session-2 · 1970-01-01 00:20 UTC · build · run 1-1",
        "- F2 Part: not done (no such file)",
        "> I tried X.",
        "> Y is next.",
        "",
        "## session-1 · 1970-01-01 00:10 UTC · build · run 1-1",
        "- F1 Greet: passes",
        "Ended: progressed",
    ]


def test_what_stood_there_before_is_kept_at_the_end() -> None:
    told = render(parse(OLD).put(entry(1)))
    assert told.endswith(f"\n## Notes from before\n\n{OLD.strip()}\n")
    assert render(parse(told)) == told
    assert parse(told).before == OLD.strip()


@given(FILES)
def test_what_was_written_is_read_again(progress: Progress) -> None:
    assert render(parse(render(progress))) == render(progress)


@given(FILES, FILES, FILES)
def test_bringing_files_together_depends_on_no_order(one: Progress, two: Progress, three: Progress) -> None:
    assert union(one, two) == union(two, one)
    assert union(union(one, two), three) == union(one, union(two, three))
    assert union(one, one) == one


@given(st.text(max_size=500), st.text(max_size=500))
def test_any_text_may_stand_there(before: str, note: str) -> None:
    told = render(parse(before).put(tidy(entry(1, note=note))))
    assert render(parse(told)) == told


def test_the_file_is_bounded_and_the_oldest_go_first() -> None:
    progress = parse("é" * 100_000)
    for number in range(400):
        progress = progress.put(entry(number, note="word " * 100))
    told = render(progress)
    assert len(told.encode()) <= ROOM
    assert "## session-399 " in told
    assert "## session-1 " not in told
    assert "## Notes from before" in told
