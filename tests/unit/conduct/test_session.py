"""What a session comes to: checkpoints, the branch, and what a run claims about both."""

from pathlib import Path

import pytest

from autocoder_action.backlog.feature import CheckProof
from autocoder_action.backlog.journal import Settled
from autocoder_action.backlog.ledger import ledger
from autocoder_action.plan.conclusion import Conclusion
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, SECRET, Scene, build, call, draft, write

BRANCH = "autocoder/root/session-1"


def told(scene: Scene) -> str:
    """Return the last thing that the agent was told."""
    return scene.agent.replies[-1].text


def settled(scene: Scene) -> Settled:
    return [one for one in scene.ref.journal if isinstance(one, Settled)][-1]


def test_a_session_proves_features_one_commit_each_and_opens_one_pull_request(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1, note="Says hello."), build(2), DONE)
    report = scene.run()
    assert (report.conclusion, report.exit_code) == (Conclusion.COMPLETE, 0)
    assert [text.splitlines()[0] for text in scene.messages(BRANCH)] == ["feat: Part", "feat: Greet"]
    assert scene.backlog(BRANCH).passing == {1, 2}
    (pull,) = scene.pulls()
    assert report.pull
    assert report.pull.number == pull.number
    assert "| F1 | Greet |" in pull.body
    assert settled(scene).pull == pull.number
    assert "f1.txt" not in scene.remote.content("main"), "base changes by a merge alone"


def test_what_is_proved_is_what_was_pushed(scene: Scene) -> None:
    seen: list[list[str]] = []

    def listing(folder: Path) -> int:
        seen.append(sorted(path.name for path in folder.iterdir()))
        return 0

    scene.begin()
    scene.checks.results = {"make test": listing}
    scene.script(build(1), Turn(work=write("later.txt")), DONE)
    scene.run()
    assert seen[0] == ["f1.txt", "prompts"], "a clean checkout without the generated files"
    assert seen[1:] == [["f1.txt", "later.txt", "prompts"]], "and once more with what came later"
    proof = scene.backlog(BRANCH).features[0].proof
    assert isinstance(proof, CheckProof)
    assert set(scene.remote.trees[proof.tree]) == {"f1.txt", "prompts/app_spec.txt"}


def test_work_in_progress_is_kept_apart_and_called_so(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), Turn(work=write("later.txt")), DONE)
    report = scene.run()
    assert scene.messages(BRANCH)[0].startswith("chore: keep work in progress")
    assert report.outcome
    assert report.outcome.unfinished
    assert report.outcome.commits[-1] == scene.remote.heads[BRANCH]
    assert "holds work in progress" in scene.pulls()[0].body


def test_a_failing_check_is_told_to_the_agent_and_proves_nothing(scene: Scene) -> None:
    scene.begin()
    scene.checks.results = {"make test": (2, "AssertionError: no greeting")}
    scene.script(build(1), DONE)
    report = scene.run()
    assert "exit code 2" in told(scene)
    assert "AssertionError: no greeting" in told(scene)
    assert (report.conclusion, report.exit_code) == (Conclusion.NO_PROGRESS, 1)
    assert not scene.backlog(BRANCH).passing
    assert ledger(scene.ref.journal)[-1].attempted == ("greet",), "the agent never came to the second"


def test_every_check_run_of_a_session_is_kept_with_the_backlog(scene: Scene) -> None:
    endings = iter([2, 0, 0])

    def flaky(_: Path) -> int:
        return next(endings)

    scene.begin()
    scene.checks.results = {"make test": flaky}
    scene.script(build(1), build(1), DONE)
    scene.run()
    greet = scene.backlog(BRANCH).features[0]
    assert [(one.command, one.exit_code, one.session) for one in greet.evidence] == [
        ("make test", 2, "session-1"),
        ("make test", 0, "session-1"),
    ]
    assert isinstance(greet.proof, CheckProof)
    assert greet.evidence[-1].tree == greet.proof.tree


def test_a_failed_check_run_is_kept_with_the_work_without_what_is_secret_in_its_output(scene: Scene) -> None:
    scene.begin()
    scene.checks.results = {"make test": (2, f"key {SECRET}\nAssertionError: no greeting")}
    scene.script(build(1), DONE)
    scene.run()
    (seen,) = scene.backlog(BRANCH).features[0].evidence
    assert (seen.exit_code, seen.output) == (2, "key ***\nAssertionError: no greeting")


