"""A limit of the model's service that a session met is waited for by the runs that follow."""

import pytest

from autocoder_action.backlog.journal import NotBefore
from autocoder_action.backlog.ledger import only
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.outcome import Ending
from tests.unit.conduct.scene import DONE, SECRET, Scene, build


def limited(scene: Scene, wait: int | None) -> NotBefore:
    """Hold a session that meets a limit, and return what the journal says of it."""
    scene.begin()
    scene.script(Ending.RATE_LIMITED)
    scene.agent.wait_seconds = wait
    assert scene.run().conclusion is Conclusion.RATE_LIMITED
    (until,) = only(scene.ref.journal, NotBefore)
    return until


@pytest.mark.parametrize(("wait", "kept"), [(None, 1_800), (7_200, 7_200), (1, 60), (10**9, 8 * 86_400)])
def test_a_session_that_meets_a_limit_leaves_word_until_when(scene: Scene, wait: int | None, kept: int) -> None:
    until = limited(scene, wait)
    assert until.until - until.at == kept
    assert until.reason == "The script ended with rate_limited."


def test_no_session_begins_until_then_whoever_asks_and_what_is_free_goes_on(scene: Scene) -> None:
    limited(scene, 7_200)
    scene.script(build(1), DONE)
    scene.clock.advance(7_100)
    report = scene.run()
    assert report.conclusion is Conclusion.RATE_LIMITED
    assert "No session begins before 2026-01-02 05:04 UTC: The script ended" in report.reason
    assert not report.conclusion.needs_a_person
    assert scene.run(scene.command()).conclusion is Conclusion.RATE_LIMITED
    assert scene.run(mode="sync").conclusion is Conclusion.SKIPPED
    scene.run(scene.command("/autocoder status"))
    assert "No session begins before 2026-01-02 05:04 UTC" in scene.replies()[-1]
    assert not scene.agent.briefs


def test_afterwards_sessions_are_held_again_and_the_journal_lets_the_word_go(scene: Scene) -> None:
    limited(scene, 7_200)
    scene.clock.advance(7_200)
    scene.script(build(1), DONE)
    assert scene.run(scene.command()).conclusion is Conclusion.PROGRESSED
    assert not only(scene.ref.journal, NotBefore)


def test_no_secret_stands_in_the_word(scene: Scene) -> None:
    scene.begin()
    scene.script(Ending.RATE_LIMITED)
    scene.agent.detail = f"Refused {SECRET}."
    scene.run()
    assert only(scene.ref.journal, NotBefore)[0].reason == "Refused ***."
