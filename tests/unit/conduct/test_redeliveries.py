"""What is delivered twice or deleted meanwhile is answered once, and whoever starts a run again is heard again."""

import pytest

from autocoder_action.backlog.journal import Answered
from autocoder_action.plan.conclusion import Conclusion
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DIES, DONE, Scene, build
from tests.unit.conduct.test_events import booked


def test_a_redelivered_command_is_not_obeyed_again_and_not_answered_again(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    event = scene.command()
    scene.run(event)
    before = scene.replies()
    report = scene.run(event)
    assert report.reason == "The comment was answered by an earlier run."
    assert len(booked(scene)) == 1
    assert scene.replies() == before


def test_a_command_whose_session_died_is_not_obeyed_by_a_redelivery(scene: Scene) -> None:
    scene.begin()
    event = scene.command()
    scene.script(build(1), DIES)
    with pytest.raises(KeyboardInterrupt):
        scene.run(event)
    assert scene.run(event).reason == "The comment was answered by an earlier run."
    assert len(booked(scene)) == 1, "money was booked for this comment already"


def test_a_rerun_by_a_person_is_obeyed_again(scene: Scene) -> None:
    scene.begin()
    event = scene.command("/autocoder sync")
    assert scene.run(event, run_id=7).conclusion is Conclusion.PROGRESSED
    assert scene.run(event, run_id=7, attempt=2).reason == "The board was up to date."


def test_an_answered_comment_is_known_with_its_reply(scene: Scene) -> None:
    scene.begin()
    event = scene.command("/autocoder sync")
    scene.run(event)
    (answered,) = [one for one in scene.ref.journal if isinstance(one, Answered)]
    assert answered.comment == event.comment
    assert answered.reply in {one for thread in scene.host.threads.values() for one in thread.comments}


@pytest.mark.parametrize(
    ("body", "by"),
    [
        ("/autocoder help", "ada"),
        ("/autocoder contineu", "ada"),
        ("/autocoder status", "eve"),
        ("/autocoder help", "eve"),
    ],
)
def test_what_leaves_no_receipt_is_not_answered_again_by_a_redelivery_and_is_by_a_rerun(
    scene: Scene, body: str, by: str
) -> None:
    scene.begin()
    event = scene.command(body, by=by)
    scene.run(event, part="gate", run_id=7)
    again = scene.run(event, part="gate", run_id=8)
    assert again.reason == "The comment was answered by an earlier run."
    assert len(scene.replies()) == 1
    scene.run(event, part="gate", run_id=7, attempt=2)
    assert len(scene.replies()) == 2


@pytest.mark.parametrize("part", ["auto", "gate"])
@pytest.mark.parametrize("by", ["ada", "mallory"])
@pytest.mark.parametrize("body", ["/autocoder continue", "/autocoder status", "/autocoder contineu"])
def test_a_comment_that_was_deleted_meanwhile_starts_nothing(scene: Scene, part: str, by: str, body: str) -> None:
    scene.begin()
    event = scene.command(body, by=by)
    scene.host.delete_comment(event.comment)
    report = scene.run(event, part=part)
    assert report.conclusion is Conclusion.SKIPPED
    assert "is gone" in report.reason
    assert not scene.replies()
    assert not scene.ref.journal


def test_an_answer_that_was_deleted_meanwhile_is_given_anew(scene: Scene) -> None:
    scene.begin()
    event = scene.command()

    def delete(_: object) -> None:
        (reply,) = (one.id for one in scene.host.threads[event.issue].comments.values() if one.id != event.comment)
        scene.host.delete_comment(reply)

    scene.script(build(1), Turn(work=delete), build(2), DONE)
    assert scene.run(event).conclusion is Conclusion.COMPLETE
    assert len(scene.replies()) == 1
    assert "2 of 2 features pass" in scene.replies()[0]


def test_a_session_whose_issue_was_deleted_meanwhile_ends_well(scene: Scene) -> None:
    scene.begin()
    event = scene.command()
    scene.script(build(1), Turn(work=lambda _: scene.host.delete_issue(event.issue)), build(2), DONE)
    assert scene.run(event).conclusion is Conclusion.COMPLETE
    assert "Nobody was answered" in scene.runner.log
