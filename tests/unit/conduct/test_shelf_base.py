"""Work that nothing proves and base, which others move: neither takes back what the other holds."""

from collections.abc import Callable

from autocoder_action.backlog.journal import Settled
from autocoder_action.backlog.ledger import only
from autocoder_action.conduct.checkpoint import PUSHES
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, build, call, draft, write
from tests.unit.conduct.test_shelf import SHELF, half


def license_of(scene: Scene) -> Callable[[object], object]:
    """Return what somebody does meanwhile: a license is pushed to base."""
    return lambda _: scene.remote.commit("main", {"LICENSE": b"Free."})


def test_base_may_move_on_meanwhile(pushing: Scene) -> None:
    half(pushing)
    base = pushing.remote.commit("main", {"LICENSE": b"Free."})
    pushing.script(Turn(work=write("more.txt")), Ending.TIMEOUT)
    pushing.run()
    assert pushing.remote.heads["main"] == base
    assert pushing.remote.content(SHELF).keys() >= {"LICENSE", "half.txt", "more.txt"}
    pushing.script(build(2), DONE)
    assert pushing.run().conclusion is Conclusion.COMPLETE
    made = pushing.remote.commits[pushing.remote.heads["main"]]
    assert made.parents == (base,)
    assert pushing.remote.content("main").keys() >= {"LICENSE", "half.txt", "more.txt", "f2.txt"}


def test_somebody_may_push_to_base_while_it_is_gone_on_with(pushing: Scene) -> None:
    half(pushing)

    def meanwhile(_: object) -> None:
        pushing.remote.commit("main", {"LICENSE": b"Free."})

    pushing.script(Turn(work=meanwhile), build(2), DONE)
    assert pushing.run().conclusion is Conclusion.COMPLETE
    assert pushing.remote.content("main").keys() >= {"LICENSE", "half.txt", "f2.txt"}


def test_what_somebody_pushed_to_base_is_not_taken_back_by_what_was_kept_later(pushing: Scene) -> None:
    pushing.script(Turn(work=license_of(pushing)), build(1), Turn(work=write("half.txt")), Ending.TIMEOUT)
    pushing.run()
    assert pushing.remote.content(SHELF).keys() >= {"LICENSE", "f1.txt", "half.txt"}
    pushing.script(build(2), DONE)
    assert pushing.run().conclusion is Conclusion.COMPLETE
    assert pushing.remote.content("main").keys() >= {"LICENSE", "f1.txt", "half.txt", "f2.txt"}


def test_what_somebody_changes_in_the_backlog_before_each_push_stays(pushing: Scene) -> None:
    tries: list[str] = []

    def meanwhile(name: str) -> None:
        if name == "push" and len(tries) < PUSHES:
            tries.append(f"As it is wanted now, {len(tries)}.")
            pushing.put(pushing.backlog().put(pushing.backlog().features[1].replace(description=tries[-1])))

    pushing.fuse.before = meanwhile
    pushing.script(build(1), Turn(work=write("half.txt")), Ending.TIMEOUT)
    pushing.run(max_features="1")
    assert pushing.backlog().features[1].description == tries[-1]
    assert pushing.backlog(SHELF).features[1].description == tries[-1]
    pushing.script(build(1), DONE)
    pushing.run(max_features="1")
    assert pushing.backlog().features[1].description == tries[-1]


def test_work_in_progress_that_conflicts_with_base_is_not_kept_and_says_where(pushing: Scene) -> None:
    def meanwhile(_: object) -> None:
        pushing.remote.commit("main", {"notes.txt": b"Theirs."})

    pushing.script(Turn(work=meanwhile), build(1), Turn(work=write("notes.txt")), Ending.TIMEOUT)
    report = pushing.run()
    assert SHELF not in pushing.remote.heads
    assert "Work in progress is not kept: somebody else changed notes.txt." in report.reason
    assert pushing.remote.content("main")["notes.txt"] == b"Theirs."


def test_a_push_that_fails_does_not_take_back_what_somebody_pushed_to_base(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Look", check=None))

    def refuse(_: object) -> None:
        scene.remote.refusal = "Not now."

    def allow(_: object) -> None:
        scene.remote.refusal = None

    looks = Turn(work=refuse, calls=(call("mark_passing", id=2),))
    scene.script(Turn(work=license_of(scene)), build(1), looks, Turn(work=allow), build(2), DONE)
    scene.run(delivery="push", max_features="2")
    assert [one.failed for one in scene.agent.replies] == [False, True, False]
    assert scene.remote.content(SHELF).keys() >= {"LICENSE", "f1.txt", "f2.txt"}
    scene.run(scene.merge(scene.pulls()[0].number), delivery="push")
    assert "LICENSE" in scene.remote.content("main")


def test_a_conflict_with_base_says_how_to_end_it(pushing: Scene) -> None:
    half(pushing)
    pushing.remote.commit("main", {"half.txt": b"Theirs."})
    pushing.script(DONE)
    report = pushing.run()
    assert report.conclusion is Conclusion.BLOCKED
    assert report.reason == f"{SHELF} and main both changed half.txt; open a pull request from it, or delete it."
    assert only(pushing.ref.journal, Settled)[-1].kept is None
    assert pushing.run().reason == report.reason, "it is still ours"
