"""``autocoder check-config`` says of a file what a run would say, and ends as it should."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.cli import main
from autocoder_action.errors import ConfigError
from autocoder_action.intake.settings import read_settings
from tests.unit.cli.conftest import Said

Check = Callable[..., Said]
NAME = ".github/autocoder.yml"


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """Return the program in a folder of its own: a file's content goes in, None for no file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".github").mkdir()

    def run(content: bytes | None, *words: str, name: str = NAME) -> Said:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        try:
            code = main(["check-config", *words])
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return Said(code=code, out=out, err=err)

    return run


def test_a_file_that_can_be_used_is_told_with_what_it_sets(check: Check) -> None:
    said = check(b"verify: npm test\nmax_features: 3\nmodel:\n").done()
    assert said == ".github/autocoder.yml can be used. It sets verify, max_features.\n"


@pytest.mark.parametrize("content", [b"", b"# nothing yet\n", b"model:\n"])
def test_a_file_that_sets_nothing_is_no_mistake(check: Check, content: bytes) -> None:
    assert check(content).done().endswith(" can be used. It sets nothing, so every default counts.\n")


def test_every_problem_is_a_line_with_its_place_and_a_remedy(check: Check) -> None:
    said = check(b"modle: opus\nmax_turns: many\nbrowser: maybe\n")
    assert (said.code, said.out) == (1, "")
    lines = said.err.splitlines()
    assert len(lines) == 3
    for line, words in zip(
        sorted(lines),
        ("browser: give true or false. ", "max_turns: give a whole number. ", "modle: there is no such setting"),
        strict=True,
    ):
        assert line.startswith(f"autocoder: {NAME}: {words}")
        assert line.endswith(" docs/configuration.md names every setting with its default.")


@pytest.mark.parametrize(
    "content",
    [
        b"max_turns: 5\nprojects: {web: apps/web, api: services/api}\nprices: {glm: {input: 1, output: 2}}\n",
        b"max_turns: 5\nmax_turns: 6\n",
        b"a: [",
        b"- max_turns",
        b"\xff",
        b"max_turns: !!int x",
        b"projects: {web: apps, api: apps/api}\n",
        b"commands: {dance: admin}\n",
        b"mode: sync\n",
        b"verify: [{name: a}]\n",
    ],
)
def test_it_accepts_and_refuses_what_a_run_does_in_the_same_words(check: Check, content: bytes) -> None:
    said, cause = check(content), refusal(content)
    assert said.code == (1 if cause else 0)
    assert ("can be used" in said.out) == (not cause)
    for line in said.err.splitlines():
        assert line.removeprefix("autocoder: ").split(". docs/configuration.md")[0] in cause


def refusal(content: bytes) -> str:
    """Return why a run could not use a configuration; empty where it could."""
    try:
        read_settings({}, content)
    except ConfigError as error:
        return error.cause
    return ""


def test_a_file_of_another_name_is_called_by_it(check: Check) -> None:
    assert "bot.yml can be used" in check(b"max_turns: 5\n", "bot.yml", name="bot.yml").done()
    assert check(b"a: 1\n", "bot.yml", name="bot.yml").refused().startswith("autocoder: bot.yml: a: there is no such")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 1, "There is no .github/autocoder.yml. Without one every default counts; for another, name it: "),
        ((".github",), 1, ".github cannot be read: Is a directory. Name a file that you may read."),
        ((f"{NAME}/x",), 1, f"There is no {NAME}/x. "),
        (("no\x1b[31m.yml",), 1, "There is no no [31m.yml. "),
        (("a", "b"), 2, "unrecognized arguments: b"),
        (("--fix",), 2, "unrecognized arguments: --fix"),
    ],
)
def test_without_a_file_that_can_be_read_a_line_says_so(
    check: Check, words: tuple[str, ...], code: int, said: str
) -> None:
    assert said in check(None, *words).refused(code)


@pytest.mark.parametrize("size", [262_145, 3_000_000])
def test_a_file_of_any_size_is_answered_in_a_line(check: Check, size: int) -> None:
    content = b"#" * size
    assert "has more than 262,144 bytes, and no configuration needs as many" in check(content).refused()
    assert refusal(content) in check(content).err
    assert "can be used" in check(content[:262_144]).done()


def test_a_file_that_has_no_end_is_answered_too(check: Check) -> None:
    assert "/dev/zero has more than 262,144 bytes" in check(None, "/dev/zero").refused()


def test_help_names_the_usual_file_and_the_exit_codes(check: Check) -> None:
    said = check(None, "--help").done()
    assert "default: .github/autocoder.yml" in said
    assert "0 it can be used, 1 it cannot, 2 called in a wrong way" in " ".join(said.split())
