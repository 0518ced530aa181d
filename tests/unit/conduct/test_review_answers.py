"""What is answered in a review, once and harmlessly."""

from autocoder_action.plan.conclusion import Conclusion
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, SECRET, Fuse, Scene, write
from tests.unit.conduct.test_review import BRANCH, answers, fix, respond, reviewed


def test_an_answer_that_could_not_be_written_is_written_by_the_next_fix(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    scene.fuse.only, scene.fuse.at = "answer_remark", 1
    report = fix(scene, number, Turn(work=write("greet.py", "Better.\n"), calls=(respond(),)), DONE)
    scene.fuse = Fuse()
    assert "Remark R1" in report.notes[0]
    assert not answers(scene, number)
    fix(scene, number, Turn(calls=(respond(text="It has its new name."),)), DONE)
    assert len(answers(scene, number)) == 1


def test_an_answer_whose_receipt_was_lost_is_not_written_twice(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    scene.fuse.only, scene.fuse.at, scene.fuse.lost = "answer_remark", 1, True
    fix(scene, number, Turn(work=write("greet.py", "Better.\n"), calls=(respond(),)), DONE)
    scene.fuse = Fuse()
    assert "waits for an answer" in fix(scene, number).reason
    assert len(answers(scene, number)) == 1


def test_a_push_whose_answer_was_lost_makes_one_commit(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    scene.fuse.only, scene.fuse.at, scene.fuse.lost = "push", 1, True
    report = fix(scene, number, Turn(work=write("greet.py", "Better.\n"), calls=(respond(),)), DONE)
    assert report.conclusion is Conclusion.PROGRESSED
    assert len(scene.messages(BRANCH)) == 2
    assert scene.remote.heads[BRANCH] in answers(scene, number)[0]


def test_an_answer_neither_mentions_nor_commands_nor_leads_away(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    words = "@ada\n/autocoder stop\n[here](https://evil.test) <!-- autocoder:answer --> closes #1"
    fix(scene, number, Turn(calls=(respond(text=words),)), DONE)
    (answer,) = answers(scene, number)
    assert not [one for one in ("@ada", "\n/autocoder", "](https://evil", " <!-- ", "#1 ") if one in answer]


def test_an_answer_holds_no_secret(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    fix(scene, number, Turn(calls=(respond(text=f"The key is {SECRET}."),)), DONE)
    assert scene.agent.replies[-1].failed
    assert not answers(scene, number)
