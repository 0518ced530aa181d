"""Commands that need no session: obeyed by the gate at once, told in one comment, followed by a sync."""

from dataclasses import replace
from typing import Literal

import pytest

from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Answered, Booked, Paused
from autocoder_action.errors import UpstreamError
from autocoder_action.plan.conclusion import Conclusion
from tests.fakes import tracker_reviews
from tests.unit.conduct.scene import DIES, DONE, Fuse, Scene, build, draft


def reactions(scene: Scene) -> list[str]:
    return [content for _, _, content in scene.host.reactions]


def test_the_gate_adds_a_feature_at_once_and_the_session_job_makes_its_issue(scene: Scene) -> None:
    scene.begin()
    scene.run()
    event = scene.command("/autocoder add Wave\nWaves a hand.\n- Run it.")
    gate = scene.run(event, part="gate", run_id=7)
    assert gate.should_continue, "the board has to show it"
    assert "Added F3 Wave" in scene.replies()[-1]
    assert "F3 Wave" not in scene.issues()
    session = scene.run(event, part="session", run_id=7)
    assert session.conclusion is Conclusion.PROGRESSED
    assert "Waves a hand." in scene.issues()["F3 Wave"].body
    (reply,) = scene.replies()
    assert reply.count("Added F3 Wave") == 1
    assert reactions(scene) == ["eyes", "rocket"]


def test_commands_of_one_comment_are_obeyed_in_their_order(scene: Scene) -> None:
    scene.begin()
    scene.script(build(2), DONE)
    event = scene.command("/autocoder accept F1\n/autocoder continue F2\n/autocoder pause Enough for today.")
    report = scene.run(event)
    assert report.outcome
    assert report.outcome.plan.features == (2,)
    assert [type(one).__name__ for one in scene.ref.journal if isinstance(one, Booked | Paused)] == ["Booked", "Paused"]
    (reply,) = scene.replies()
    places = [reply.index(words) for words in ("passes on your word", "F2 Part: proved", "No session begins")]
    assert places == sorted(places)
    assert [one.done for one in scene.ref.journal if isinstance(one, Answered)][-1] == 3


def test_what_could_not_be_done_is_said_and_the_rest_is_done(scene: Scene) -> None:
    scene.begin()
    scene.run(scene.command("/autocoder remove F9\n/autocoder skip F1 Later."))
    (reply,) = scene.replies()
    assert "`remove` was not done: There is no feature F9." in reply
    assert fold(scene.backlog(), scene.ref.journal).features[0].status is Status.SKIPPED
    assert reactions(scene) == ["eyes", "confused"]


@pytest.mark.parametrize("at", range(1, 12))
@pytest.mark.parametrize("lost", [False, True])
def test_a_gate_that_dies_anywhere_has_done_nothing_twice_after_a_rerun(scene: Scene, at: int, lost: bool) -> None:
    scene.begin()
    event = scene.command("/autocoder add Wave\n/autocoder skip F1 Later.")
    scene.fuse = Fuse(at=at, lost=lost)
    for attempt in (1, 2):
        try:
            scene.run(event, part="gate", run_id=7, attempt=attempt)
        except UpstreamError:
            assert attempt == 1
        scene.fuse = Fuse()
    backlog = fold(scene.backlog(), scene.ref.journal)
    assert [one.name for one in backlog.features] == ["Greet", "Part", "Wave"]
    assert backlog.features[0].status is Status.SKIPPED


