"""What may happen to a feature, and the words of each refusal."""

import pytest

from autocoder_action.backlog import transitions
from autocoder_action.backlog.actions import COMMANDS, TABLE, Action, allowed
from autocoder_action.backlog.feature import Backlog, Feature, PersonProof, Status
from autocoder_action.backlog.transitions import SkipKind
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, a_proof, changed, passed, refused

PLAN = a_backlog(a_draft("Add"), a_draft("List", "Add"), a_draft("Sort"))


def only(backlog: Backlog, feature_id: int = 1) -> Feature:
    feature = backlog.get(feature_id)
    assert feature is not None
    return feature


def claimed(backlog: Backlog = PLAN, feature_id: int = 1) -> Backlog:
    return changed(transitions.claim(backlog, feature_id, now=NOW + 1))


def at(status: Status) -> Backlog:
    """Return a plan whose first feature has a status, however it came to it."""
    proof = a_proof() if status is Status.PASSING else None
    return PLAN.put(only(PLAN).replace(status=status, proof=proof))


def test_claiming_twice_is_claiming_once() -> None:
    once = claimed()
    assert only(once).status is Status.IN_PROGRESS
    assert transitions.claim(once, 1, now=NOW + 99) == once


def test_a_released_feature_is_pending_again_and_counts_the_attempt_only_if_it_was_one() -> None:
    tried = changed(transitions.release(claimed(), 1, now=NOW, attempted=True))
    left = changed(transitions.release(claimed(), 1, now=NOW, attempted=False))
    assert (only(tried).status, only(tried).attempts) == (Status.PENDING, 1)
    assert (only(left).status, only(left).attempts) == (Status.PENDING, 0)


def test_a_proof_makes_a_claimed_feature_pass_and_ends_all_that_was_wrong_with_it() -> None:
    noted = changed(transitions.note_error(claimed(), 1, "exit 2", now=NOW))
    done = changed(transitions.prove(noted, 1, a_proof(at=NOW + 5), claimed={1}))
    feature = only(done)
    assert feature.status is Status.PASSING
    assert feature.proof == a_proof(at=NOW + 5)
    assert (feature.last_error, feature.updated_at) == (None, NOW + 5)


def test_a_feature_of_another_session_cannot_be_proved() -> None:
    assert "not claimed by this session" in refused(transitions.prove(claimed(), 1, a_proof(), claimed={3}))
    assert "F3 only" in refused(transitions.prove(claimed(), 1, a_proof(), claimed={3}))
    assert "has claimed no feature" in refused(transitions.prove(claimed(), 1, a_proof(), claimed=()))


def test_a_feature_cannot_pass_before_what_it_depends_on() -> None:
    words = refused(transitions.prove(claimed(PLAN, 2), 2, a_proof(), claimed={2}))
    assert "F2 depends on F1, which must pass first" in words
    assert "F1" in refused(transitions.accept(PLAN, 2, PersonProof(login="ada", at=NOW)))
    assert only(passed(PLAN, 1, 2), 2).status is Status.PASSING


def test_a_check_that_failed_proves_nothing() -> None:
    assert "ended with 1" in refused(transitions.prove(claimed(), 1, a_proof(exit_code=1), claimed={1}))


def test_a_person_can_accept_what_nothing_proves() -> None:
    built = changed(transitions.mark_built(claimed(), 1, now=NOW))
    assert (only(built).status, only(built).built) == (Status.PENDING, True)
    feature = only(changed(transitions.accept(built, 1, PersonProof(login="ada", at=NOW))))
    assert (feature.status, feature.built) == (Status.PASSING, False)
    assert feature.proof == PersonProof(login="ada", at=NOW)


def test_a_built_feature_is_not_built_a_second_time_unless_somebody_asks_for_it() -> None:
    built = changed(transitions.mark_built(claimed(), 1, now=NOW))
    assert "only a proof is missing" in refused(transitions.claim(built, 1, now=NOW))
    assert only(claimed(changed(transitions.retry(built, 1, now=NOW)))).status is Status.IN_PROGRESS


def test_a_regressed_feature_stays_failing_until_it_passes_again() -> None:
    failing = changed(transitions.regress(passed(PLAN, 1), 1, "\x1b[31mexit 2\x1b[0m", now=NOW + 7))
    feature = only(failing)
    assert (feature.status, feature.proof, feature.last_error) == (Status.FAILING, None, "exit 2")
    released = changed(transitions.release(claimed(failing), 1, now=NOW, attempted=True))
    assert only(released).status is Status.FAILING
    skipped = changed(transitions.skip(released, 1, kind=SkipKind.EXTERNAL, reason="No key.", now=NOW))
    assert only(changed(transitions.reopen(skipped, 1, now=NOW))).status is Status.FAILING
    again = passed(failing, 1)
    assert only(changed(transitions.reopen(again, 1, now=NOW))).status is Status.PENDING


def test_a_skipped_feature_says_why_and_forgets_it_when_reopened() -> None:
    skipped = changed(transitions.skip(PLAN, 1, kind=SkipKind.ENVIRONMENT, reason="No GPU.", now=NOW))
    assert only(skipped).skip_reason == "environment: No GPU."
    assert only(changed(transitions.reopen(skipped, 1, now=NOW))).skip_reason is None


