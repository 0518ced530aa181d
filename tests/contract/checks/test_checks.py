"""What every Checks promises, asked of the machine's and of the tests' own."""

from pathlib import Path

from autocoder_action.ports import Checks


def test_a_command_that_succeeds_has_exit_code_zero_and_is_named(checks: Checks, place: Path) -> None:
    ran = checks.run("true", folder=place, seconds=10)
    assert (ran.command, ran.exit_code, ran.output) == ("true", 0, "")
    assert 0 <= ran.duration_ms < 10_000


def test_a_command_that_fails_keeps_its_exit_code(checks: Checks, place: Path) -> None:
    assert checks.run("exit 3", folder=place, seconds=10).exit_code == 3


def test_both_streams_are_in_the_output(checks: Checks, place: Path) -> None:
    assert checks.run("echo out; echo err >&2", folder=place, seconds=10).output == "out\nerr\n"


def test_only_the_end_of_a_long_output_is_kept(checks: Checks, place: Path) -> None:
    output = checks.run("head -c 20000 /dev/zero | tr '\\0' x; echo end", folder=place, seconds=10).output
    assert len(output) == 8_000
    assert output.endswith("xend\n")


def test_a_command_runs_in_the_folder(checks: Checks, place: Path) -> None:
    before = checks.run("test -f here", folder=place, seconds=10)
    (place / "here").touch()
    after = checks.run("test -f here", folder=place, seconds=10)
    assert (before.exit_code, after.exit_code) == (1, 0)


def test_a_command_whose_time_is_over_has_no_exit_code_but_its_output(checks: Checks, place: Path) -> None:
    ran = checks.run("echo begun; tail -f /dev/null", folder=place, seconds=1)
    assert (ran.exit_code, ran.output) == (None, "begun\n")
    assert ran.duration_ms >= 1_000


def test_afresh_a_command_runs_in_the_same_folder(checks: Checks, place: Path) -> None:
    (place / "here").touch()
    with checks.afresh() as fresh:
        assert fresh.run("test -f here", folder=place, seconds=10).exit_code == 0
    checks.tidy()
    assert checks.run("test -f here", folder=place, seconds=10).exit_code == 0
