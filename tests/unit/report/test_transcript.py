"""A session is readable in the log and whole in its transcript, and neither holds a secret or a command."""

import io
import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autocoder_action.adapters.runner_files import RunnerFiles
from autocoder_action.publish.outgoing import redact
from autocoder_action.report.transcript import LINE, TEXT, Entry, as_json, as_markdown, bounded, log_line
from sandbox.runner.workflow_commands import parse_command

KINDS = ("text", "tool", "result", "retry", "note", "prompt", "end")
TEXTS = st.text() | st.text(alphabet=":#[]` \n\r\t%~abc")
ENTRIES = st.builds(
    Entry,
    kind=st.sampled_from(KINDS),
    text=TEXTS,
    at=st.integers(0, 2_000_000_000),
    tool=st.sampled_from(("", "Bash", "Read", "::error::", "feature_get")),
    arguments=st.just("") | TEXTS,
    failed=st.booleans(),
    turn=st.integers(0, 10_000),
    cost_micro=st.integers(0, 10**9),
    about=st.sampled_from(("", "F1")),
)


@given(ENTRIES)
@example(Entry(kind="text", text="::error::fooled"))
@example(Entry(kind="text", text="\r::error::fooled"))
@example(Entry(kind="text", text="a ##[error]fooled"))
def test_a_step_is_at_most_one_line_of_the_log_and_never_a_command(entry: Entry) -> None:
    stream = io.StringIO()
    line = log_line(entry)
    RunnerFiles({"GITHUB_ACTIONS": "true"}, stream=stream).say(line)
    printed = stream.getvalue().replace("\r", "\n").removesuffix("\n").split("\n")
    assert len(printed) == 1
    assert parse_command(printed[0]) is None
    assert "##[" not in printed[0]
    assert len(line) < LINE + 80


@given(ENTRIES)
def test_an_entry_is_one_line_of_json_that_can_be_read_back(entry: Entry) -> None:
    line = as_json(entry)
    assert line.endswith("\n")
    assert line.count("\n") == 1
    read = json.loads(line)
    assert read["kind"] == entry.kind
    assert read.get("text", "") == bounded(entry.text)


@given(ENTRIES)
@example(Entry(kind="result", text="```\n# no heading\n````"))
def test_nothing_leaves_its_block_in_the_readable_transcript(entry: Entry) -> None:
    blocks = [one.type for one in MarkdownIt("commonmark").parse(as_markdown(entry)) if one.level == 0]
    assert blocks == ["paragraph_open", "paragraph_close", "fence"]


@pytest.mark.parametrize("where", [LINE - 20, TEXT - 20])
def test_a_secret_at_the_place_of_a_cut_leaves_no_half(where: int) -> None:
    secret = "sk-of-nobody-0123456789-abcdefghij"
    text = redact("x" * where + secret + "y" * 100, [secret])
    entry = Entry(kind="result", text=text, tool="Bash")
    for shown in (log_line(entry), as_json(entry), as_markdown(entry)):
        assert "sk-of" not in shown


def test_what_is_too_long_says_how_much_is_missing() -> None:
    entry = Entry(kind="result", text="x" * (TEXT + 5))
    assert "(5 characters more)" in as_json(entry)
    assert "(5 characters more)" in as_markdown(entry)


def test_reading_a_file_needs_no_second_line_unless_it_fails() -> None:
    quiet = Entry(kind="result", text="import os", tool="Read")
    assert log_line(quiet) == ""
    assert "✘ Read" in log_line(replace(quiet, failed=True))