def test_a_failed_check_run_alone_is_no_reason_for_a_branch(scene: Scene) -> None:
    scene.begin()
    scene.checks.results = {"make test": (2, "no greeting")}
    scene.script(Turn(calls=(call("mark_passing", id=1),)), DONE)
    scene.run()
    assert list(scene.remote.heads) == ["main"]


def test_a_check_whose_time_is_over_proves_nothing(scene: Scene) -> None:
    scene.begin()
    scene.checks.results = {"make test": None}
    scene.script(build(1), DONE)
    assert scene.run().conclusion is Conclusion.NO_PROGRESS
    assert "ran out of time" in told(scene)


def test_a_session_that_changed_nothing_leaves_no_branch_however_often(scene: Scene) -> None:
    scene.begin()
    for _ in range(3):
        scene.script(DONE)
        report = scene.run()
        assert report.conclusion is Conclusion.NO_PROGRESS
        assert list(scene.remote.heads) == ["main"], "attempts are the journal's, and no reason for a pull request"
        assert not scene.pulls()


def test_features_that_take_turns_in_failing_are_counted(scene: Scene) -> None:
    scene.begin()
    scene.script(Turn(calls=(call("mark_failing", id=2, reason="No parts."),)), DONE)
    scene.run()
    scene.script(build(1), DONE)
    scene.run(scene.command())
    part = scene.backlog(BRANCH).get(2)
    assert part
    assert part.attempts == 1, "the first session's; the second's is settled after its last commit"


def test_a_check_that_succeeds_without_the_work_proves_nothing(scene: Scene) -> None:
    scene.begin(draft("Greet", check=None))
    scene.script(build(1, check="true"), DONE)
    report = scene.run()
    assert "succeeds without your work" in told(scene)
    assert report.outcome
    assert not report.outcome.proved


def test_the_check_that_base_holds_wins_over_the_agents(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1, check="true"), DONE)
    scene.run()
    assert {one.command for one in scene.checks.ran} == {"make test"}


@pytest.mark.parametrize("path", ["features.db", "FEATURES.md", "claude-progress.txt"])
def test_a_generated_file_that_the_agent_makes_a_folder_is_refused(scene: Scene, path: str) -> None:
    def replace_it(folder: Path) -> None:
        (folder / path).unlink(missing_ok=True)
        write(f"{path}/inside.txt")(folder)

    scene.begin()
    scene.script(Turn(work=replace_it, calls=(call("mark_passing", id=1),)), DONE)
    report = scene.run()
    assert f"{path}/inside.txt" in told(scene)
    assert report.conclusion is Conclusion.NO_PROGRESS
    assert list(scene.remote.heads) == ["main"]


def test_a_project_folder_that_the_agent_deletes_fails_its_check(scene: Scene) -> None:
    scene.begin()
    files = {"apps/web/features.db": scene.remote.content("main")["features.db"], "features.db": None}
    scene.remote.commit("main", {**files, "apps/web/prompts/app_spec.txt": b"A greeting service."})
    scene.inputs["project_path"] = "apps/web"

    def wipe(folder: Path) -> None:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    scene.script(Turn(work=wipe, calls=(call("mark_passing", id=1),)), DONE)
    assert scene.run().conclusion is Conclusion.NO_PROGRESS


def test_a_branch_that_a_rule_protects_is_told_to_the_agent_and_to_people(scene: Scene) -> None:
    scene.begin()
    scene.remote.refusal = "GH013: Repository rule violations found"
    scene.script(build(1), DONE)
    report = scene.run()
    assert "GH013" in told(scene)
    assert report.conclusion is Conclusion.BLOCKED
    assert "GH013" in report.reason
    assert report.outcome
    assert not report.outcome.proved
    assert not report.outcome.backlog.passing, "a run claims nothing that is not on the remote"
    assert list(scene.remote.heads) == ["main"]
    assert not scene.pulls()


def test_a_rule_that_comes_after_the_first_feature_is_not_hidden_by_it(scene: Scene) -> None:
    def protect(folder: Path) -> None:
        scene.remote.refusal = "GH013: frozen"
        write("later.txt")(folder)

    scene.begin()
    scene.script(build(1), Turn(work=protect, calls=(call("skip", id=2, kind="external", reason="No key."),)), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.PROGRESSED
    assert "GH013: frozen" in report.reason
    assert report.outcome
    assert report.outcome.commits[-1] == scene.remote.heads[BRANCH]
    assert report.outcome.backlog.features == scene.backlog(BRANCH).features, "the skip is not on the remote"
    assert not report.outcome.unfinished
