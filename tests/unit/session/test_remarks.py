"""What an agent reads of a review: other people's words as data, each in its place, and not too many."""

from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog.open_remarks import OpenRemark, Words
from autocoder_action.session.facts import FileChange
from autocoder_action.session.remarks import show_files, show_remarks


def remark(*said: tuple[str, str], path: str = "a.py", line: int | None = 3, outdated: bool = False) -> OpenRemark:
    words = tuple(Words(author=author, text=text) for author, text in said)
    return OpenRemark(id=1, words=words, path=path, line=line, outdated=outdated)


def change(path: str, mode: str = "100644", *, added: bool = False) -> FileChange:
    return FileChange(path=path, mode=mode, size=1, blob="0" * 40, added=added)


def test_each_remark_has_a_number_its_place_and_its_authors() -> None:
    first, second, third = show_remarks(
        [
            remark(("ann", "Rename this."), ("bob", "Please.")),
            remark(("ann", "Too long."), line=None, outdated=True),
            remark(("bob", "Test it."), path=""),
        ]
    )
    assert first.startswith("### R1: a.py, line 3\n<text-")
    assert "by=ann>\nRename this.\n" in first
    assert "by=bob>\nPlease.\n" in first
    assert second.startswith("### R2: a.py as it was; it has changed since\n")
    assert third.startswith("### R3: on the whole\n")


@given(st.text(max_size=300), st.text(max_size=60))
def test_words_and_names_of_files_stay_in_their_places(text: str, path: str) -> None:
    (block,) = show_remarks([remark(("ann", text), path=f"{path}.py")])
    heading, opening, *_, closing = block.split("\n")
    assert heading.startswith("### R1: ")
    assert heading.isprintable()
    assert closing == opening.replace("<", "</").replace(" by=ann", "")
    assert block.count(closing) == 1


def test_what_does_not_fit_waits_for_the_next_time() -> None:
    long = [remark(("ann", "word " * 2_000)) for _ in range(40)]
    shown = show_remarks(long)
    assert 10 <= len(shown) < 40
    assert sum(map(len, shown)) <= 60_000
    assert "[cut: the text was longer]" in shown[0]


def test_of_a_long_quarrel_the_end_is_shown() -> None:
    (block,) = show_remarks([remark(*(("ann", f"word {count}.") for count in range(30)))])
    assert "word 29." in block
    assert "word 19." not in block


def test_files_are_listed_with_what_became_of_them() -> None:
    changes = [change("a.py"), change("new\nline.py", added=True), change("gone.py", "000000")]
    assert show_files(changes) == "- a.py\n- new?line.py (new)\n- gone.py (deleted)"
    assert show_files([]) == "None besides the plan."
    assert show_files([change(f"{count}.py") for count in range(201)]).endswith("- and 1 more")
