"""A FEATURES.md that a person wrote is not replaced: no session begins over it, and one at work keeps it."""

import pytest

from autocoder_action.plan.conclusion import Conclusion
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, build, plan

PAGE = b"# What our app can do\n"
BRANCH = "autocoder/root/session-1"


@pytest.mark.parametrize("planned", [True, False])
def test_no_session_begins_over_it_and_the_run_says_what_to_do(scene: Scene, planned: bool) -> None:
    if planned:
        scene.begin()
    scene.remote.commit("main", {"FEATURES.md": PAGE})
    scene.script(build(1) if planned else plan("Greet"), DONE)
    report = scene.run(scene.command())
    assert report.conclusion is Conclusion.BLOCKED
    assert report.reason == (
        "FEATURES.md on main was written by hand, and a session's list of the features would replace it. "
        "Give it another name there, then run this again."
    )
    assert list(scene.remote.heads) == ["main"]
    assert not scene.ref.journal or "booked" not in {one.kind for one in scene.ref.journal}
    scene.remote.commit("main", {"FEATURES.md": None, "PRODUCT.md": PAGE})
    assert scene.run(scene.command()).conclusion in {Conclusion.PROGRESSED, Conclusion.COMPLETE}
    assert scene.remote.content(BRANCH)["PRODUCT.md"] == PAGE


def test_a_project_that_is_complete_or_only_talks_is_not_hindered_by_it(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), build(2), DONE)
    scene.inputs["max_features"] = "2"
    scene.run()
    scene.run(scene.merge(scene.pulls()[0].number))
    scene.remote.commit("main", {"FEATURES.md": PAGE})
    assert scene.run().conclusion is Conclusion.COMPLETE
    scene.script(Turn(say="It greets."), DONE)
    assert scene.run(scene.command("/autocoder ask What does it do?")).conclusion is not Conclusion.BLOCKED


def test_doctor_and_status_tell_it_before_a_session_is_asked_for(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {"FEATURES.md": PAGE})
    scene.run(scene.command("/autocoder doctor"), part="gate")
    assert "FEATURES.md on main was written by hand, so no session plans or builds." in scene.replies()[-1]
    scene.run(scene.command("/autocoder status"), part="gate")
    assert "FEATURES.md on main was written by hand" in scene.replies()[-1]


@pytest.mark.parametrize("delivery", ["pull_request", "push"])
def test_one_that_comes_during_a_session_is_kept(scene: Scene, delivery: str) -> None:
    scene.begin()
    scene.inputs |= {"max_features": "2", "delivery": delivery}
    branch = "main" if delivery == "push" else BRANCH

    def push(_folder: object) -> None:
        scene.remote.commit(branch, {"FEATURES.md": PAGE})

    scene.script(build(1), Turn(work=push), build(2), DONE)
    assert scene.run().conclusion is Conclusion.COMPLETE
    assert scene.remote.content(branch)["FEATURES.md"] == PAGE
    assert scene.backlog(branch).passing == {1, 2}


def test_one_that_somebody_put_into_the_branch_is_kept_when_base_joins_it(scene: Scene) -> None:
    scene.begin()
    scene.inputs["max_features"] = "1"
    scene.script(build(1), DONE)
    scene.run()
    scene.remote.commit(BRANCH, {"FEATURES.md": PAGE})
    scene.remote.commit("main", {"README.md": b"Moved on."})
    scene.script(build(2), DONE)
    assert scene.run(scene.command()).conclusion is Conclusion.COMPLETE
    assert scene.remote.content(BRANCH)["FEATURES.md"] == PAGE
    assert scene.remote.content(BRANCH)["README.md"] == b"Moved on."
