"""What goes on by itself, what waits, and what a push starts."""

from dataclasses import replace
from pathlib import Path

import pytest

from autocoder_action.backlog.journal import Settled
from autocoder_action.intake.event import Pushed
from autocoder_action.plan.conclusion import Conclusion
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, build, draft, plan
from tests.unit.conduct.test_events import booked


def test_a_scheduled_run_waits_for_the_review_and_changes_nothing(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    scene.run()
    journal, writes = scene.ref.journal, list(scene.tracker.writes)
    report = scene.run()
    assert report.conclusion is Conclusion.SKIPPED
    assert "session-1 waits for review in pull request #" in report.reason
    assert (scene.ref.journal, scene.tracker.writes) == (journal, writes)


def test_a_merge_that_nobody_heard_of_reaches_the_board_with_the_next_run(scene: Scene) -> None:
    scene.script(plan("Greet"), DONE)
    report = scene.run()
    assert report.pull
    scene.merge(report.pull.number)  # its event is lost
    scene.script(build(1), DONE)
    second = scene.run()
    assert second.pull
    scene.merge(second.pull.number)
    final = scene.run()
    assert final.conclusion is Conclusion.COMPLETE
    assert not scene.issues()["F1 Greet"].open


def test_pushed_work_goes_on_by_itself_until_its_money_is_spent(scene: Scene) -> None:
    scene.begin(draft("One"), draft("Two"), draft("Three"))
    scene.inputs |= {"delivery": "push", "max_features": "1", "max_budget_usd": "19.999"}
    scene.script(build(1), DONE)
    assert scene.run().should_continue
    scene.agent.cost_micro = 19_980_000
    scene.script(build(2), DONE)
    scene.agent.cost_micro = 9_990_000
    report = scene.run()
    assert report.conclusion is Conclusion.PROGRESSED
    assert not report.should_continue, "the day's budget is spent"
    assert scene.run().conclusion is Conclusion.BUDGET


def test_pushed_work_that_got_nowhere_does_not_go_on_by_itself(scene: Scene) -> None:
    scene.begin()
    scene.script(DONE)
    report = scene.run(delivery="push")
    assert (report.conclusion, report.should_continue) == (Conclusion.NO_PROGRESS, False), "money would burn all day"


def test_the_branch_of_a_run_that_is_alive_is_left_to_it(scene: Scene) -> None:
    seen: list[tuple[int, int, str]] = []

    def meanwhile(_folder: Path) -> None:
        other = scene.run()
        settled = [one for one in scene.ref.journal if isinstance(one, Settled)]
        seen.append((len(scene.pulls()), len(settled), other.reason))

    scene.begin()
    scene.script(build(1), Turn(work=meanwhile), build(2), DONE)
    report = scene.run()
    ((pulls, settled, reason),) = seen
    assert (pulls, settled) == (0, 0)
    assert "session-1 waits for review in branch autocoder/root/session-1" in reason
    assert report.conclusion is Conclusion.COMPLETE
    assert len(scene.pulls()) == 1


def test_work_in_a_pull_request_does_not_go_on_by_itself(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    assert not scene.run(scene.command()).should_continue


def test_pushed_work_stops_when_everything_passes(scene: Scene) -> None:
    scene.begin(draft("One"))
    scene.script(build(1), DONE)
    report = scene.run(delivery="push")
    assert (report.conclusion, report.should_continue) == (Conclusion.COMPLETE, False)
    assert "f1.txt" in scene.remote.content("main")
    assert not scene.pulls()
    assert not scene.issues()["F1 One"].open


def test_the_plan_comes_in_a_pull_request_even_where_work_is_pushed(scene: Scene) -> None:
    scene.script(plan("Greet"), DONE)
    report = scene.run(delivery="push")
    assert report.pull
    assert "features.db" not in scene.remote.content("main")
    assert not report.should_continue


def test_half_a_plan_is_no_plan(scene: Scene) -> None:
    bad = plan("Greet", "Greet")
    scene.script(bad, DONE)
    report = scene.run()
    assert (report.conclusion, report.exit_code) == (Conclusion.ERROR, 1)
    assert list(scene.remote.heads) == ["main"]
    assert scene.agent.replies[0].failed


def push(scene: Scene, path: str, content: bytes, **changes: str) -> Pushed:
    """Have somebody push a file to base, and return the event."""
    before = scene.remote.heads["main"]
    return replace(Pushed(branch="main", before=before, after=scene.remote.commit("main", {path: content})), **changes)


def test_a_push_of_the_spec_starts_the_plan_and_one_of_other_files_does_not(scene: Scene) -> None:
    scene.script(plan("Greet"), DONE)
    assert scene.run(push(scene, "README.md", b"Hello.")).reason.startswith("The push changes neither")
    assert not booked(scene)
    assert scene.run(push(scene, "prompts/app_spec.txt", b"A louder service.")).conclusion is Conclusion.PROGRESSED


def test_a_push_of_the_configuration_brings_the_board_up_to_date(scene: Scene) -> None:
    scene.begin()
    scene.run(push(scene, ".github/autocoder.yml", b"max_features: 1\n"))
    assert not booked(scene)
    assert "F1 Greet" in scene.issues()


@pytest.mark.parametrize("before", ["0" * 40, "f" * 40, ""])
def test_where_nobody_knows_what_a_push_replaced_it_is_heeded(scene: Scene, before: str) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"max_features: 1\n"})
    scene.run(push(scene, "README.md", b"Hello.", before=before))
    assert not booked(scene), "there is a plan, and nobody asked for more"
    assert "F1 Greet" in scene.issues()
