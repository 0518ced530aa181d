"""The demo's model builds the whole application through the real CLI, session by session, with fresh context."""

import subprocess
import sys
from pathlib import Path

from sandbox.demo import policy, recipes, spec_text
from sandbox.model import Model
from tests.contract.sandbox_model.board import BUILD, INITIALIZE, Board
from tests.contract.sandbox_model.talk import Talk, talk

PLAN = "Turn this spec into features:\n\n" + spec_text()


def plan(model: Model, home: Path, board: Board) -> Talk:
    return talk(model, home, PLAN, **board.server(INITIALIZE))


def build(model: Model, home: Path, board: Board, count: int) -> Talk:
    listed = "\n".join(f"- F{number} {board.features[number]['name']}" for number in board.claim(count))
    return talk(model, home, f"Build these features:\n{listed}", **board.server(BUILD))


def run_tests(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "unittest", "discover"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_whole_application_is_built_over_several_sessions(tmp_path: Path) -> None:
    board = Board(tmp_path / "work")
    with Model(policy) as model:
        planned = plan(model, tmp_path, board)
        builds = [build(model, tmp_path, board, 3) for _ in range(4)]
    assert [name for name, _, _ in board.calls].count("create_bulk") == 1
    assert "10 features" in planned.texts[-1]
    assert board.statuses() == ["passing"] * 10
    assert not any(told.result.is_error for told in (planned, *builds))
    done = run_tests(board.folder)
    assert done.returncode == 0, done.stderr
    assert "Ran 35 tests" in done.stderr
    listing = [sys.executable, "-m", "bookmarks", "--help"]
    shown = subprocess.run(listing, cwd=board.folder, capture_output=True, text=True, check=True).stdout
    assert all(f"\n    {command}" in shown for command in ("add", "delete", "export", "html", "import", "search"))
    # One mistake is made, found by the check that trusted code runs, and corrected after its output was read.
    failed = [arguments["id"] for name, arguments, failed in board.calls if failed]
    assert failed == [2]
    assert [name for name, _, _ in board.calls].count("mark_passing") == 11


def test_a_refused_plan_is_corrected(tmp_path: Path) -> None:
    board = Board(tmp_path / "work", refuse_plans=1)
    with Model(policy) as model:
        planned = plan(model, tmp_path, board)
    assert [failed for name, _, failed in board.calls if name == "create_bulk"] == [True, False]
    assert len(board.features) == len(recipes())
    assert any("names nothing that is known" in text for text in planned.texts)


def test_a_feature_that_nobody_can_build_is_skipped_and_one_that_broke_is_mended(tmp_path: Path) -> None:
    board = Board(tmp_path / "work")
    with Model(policy) as model:
        plan(model, tmp_path, board)
        build(model, tmp_path, board, 2)
        (board.folder / "bookmarks" / "show.py").write_text("def broken(:\n", encoding="utf-8")
        board.features[2]["status"] = "pending"
        board.features[11] = {"id": 11, "name": "Teleport", "status": "pending", "uid": "t", "depends_on": []}
        board.claimed = [11, 2]
        told = talk(model, tmp_path, "Build what feature_get_next gives you.", **board.server(BUILD))
    assert board.features[11]["status"] == "skipped"
    assert board.features[2]["status"] == "passing"
    assert run_tests(board.folder).returncode == 0
    assert "F11 Teleport: skipped" in told.texts[-1]