def test_a_question_waits_for_a_person() -> None:
    asked = changed(transitions.ask(PLAN, 1, "Which port?", now=NOW))
    assert (only(asked).status, only(asked).skip_reason) == (Status.NEEDS_HUMAN, "Which port?")
    assert "claim is not possible" in refused(transitions.claim(asked, 1, now=NOW))


def test_retrying_forgets_that_somebody_tried() -> None:
    tried = changed(transitions.release(claimed(), 1, now=NOW, attempted=True))
    noted = changed(transitions.note_error(tried, 1, "exit 1", now=NOW))
    feature = only(changed(transitions.retry(noted, 1, now=NOW)))
    assert (feature.attempts, feature.last_error) == (0, None)


def test_a_cancelled_feature_keeps_its_id_and_its_dependents_wait() -> None:
    after = changed(transitions.cancel(PLAN, 1, now=NOW))
    assert only(after).status is Status.CANCELLED
    assert after.unmet(only(after, 2)) == (1,)


def test_what_is_cancelled_waits_for_no_proof_any_more() -> None:
    built = changed(transitions.mark_built(claimed(), 1, now=NOW))
    assert not only(changed(transitions.cancel(built, 1, now=NOW))).built


def test_what_cannot_be_believed_is_built_and_unproved_until_its_check_speaks_again() -> None:
    done = changed(transitions.prove(claimed(), 1, a_proof(), claimed={1}))
    left = only(changed(transitions.doubt(done, 1, "It cannot be seen again.", now=NOW)))
    assert (left.status, left.built, left.proof, left.last_error) == (
        Status.PENDING,
        True,
        None,
        "It cannot be seen again.",
    )
    assert not only(changed(transitions.disprove(done.put(left), 1, "exit 1", now=NOW))).built
    assert only(changed(transitions.accept(done.put(left), 1, a_proof()))).status is Status.PASSING


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", Status)
def test_every_pair_of_status_and_action_is_either_in_the_table_or_refused(action: Action, status: Status) -> None:
    backlog = at(status)
    after = {
        Action.CLAIM: lambda: transitions.claim(backlog, 1, now=NOW),
        Action.RELEASE: lambda: transitions.release(backlog, 1, now=NOW, attempted=False),
        Action.PROVE: lambda: transitions.prove(backlog, 1, a_proof(), claimed={1}),
        Action.ACCEPT: lambda: transitions.accept(backlog, 1, PersonProof(login="ada", at=NOW)),
        Action.REGRESS: lambda: transitions.regress(backlog, 1, "exit 1", now=NOW),
        Action.BUILT: lambda: transitions.mark_built(backlog, 1, now=NOW),
        Action.DOUBT: lambda: transitions.doubt(backlog, 1, "It cannot be seen again.", now=NOW),
        Action.SKIP: lambda: transitions.skip(backlog, 1, kind=SkipKind.EXTERNAL, reason="Key.", now=NOW),
        Action.ASK: lambda: transitions.ask(backlog, 1, "Which?", now=NOW),
        Action.RETRY: lambda: transitions.retry(backlog, 1, now=NOW),
        Action.REOPEN: lambda: transitions.reopen(backlog, 1, now=NOW),
        Action.CANCEL: lambda: transitions.cancel(backlog, 1, now=NOW),
    }[action]()
    if status in TABLE[action]:
        assert only(changed(after)).status is TABLE[action][status]
    else:
        words = refused(after)
        assert f"{action} is not possible" in words
        possible = dict.fromkeys(COMMANDS[one] for one in allowed(status) if one in COMMANDS)
        assert words.endswith(f"Possible now: {', '.join(possible)}.")


WAYS = """
            claim       release prove   accept  failing built   doubt   skip    ask         retry   reopen  cancel
pending     in_progress .       .       passing .       .       .       skipped needs_human pending .       cancelled
in_progress in_progress pending passing passing .       pending .       skipped needs_human .       .       cancelled
passing     .           .       .       .       failing .       pending .       .           .       pending cancelled
failing     in_progress .       .       passing failing .       .       skipped needs_human pending .       cancelled
skipped     .           .       .       passing .       .       .       .       .           pending pending cancelled
needs_human .           .       .       passing .       .       .       .       .           pending pending cancelled
cancelled   .           .       .       .       .       .       .       .       .           .       pending .
"""
"""What every action makes of every status, in the order of the actions; a point where it is refused."""


def test_the_table_allows_what_it_shall_and_nothing_else() -> None:
    _, *rows = (line.split() for line in WAYS.strip().splitlines())
    assert [row[0] for row in rows] == [status.value for status in Status]
    made = [[TABLE[action].get(status, ".") for action in Action] for status in Status]
    assert made == [row[1:] for row in rows]


def test_an_unknown_feature_is_refused_with_those_that_exist() -> None:
    assert "no feature F9. The backlog holds 3 features, F1 to F3" in refused(transitions.claim(PLAN, 9, now=NOW))
    assert "The backlog is empty" in refused(transitions.cancel(Backlog(), 1, now=NOW))
    assert "no feature F9" in refused(transitions.note_error(PLAN, 9, "x", now=NOW))
