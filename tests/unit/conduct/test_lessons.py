"""Sessions that come to nothing: features wait for a person, and the project pauses itself."""

import pytest

from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Paused
from autocoder_action.backlog.ledger import only, paused
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, SECRET, Scene, build, call, draft
from tests.unit.conduct.test_board import later, now, number
from tests.unit.conduct.test_books import die

HOUR = 3_600


def fail(scene: Scene, times: int = 1) -> list[Conclusion]:
    """Hold sessions whose agent's work fails its check."""
    ended = []
    for _ in range(times):
        scene.script(Turn(calls=(call("mark_passing", id=1),)), DONE)
        scene.checks.results = {"make test": (2, f"AssertionError: no greeting for {SECRET}")}
        ended.append(scene.run(scene.command()).conclusion)
    return ended


def one(scene: Scene) -> None:
    """Put one feature on base that is hard, and one that needs it, in a project that does not pause itself."""
    scene.begin(draft("Greet"), draft("Part", "Greet"))
    scene.remote.commit("main", {".github/autocoder.yml": b"max_idle_sessions: 90"})


def question(scene: Scene) -> str:
    """Return what people are asked about the first feature."""
    feature = fold(scene.backlog(), scene.ref.journal).features[0]
    assert feature.status.value == "needs_human"
    return feature.skip_reason or ""


def tracking(scene: Scene) -> str:
    """Return what the tracking issue says."""
    return scene.issues()["autocoder: progress"].body


def test_a_feature_that_was_tried_three_times_waits_for_a_person_who_is_told_what_was_tried(scene: Scene) -> None:
    one(scene)
    assert fail(scene, 2) == [Conclusion.NO_PROGRESS] * 2
    assert now(scene)["Greet"] == "pending"
    scene.script(Turn(calls=(call("mark_failing", id=1, reason="It greets nobody."),)), build(1), DONE)
    report = scene.run(scene.command())
    assert question(scene).splitlines() == [
        "3 sessions tried this in vain.",
        "The last error: It greets nobody.",
        "The last check `make test` ended with exit code 2: AssertionError: no greeting for ***",
        "What should be different? An answer here, or `/autocoder retry`, has it tried again.",
    ]
    assert "F1 Greet waits for a person now: 3 sessions tried this in vain." in report.notes
    assert "- F1 (#2) Greet: 3 sessions tried this in vain. The last error: It greets nobody." in tracking(scene)
    assert scene.run(scene.command()).conclusion is Conclusion.BLOCKED, "the other feature waits for it"


def test_a_retry_has_it_tried_as_if_nobody_had_tried(scene: Scene) -> None:
    one(scene)
    fail(scene, 3)
    assert question(scene)
    later(scene)
    scene.run(scene.command("/autocoder retry F1"))
    assert now(scene)["Greet"] == "pending"
    assert fold(scene.backlog(), scene.ref.journal).features[0].attempts == 0
    fail(scene, 2)
    assert now(scene)["Greet"] == "pending"
    fail(scene)
    assert now(scene)["Greet"] == "needs_human"


def test_an_answer_on_the_issue_has_it_tried_again_with_the_answer(scene: Scene) -> None:
    one(scene)
    fail(scene, 3)
    later(scene)
    scene.host.add_comment(number(scene, "Greet"), by="ada", body="Use the library.")
    scene.run(mode="sync")
    feature = fold(scene.backlog(), scene.ref.journal).features[0]
    assert (feature.status.value, feature.attempts) == ("pending", 0)
    assert "Use the library." in feature.description


def test_the_settings_say_how_often_is_enough(scene: Scene) -> None:
    one(scene)
    scene.remote.commit("main", {".github/autocoder.yml": b"max_attempts: 1"})
    fail(scene)
    assert "1 session tried this in vain." in question(scene)


