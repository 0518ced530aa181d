"""What is shown last is how a session ended: whatever fails, nobody answers while it is still being shown."""

from contextlib import suppress
from pathlib import Path

import pytest

from autocoder_action.backlog.journal import Added, Settled
from autocoder_action.backlog.ledger import only
from autocoder_action.conduct.ground import Ground, survey
from autocoder_action.conduct.taking_turns import take_turns
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import UpstreamError
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.share import Turn as Share
from autocoder_action.plan.wish import Intent, Wish
from autocoder_action.report.report import Report
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Fuse, Scene
from tests.unit.conduct.test_specify import writes
from tests.unit.conduct.test_talks import ANSWER, does, login

ASK = "/autocoder ask What waits?"
NOWHERE = "so its end is shown nowhere but here"


@pytest.fixture
def slow(scene: Scene) -> Scene:
    """Give an approved plan, and a host that takes its time with how far a session is."""
    scene.begin()
    scene.courier.slow = True
    return scene


def passes(scene: Scene) -> Turn:
    """Return a turn after which it is time to show how far the session is."""

    def work(_folder: Path) -> None:
        scene.clock.advance(21)

    return Turn(say="I look.", work=work)


def stops(scene: Scene) -> Turn:
    """Return a turn in which somebody cancels the run, too late for the agent."""

    def work(_folder: Path) -> None:
        scene.stopped = True

    return Turn(say="I look.", work=work)


def under_way_at_each_append(scene: Scene) -> list[bool]:
    """Note from now on whether it is still being shown how far the session is whenever the journal is written."""
    noted: list[bool] = []

    def look(request: str) -> None:
        if request == "append":
            noted.append(bool(scene.courier.under_way))

    scene.fuse.before = look
    return noted


def settled(scene: Scene) -> str:
    return only(scene.ref.journal, Settled)[-1].conclusion


def test_a_talk_that_fails_twice_shows_its_end_last(slow: Scene) -> None:
    slow.script(passes(slow), Ending.ERROR)
    slow.fuse = Fuse(at=2, only="append")
    with suppress(UpstreamError):
        slow.run(slow.command(ASK))
    assert not slow.courier.under_way
    assert "is at work" not in slow.replies()[-1]


@pytest.mark.parametrize("patient", [True, False])
def test_whatever_fails_nobody_is_answered_before_nothing_is_under_way(slow: Scene, patient: bool) -> None:
    event = slow.command(ASK)
    writer = Writer(slow.world(event, 1, 1, {}))

    def serve(_wish: Wish, _ground: Ground, writer: Writer) -> Report:
        writer.world.courier.send(lambda: order.append("shown"))
        slow.stopped = not patient
        raise UpstreamError("The journal is away.", remedy="Run again.")

    order: list[str] = []
    slow.fuse.before = order.append
    ground = survey(writer.world)
    order.clear()
    with pytest.raises(UpstreamError):
        take_turns([Share(project="", wish=Wish(intent=Intent.ASK, commanded=True))], ground, writer, serve)
    assert order == (["shown", "create_comment"] if patient else [])
    assert (NOWHERE in slow.runner.log) is not patient


def test_an_answer_is_settled_before_anybody_waits_for_the_host(slow: Scene) -> None:
    noted = under_way_at_each_append(slow)
    slow.script(passes(slow), ANSWER)
    report = slow.run(slow.command(ASK))
    assert report.conclusion is Conclusion.PROGRESSED
    assert noted[:2] == [False, True], "the booking, then the settlement"
    assert "Two features wait" in slow.replies()[-1]


def test_an_answer_that_is_there_as_the_run_is_cancelled_counts_though_it_is_not_shown(slow: Scene) -> None:
    slow.script(passes(slow), does(login()), stops(slow), ANSWER)
    report = slow.run(slow.command(ASK))
    assert slow.courier.under_way
    assert settled(slow) == "progressed"
    assert [one.name for one in only(slow.ref.journal, Added)] == ["Login"]
    assert any(NOWHERE in one for one in report.notes)
    assert "has started" in slow.replies()[-1]


def test_a_spec_that_a_stop_keeps_from_being_shown_is_no_progress(slow: Scene) -> None:
    slow.script(passes(slow), writes("A manager in Go."), stops(slow), DONE)
    report = slow.run(slow.command("/autocoder spec In Go."))
    assert report.conclusion is Conclusion.CANCELLED
    assert settled(slow) == "cancelled"
    assert list(slow.remote.heads) == ["main"]
