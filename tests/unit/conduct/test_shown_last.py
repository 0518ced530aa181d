"""What is shown last is how a session ended: whatever fails, nobody answers while it is still being shown."""

from contextlib import suppress
from pathlib import Path

import pytest

from autocoder_action.conduct.ground import Ground, survey
from autocoder_action.conduct.taking_turns import take_turns
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import UpstreamError
from autocoder_action.plan.share import Turn as Share
from autocoder_action.plan.wish import Intent, Wish
from autocoder_action.report.report import Report
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import Fuse, Scene

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
