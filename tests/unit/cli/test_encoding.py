"""What is written where a terminal, or the environment, names an encoding that lacks letters."""

import sys
from io import BytesIO, TextIOWrapper

import pytest

from autocoder_action.cli import main
from autocoder_action.cli.parser import FORMATS
from tests.unit.backlog.builders import a_backlog, a_draft
from tests.unit.cli.conftest import Here

NAME = "Café 日本"
ENCODINGS = ("ascii", "latin-1", "utf-8")


def written(monkeypatch: pytest.MonkeyPatch, encoding: str, *words: str) -> bytes:
    """Return what a command writes to a standard output of this encoding, as Python makes it."""
    written = BytesIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", TextIOWrapper(written, encoding=encoding))
        assert main(["features", *words]) == 0
        return written.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("words", [("list",), ("show", "F1"), ("remove", "F1")], ids=" ".join)
def test_a_person_reads_an_escape_for_what_cannot_be_written(
    here: Here, monkeypatch: pytest.MonkeyPatch, encoding: str, words: tuple[str, ...]
) -> None:
    here.put(a_backlog(a_draft(NAME), a_draft(f"After {NAME}", NAME)))
    assert NAME.encode(encoding, "backslashreplace") in written(monkeypatch, encoding, *words)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "words",
    [
        ("list", "--json"),
        ("show", "F1", "--json"),
        ("show", "features.db", "--json"),
        ("show", "--textconv", "features.db"),
        ("graph",),
        *(("export", "--format", kind) for kind in FORMATS),
    ],
    ids=" ".join,
)
def test_a_program_reads_utf_8(
    here: Here, monkeypatch: pytest.MonkeyPatch, encoding: str, words: tuple[str, ...]
) -> None:
    here.put(a_backlog(a_draft(NAME)))
    assert NAME in written(monkeypatch, encoding, *words).decode()
