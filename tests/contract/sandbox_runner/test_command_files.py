"""Command files are read by the rules of GitHub's runner, hostile ones included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.runner.command_files import CommandFileError, Entry, parse
from sandbox.runner.scripts import ScriptSteps

APPEND = "import os; open(os.environ['{file}'], 'a').write({text!r})"


def test_a_value_may_hold_equal_signs_and_arrows() -> None:
    assert parse("a=b=c\nd=<<x\n") == [Entry("a", "b=c"), Entry("d", "<<x")]


def test_a_heredoc_keeps_its_lines_and_needs_its_exact_delimiter() -> None:
    assert parse("a<<EOF\n EOF\n\nx=1\nEOF\nb=\n") == [Entry("a", " EOF\n\nx=1"), Entry("b", "")]


def test_a_delimiter_inside_the_value_ends_it_early() -> None:
    # This is why a program must draw its delimiter at random: what an agent wrote becomes another output.
    text = "reason<<EOF\nfine\nEOF\nconclusion=complete\nEOF\n"
    with pytest.raises(CommandFileError, match="Invalid format 'EOF'"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("word\n", "Invalid format 'word'"),
        ("=x\n", "Name must not be empty"),
        ("a<<\nx\n", "delimiter must not be empty"),
        ("a<<E\nx\n", "Matching delimiter not found 'E'"),
    ],
)
def test_a_malformed_file_is_refused_with_the_runner_s_words(text: str, reason: str) -> None:
    with pytest.raises(CommandFileError, match=reason):
        parse(text)


@given(st.dictionaries(st.text("abc_", min_size=1), st.text(st.characters(codec="utf-8", exclude_characters="\r"))))
def test_any_value_survives_a_heredoc_with_an_unguessable_delimiter(values: dict[str, str]) -> None:
    word = "ghadelimiter_5f2c8c8e"
    text = "".join(f"{name}<<{word}\n{value}\n{word}\n" for name, value in values.items())
    assert {entry.name: entry.value for entry in parse(text)} == values


def test_outputs_exports_and_summary_are_collected_after_the_step(steps: ScriptSteps) -> None:
    script = "; ".join(
        APPEND.format(file=file, text=text)
        for file, text in (
            ("GITHUB_OUTPUT", "a=1\na=2\n"),
            ("GITHUB_ENV", "B=3\n"),
            ("GITHUB_STEP_SUMMARY", "# Done\n"),
        )
    )
    finished = steps.run(script)
    assert (finished.outputs, finished.exported, finished.summary) == ({"a": "2"}, {"B": "3"}, "# Done\n")
    assert finished.ending == "success"


def test_a_refused_command_file_fails_a_step_that_exited_with_zero(steps: ScriptSteps) -> None:
    finished = steps.run(APPEND.format(file="GITHUB_OUTPUT", text="oops\n"))
    assert (finished.exit_code, finished.ending) == (0, "failure")
    assert finished.errors() == ["Unable to process file command 'output' successfully.", "Invalid format 'oops'"]


def test_a_summary_above_one_mebibyte_is_dropped_with_an_error(steps: ScriptSteps) -> None:
    finished = steps.run("import os; open(os.environ['GITHUB_STEP_SUMMARY'], 'w').write('x' * 1_050_000)")
    assert finished.summary == ""
    assert "supports content up to a size of 1024k" in finished.errors()[0]
    assert finished.ending == "success"
