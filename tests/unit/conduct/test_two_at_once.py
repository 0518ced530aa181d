"""Two runs at once that each found enough money: who books second is told that it is used up, and asks no model."""

import pytest

from autocoder_action.backlog.journal import Answered, Booked, append
from autocoder_action.backlog.ledger import only
from autocoder_action.plan.conclusion import Conclusion
from tests.unit.conduct.scene import DONE, Scene, build

THEIRS = "999-1"


def another_books(scene: Scene, micro: int) -> None:
    """Have another run book a session at the very moment in which this one is about to."""

    def book(name: str) -> None:
        known = scene.ref.journal
        if name == "append" and not any(one.run == THEIRS for one in known):
            booked = Booked(
                id="theirs",
                at=scene.clock.now(),
                run=THEIRS,
                session="session-1",
                activity="build",
                branch="autocoder/root/session-1",
                model="sonnet",
                cost_micro=micro,
                turns=200,
                minutes=45,
            )
            scene.ref.journal = append(known, [booked])

    scene.fuse.before = book


@pytest.mark.parametrize(
    ("config", "micro", "reason"),
    [
        (b"", 20_000_000, "20.00 USD of today's budget of 20.00 USD (`day_budget_usd`) are spent"),
        (b"", 16_000_000, "Another run has booked a session meanwhile: 4.00 USD are left"),
        (b"total_budget_usd: 6\n", 2_000_000, "4.00 USD are left of the budget, less than the 5.00 USD"),
        (b"day_sessions: 1\n", 1, "1 of 1 session of today (`day_sessions`) are held"),
        (b"total_sessions: 1\n", 1, "1 of 1 session of the project (`total_sessions`) are held"),
    ],
)
@pytest.mark.parametrize("commanded", [False, True])
def test_who_books_second_holds_no_session(
    scene: Scene, config: bytes, micro: int, reason: str, *, commanded: bool
) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": config})
    scene.script(build(1), DONE)
    another_books(scene, micro)
    report = scene.run(scene.command() if commanded else None)
    assert (report.conclusion, report.exit_code) == (Conclusion.BUDGET, 0)
    assert reason in report.reason
    assert scene.agent.briefs == [], "no model was asked"
    assert [one.run for one in only(scene.ref.journal, Booked)] == [THEIRS]
    if commanded:
        assert reason.partition("`")[0][:20] in scene.replies()[-1]
        assert only(scene.ref.journal, Answered), "it is answered"


def test_a_question_that_comes_second_is_not_asked(scene: Scene) -> None:
    scene.begin()
    scene.script(DONE)
    another_books(scene, 20_000_000)
    report = scene.run(scene.command("/autocoder ask What is left?"))
    assert report.conclusion is Conclusion.BUDGET
    assert scene.agent.briefs == []


def test_where_enough_is_left_both_hold_their_sessions(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    another_books(scene, 15_000_000)
    assert scene.run().conclusion is Conclusion.PROGRESSED
    assert len(only(scene.ref.journal, Booked)) == 2
