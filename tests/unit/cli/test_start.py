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


def test_a_workflow_s_step_brings_nothing_of_a_session_before_there_is_one(tmp_path: Path) -> None:
    statement = "import autocoder_action.cli.action, autocoder_action.run; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; {statement}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "autocoder_action.conduct.carry_out" in loaded
    assert not loaded & {"markdown_it", "yaml"}, "they are loaded for the first text that needs them"
    assert not loaded & {"autocoder_action.conduct.session", "autocoder_action.conduct.talk", *SESSION, *HEAVY}


def test_git_can_begin_to_fetch_before_the_stages_are_loaded(tmp_path: Path) -> None:
    statement = "import autocoder_action.cli.action; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; {statement}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "autocoder_action.adapters.git" in loaded
    assert not loaded & {"autocoder_action.run", "autocoder_action.report.report", "jinja2"}


def test_a_workflow_s_step_imports_no_tables(tmp_path: Path) -> None:
    statement = "import autocoder_action.cli.action, autocoder_action.run; print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; {statement}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "rich.table" not in done.stdout


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