def test_what_the_agent_never_came_to_was_not_tried(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Wave"))
    scene.remote.commit("main", {".github/autocoder.yml": b"max_idle_sessions: 90"})
    fail(scene, 3)
    assert now(scene) == {"Greet": "needs_human", "Wave": "pending"}


@pytest.mark.parametrize("ending", [Ending.ERROR, Ending.REFUSED, Ending.RATE_LIMITED, Ending.CANCELLED])
def test_a_session_that_others_ended_is_no_attempt(scene: Scene, ending: Ending) -> None:
    one(scene)
    scene.remote.commit("main", {".github/autocoder.yml": b"max_attempts: 1"})
    scene.script(build(1), ending)
    scene.checks.results = {"make test": (2, "no")}
    scene.run()
    assert now(scene)["Greet"] == "pending"


def test_a_feature_whose_runs_die_waits_for_a_person_too(scene: Scene) -> None:
    one(scene)
    scene.remote.commit("main", {".github/autocoder.yml": b"max_attempts: 1"})
    die(scene)
    scene.clock.advance(3 * HOUR)
    scene.script(DONE)
    scene.run()
    assert question(scene).splitlines()[:2] == [
        "1 session tried this in vain.",
        "None of them came as far as a check.",
    ]


def test_three_sessions_in_a_row_that_prove_nothing_pause_the_project(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Wave"), draft("Part"))
    fail(scene, 2)
    assert paused(scene.ref.journal) is None
    scene.script(DONE)
    report = scene.run()
    pause = paused(scene.ref.journal)
    assert pause
    assert (pause.by, pause.run) == (None, "103-1")
    assert pause.reason.startswith(
        "3 sessions in a row came to nothing; the last one, session-3, ended as no_progress."
    )
    assert any(note.startswith("The project has paused itself: 3 sessions") for note in report.notes)
    assert "**Paused**: 3 sessions in a row came to nothing" in tracking(scene)
    assert "`/autocoder resume`" in tracking(scene)
    assert "autocoder:paused" in scene.issues()["autocoder: progress"].labels
    resting = scene.run()
    assert resting.conclusion is Conclusion.SKIPPED
    assert "The project is paused: 3 sessions" in resting.reason
    assert resting.reason.endswith("`/autocoder continue` holds one session, `/autocoder resume` all.")


@pytest.mark.parametrize(
    ("ending", "conclusion"),
    [(DONE, Conclusion.ERROR), (Ending.TURNS, Conclusion.BUDGET), (Ending.CANCELLED, Conclusion.CANCELLED)],
)
def test_a_plan_that_never_comes_is_not_paid_for_every_night(
    scene: Scene, ending: Turn | Ending, conclusion: Conclusion
) -> None:
    ends = []
    for _ in range(5):
        scene.script(Turn(calls=(call("get_stats"),)), ending)
        ends.append(scene.run().conclusion)
    assert ends == [conclusion] * 3 + [Conclusion.SKIPPED] * 2


def test_a_session_that_is_cut_off_every_night_is_held_three_times(scene: Scene) -> None:
    scene.begin(draft("Greet"))
    ends = []
    for _ in range(5):
        scene.script(Turn(calls=(call("get_stats"),)), Ending.CANCELLED)
        ends.append(scene.run().conclusion)
    assert ends == [Conclusion.CANCELLED] * 3 + [Conclusion.SKIPPED] * 2


def test_a_command_holds_one_more_session_and_the_pause_stays(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Wave"), draft("Part"))
    fail(scene, 3)
    assert fail(scene) == [Conclusion.NO_PROGRESS]
    assert len(only(scene.ref.journal, Paused)) == 1
    scene.checks.results = {}
    scene.script(build(2), DONE)
    assert scene.run(scene.command()).conclusion is Conclusion.PROGRESSED
    assert paused(scene.ref.journal)


def test_who_lets_sessions_begin_again_has_three_more(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Wave"), draft("Part"))
    scene.remote.commit("main", {".github/autocoder.yml": b"max_attempts: 90"})
    fail(scene, 3)
    scene.run(scene.command("/autocoder resume"))
    fail(scene, 2)
    assert paused(scene.ref.journal) is None
    fail(scene)
    assert paused(scene.ref.journal)


def test_a_session_with_progress_between_begins_the_count_anew(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Wave"), draft("Part"))
    fail(scene, 2)
    scene.checks.results = {}
    scene.script(build(2), DONE)
    pull = scene.run().pull
    assert pull
    scene.run(scene.merge(pull.number))
    fail(scene, 2)
    assert paused(scene.ref.journal) is None


def test_sessions_that_others_ended_are_neither_counted_nor_do_they_begin_the_count_anew(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Wave"), draft("Part"))
    fail(scene, 2)
    for ending in (Ending.CANCELLED, Ending.REFUSED):
        scene.script(ending)
        scene.run()
    assert paused(scene.ref.journal) is None
    fail(scene)
    assert paused(scene.ref.journal)
