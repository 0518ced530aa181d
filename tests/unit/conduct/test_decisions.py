"""What an agent decided is in force whatever becomes of its pull request; what it built goes with it."""

from contextlib import suppress

import pytest

from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Added, Asked, Noted, Skipped
from autocoder_action.backlog.ledger import only
from autocoder_action.errors import AutocoderError
from autocoder_action.session.call import Call
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Fuse, Scene, build, call, draft, plan

NEW = Call(
    name="feature_create",
    arguments={"name": "Log in", "description": "Lets people in.", "steps": ["Log in."], "check": "true"},
)
SESSION = "autocoder/root/session-1"


def decides() -> list[Turn]:
    """Return turns that build the first feature, and decide about the second, the third and one more."""
    return [
        Turn(say="A key is missing.", calls=(call("skip", id=2, kind="external", reason="It needs an account."),)),
        Turn(say="One is missing.", calls=(NEW,)),
        build(1),
        Turn(say="Which?", calls=(call("ask_human", id=3, question="Which port?"),)),
        Turn(say="Broken.", calls=(call("mark_failing", id=4, reason="It needs more than I know."),)),
        DONE,
    ]


def begun(scene: Scene) -> None:
    """Put four features on base."""
    scene.begin(*(draft(name) for name in ("Greet", "Part", "Serve", "Store")))
    scene.inputs["max_features"] = "4"


def held(scene: Scene) -> int:
    """Hold a session that decides, and return its pull request."""
    begun(scene)
    scene.script(*decides())
    pull = scene.run().pull
    assert pull
    return pull.number


def counts(scene: Scene) -> Backlog:
    """Return the backlog as it counts."""
    return fold(scene.backlog(), scene.ref.journal)


def in_force(backlog: Backlog) -> list[tuple[str, str, str | None, str | None]]:
    """Return what was decided, feature by feature."""
    return [(one.uid, one.status.value, one.skip_reason, one.last_error) for one in backlog.features if one.id != 1]


DECIDED = [
    ("part", "skipped", "external: It needs an account.", None),
    ("serve", "needs_human", "Which port?", None),
    ("store", "pending", None, "It needs more than I know."),
    ("log-in", "pending", None, None),
]


def test_a_rejected_pull_request_takes_back_what_was_built_and_nothing_that_was_decided(scene: Scene) -> None:
    number = held(scene)
    scene.host.threads[number].open = False
    after = counts(scene)
    assert after.by_uid["greet"].status is Status.PENDING
    assert in_force(after) == DECIDED
    scene.script(build(1), DONE)
    scene.run()
    second = scene.backlog("autocoder/root/session-2")
    assert in_force(second)[:2] == DECIDED[:2]
    assert second.by_uid["log-in"].name == "Log in"


def test_the_question_and_the_skip_show_on_the_issues_before_anything_is_merged(scene: Scene) -> None:
    held(scene)
    shown = {title: one.labels for title, one in scene.issues().items()}
    assert "autocoder:needs-human" in shown["F3 Serve"]
    assert "autocoder:skipped" in shown["F2 Part"]


def test_a_person_whose_token_is_used_answers_a_question_and_what_we_say_under_that_name_is_no_answer(
    scene: Scene,
) -> None:
    scene.tracker.login = "ada"
    held(scene)
    number = next(one.number for title, one in scene.issues().items() if "Serve" in title)
    scene.host.add_comment(number, by="ada", body="<!-- autocoder:remark words-1 -->\nThis was not possible.")
    scene.run(scene.command("/autocoder sync"))
    assert counts(scene).by_uid["serve"].status is Status.NEEDS_HUMAN
    scene.host.add_comment(number, by="ada", body="Port 80.")
    scene.run(scene.command("/autocoder sync"))
    assert counts(scene).by_uid["serve"].status is Status.PENDING


def test_a_deleted_branch_is_as_good_as_a_rejected_one(scene: Scene) -> None:
    held(scene)
    del scene.remote.heads[SESSION]
    assert in_force(counts(scene)) == DECIDED


