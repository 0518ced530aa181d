"""One clock for a whole session: what comes first takes its time from what follows, and the end has its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.backlog.feature import Status
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.fakes.checks import Plain
from tests.unit.conduct.scene import DONE, Scene, build, draft, write
from tests.unit.conduct.test_review import fix, respond, reviewed
from tests.unit.conduct.test_session import settled

BRANCH = "autocoder/root/session-1"
CONFIG = b"setup: make ready\ninstall: make install\nverify: [{name: test, run: npm test}]\n"


def slow(scene: Scene, seconds: float, result: Plain = 0) -> Callable[[Path], Plain]:
    """Return a command that lasts so long, and then ends so."""

    def last(_: Path) -> Plain:
        scene.clock.advance(seconds)
        return result

    return last


def given(scene: Scene) -> dict[str, int]:
    """Return the seconds that each command was given when it was run last."""
    return {one.command: one.seconds for one in scene.checks.ran}


@pytest.mark.parametrize(
    ("minutes", "most"),
    [
        ("60", {"make ready": 1200, "make install": 900, "bash ./init.sh": 600, "npm test": 300}),
        ("10", {"make ready": 481, "make install": 231, "bash ./init.sh": 231, "npm test": 231}),
    ],
)
def test_what_is_prepared_gets_its_own_time_or_what_is_left_of_the_session_s(
    scene: Scene, minutes: str, most: dict[str, int]
) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": CONFIG, "init.sh": b"make database\n"})
    scene.checks.results = {"make ready": slow(scene, 250)}
    scene.script(DONE)
    scene.run(timeout_minutes=minutes)
    assert given(scene) == most


def test_an_init_sh_that_does_not_end_is_ended_and_a_person_is_told(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {"init.sh": b"npm start\n"})
    scene.checks.results = {"bash ./init.sh": slow(scene, 600, None)}
    scene.script(DONE)
    report = scene.run(timeout_minutes="60")
    assert (report.conclusion, scene.agent.briefs) == (Conclusion.BLOCKED, [])
    assert "The init.sh command `bash ./init.sh` ran out of time before any work began" in report.reason
    assert "whatever serves has to be started by the checks" in report.reason


def test_the_agent_is_told_what_is_left_and_given_no_more(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"setup: make ready\n"})
    scene.checks.results = {"make ready": slow(scene, 600)}
    scene.script(DONE)
    scene.run()
    (brief,) = scene.agent.briefs
    assert brief.seconds == 2160 - 600
    assert "26 minutes" in brief.prompt


@pytest.mark.parametrize(("code", "lasts"), [(0, 2000), (None, 0)])
def test_where_preparing_leaves_no_time_to_work_nothing_is_spent_and_a_person_is_told(
    scene: Scene, code: int | None, lasts: float
) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"install: make install\n"})
    scene.checks.results = {"make install": slow(scene, lasts, code)}
    scene.script(DONE)
    report = scene.run(timeout_minutes="45" if lasts else "5")
    assert report.conclusion is Conclusion.BLOCKED
    assert "minutes" in report.reason
    assert "`timeout_minutes`" in report.reason
    assert not scene.agent.briefs
    assert (settled(scene).cost_micro, settled(scene).attempted) == (0, ())


def late(scene: Scene) -> None:
    """Put a plan of two features on base; the second one's check is at work when the minutes are over."""
    scene.begin(draft("Greet", check="check greet"), draft("Part", check="check part"))

    def endless(_: Path) -> Plain:
        scene.clock.advance(960 - scene.clock.elapsed())
        return (None, "still at it")

    scene.checks.results = {"check part": endless}


def test_a_checkpoint_gets_the_time_that_is_left_and_is_refused_with_a_reason(scene: Scene) -> None:
    late(scene)
    scene.script(build(1), Turn(work=lambda _: scene.clock.advance(800)), build(2), Ending.TIMEOUT)
    report = scene.run(timeout_minutes="20")
    assert given(scene)["check part"] == 161
    refusal = scene.agent.replies[-1]
    assert refusal.failed
    assert "The check `check part` was ended, because the session's minutes are over; what you did is kept" in (
        refusal.text
    )
    assert report.conclusion is Conclusion.PROGRESSED
    assert "The session used all its minutes." in report.reason
    first, second = scene.backlog(BRANCH).features
    assert (first.status, second.status) == (Status.PASSING, Status.PENDING)
    assert not second.evidence, "what was cut short shows nothing"
    assert "f2.txt" in scene.remote.content(BRANCH)
    assert len(scene.pulls()) == 1


def test_what_passed_before_is_looked_at_again_in_the_minutes_that_were_kept_for_it(scene: Scene) -> None:
    late(scene)
    scene.script(build(1), build(2), Ending.TIMEOUT)
    report = scene.run(timeout_minutes="20")
    last = scene.checks.ran[-1]
    assert (last.command, last.seconds) == ("check greet", 160)
    assert report.outcome
    assert report.outcome.again == (1,)


def test_a_check_that_comes_after_the_minutes_is_not_begun(scene: Scene) -> None:
    late(scene)
    scene.script(Turn(work=lambda _: scene.clock.advance(960)), build(1), Ending.TIMEOUT)
    report = scene.run(timeout_minutes="20")
    assert not scene.checks.ran
    assert report.conclusion is Conclusion.TIMEOUT


def test_stored_checks_leave_a_session_its_time(scene: Scene) -> None:
    scene.begin(draft("Greet", check="check greet"), draft("Part"))
    scene.script(build(1), DONE)
    scene.run()
    scene.merge(scene.pulls()[0].number)
    scene.checks.ran.clear()
    scene.script(DONE)
    scene.run(timeout_minutes="5")
    assert next(one.seconds for one in scene.checks.ran if one.command == "check greet") == 241


def test_a_review_s_checks_that_are_cut_short_take_nothing_back(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    scene.checks.ran.clear()
    scene.checks.results = {"test greet": slow(scene, 2520, None)}
    fix(scene, number, Turn(work=write("greet.py", "Better.\n"), calls=(respond(),)), DONE)
    assert given(scene)["test greet"] == 300
    assert scene.backlog(BRANCH).passing == {1}
    assert "not checked again: F1" in scene.pulls()[0].body
