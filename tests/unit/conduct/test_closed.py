"""Issues that a commit or a pull request closed: their features' checks decide, once, however often a run dies."""

from contextlib import suppress

import pytest

from autocoder_action.backlog.feature import CheckProof, Status
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Checked
from autocoder_action.backlog.ledger import only
from autocoder_action.errors import AutocoderError
from autocoder_action.intake.event import IssueChanged
from autocoder_action.plan.conclusion import Conclusion
from tests.unit.conduct.scene import DONE, Scene, build, draft
from tests.unit.conduct.test_board import later, now, number

CHANGED = IssueChanged(number=1, action="closed", by_bot=False)


def closed(scene: Scene, name: str = "Greet", *, check: str | None = "make test") -> int:
    """Have a pull request close the issue of a feature, and return its number."""
    scene.begin(draft(name, check=check), draft("Part", check="make part"))
    scene.run(mode="sync")
    later(scene)
    issue = number(scene, name)
    scene.host.close_by(issue, by="ada", pull=9)
    return issue


def test_a_check_that_succeeds_makes_the_feature_pass_and_the_issue_stays_closed(scene: Scene) -> None:
    issue = closed(scene)
    report = scene.run(CHANGED)
    assert now(scene) == {"Greet": "passing", "Part": "pending"}
    proof = fold(scene.backlog(), scene.ref.journal).features[0].proof
    assert isinstance(proof, CheckProof)
    assert (proof.command, proof.session) == ("make test", "")
    thread = scene.host.threads[issue]
    assert (thread.open, thread.state_reason) == (False, "completed")
    assert (
        "run by the action in [run 102](https://github.test/octo/app/actions/runs/102), on what is merged"
        in thread.body
    )
    assert not scene.replies()
    assert f"Board: #9 closed issue {issue}, and the check of greet succeeds." in report.notes
    assert scene.run(CHANGED).reason == "The board was up to date."
    assert len(only(scene.ref.journal, Checked)) == 1


def test_a_check_that_fails_opens_the_issue_again_and_says_what_was_seen(scene: Scene) -> None:
    issue = closed(scene)
    scene.checks.results = {"make test": (2, "expected Hello, got @maintainer")}
    report = scene.run(CHANGED)
    assert report.conclusion is Conclusion.PROGRESSED
    assert now(scene)["Greet"] == "pending"
    assert scene.host.threads[issue].open
    (reply,) = scene.replies()
    assert "#9 closed this issue, and the check of its feature was run on what is merged." in reply
    assert "ended with exit code 2 on base" in reply
    assert "expected Hello" in reply
    assert "@maintainer" not in reply
    assert "expected Hello" in scene.host.threads[issue].body
    assert scene.run(CHANGED).reason == "The board was up to date."


def test_a_feature_without_a_check_is_opened_again_with_the_reason(scene: Scene) -> None:
    issue = closed(scene, check=None)
    report = scene.run(CHANGED)
    assert scene.host.threads[issue].open
    assert "#9 closed this issue. That is no proof that the feature works" in scene.replies()[0]
    assert not scene.checks.ran
    assert any("it has no check that the base branch holds" in note for note in report.notes)


def test_where_no_check_can_be_run_the_run_is_blocked_and_nothing_is_noted_on_the_feature(scene: Scene) -> None:
    issue = closed(scene)
    scene.remote.commit("main", {"go.mod": b"module x\n"})
    scene.checks.results = {"go mod download": (1, "no network")}
    report = scene.run(CHANGED)
    assert report.conclusion is Conclusion.BLOCKED
    assert "no network" in report.reason
    assert "the check of its feature could not be run: On a clean checkout" in scene.replies()[0]
    assert scene.host.threads[issue].open
    assert fold(scene.backlog(), scene.ref.journal).features[0].last_error is None


def test_a_failure_is_told_also_where_a_session_is_held_before_the_board_is_written(scene: Scene) -> None:
    issue = closed(scene)
    scene.checks.results = {"make test": (2, "expected Hello")}
    scene.script(build(2), DONE)
    report = scene.run(max_features="1")
    assert report.outcome
    assert "expected Hello" in scene.replies()[0]
    assert scene.host.threads[issue].open


def test_what_a_pull_request_closes_during_a_session_is_checked_by_the_same_run(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Part", check="make part"))
    scene.run(mode="sync")
    later(scene)
    part = number(scene, "Part")
    turn = build(1)
    scene.script(turn, DONE)
    work = turn.work

    def meanwhile(folder: object) -> object:
        scene.clock.advance(1)
        scene.host.close_by(part, by="ada", pull=9)
        return work(folder) if work else None  # type: ignore[arg-type]  # a folder, as the turn was given it

    scene.agent.script[0] = type(turn)(say=turn.say, work=meanwhile, calls=turn.calls)
    scene.run(max_features="1")
    assert now(scene)["Part"] == "passing"
    assert not scene.host.threads[part].open


def test_the_gate_runs_no_code(scene: Scene) -> None:
    closed(scene)
    scene.run(CHANGED, part="gate")
    assert not scene.checks.ran


def test_a_dry_run_only_says_what_it_would_check(scene: Scene) -> None:
    closed(scene)
    scene.run(mode="sync", dry_run="true")
    assert not scene.checks.ran
    assert "dry run: would run the check of greet, which #9 closed" in scene.runner.lines


def test_what_waited_for_the_feature_is_taken_over_with_it(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Part", "Greet", check=None))
    scene.run(mode="sync")
    later(scene)
    scene.host.close_by(number(scene, "Greet"), by="ada", pull=9)
    scene.host.edit(number(scene, "Part"), by="ada", open=False, state_reason="completed")
    mine = scene.host.add_issue(by="ada", title="Wave", body="Waves.\n\n- [ ] Look.", labels=["autocoder:feature"])
    scene.run(CHANGED)
    assert now(scene) == {"Greet": "passing", "Part": "passing", "Wave": "pending"}
    assert scene.host.threads[mine].title == "F3 Wave"
    assert len(scene.issues()) == 4
    assert not scene.replies()


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("code", [0, 2])
def test_a_run_that_dies_anywhere_is_finished_by_the_next_and_each_thing_is_said_once(
    scene: Scene, code: int, *, lost: bool
) -> None:
    issue = closed(scene)
    scene.checks.results = {"make test": (code, "seen")}
    scene.fuse.lost = lost
    for at in range(1, 60):
        scene.fuse.at = at
        with suppress(AutocoderError):
            scene.run(CHANGED)
        if len(scene.fuse.seen) < at:
            break
    scene.fuse.at = 0
    scene.run(CHANGED)
    assert len(only(scene.ref.journal, Checked)) == 1
    assert len(scene.replies()) == (1 if code else 0)
    assert scene.host.threads[issue].open is bool(code)
    feature = fold(scene.backlog(), scene.ref.journal).features[0]
    assert feature.status is (Status.PENDING if code else Status.PASSING)
