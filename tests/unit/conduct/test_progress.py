"""A session shows itself while it is at work: seldom, where people look, and never at its own cost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.backlog.journal import Settled
from autocoder_action.backlog.ledger import only
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.publish.working import with_now
from tests.fakes.agent import Turn
from tests.fakes.tracker_base import Failure
from tests.unit.conduct.scene import DONE, SECRET, Scene, build

NOW = "<!-- autocoder:now -->"


class Watcher:
    """Lets time pass between the agent's turns, and notes what people see then."""

    def __init__(self, scene: Scene, *look: Callable[[], str]) -> None:
        self.scene, self.look = scene, look
        self.seen: list[str] = []

    def turn(self, seconds: int = 21, say: str = "Working.") -> Turn:
        """Return a turn that takes so long."""

        def work(_folder: Path) -> str:
            self.seen.append(self.look[0]())
            self.scene.clock.advance(seconds)
            return "done"

        return Turn(say=say, work=work)


def tracking(scene: Scene) -> int:
    """Return the tracking issue's number."""
    return next(one.number for title, one in scene.issues().items() if title == "autocoder: progress")


def prepared(scene: Scene) -> int:
    """Put a plan on base, bring the board about, and return the tracking issue."""
    scene.begin()
    scene.run(mode="sync")
    return tracking(scene)


def test_a_commented_session_shows_feature_checks_turns_and_cost_in_its_answer(scene: Scene) -> None:
    prepared(scene)
    watch = Watcher(scene, lambda: scene.replies()[-1])
    scene.script(watch.turn(), build(1), watch.turn(), watch.turn(), DONE)
    scene.run(scene.command())
    assert "has started" in watch.seen[0]
    assert "is at work on F2 Part: turn 3, 0.03 USD so far" in watch.seen[-1]
    assert "✔ F1 passes" in watch.seen[-1]
    assert "is at work" not in scene.replies()[-1], "the end stands there at last"


def test_a_cancelled_session_shows_itself_no_more(scene: Scene) -> None:
    prepared(scene)

    def stop() -> str:
        scene.stopped = True
        return scene.replies()[-1]

    watch = Watcher(scene, stop)
    scene.script(watch.turn(), watch.turn(), DONE)
    scene.run(scene.command())
    assert len(watch.seen) == 2
    assert not any("is at work" in one for one in watch.seen)


def test_what_is_still_under_way_is_waited_for_before_the_end_is_shown(scene: Scene) -> None:
    prepared(scene)
    scene.courier.slow = True
    watch = Watcher(scene, lambda: scene.replies()[-1])
    scene.script(watch.turn(), watch.turn(), watch.turn(), DONE)
    scene.run(scene.command())
    assert not any("is at work" in one for one in watch.seen), "nobody waited for it"
    assert scene.tracker.writes.count("update_comment") == 2
    assert "is at work" not in scene.replies()[-1], "the end stands there at last"


def test_a_cancelled_session_is_settled_though_it_is_still_being_shown(scene: Scene) -> None:
    prepared(scene)
    scene.courier.slow = True

    def stop(_folder: Path) -> str:
        scene.clock.advance(21)
        scene.stopped = True
        scene.agent.cancel()
        return ""

    watch = Watcher(scene, str)
    scene.script(watch.turn(), build(1), Turn(work=stop), DONE)
    report = scene.run(scene.command())
    assert scene.courier.under_way
    assert report.conclusion is Conclusion.CANCELLED
    assert only(scene.ref.journal, Settled)[-1].passed == ("greet",)
    assert any("so its end is shown nowhere but here" in one for one in report.notes)
    said = scene.replies()
    scene.courier.arrive()
    assert scene.replies() == said, "what is late is not shown at all"


def test_another_session_shows_itself_on_the_tracking_issue_until_its_end(scene: Scene) -> None:
    number = prepared(scene)
    watch = Watcher(scene, lambda: scene.host.threads[number].body)
    before = scene.host.threads[number].body
    scene.script(watch.turn(), watch.turn(), DONE)
    scene.run()
    assert watch.seen[0] == before
    assert "is at work on F1 Greet: turn 1" in watch.seen[1]
    assert watch.seen[1].startswith(before.splitlines()[0]), "the issue is still recognised"
    after = scene.host.threads[number].body
    assert NOW not in after
    assert "session-1" in after


def test_it_is_shown_at_most_every_twenty_seconds(scene: Scene) -> None:
    prepared(scene)
    watch = Watcher(scene, str)
    scene.script(*[watch.turn(1) for _ in range(100)], DONE)
    scene.run(scene.command())
    edits = scene.tracker.writes.count("update_comment")
    assert 4 <= edits <= 6, "100 seconds, and the end"


@pytest.mark.parametrize("how", ["unavailable", "lost", "limited"])
def test_a_host_that_fails_is_asked_seldom_and_the_session_goes_on(scene: Scene, how: Failure) -> None:
    number = prepared(scene)
    tries: list[str] = []

    def fail(_folder: Path) -> str:
        scene.tracker.fail("update_issue", how)
        scene.clock.advance(21)
        tries.append(scene.host.threads[number].body)
        return ""

    scene.script(*[Turn(work=fail) for _ in range(100)], build(1), build(2), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.COMPLETE
    assert scene.runner.log.count("could not be shown") <= 3


def test_where_the_hosts_limits_are_near_nothing_is_shown(scene: Scene) -> None:
    prepared(scene)
    scene.tracker.content_per_hour = 100
    watch = Watcher(scene, lambda: scene.replies()[-1])
    scene.script(watch.turn(), watch.turn(), DONE)
    scene.run(scene.command())
    assert all("has started" in one for one in watch.seen)


def test_a_persons_token_does_not_edit_the_tracking_issue_whose_edits_would_start_runs(scene: Scene) -> None:
    number = prepared(scene)
    seen: list[str] = []

    def look(_folder: Path) -> str:
        scene.tracker.login = "ada"
        seen.append(scene.host.threads[number].body)
        scene.clock.advance(21)
        return ""

    scene.script(*[Turn(work=look) for _ in range(3)], DONE)
    scene.run()
    assert [one for one in seen if NOW in one] == []


def test_no_secret_is_shown(scene: Scene) -> None:
    prepared(scene)
    watch = Watcher(scene, lambda: scene.replies()[-1])
    scene.checks.results = {"make test": lambda _folder: 1}
    scene.script(build(1, note=SECRET), watch.turn(say=SECRET), watch.turn(), DONE)
    scene.run(scene.command())
    assert "is at work" in watch.seen[-1]
    assert SECRET not in "".join(watch.seen)


def test_what_an_earlier_session_left_there_is_replaced_and_a_full_issue_stays_as_it_is() -> None:
    once = with_now("<!-- mark -->\nBar\n", "One.")
    assert once
    twice = with_now(once, "Two.")
    assert twice == with_now("<!-- mark -->\nBar\n", "Two.")
    assert with_now("<!-- mark -->\n" + "x" * 65_500, "One.") is None
