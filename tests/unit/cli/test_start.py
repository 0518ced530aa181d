"""What a start costs: no command brings the libraries of another."""

import subprocess
import sys
from pathlib import Path

import pytest

from autocoder_action import __version__
from autocoder_action.cli import main

HEAVY = ("claude_agent_sdk", "github", "httpx", "mcp", "rich", "sqlalchemy", "uvicorn")
SESSION = ("autocoder_action.session.tools", "autocoder_action.session.tool_specs")
SHOW = f"import sys; from autocoder_action.cli import main; {{}}; print([m for m in {HEAVY} if m in sys.modules])"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("pass", []),
        ("main(['features', 'add', 'Add', '--step', 'Run.'])", []),
        ("import autocoder_action.cli.features", []),
        ("import autocoder_action.cli.parser", []),
    ],
)
def test_a_command_imports_what_it_needs(tmp_path: Path, statement: str, expected: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", SHOW.format(statement)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == str(expected)


def loaded(folder: Path, modules: str) -> set[str]:
    """Return what a program has loaded that imports some modules and nothing else."""
    words = f"import sys; import {modules}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", words], cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_workflow_s_step_brings_nothing_of_a_session_before_there_is_one(tmp_path: Path) -> None:
    found = loaded(tmp_path, "autocoder_action.cli.action, autocoder_action.run")
    assert "autocoder_action.conduct.carry_out" in found
    assert not found & {"markdown_it", "yaml"}, "they are loaded for the first text that needs them"
    assert not found & {"autocoder_action.conduct.session", "autocoder_action.conduct.talk", *SESSION, *HEAVY}
    assert "rich.table" not in found


def test_git_can_begin_to_fetch_before_the_stages_are_loaded(tmp_path: Path) -> None:
    found = loaded(tmp_path, "autocoder_action.cli.action")
    assert "autocoder_action.adapters.git" in found
    assert not found & {"autocoder_action.run", "autocoder_action.report.report", "jinja2"}


@pytest.mark.parametrize(
    "words",
    [(), ("features",), ("mcp",)]
    + [
        ("features", verb)
        for verb in ("list", "show", "check", "graph", "add", "edit", "remove", "import", "export", "merge-driver")
    ],
)
def test_everything_has_a_help(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {' '.join(('autocoder', *words))} ")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"autocoder-action {__version__}\n"


@pytest.mark.parametrize("seconds", ["0", "-5", "soon", "", "86400", "9" * 5000, "٣"])
def test_a_time_in_which_no_check_could_end_is_a_wrong_call(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["mcp", f"--check-seconds={seconds}"])
    said = capsys.readouterr().err
    assert (ended.value.code, said.count("\n")) == (2, 1)
    assert "is no number of seconds from 1 to 86399. See: autocoder mcp --help" in said
