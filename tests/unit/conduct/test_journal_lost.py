"""A journal that is lost is rebuilt from what is left, and nothing is spent until a person says so."""

from autocoder_action.backlog.journal import (
    Answered,
    Rebuilt,
)
from autocoder_action.backlog.ledger import ledger
from autocoder_action.plan.conclusion import Conclusion
from tests.unit.conduct.scene import DONE, Scene, build
from tests.unit.conduct.test_books import of_kind


def test_a_lost_journal_is_rebuilt_and_paid_work_waits_for_a_person(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    first = scene.run(max_features="1")
    assert first.pull
    scene.run(scene.merge(first.pull.number))
    scene.ref.journal = ()
    scene.script(build(2), DONE)
    waiting = scene.run()
    assert waiting.conclusion is Conclusion.BLOCKED
    assert "rebuilt" in waiting.reason
    assert "/autocoder continue" in waiting.reason
    assert not scene.agent.briefs
    assert [one.booked.session for one in ledger(scene.ref.journal)] == ["session-1"]
    settled = ledger(scene.ref.journal)[0].settled
    assert settled
    assert (settled.pull, settled.passed) == (first.pull.number, ("greet",))
    assert scene.run().conclusion is Conclusion.BLOCKED, "it is not forgotten with the next run"
    assert len(of_kind(scene.ref.journal, Rebuilt)) == 1
    assert scene.run(scene.command("/autocoder sync")).exit_code == 0, "what costs nothing goes on"
    went_on = scene.run(scene.command())
    assert went_on.outcome
    assert went_on.outcome.plan.name == "session-2"
    scene.script(DONE)
    assert scene.run().conclusion is not Conclusion.BLOCKED


def test_a_rejected_session_is_still_rejected_after_the_journal_was_lost(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    first = scene.run()
    assert first.pull
    scene.host.threads[first.pull.number].open = False
    scene.ref.journal = ()
    scene.script(build(1), DONE)
    again = scene.run(scene.command())
    assert again.outcome
    assert again.outcome.plan.name == "session-2"


def test_an_open_session_is_still_open_after_the_journal_was_lost(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    first = scene.run(max_features="1")
    scene.ref.journal = ()
    scene.script(build(2), DONE)
    again = scene.run(scene.command())
    assert again.outcome
    assert again.outcome.plan.name == "session-1"
    assert again.pull == first.pull or (again.pull and first.pull and again.pull.number == first.pull.number)


def test_the_gate_only_reads_a_lost_journal(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    scene.run()
    scene.ref.journal = ()
    scene.run(scene.command("/autocoder status"), part="gate")
    assert len(of_kind(scene.ref.journal, Answered)) == 1
    scene.run()
    assert of_kind(scene.ref.journal, Rebuilt), "what the gate added hides nothing"
