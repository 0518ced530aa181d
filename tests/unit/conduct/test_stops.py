"""A run that is cancelled settles at once; what takes longer is the next run's, which goes on where it stopped."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.journal import Booked, Settled
from autocoder_action.backlog.ledger import leased, only
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.report.report import Report
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.fakes.workspace import FakeWorkspace
from tests.unit.conduct.scene import DONE, Fuse, Scene, build, draft, plan, write

BRANCH = "autocoder/root/session-1"


def stop(scene: Scene) -> Turn:
    """Return a turn in the midst of which somebody cancels the run."""

    def cancel(folder: Path) -> None:
        write("half.txt")(folder)
        scene.stopped = True
        scene.agent.cancel()

    return Turn(work=cancel)


def cancelled(scene: Scene) -> None:
    """Hold a session that is cancelled after its first feature."""
    scene.begin()
    scene.script(build(1), stop(scene), DONE)
    report = scene.run()
    assert (report.conclusion, report.exit_code) == (Conclusion.CANCELLED, 0)
    scene.stopped = False


def test_a_cancelled_session_is_settled_and_nothing_else_is_written_to_the_host(scene: Scene) -> None:
    cancelled(scene)
    settled = only(scene.ref.journal, Settled)[-1]
    assert (settled.conclusion, settled.passed) == ("cancelled", ("greet",))
    assert settled.commits[-1] == scene.remote.heads[BRANCH]
    assert "half.txt" in scene.remote.content(BRANCH)
    assert leased(scene.ref.journal, scene.clock.now()) == {}
    assert not scene.pulls()
    assert not scene.issues()


def test_the_next_run_opens_the_pull_request_and_goes_on_without_a_command(scene: Scene) -> None:
    cancelled(scene)
    scene.script(build(2), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.COMPLETE
    assert report.outcome
    assert report.outcome.plan.branch == BRANCH
    (pull,) = scene.pulls()
    assert "| F2 | Part |" in pull.body


@pytest.mark.parametrize("ending", [Ending.TIMEOUT, Ending.FINISHED])
def test_only_a_session_that_did_not_end_by_itself_goes_on_unasked(scene: Scene, ending: Ending) -> None:
    scene.begin()
    scene.script(Turn(work=write("half.txt")), ending) if ending is Ending.TIMEOUT else scene.script(build(1), DONE)
    scene.run()
    scene.script(DONE)
    report = scene.run()
    held = report.outcome is not None and report.outcome.plan.branch == BRANCH
    assert held == (ending is Ending.TIMEOUT)


def three(scene: Scene) -> None:
    """Put a plan of three features on base, and have a session of two of them run out of minutes after the first."""
    scene.begin(draft("Greet"), draft("Part"), draft("Sing"))
    scene.script(build(1), Turn(work=write("half.txt")), Ending.TIMEOUT)
    assert scene.run().conclusion is Conclusion.PROGRESSED


def test_a_session_that_ran_out_of_minutes_is_gone_on_with_until_its_own_features_are_done(scene: Scene) -> None:
    three(scene)
    scene.script(build(2), DONE)
    report = scene.run()
    assert report.outcome
    assert (report.outcome.plan.branch, report.outcome.plan.features) == (BRANCH, (2,))
    assert "ended as timeout at " in scene.agent.briefs[-1].prompt
    assert len(scene.pulls()) == 1
    assert not report.should_continue
    scene.script(DONE)
    waits = scene.run()
    assert (waits.conclusion, waits.outcome) == (Conclusion.SKIPPED, None), "it is reviewed before more is built"


def test_a_person_may_have_more_built_in_it_all_the_same(scene: Scene) -> None:
    three(scene)
    scene.script(DONE)
    report = scene.run(scene.command())
    assert report.outcome
    assert (report.outcome.plan.branch, report.outcome.plan.features) == (BRANCH, (2, 3))


def test_what_ran_out_of_minutes_too_often_waits_for_its_review(scene: Scene) -> None:
    three(scene)
    for _ in range(2):
        scene.script(Turn(work=write("half.txt")), Ending.TIMEOUT)
        scene.run()
    scene.script(DONE)
    report = scene.run()
    assert (report.conclusion, report.outcome) == (Conclusion.SKIPPED, None)
    assert not scene.agent.briefs


def test_a_plan_whose_session_was_cancelled_leaves_nothing(scene: Scene) -> None:
    scene.script(plan(), stop(scene), DONE)
    assert scene.run().conclusion is Conclusion.CANCELLED
    assert list(scene.remote.heads) == ["main"]


def test_an_installation_that_a_cancellation_ends_is_not_the_machine_s_fault(scene: Scene) -> None:
    def cancel(_folder: Path) -> None:
        scene.stopped = True

    scene.begin()
    scene.inputs["install"] = "make install"
    scene.checks.results = {"make install": cancel}
    scene.script(DONE)
    report = scene.run()
    assert (report.conclusion, report.exit_code) == (Conclusion.CANCELLED, 0)
    (settled,) = only(scene.ref.journal, Settled)
    assert (settled.conclusion, settled.turns) == ("cancelled", 0)


def test_a_check_that_a_cancellation_ends_says_nothing_about_the_feature(scene: Scene) -> None:
    def cancel(_folder: Path) -> None:
        scene.stopped = True
        scene.agent.cancel()

    scene.begin()
    scene.checks.results = {"make test": cancel}
    scene.script(build(1), DONE)
    assert scene.run().conclusion is Conclusion.CANCELLED
    assert scene.backlog(BRANCH).features[0].evidence == ()
    assert "f1.txt" in scene.remote.content(BRANCH)


def before_a_session(scene: Scene, command: str) -> Report:
    """Have a run cancelled in a command that comes before its session."""
    scene.begin(draft("Greet", check="check greet"), draft("Part"))
    scene.script(build(1), DONE)
    scene.run()
    scene.merge(scene.pulls()[0].number)
    scene.remote.commit("main", {".github/autocoder.yml": b"setup: make ready\n"})

    def cancel(_folder: Path) -> None:
        scene.stopped = True
        scene.agent.cancel()

    scene.checks.results = {command: cancel}
    scene.script(DONE)
    return scene.run()


@pytest.mark.parametrize("command", ["make ready", "check greet"])
def test_a_run_that_is_cancelled_before_its_session_books_nothing_and_blames_nobody(scene: Scene, command: str) -> None:
    report = before_a_session(scene, command)
    assert (report.conclusion, report.exit_code) == (Conclusion.CANCELLED, 0)
    assert "minutes" not in report.reason
    assert len(only(scene.ref.journal, Booked)) == 1
    assert leased(scene.ref.journal, scene.clock.now()) == {}
    assert scene.backlog().features[0].status is Status.PASSING


def test_a_cancelled_session_is_settled_before_the_last_of_its_work_is_saved(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, settled = FakeWorkspace.take, list[bool]()

    def look(workspace: FakeWorkspace) -> object:
        settled.append(bool(only(scene.ref.journal, Settled)))
        return take(workspace)

    monkeypatch.setattr(FakeWorkspace, "take", look)
    cancelled(scene)
    assert settled == [False, True], "at the checkpoint, and after the cancellation"
    first, second = only(scene.ref.journal, Settled)
    assert (first.conclusion, second.conclusion) == ("cancelled", "cancelled")
    assert len(second.commits) == len(first.commits) + 1


def test_a_run_that_is_cancelled_while_the_host_makes_the_pull_request_has_settled_its_session(scene: Scene) -> None:
    scene.begin()
    scene.fuse = Fuse(at=1, only="create_pull")
    through = scene.fuse.through

    def watch(name: str, request: Callable[[], object]) -> object:
        if name == "create_pull":
            assert only(scene.ref.journal, Settled), "it was settled before"
            scene.stopped = True
        return through(name, request)

    scene.fuse.through = watch  # type: ignore[method-assign]
    scene.script(build(1), DONE)
    assert scene.run().conclusion is Conclusion.PROGRESSED
    settled = only(scene.ref.journal, Settled)[-1]
    assert settled.pull is None
    scene.stopped, scene.fuse = False, Fuse()
    scene.run()
    assert only(scene.ref.journal, Settled)[-1].pull == scene.pulls()[0].number
