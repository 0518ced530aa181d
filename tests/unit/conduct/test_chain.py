"""A chain of runs goes on as long as each proves something and there is more to do, and no further."""

import pytest

from autocoder_action.intake.event import CONTINUE, Dispatched
from autocoder_action.plan.conclusion import Conclusion
from tests.unit.conduct.scene import DONE, Scene, build, draft, plan


def by_hand(**inputs: str) -> Dispatched:
    return Dispatched(inputs=inputs)


def test_a_run_that_proved_something_starts_the_next_one_of_its_chain(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    report = scene.run(by_hand(chain="2", model="opus", feature="F1"), max_features="1")
    assert report.conclusion is Conclusion.PROGRESSED
    assert scene.host.dispatches == [(CONTINUE, {"chain": "1", "model": "opus"})]


def test_the_runs_of_a_chain_work_in_one_pull_request_until_its_end(scene: Scene) -> None:
    scene.begin(*map(draft, ("Greet", "Part", "Wave")))
    scene.script(build(1), DONE)
    scene.run(by_hand(chain="1"), max_features="1")
    (event, payload), *_ = scene.host.dispatches
    assert event == CONTINUE
    scene.script(build(2), DONE)
    report = scene.run(by_hand(**payload), max_features="1")
    assert report.conclusion is Conclusion.PROGRESSED
    assert len(scene.pulls()) == 1
    assert len(scene.host.dispatches) == 1, "the chain is at its end"


@pytest.mark.parametrize(
    ("inputs", "settings", "why"),
    [
        ({}, {}, "nobody asked for a chain"),
        ({"chain": "0"}, {}, "its last run"),
        ({"chain": "2"}, {"max_features": "2"}, "every feature passes"),
        ({"chain": "2"}, {"max_budget_usd": "0.5", "dry_run": "true"}, "a dry run holds no session"),
    ],
)
def test_no_run_follows_where_none_is_wanted_or_nothing_is_left(
    scene: Scene, inputs: dict[str, str], settings: dict[str, str], why: str
) -> None:
    scene.begin()
    both = settings.get("max_features") == "2"
    scene.script(build(1), *([build(2)] if both else []), DONE)
    scene.inputs = {"max_features": "1"} | settings
    scene.run(by_hand(**inputs))
    assert scene.host.dispatches == [], why


def test_a_run_that_proved_nothing_ends_the_chain(scene: Scene) -> None:
    scene.begin()
    scene.script(DONE)
    assert scene.run(by_hand(chain="2")).conclusion is Conclusion.NO_PROGRESS
    assert scene.host.dispatches == []


def test_a_pause_that_comes_while_a_session_is_at_work_ends_the_chain(scene: Scene) -> None:
    scene.begin()
    turn = build(1)

    def pause(_: object) -> None:
        paused = scene.command("/autocoder pause Enough.")
        kept = scene.agent, scene.tracker, scene.runner
        scene.run(paused, part="gate")
        scene.agent, scene.tracker, scene.runner = kept

    scene.script(type(turn)(say="I pause.", work=pause), turn, DONE)
    report = scene.run(by_hand(chain="2"), max_features="1")
    assert report.conclusion is Conclusion.PROGRESSED
    assert scene.host.dispatches == []


def test_a_plan_waits_for_its_approval_whatever_the_chain(scene: Scene) -> None:
    scene.script(plan("Greet"), DONE)
    assert scene.run(by_hand(chain="3")).conclusion is Conclusion.PROGRESSED
    assert scene.host.dispatches == []


def test_a_budget_that_is_spent_ends_the_chain(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"day_budget_usd: 0.005"})
    scene.run(by_hand(chain="2"))
    assert scene.host.dispatches == []


def test_what_keeps_the_next_run_from_starting_is_told_and_the_session_counts(scene: Scene) -> None:
    scene.begin()
    scene.tracker.permissions = {"issues": "write", "pull-requests": "write"}
    scene.script(build(1), DONE)
    report = scene.run(by_hand(chain="1"), max_features="1")
    assert report.conclusion is Conclusion.PROGRESSED
    (note,) = [one for one in report.notes if "chain" in one]
    assert "`contents: write`" in note