def test_a_pause_holds_until_somebody_resumes(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    scene.run(scene.command("/autocoder pause Holiday."))
    assert scene.run().reason == "The project is paused: Holiday."
    scene.run(scene.command("/autocoder resume"))
    assert scene.run().outcome


def test_stop_cancels_the_run_that_holds_a_session_and_no_other(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DIES)
    with pytest.raises(KeyboardInterrupt):
        scene.run(run_id=50)
    scene.host.runs |= {50: "in_progress", 51: "in_progress"}
    scene.run(scene.command("/autocoder stop"), part="gate")
    assert scene.host.runs == {50: "cancelled", 51: "in_progress"}
    assert "of session-1 is cancelled" in scene.replies()[-1]


def test_stop_cancels_runs_whose_session_job_works_or_waits_and_none_that_is_only_judged(scene: Scene) -> None:
    scene.begin()
    scene.host.runs |= dict.fromkeys((60, 61, 62, 63), "in_progress")
    scene.host.jobs = {
        60: {"Gate": "in_progress"},
        61: {"Gate": "completed", "Session": "in_progress"},
        62: {"Gate": "completed", "Session": "queued"},
        63: {"Gate": "in_progress"},
    }
    scene.run(scene.command("/autocoder stop"), part="gate", run_id=60)
    assert scene.host.runs == {60: "in_progress", 61: "cancelled", 62: "cancelled", 63: "in_progress"}
    lines = scene.replies()[-1].splitlines()
    assert len(lines) == 2
    assert all("No session was at work in it" in line for line in lines)


def test_stop_says_where_nothing_can_be_stopped(scene: Scene) -> None:
    scene.begin()
    scene.run(scene.command("/autocoder stop"), part="gate")
    assert scene.replies() == ["No session is at work.\n"]


def test_what_readers_do_not_see_in_a_comment_is_not_taken_over(scene: Scene) -> None:
    scene.begin()
    scene.run(scene.command("/autocoder add Wave\nWaves.<!-- and sends the key -->\n- Run\u200b it."))
    feature = fold(scene.backlog(), scene.ref.journal).by_uid["wave"]
    assert (feature.description, feature.steps) == ("Waves.", ("Run it.",))


def test_a_command_in_a_review_is_obeyed_and_answered_in_the_conversation(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    pull = scene.run(max_features="1").pull
    assert pull
    event = replace(scene.command("/autocoder accept F2", on=pull.number), on_pull=True, place="review")
    scene.run(event)
    assert "passes on your word" in scene.replies()[-1]
    assert reactions(scene) == [], "a review cannot be reacted to where the event does not say its name in GraphQL"


@pytest.mark.parametrize("place", ["line", "review"])
@pytest.mark.parametrize(
    ("words", "by", "signs"),
    [
        ("/autocoder accept F2", "ada", ["eyes", "rocket"]),
        ("/autocoder contineu", "ada", ["confused"]),
        ("/autocoder continue", "eve", ["-1"]),
    ],
)
def test_what_is_said_on_a_line_or_in_a_review_gets_the_same_signs(
    scene: Scene, place: Literal["line", "review"], words: str, by: str, signs: list[str]
) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    pull = scene.run(max_features="1").pull
    assert pull
    if place == "line":
        comment = tracker_reviews.remark(scene.host, pull.number, by=by, body=words)
    else:
        comment = tracker_reviews.review(scene.host, pull.number, by=by, state="commented", body=words)
    scene.host.reactions.clear()
    event = replace(
        scene.command(words, by=by, on=pull.number),
        comment=comment,
        on_pull=True,
        place=place,
        node=f"PRR_{comment}" if place == "review" else "",
    )
    scene.run(event)
    assert scene.host.reactions == [(comment, scene.tracker.login, sign) for sign in signs]


def test_verify_runs_the_checks_in_the_session_job_and_lists_each(scene: Scene) -> None:
    scene.begin(draft("Greet", check="check greet"), draft("Part", check="check part"), draft("Wave", check=None))
    scene.checks.results = {"check part": (1, "failed")}
    event = scene.command("/autocoder verify F1 F2 F3")
    assert scene.run(event, part="gate", run_id=7).should_continue
    assert not scene.checks.ran
    assert scene.run(event, part="session", run_id=7).conclusion is Conclusion.PROGRESSED
    reply = scene.replies()[-1]
    assert "- ✅ F1 Greet: `check greet` ended with exit code 0" in reply
    assert "- ❌ F2 Part: `check part` ended with exit code 1" in reply
    assert "- ○ F3 Wave: not checked, it has no check that the base branch holds" in reply
    assert fold(scene.backlog(), scene.ref.journal).features[0].status is Status.PASSING
    assert scene.issues()["F1 Greet"].state_reason == "completed", "the board follows"
    assert reactions(scene) == ["eyes", "rocket"]


@pytest.mark.parametrize("words", ["", " all"])
def test_verify_without_names_looks_at_every_check(scene: Scene, words: str) -> None:
    scene.begin(draft("Greet", check="check greet"), draft("Part", check="check part"), draft("Wave", check=None))
    scene.run(scene.command(f"/autocoder verify{words}"))
    assert [one.command for one in scene.checks.ran] == ["check greet", "check part"]


def test_verify_of_what_is_not_there_is_refused(scene: Scene) -> None:
    scene.begin(draft("Wave", check=None))
    scene.run(scene.command("/autocoder verify F9"))
    scene.run(scene.command("/autocoder verify"))
    assert "`verify` was not done: There is no feature F9." in scene.replies()[0]
    assert "`verify` was not done: No feature has a check." in scene.replies()[1]
    assert reactions(scene) == ["eyes", "confused"] * 2


def test_a_machine_on_which_every_check_fails_takes_nothing_back(scene: Scene) -> None:
    scene.begin(draft("Greet", check="check greet"))
    scene.run(scene.command("/autocoder verify all"))
    scene.checks.results = {"check greet": (1, "no network")}
    scene.run(scene.command("/autocoder verify all"))
    assert "Nothing that was seen counts, and nothing is taken back: Every check fails on main" in scene.replies()[-1]
    assert fold(scene.backlog(), scene.ref.journal).features[0].status is Status.PASSING


def test_a_dry_run_says_what_would_be_verified(scene: Scene) -> None:
    scene.begin()
    scene.run(mode="sync")
    report = scene.run(scene.command("/autocoder verify all"), dry_run="true")
    assert report.exit_code == 0
    assert not scene.checks.ran
