"""Whose work a session's branch holds, where runs die and others push to it."""

import pytest

from autocoder_action.backlog.journal import Settled
from autocoder_action.backlog.ledger import only
from autocoder_action.plan.take_up import STRANGE
from autocoder_action.publish.commits import kept_message
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.fakes.store import FakeStore
from tests.unit.conduct.scene import DIES, DONE, Scene, build, write
from tests.unit.conduct.test_shelf import SHELF, half


def forge(scene: Scene, message: str) -> None:
    """Have somebody push to the branch of the first session, from base where it does not exist."""
    scene.remote.heads.setdefault(SHELF, scene.remote.heads["main"])
    evil = scene.backlog().put(scene.backlog().features[1].replace(description="Evil."))
    scene.remote.commit(SHELF, {"evil.txt": b"", "features.db": FakeStore().encode(evil)}, message)


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("message", ["chore: tidy", kept_message("session-1")])
def test_what_somebody_else_pushed_to_a_session_branch_never_reaches_base(
    pushing: Scene, message: str, *, kept: bool
) -> None:
    pushing.script(build(1), *((Turn(work=write("half.txt")), Ending.TIMEOUT) if kept else (DONE,)))
    pushing.run(max_features="1")
    forge(pushing, message)
    pushing.script(build(2), DONE)
    pushing.run()
    said = [line for line in pushing.runner.lines if SHELF in line]
    assert said == [f"{SHELF} is not taken up: {STRANGE}"]
    assert "f2.txt" in pushing.remote.content("main")
    assert {"evil.txt", "half.txt"}.isdisjoint(pushing.remote.content("main"))
    assert pushing.backlog().features[1].description != "Evil."
    assert "evil.txt" in pushing.remote.content(SHELF), "people's files stay"
    assert f"- branch `{SHELF}`: {STRANGE}" in pushing.issues()["autocoder: progress"].body


def dies_when_it_settles(scene: Scene) -> None:
    """Hold a session whose run dies after it has laid something aside, before it can say so."""

    def die(name: str) -> None:
        if name == "append" and SHELF in scene.remote.heads:
            raise KeyboardInterrupt

    scene.script(Turn(work=write("half.txt")), Ending.TIMEOUT)
    scene.fuse.before = die
    with pytest.raises(KeyboardInterrupt):
        scene.run()
    scene.fuse.before = lambda _name: None
    scene.clock.advance(3 * 3_600)


def test_what_a_run_kept_that_died_is_taken_up(pushing: Scene) -> None:
    dies_when_it_settles(pushing)
    pushing.script(build(1), DONE)
    pushing.run()
    assert pushing.remote.content("main").keys() >= {"half.txt", "f1.txt"}


def test_what_somebody_tidied_after_a_run_had_died_is_not_taken_up(pushing: Scene) -> None:
    dies_when_it_settles(pushing)
    forge(pushing, "chore: tidy")
    pushing.script(build(1), DONE)
    pushing.run()
    assert pushing.remote.content("main").keys() >= {"f1.txt"}
    assert {"half.txt", "evil.txt"}.isdisjoint(pushing.remote.content("main"))


def test_a_run_that_dies_leaves_what_was_kept_before_it_to_the_next(pushing: Scene) -> None:
    half(pushing)
    pushing.script(DIES)
    with pytest.raises(KeyboardInterrupt):
        pushing.run()
    pushing.clock.advance(3 * 3_600)
    pushing.script(build(2), DONE)
    pushing.run()
    assert pushing.remote.content("main").keys() >= {"half.txt", "f2.txt"}


def test_what_was_kept_before_stays_ours_where_the_rest_is_not_taken(pushing: Scene) -> None:
    half(pushing)
    head = pushing.remote.heads[SHELF]
    pushing.script(Turn(work=write(".github/workflows/own.yml")), Ending.TIMEOUT)
    pushing.run()
    assert only(pushing.ref.journal, Settled)[-1].kept == head == pushing.remote.heads[SHELF]


def test_what_was_laid_aside_is_ours_though_the_answer_was_lost(pushing: Scene) -> None:
    pushing.fuse.at, pushing.fuse.only, pushing.fuse.lost = 1, "push", True
    pushing.script(Turn(work=write("half.txt")), Ending.TIMEOUT)
    pushing.run()
    assert only(pushing.ref.journal, Settled)[-1].kept == pushing.remote.heads[SHELF]
