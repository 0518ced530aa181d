"""What a session's end claims is seen on what was pushed: a difference takes a proof back, and says why."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Noted
from autocoder_action.backlog.ledger import only
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.fakes.checks import Plain
from tests.unit.conduct.scene import DONE, Scene, build, call, draft, write
from tests.unit.conduct.test_session import settled
from tests.unit.conduct.test_verify import commands

BRANCH = "autocoder/root/session-1"
CONFIG = b"verify: [{name: test, run: npm test}]\n"


def has(name: str, text: str = "Done.\n") -> Callable[[Path], Plain]:
    """Return a check that succeeds where a file says something."""

    def result(folder: Path) -> Plain:
        path = folder / name
        return 0 if path.exists() and path.read_text() == text else (1, f"{name} does not say so")

    return result


def two(scene: Scene) -> None:
    """Put a plan of two features on base, whose checks look at a file each."""
    scene.begin(draft("Greet", check="check greet"), draft("Part", check="check part"))
    scene.checks.results = {"check greet": has("f1.txt"), "check part": has("f2.txt")}


def both(folder: Path) -> None:
    """Build the second feature, and break the first."""
    write("f2.txt")(folder)
    write("f1.txt", "Broken.\n")(folder)


def test_what_passed_before_the_last_checkpoint_is_checked_again_and_what_broke_is_taken_back(scene: Scene) -> None:
    two(scene)
    scene.script(build(1), Turn(work=both, calls=(call("mark_passing", id=2),)), DONE)
    report = scene.run()
    assert commands(scene) == ["check greet", "check part"] * 2
    first, second = scene.backlog(BRANCH).features
    assert (first.status, first.regressed, second.status) == (Status.FAILING, True, Status.PASSING)
    assert first.last_error
    assert "On what was pushed as" in first.last_error
    assert "f1.txt does not say so" in first.last_error
    assert [one.exit_code for one in first.evidence] == [0, 1]
    assert scene.messages(BRANCH)[0].startswith("chore: take back what fails on what was pushed\n")
    assert "Autocoder-Regressed: F1" in scene.messages(BRANCH)[0]
    assert report.conclusion is Conclusion.PROGRESSED
    assert "Taken back at the end, since the checks fail on what was pushed: F1 Greet." in report.reason


def test_a_proof_that_was_taken_back_counts_nowhere(scene: Scene) -> None:
    two(scene)
    scene.script(build(1), Turn(work=both, calls=(call("mark_passing", id=2),)), DONE)
    report = scene.run()
    assert (settled(scene).passed, settled(scene).counted) == (("part",), ("greet",))
    assert settled(scene).commits[-1] == scene.remote.heads[BRANCH]
    assert report.outcome
    assert report.outcome.backlog.features == scene.backlog(BRANCH).features
    (noted,) = only(scene.ref.journal, Noted)
    assert "f1.txt does not say so" in noted.error
    assert fold(scene.backlog(), scene.ref.journal).by_uid["greet"].last_error == noted.error, "so the issue shows it"
    body = scene.pulls()[0].body
    assert "**Taken back at the end**" in body
    assert "| F1 |" not in body
    assert body.count("F1 Greet") == 1


def test_what_still_succeeds_is_said_with_the_commit(scene: Scene) -> None:
    two(scene)
    scene.script(build(1), build(2), DONE)
    report = scene.run()
    assert commands(scene) == ["check greet", "check part"] * 2
    head = scene.remote.heads[BRANCH][:10]
    assert (
        f"At the end F1, F2 were checked again on a clean checkout of `{head}`, as it was pushed."
        in scene.pulls()[0].body
    )
    assert report.conclusion is Conclusion.COMPLETE
    assert len(scene.messages(BRANCH)) == 2, "no commit says that nothing has changed"


def test_what_only_the_agents_processes_made_succeed_is_taken_back_even_where_nothing_has_changed(scene: Scene) -> None:
    two(scene)
    codes = iter([0, 1, 0])
    scene.checks.results = {"check greet": lambda _: (next(codes), "The server is gone.")}
    scene.script(build(1), build(2), DONE)
    scene.run()
    first, second = scene.backlog(BRANCH).features
    assert (first.status, second.status) == (Status.FAILING, Status.PASSING)


def test_work_in_progress_that_breaks_what_passed_is_noticed(scene: Scene) -> None:
    two(scene)
    scene.script(build(1), Turn(work=write("f1.txt", "Half.\n")), DONE)
    report = scene.run()
    assert scene.backlog(BRANCH).features[0].status is Status.FAILING
    assert report.conclusion is Conclusion.NO_PROGRESS
    assert "Taken back at the end" in report.reason


def test_a_command_of_the_project_that_fails_at_the_end_takes_back_what_it_proved(scene: Scene) -> None:
    two(scene)
    scene.remote.commit("main", {".github/autocoder.yml": CONFIG})
    scene.checks.results = {**scene.checks.results, "npm test": lambda folder: int((folder / "broken").exists())}
    scene.script(build(1), Turn(work=write("broken")), DONE)
    scene.run()
    (feature, _) = scene.backlog(BRANCH).features
    assert feature.status is Status.FAILING
    assert feature.last_error
    assert "the project's command test `npm test` ended with exit code 1" in feature.last_error


def test_what_fails_on_the_shared_checkout_alone_is_run_on_one_of_its_own(scene: Scene) -> None:
    two(scene)
    scene.begin(*(draft(name, check=f"check {name}") for name in ("a", "b", "c")))

    def dirty(folder: Path) -> int:
        write("dirt")(folder)
        return 0

    scene.checks.results = {"check a": dirty, "check b": lambda folder: int((folder / "dirt").exists())}
    scene.script(*(build(one, check=None) for one in (1, 2, 3)), DONE)
    scene.run(max_features="3")
    assert commands(scene) == ["check a", "check b", "check c"] * 2 + ["check b"]
    assert scene.backlog(BRANCH).passing == {1, 2, 3}


def test_an_installation_that_the_work_broke_is_the_work_s_fault(scene: Scene) -> None:
    two(scene)
    scene.remote.commit("main", {"package-lock.json": b"{}"})
    scene.checks.results = {**scene.checks.results, "npm ci --no-audit --no-fund": has("package-lock.json", "{}")}
    scene.script(build(1), Turn(work=write("package-lock.json", "{")), DONE)
    report = scene.run()
    assert scene.backlog(BRANCH).features[0].status is Status.FAILING
    assert report.conclusion is Conclusion.NO_PROGRESS


@pytest.mark.parametrize("at", [1, 2])
def test_what_the_agent_itself_broke_is_told_to_it(scene: Scene, at: int) -> None:
    two(scene)
    scene.remote.commit("main", {"package-lock.json": b"{}"})
    scene.checks.results = {**scene.checks.results, "npm ci --no-audit --no-fund": has("package-lock.json", "{}")}
    wrong = Turn(work=write("package-lock.json", "{"), calls=(call("mark_passing", id=at),))
    scene.script(*([build(1)] if at == 2 else []), wrong, DONE)
    scene.run()
    assert "the installation `npm ci --no-audit --no-fund` ended with exit code 1" in scene.agent.replies[-1].text
    assert "network" not in scene.agent.replies[-1].text


def test_what_weakens_tests_stands_on_top_of_the_pull_request_and_in_the_summary(scene: Scene) -> None:
    two(scene)
    scene.remote.commit("main", {"tests/test_a.py": b"def test_a():\n    assert 1\n", "check": b"", "tests/b.txt": b""})
    weaken = Turn(work=lambda folder: (folder / "tests" / "test_a.py").unlink())
    scene.script(build(1), weaken, Turn(work=write("check")), DONE)
    report = scene.run()
    body = scene.pulls()[0].body
    top, _, _ = body.partition("| F1 | Greet |")
    assert "**Review these first**" in top
    assert "- `tests/test_a.py`: deleted" in top
    assert "- `check`: changed, and a check rests on it: check greet" in top
    assert any(one.startswith("Look at these first: check (changed") for one in report.notes)


def test_a_change_that_weakens_nothing_has_no_such_part(scene: Scene) -> None:
    two(scene)
    scene.script(build(1), DONE)
    report = scene.run()
    assert "Review these first" not in scene.pulls()[0].body
    assert not [one for one in report.notes if "first" in one]


def test_what_is_pushed_without_a_pull_request_is_looked_at_as_well(scene: Scene) -> None:
    two(scene)
    scene.remote.commit("main", {"tests/test_a.py": b"def test_a():\n    assert 1\n"})
    scene.script(Turn(work=lambda folder: (folder / "tests" / "test_a.py").write_text("")), build(1), DONE)
    report = scene.run(delivery="push")
    assert "Look at these first: tests/test_a.py (emptied)." in report.notes


def test_where_the_last_of_it_cannot_be_saved_nobody_is_told_that_all_is_well(scene: Scene) -> None:
    two(scene)

    def shut(_: Path) -> None:
        scene.remote.refusal = "The branch is protected."

    scene.script(build(1), Turn(work=both, calls=(call("mark_passing", id=2),)), Turn(work=shut), DONE)
    report = scene.run()
    assert (report.conclusion, report.exit_code) == (Conclusion.BLOCKED, 1)
    assert "The branch says more than is true" in report.reason
    assert "Taken back at the end, since the checks fail on what was pushed: F1 Greet." in report.reason


def test_a_proposed_check_that_could_not_be_tried_before_proves_nothing(scene: Scene) -> None:
    scene.begin(draft("Greet", check=None))
    scene.remote.commit("main", {"package-lock.json": b"{}"})
    codes = iter([0, 1, 1])
    scene.checks.results = {"npm ci --no-audit --no-fund": lambda _: (next(codes, 0), "npm error network")}
    scene.script(Turn(work=write("f1.txt"), calls=(call("mark_passing", id=1, check="true"),)), DONE)
    scene.run()
    assert not [one for one in scene.checks.ran if one.command == "true"]
    assert scene.agent.replies[0].failed
    assert not scene.backlog(BRANCH).passing


def test_what_was_finished_when_a_session_was_cut_off_can_still_be_proved_by_a_check_of_its_own(scene: Scene) -> None:
    scene.begin(draft("Greet", check=None))
    scene.checks.results = {"check greet": has("f1.txt")}
    scene.script(Turn(work=write("f1.txt")), Ending.TIMEOUT)
    scene.run()
    assert "f1.txt" in scene.remote.content(BRANCH)
    scene.script(Turn(calls=(call("mark_passing", id=1, check="check greet"),)), DONE)
    assert scene.run().conclusion is Conclusion.COMPLETE
    assert scene.backlog(BRANCH).passing == {1}


def test_whatever_proves_a_feature_runs_with_a_home_that_the_agent_never_had(scene: Scene) -> None:
    scene.begin(draft("Greet", check="check greet"))
    scene.remote.commit("main", {".github/autocoder.yml": CONFIG, "go.mod": b"module app\n"})
    scene.script(build(1), DONE)
    scene.run()
    first, *others = scene.checks.ran
    assert (first.command, first.fresh) == ("go mod download", False), "the agent's clone is made ready with its home"
    assert {one.command for one in others} == {"go mod download", "npm test", "check greet"}
    assert all(one.fresh for one in others if one.folder != first.folder)
    assert scene.checks.tidied == 1