def test_a_branch_that_is_deleted_while_the_session_is_held_keeps_what_was_decided(scene: Scene) -> None:
    begun(scene)
    turns = decides()
    turns[3] = Turn(say="Which?", work=lambda _: scene.remote.heads.pop(SESSION), calls=turns[3].calls)
    scene.script(*turns)
    scene.run()
    assert SESSION not in scene.remote.heads
    assert in_force(counts(scene)) == DECIDED


def test_a_merged_pull_request_doubles_nothing_and_the_journal_lets_go(scene: Scene) -> None:
    number = held(scene)
    branch = scene.backlog(SESSION)
    assert {one.id for one in scene.ref.journal if isinstance(one, Added | Asked | Noted | Skipped)} <= branch.applied
    scene.run(scene.merge(number))
    assert in_force(scene.backlog()) == DECIDED
    assert in_force(counts(scene)) == DECIDED
    assert [one.attempts for one in counts(scene).features] == [0, 1, 0, 1, 0]
    scene.run(scene.command("/autocoder sync"))
    assert not [one for one in scene.ref.journal if isinstance(one, Added | Asked | Noted | Skipped)]


def test_a_feature_that_an_agent_added_is_the_same_after_a_late_merge(scene: Scene) -> None:
    number = held(scene)
    scene.host.threads[number].open = False
    scene.script(build(1, "other.txt"), DONE)
    second = scene.run().pull
    assert second
    scene.run(scene.merge(second.number))
    scene.host.threads[number].open = True
    scene.script(DONE)
    scene.run(scene.command())
    late = scene.backlog(SESSION)
    assert sorted(late.by_uid) == ["greet", "log-in", "part", "serve", "store"]
    assert [one.id for one in late.features] == [1, 2, 3, 4, 5]


def test_a_check_that_only_an_agent_wrote_is_still_a_proposal_after_its_pull_request_is_rejected(scene: Scene) -> None:
    number = held(scene)
    scene.host.threads[number].open = False
    scene.checks.results = {"true": 0}
    scene.script(build(5), build(4), DONE)
    report = scene.run()
    assert "succeeds without your work, so it proves nothing" in scene.agent.replies[0].text
    assert report.outcome
    assert [one.feature for one in report.outcome.proved] == [4]


def test_a_plan_is_not_decided_before_it_is_merged(scene: Scene) -> None:
    scene.script(plan("Greet", "Part"), DONE)
    scene.run()
    assert not only(scene.ref.journal, Added)


def test_a_session_without_decisions_says_nothing(scene: Scene) -> None:
    begun(scene)
    scene.script(build(1), DONE)
    scene.run()
    assert not [one for one in scene.ref.journal if isinstance(one, Added | Asked | Noted | Skipped)]


def test_a_secret_in_a_decision_never_reaches_the_journal(scene: Scene) -> None:
    begun(scene)
    ask = call("ask_human", id=3, question="Is sk-secret-of-this-run-0123 right?")
    scene.script(Turn(say="Which?", calls=(ask,)), DONE)
    scene.run()
    assert not only(scene.ref.journal, Asked)


@pytest.mark.parametrize("lost", [False, True])
def test_a_settlement_that_did_not_arrive_loses_no_more_than_it_did_before(scene: Scene, *, lost: bool) -> None:
    begun(scene)
    scene.script(*decides())
    scene.fuse.only, scene.fuse.at, scene.fuse.lost = "append", 2, lost
    with suppress(AutocoderError):
        scene.run(run_id=50)
    scene.fuse = Fuse()
    report = scene.run(run_id=50, attempt=2, mode="sync")
    assert report.exit_code == 0
    (pull,) = scene.pulls()
    scene.run(scene.merge(pull.number))
    assert in_force(scene.backlog()) == DECIDED
    assert [(one.uid, one.status) for one in counts(scene).features] == [
        (one.uid, one.status) for one in scene.backlog().features
    ]
    assert {one.uid: one.attempts for one in counts(scene).features if one.attempts} == {"part": 1, "store": 1}
