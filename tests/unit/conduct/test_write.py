"""What is too long for the host is cut where it is written, and stands whole on the run's page."""

import pytest

from autocoder_action.backlog.board import Comment
from autocoder_action.conduct.write import Writer
from autocoder_action.intake.event import Scheduled
from autocoder_action.publish.effects import Effect, OpenPull, Say, SayInstead
from autocoder_action.publish.outgoing import BODY_LIMIT
from tests.unit.conduct.scene import SECRET, Scene

LONG = "".join(f"line {number} ä\n" for number in range(8_000)) + "The end."
PAGE = "https://github.test/octo/app/actions/runs/77"


@pytest.fixture
def writer(scene: Scene) -> Writer:
    """Return what writes in a run."""
    return Writer(world=scene.world(Scheduled(), 77, 1, {}))


def said(writer: Writer, body: str, scene: Scene) -> str:
    """Have a comment written, and return it as it stands on the host."""
    comment = writer.do(Say(issue=scene.host.add_issue(by="ada", title="Build"), body=body))
    assert isinstance(comment, Comment)
    return comment.body


def test_a_long_answer_is_cut_by_bytes_and_links_to_the_whole(scene: Scene, writer: Writer) -> None:
    shown = said(writer, LONG, scene)
    assert len(shown.encode()) <= BODY_LIMIT
    assert shown.endswith(f"*(cut: the whole is in the [run's summary]({PAGE}))*")
    assert scene.runner.page == LONG + "\n"


def test_an_answer_that_fits_is_left_alone(scene: Scene, writer: Writer) -> None:
    assert said(writer, "Short.", scene) == "Short."
    assert scene.runner.page == ""


def test_a_cut_does_not_leave_half_a_secret(scene: Scene, writer: Writer) -> None:
    for place in range(BODY_LIMIT - 200, BODY_LIMIT, 5):
        shown = said(writer, "x" * place + SECRET + "x" * 500, scene)
        assert SECRET[:6] not in shown
    assert SECRET not in scene.runner.page


def test_an_edited_answer_and_a_pull_request_are_cut_too(scene: Scene, writer: Writer) -> None:
    scene.remote.commit("work", {"a": b"b"})
    comment = writer.do(Say(issue=scene.host.add_issue(by="ada", title="Build"), body="Short."))
    assert isinstance(comment, Comment)
    effects: list[Effect] = [SayInstead(comment=comment.id, body=LONG)]
    effects.append(OpenPull(branch="work", base="main", title="Work", body=LONG))
    for effect in effects:
        writer.do(effect)
    assert scene.runner.page == (LONG + "\n") * 2
