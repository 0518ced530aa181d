"""A step's output is a log with secrets masked, and commands where a line is one."""

import base64
import threading

from hypothesis import given
from hypothesis import strategies as st

from sandbox.runner import Annotation
from sandbox.runner.masks import Masker
from sandbox.runner.scripts import ScriptSteps
from sandbox.runner.workflow_commands import LogReader, parse_command


def read(*lines: str) -> LogReader:
    reader = LogReader(masker=Masker(), show=lambda _line: None)
    for line in lines:
        reader.feed(line)
    return reader


def test_annotations_keep_their_level_title_and_place() -> None:
    reader = read("::error title=No key,file=a.py,line=3::Set it%0Athen run again", "::warning::w", "::notice::n")
    assert reader.annotations == [
        Annotation(level="error", message="Set it\nthen run again", title="No key", file="a.py", line="3"),
        Annotation(level="warning", message="w"),
        Annotation(level="notice", message="n"),
    ]
    assert reader.lines[1:] == ["##[warning]w", "##[notice]n"]


def test_groups_are_shown_and_debug_lines_are_not() -> None:
    assert read("::group::Plan", "a", "::endgroup::", "::debug::b").lines == ["##[group]Plan", "a", "##[endgroup]"]


def test_text_that_only_looks_like_a_command_stays_text() -> None:
    lines = ["std::error::code", ":: error::x", "::unknown::x", "::error:x", "a ::error::b"]
    reader = read(*lines)
    assert reader.annotations == []
    assert reader.lines == lines


def test_indented_commands_and_capitals_are_commands_too() -> None:
    assert [note.message for note in read("  ::ERROR::x").annotations] == ["x"]


def test_nothing_is_a_command_between_stop_commands_and_its_word() -> None:
    reader = read("::stop-commands::w0rd", "::error::agent", "::set-output name=a::b", "::w0rd::", "::error::ours")
    assert [note.message for note in reader.annotations] == ["ours"]
    assert reader.outputs == {}
    assert "::error::agent" in reader.lines


def test_a_guessable_stop_word_is_refused_so_that_commands_go_on() -> None:
    reader = read("::stop-commands::error", "::error::still heard")
    assert [note.message for note in reader.annotations][1:] == ["still heard"]
    assert not reader.stopped


def test_a_masked_value_disappears_from_everything_after_it() -> None:
    reader = read("::add-mask::hunter22", "key hunter22", "::error::hunter22 leaked")
    assert reader.lines == ["key ***", "##[error]*** leaked"]
    assert reader.annotations[0].message == "*** leaked"


def test_setting_the_environment_by_a_printed_command_is_refused() -> None:
    assert "disabled" in read("::set-env name=A::b").annotations[0].message


@given(st.text(st.characters(codec="ascii", exclude_characters="\r\n"), min_size=8).filter(str.strip))
def test_a_secret_is_masked_plain_and_in_base64_at_any_offset(secret: str) -> None:
    masker = Masker()
    masker.add(secret)
    assert secret not in masker.mask(f"<{secret}>")
    assert masker.mask(base64.b64encode(secret.encode()).decode()) == "***"


@given(st.text(), st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_escaped_message_comes_back_as_it_was(message: str, title: str) -> None:
    def escape(text: str, *more: str) -> str:
        for char in ("%", "\r", "\n", *more):
            text = text.replace(char, f"%{ord(char):02X}")
        return text

    command = parse_command(f"::error title={escape(title, ':', ',')}::{escape(message)}")
    assert command is not None
    assert (command.data, command.properties["title"]) == (message, title)


def test_the_step_s_secrets_are_masked_in_log_and_summary(steps: ScriptSteps) -> None:
    script = """
import os, sys
print(os.environ["INPUT_ANTHROPIC_API_KEY"], os.environ["INPUT_GITHUB_TOKEN"], file=sys.stderr)
open(os.environ["GITHUB_STEP_SUMMARY"], "a").write("key: " + os.environ["INPUT_ANTHROPIC_API_KEY"])
"""
    finished = steps.run(script, inputs={"anthropic_api_key": "sk-test-1234"}, github_token="ghs_5678")
    assert finished.log == "*** ***\n"
    assert finished.summary == "key: ***"
    assert {"sk-test-1234", "ghs_5678"} <= set(finished.masks)


def test_lines_are_given_out_while_the_step_still_runs(steps: ScriptSteps) -> None:
    heard = threading.Event()
    step = steps.start("print('ready', flush=True); import time; time.sleep(20)", on_line=lambda _line: heard.set())
    assert heard.wait(15)
    step.cancel()
    assert step.wait().log.startswith("ready\n")
