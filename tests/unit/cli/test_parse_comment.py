"""``autocoder parse-comment`` says what the action would understand, and ends well whatever it is given."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from autocoder_action.cli import main

Parse = Callable[..., dict[str, list[dict[str, object]]]]


@pytest.fixture
def parse(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Parse:
    """Return the program: a comment goes in as bytes, what it printed comes out as JSON."""

    def run(comment: bytes, *options: str) -> dict[str, list[dict[str, object]]]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(comment)))
        assert main(["parse-comment", *options]) == 0
        said = capsys.readouterr()
        assert said.err == ""
        found: dict[str, list[dict[str, object]]] = json.loads(said.out)
        assert set(found) == {"commands", "problems"}
        return found

    return run


def test_commands_are_printed_with_what_was_given_and_nothing_else(parse: Parse) -> None:
    comment = b"Thanks!\n\n/autocoder continue #12 F3 --turns 5 -- Slowly.\n\n/autocoder web add Menu\nA menu.\n"
    assert parse(comment, "--projects", "web, api") == {
        "commands": [
            {
                "name": "continue",
                "arguments": {"references": ["#12", "F3"], "turns": 5, "instruction": "Slowly."},
            },
            {"name": "add", "project": "web", "arguments": {"text": "Menu", "body": "A menu."}},
        ],
        "problems": [],
    }


def test_problems_are_printed_with_what_was_probably_meant(parse: Parse) -> None:
    assert parse(b"/autocoder contineu")["problems"] == [
        {"line": "/autocoder contineu", "reason": "There is no command contineu.", "did_you_mean": "continue"}
    ]


def test_another_prefix_is_another_language(parse: Parse) -> None:
    comment = b"/bot sync\n\n/autocoder sync\n\n@bot why?"
    assert [one["name"] for one in parse(comment, "--prefix", "/bot")["commands"]] == ["sync", "ask"]


@pytest.mark.parametrize(
    "comment",
    [b"", b"\n\n", b"\xff\xfe\x00/autocoder", b"\x80" * 1_000, "naïve \u202e text".encode(), b"> /autocoder sync"],
    ids=["empty", "blank", "no UTF-8", "no text", "other letters", "quote"],
)
def test_what_holds_no_command_is_no_failure(parse: Parse, comment: bytes) -> None:
    assert parse(comment) == {"commands": [], "problems": []}


def test_without_projects_a_word_before_a_command_is_no_project(parse: Parse) -> None:
    assert parse(b"/autocoder please continue") == {
        "commands": [],
        "problems": [
            {
                "line": "/autocoder please continue",
                "reason": "There is no command please.",
                "did_you_mean": "continue",
            }
        ],
    }


def test_where_the_input_is_closed_there_is_no_comment() -> None:
    shell = f"{sys.executable} -m autocoder_action parse-comment <&-"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, check=True)  # our own words
    assert json.loads(done.stdout) == {"commands": [], "problems": []}
    assert done.stderr == b""


def test_letters_that_the_terminal_lacks_are_printed_all_the_same() -> None:
    comment = "/autocoder ask Où est l'été?".encode()
    program = [sys.executable, "-m", "autocoder_action", "parse-comment"]
    ascii_alone = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(program, input=comment, env=ascii_alone, capture_output=True, check=True)
    assert "Où est l'été?" in done.stdout.decode()


def test_invalid_bytes_around_a_command_do_not_hide_it(parse: Parse) -> None:
    assert [one["name"] for one in parse(b"\xff\n\n/autocoder sync\n\n\xfe")["commands"]] == ["sync"]


def test_a_huge_comment_is_answered_briefly(parse: Parse) -> None:
    found = parse(b"/autocoder no\n" * 20_000)
    assert len(found["problems"]) == 5
