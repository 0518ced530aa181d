"""Whatever fails in the midst of a session, it is settled with what it used, and its claims end."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import Settled
from autocoder_action.backlog.ledger import leased, only
from autocoder_action.errors import MachineError
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.report.report import outputs
from tests.fakes.journal import FakeJournal
from tests.fakes.store import FakeStore
from tests.fakes.workspace import FakeWorkspace
from tests.unit.conduct.scene import DONE, SECRET, Scene, build

BRANCH = "autocoder/root/session-1"
FULL = OSError(28, "No space left on device", "/tmp/x")  # noqa: S108  # nothing is written there


def fails(error: Exception, times: int) -> Callable[[Path], int]:
    """Return a check's result: an error in the midst of it, so many times, and success afterwards."""
    left = [error] * times

    def fail(_folder: Path) -> int:
        if left:
            raise left.pop()
        return 0

    return fail


@pytest.mark.parametrize("error", [FULL, MachineError("git hash-object failed (None).", remedy="Run again.")])
def test_a_machine_that_fails_at_a_checkpoint_is_the_agent_s_to_hear_of(scene: Scene, error: Exception) -> None:
    scene.begin()
    scene.checks.results = {"make test": fails(error, 1)}
    scene.script(build(1), build(1), DONE)
    report = scene.run()
    told, passed = scene.agent.replies
    assert told.failed
    assert "could not be saved just now" in told.text
    assert ("No space left on device" in told.text) == (error is FULL)
    assert not passed.failed
    assert report.conclusion is Conclusion.PROGRESSED


def test_a_machine_that_stays_broken_ends_a_session_that_is_settled_and_keeps_what_can_be_kept(scene: Scene) -> None:
    scene.begin()
    scene.checks.results = {"make test": fails(FULL, 99)}
    scene.script(build(1), DONE)
    report = scene.run()
    settled = only(scene.ref.journal, Settled)[-1]
    assert (settled.turns, settled.cost_micro) == (2, 20_000)
    assert leased(scene.ref.journal, scene.clock.now()) == {}
    assert "f1.txt" in scene.remote.content(BRANCH)
    assert outputs(report, seconds=1)["cost_usd"] == "0.020000"


def test_a_bug_in_the_midst_of_a_conversation_costs_what_it_cost_and_is_reported(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode, odd = FakeStore.encode, [1]

    def once(store: FakeStore, backlog: Backlog, previous: bytes | None = None) -> bytes:
        if "f2.txt" in {path.name for path in scene.folder.rglob("*.txt")} and odd:
            odd.pop()
            raise ValueError(f"never seen, {SECRET}")
        return encode(store, backlog, previous)

    monkeypatch.setattr(FakeStore, "encode", once)
    scene.begin()
    scene.script(build(1), build(2), DONE)
    report = scene.run()
    settled = only(scene.ref.journal, Settled)[-1]
    assert (settled.conclusion, settled.cost_micro, settled.passed) == ("error", 20_000, ("greet",))
    assert report.conclusion is Conclusion.ERROR
    assert "An error that should not happen: ValueError" in report.reason
    assert "Traceback" in scene.runner.log
    assert SECRET not in scene.runner.log
    assert outputs(report, seconds=1)["branch"] == BRANCH
    assert "f2.txt" in scene.remote.content(BRANCH)


@pytest.mark.parametrize("error", [FULL, ValueError("odd")], ids=["machine", "bug"])
def test_what_fails_when_the_work_is_taken_does_not_lose_what_was_proved(
    scene: Scene, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, left = FakeWorkspace.take, [1]

    def once(workspace: FakeWorkspace) -> object:
        if not left:
            raise error
        left.pop()
        return take(workspace)

    monkeypatch.setattr(FakeWorkspace, "take", once)
    scene.begin()
    scene.script(build(1), DONE)
    report = scene.run()
    settled = only(scene.ref.journal, Settled)[-1]
    assert (settled.passed, settled.cost_micro) == (("greet",), 20_000)
    assert leased(scene.ref.journal, scene.clock.now()) == {}
    assert outputs(report, seconds=1)["cost_usd"] == "0.020000"
    assert outputs(report, seconds=1)["branch"] == BRANCH


def test_a_bug_before_the_agent_begins_leaves_no_booking_open(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(_workspace: FakeWorkspace, _commit: str) -> Path:
        raise ValueError("odd")

    monkeypatch.setattr(FakeWorkspace, "open", odd)
    scene.begin()
    scene.script(DONE)
    report = scene.run()
    settled = only(scene.ref.journal, Settled)[-1]
    assert (settled.conclusion, settled.cost_micro) == ("error", 0)
    assert report.conclusion is Conclusion.ERROR
    assert leased(scene.ref.journal, scene.clock.now()) == {}


def test_a_session_that_the_journal_does_not_take_is_reported_with_what_it_used(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = FakeJournal.append

    def refuse(journal: FakeJournal, changes: object, **more: object) -> object:
        if any(isinstance(one, Settled) for one in changes):  # type: ignore[attr-defined]
            raise MachineError("git push did not end.", remedy="Run again.")
        return append(journal, changes, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(FakeJournal, "append", refuse)
    scene.begin()
    scene.script(build(1), DONE)
    report = scene.run()
    assert (report.conclusion, outputs(report, seconds=1)["cost_usd"]) == (Conclusion.ERROR, "0.020000")
    assert "could not be written to the journal" in report.reason
