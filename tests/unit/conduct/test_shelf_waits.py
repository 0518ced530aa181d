"""What stands on something unproved waits for review in the session's branch."""

import pytest

from autocoder_action.backlog.journal import Settled
from autocoder_action.backlog.ledger import only
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DIES, DONE, Scene, build, call, draft, write
from tests.unit.conduct.test_shelf import SHELF


def test_a_feature_that_nothing_proves_waits_for_review_with_all_that_stands_on_it(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Look", check=None), draft("Part"))
    scene.script(build(1), build(2), build(3), DONE)
    report = scene.run(delivery="push", max_features="3")
    assert "f1.txt" in scene.remote.content("main")
    assert {"f2.txt", "f3.txt"}.isdisjoint(scene.remote.content("main"))
    assert scene.remote.content(SHELF).keys() >= {"f1.txt", "f2.txt", "f3.txt"}
    held = scene.backlog(SHELF)
    assert [one.built for one in held.features] == [False, True, False]
    assert held.passing == {1, 3}
    (pull,) = scene.pulls()
    assert report.pull
    assert (pull.branch, report.pull.number) == (SHELF, pull.number)
    assert scene.run(delivery="push").reason.startswith("session-1 waits for review in pull request")
    scene.run(scene.merge(pull.number), delivery="push")
    assert scene.backlog().passing == {1, 3}
    assert scene.run(delivery="push").conclusion is Conclusion.BLOCKED, "a person decides about F2"


def test_a_feature_is_built_on_what_was_kept_and_waits_for_review_with_it(scene: Scene) -> None:
    scene.begin(draft("Look", check=None))
    scene.script(Turn(work=write("half.txt")), Ending.CANCELLED)
    scene.run(delivery="push")
    kept = scene.remote.heads[SHELF]
    scene.script(build(1), DONE)
    scene.run(delivery="push")
    assert scene.remote.commits[scene.remote.heads[SHELF]].parents == (kept,)
    assert "half.txt" not in scene.remote.content("main")
    assert [one.branch for one in scene.pulls()] == [SHELF]


def test_a_run_that_died_after_something_unproved_has_its_pull_request_opened_by_the_next(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Look", check=None))
    scene.script(build(1), build(2), DIES)
    with pytest.raises(KeyboardInterrupt):
        scene.run(delivery="push")
    scene.clock.advance(3 * 3_600)
    scene.run(delivery="push")
    assert [one.branch for one in scene.pulls()] == [SHELF]
    assert only(scene.ref.journal, Settled)[-1].passed == ("greet",)


def test_other_features_are_not_built_on_what_waits_for_a_person(pushing: Scene) -> None:
    ask = Turn(work=write("half.txt"), calls=(call("ask_human", id=1, question="Which?"),))
    pushing.script(ask, Ending.CANCELLED)
    pushing.run(max_features="1")
    assert "half.txt" in pushing.remote.content(SHELF)
    pushing.script(build(2), DONE)
    pushing.run(max_features="1")
    assert "f2.txt" in pushing.remote.content("main")
    assert "half.txt" not in pushing.remote.content("main")
    assert "half.txt" in pushing.remote.content(SHELF), "nothing is lost"
    assert only(pushing.ref.journal, Settled)[-1].session == "session-2"


def test_a_feature_that_is_asked_for_is_not_built_on_another_ones_work(pushing: Scene) -> None:
    pushing.script(Turn(work=write("half.txt")), Ending.CANCELLED)
    pushing.run(max_features="1")
    number = next(one.number for title, one in pushing.issues().items() if title.startswith("F2"))
    pushing.script(build(2), DONE)
    pushing.run(pushing.command(f"/autocoder continue #{number}"), max_features="1")
    assert "f2.txt" in pushing.remote.content("main")
    assert "half.txt" not in pushing.remote.content("main")
