"""What every Runner promises."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocoder_action.adapters.runner_files import RunnerFiles
from autocoder_action.errors import UpstreamError
from tests.contract.runner.conftest import Page

TRICKY = "50% off: a, b::c\nsecond line\r\nthird %0A"
MIB = 1_048_576


def test_a_line_said_is_in_the_log(page: Page) -> None:
    page.runner.say("hello")
    assert page.lines() == ["hello"]


def test_each_line_of_a_longer_text_is_a_line_of_the_log(page: Page) -> None:
    page.runner.say("one\ntwo\r\nthree\rfour")
    assert page.lines() == ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    "line",
    [
        "::error::fooled",
        "  \t::add-mask::fooled",
        "fine\n::error::fooled",
        "fine\r::error::fooled",
        "\u200b::error::fooled",
        ":::error::fooled",
        "::stop-commands::fooled",
        "::set-output name=conclusion::fooled",
    ],
)
def test_a_line_said_is_never_taken_for_a_command(page: Page, line: str) -> None:
    page.runner.say(line)
    assert not page.annotations()
    assert "fooled" in page.lines()[-1]
    page.runner.annotate("notice", "still", "obeyed")
    assert page.annotations() == [("notice", "still", "obeyed")]


@pytest.mark.parametrize("level", ["notice", "warning", "error"])
def test_an_annotation_arrives_whole_whatever_is_in_it(page: Page, level: str) -> None:
    page.runner.annotate(level, TRICKY, TRICKY)
    assert page.annotations() == [(level, TRICKY, TRICKY)]


def test_an_annotation_needs_no_title(page: Page) -> None:
    page.runner.annotate("error", "", "only this")
    assert page.annotations() == [("error", "", "only this")]


def test_an_unknown_level_is_a_mistake_of_the_program(page: Page) -> None:
    with pytest.raises(ValueError, match="fatal"):
        page.runner.annotate("fatal", "", "no such thing")


def test_a_masked_value_is_hidden_everywhere_in_the_log(page: Page) -> None:
    page.runner.mask("s3cr3t-value")
    page.runner.say("key=s3cr3t-value!")
    page.runner.annotate("error", "s3cr3t-value", "it was s3cr3t-value")
    with page.runner.group("about s3cr3t-value"):
        pass
    assert "key=***!" in page.lines()
    assert page.annotations() == [("error", "***", "it was ***")]
    assert "s3cr3t-value" not in "\n".join(page.lines())


def test_each_line_of_a_masked_value_is_hidden(page: Page) -> None:
    page.runner.mask("first-half\nsecond-half\n")
    page.runner.say("second-half alone")
    assert page.lines()[-1] == "*** alone"


def test_masking_nothing_hides_nothing(page: Page) -> None:
    page.runner.mask("")
    page.runner.mask("\n")
    page.runner.say("a b")
    assert page.lines() == ["a b"]


def test_lines_in_a_group_stand_under_its_title(page: Page) -> None:
    with page.runner.group("Building F3"):
        page.runner.say("inside")
    page.runner.say("after")
    kept = [line.removeprefix("##[group]") for line in page.lines() if "endgroup" not in line]
    assert kept == ["Building F3", "inside", "after"]


@pytest.mark.parametrize("value", ["plain", "", TRICKY.replace("\r", ""), "EOF\nname=x\nend_", "a\n", "ünï\n\ncode"])
def test_an_output_arrives_whole(page: Page, value: str) -> None:
    page.runner.output("conclusion", value)
    page.runner.output("other-name", "2")
    assert page.outputs() == {"conclusion": value, "other-name": "2"}


def test_the_last_value_of_an_output_counts(page: Page) -> None:
    page.runner.output("turns", "1")
    page.runner.output("turns", "2")
    assert page.outputs() == {"turns": "2"}


@pytest.mark.parametrize("name", ["", "a=b", "a<<b", "a\nb"])
def test_an_output_with_an_impossible_name_is_a_mistake_of_the_program(page: Page, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        page.runner.output(name, "value")


def test_parts_of_the_summary_stand_below_each_other(page: Page) -> None:
    page.runner.summary("# One")
    page.runner.summary("two\n")
    assert page.summary() == "# One\ntwo\n"


def test_a_summary_that_is_too_long_ends_at_a_line_with_a_notice(page: Page) -> None:
    line = "zeile mit ü\n"
    page.runner.summary("start\n")
    page.runner.summary(line * 100_000)
    page.runner.summary("too late\n")
    shown = page.summary()
    kept, _, notice = shown.rpartition(line)
    assert MIB - 200 < len(shown.encode()) <= MIB
    assert kept.startswith("start\n")
    assert "ends here" in notice or "Cut here" in notice
    assert "too late" not in shown
    assert set(kept.splitlines()[1:]) == {line.strip()}


def test_a_summary_page_that_is_full_already_stays_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "summary"
    page.write_bytes(b"x" * (MIB - 10))
    RunnerFiles({"GITHUB_STEP_SUMMARY": str(page)}).summary("more")
    assert page.stat().st_size == MIB - 10


def test_a_summary_that_just_fits_is_whole(page: Page) -> None:
    page.runner.summary("x" * 9 + "\n")
    page.runner.summary(("y" * 99 + "\n") * 10_000)
    assert page.summary().endswith("y" * 99 + "\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*":#[]\r\n \u200b\u00ad\ud800", "::", "##[", "error", "a"]), max_size=20))
def test_whatever_is_said_the_runner_finds_no_command_in_it(parts: list[str]) -> None:
    stream = io.StringIO()
    RunnerFiles({"GITHUB_ACTIONS": "true"}, stream=stream).say("".join(parts))
    for line in re.split(r"[\r\n]", stream.getvalue()):
        # Blanks and characters without a width may be passed over before a command.
        assert not line.lstrip(" \u200b\u00ad").startswith("::")
        assert "##[" not in line


def test_the_older_form_of_a_command_is_broken_wherever_it_stands(actions: Page) -> None:
    actions.runner.say("see ##[add-mask]x and ###[error]y")
    assert actions.lines() == ["see # #[add-mask]x and ## #[error]y"]


def test_a_group_is_folded_by_github_and_one_inside_another_is_not(actions: Page) -> None:
    with actions.runner.group("outer"), actions.runner.group("inner"):
        actions.runner.say("deep")
    assert actions.lines() == ["##[group]outer", "inner", "deep", "##[endgroup]"]


def test_a_group_ends_when_what_is_inside_fails(actions: Page) -> None:
    with pytest.raises(RuntimeError), actions.runner.group("outer"):
        raise RuntimeError
    assert actions.lines()[-1] == "##[endgroup]"


def test_missing_command_files_are_no_error() -> None:
    stream = io.StringIO()
    runner = RunnerFiles({"GITHUB_ACTIONS": "true"}, stream=stream)
    runner.output("turns", "3")
    runner.summary("# Done")
    assert stream.getvalue() == "turns=3\n# Done\n"


def test_a_command_file_that_cannot_be_written_is_told_with_its_name(tmp_path: Path) -> None:
    runner = RunnerFiles({"GITHUB_OUTPUT": str(tmp_path)})
    with pytest.raises(UpstreamError, match="cannot be written"):
        runner.output("turns", "3")


def test_a_terminal_shows_plain_lines_without_any_command(terminal: tuple[RunnerFiles, io.StringIO]) -> None:
    runner, stream = terminal
    runner.mask("hidden-key")
    runner.say("::not a command here")
    with runner.group("Checks"):
        runner.say("F1 ok\nF2 ok hidden-key")
    runner.annotate("error", "No key", "50%: add one")
    runner.output("turns", "3")
    runner.summary("# Done")
    assert stream.getvalue().splitlines() == [
        "::not a command here",
        "Checks",
        "  F1 ok",
        "  F2 ok ***",
        "error: No key: 50%: add one",
        "turns=3",
        "# Done",
    ]


def test_standard_output_is_where_lines_go_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    RunnerFiles({}).say("hello")
    assert capsys.readouterr().out == "hello\n"


def test_what_is_kept_is_there_at_once_and_told_to_later_steps(page: Page) -> None:
    page.runner.keep("root-session-1.md", "one\n")
    page.runner.keep("root-session-1.md", "two\n")
    assert page.kept("root-session-1.md") == "one\ntwo\n"
    assert page.outputs()["transcript"] == page.runner.kept != ""


def test_what_is_kept_holds_nothing_that_was_masked(page: Page) -> None:
    page.runner.mask("hunter2hunter2")
    page.runner.keep("log.md", "it is hunter2hunter2\n")
    assert page.kept("log.md") == "it is ***\n"


@pytest.mark.parametrize("name", ["../up.md", "a/b.md", "", ".hidden", "a\nb"])
def test_a_kept_file_has_a_plain_name(page: Page, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        page.runner.keep(name, "text")


def test_a_container_that_does_not_see_the_runners_folder_keeps_files_in_its_home(tmp_path: Path) -> None:
    home, output = tmp_path / "home", tmp_path / "output"
    home.mkdir()
    environment = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(output),
        "RUNNER_TEMP": "/not/here/_temp",
        "HOME": str(home),
    }
    runner = RunnerFiles(environment, stream=io.StringIO())
    runner.keep("a.md", "text")
    assert runner.kept == "/not/here/_temp/_github_home/autocoder-transcript", "as the machine around it calls it"
    (made,) = home.iterdir()
    assert (made / "a.md").read_text() == "text"
    assert (made.stat().st_mode & 0o777, (made / "a.md").stat().st_mode & 0o444) == (0o755, 0o444)


def test_where_nothing_can_be_kept_the_run_says_so_once_and_goes_on(tmp_path: Path) -> None:
    stream = io.StringIO()
    (tmp_path / "autocoder-transcript").write_text("in the way")
    runner = RunnerFiles({"GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(tmp_path)}, stream=stream)
    runner.keep("a.md", "text")
    runner.keep("a.md", "text")
    assert stream.getvalue().count("cannot be kept") == 1
    assert not runner.kept


def test_outside_of_a_workflow_nothing_is_kept(terminal: tuple[RunnerFiles, io.StringIO]) -> None:
    runner, stream = terminal
    runner.keep("a.md", "text")
    assert (runner.kept, stream.getvalue()) == ("", "")
