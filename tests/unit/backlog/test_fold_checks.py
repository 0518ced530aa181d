"""What a check that was run on base comes to in the effective backlog."""

from dataclasses import replace

import pytest

from autocoder_action.backlog.feature import CheckProof, Status
from autocoder_action.backlog.fold import effective, fold
from autocoder_action.backlog.fold_change import meaning_of
from autocoder_action.backlog.journal import (
    Asked,
    Cancelled,
    Checked,
)
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, passed
from tests.unit.backlog.journals import numbered
from tests.unit.backlog.test_fold import edited

PROVABLE = a_backlog(a_draft("One", check="pytest -q"), a_draft("Two", "one", check="pytest -q"))


def checked(name: str, uid: str, code: int | None = 0, *, at: int = NOW + 5, meaning: str | None = None) -> Checked:
    """Return what a feature's check showed on base."""
    return Checked(
        id=name, at=at, run="7-1", feature=uid, command="pytest -q", exit_code=code, duration_ms=40,
        tree="b" * 40, evidence="2 failed" if code else "", meaning=meaning,
    )  # fmt: skip


def test_a_check_that_succeeds_makes_a_feature_pass_without_a_session() -> None:
    one = fold(PROVABLE, numbered([checked("c", "one")])).by_uid["one"]
    assert one.status is Status.PASSING
    assert one.proof == CheckProof(
        command="pytest -q", exit_code=0, duration_ms=40, at=NOW + 5, run="7-1", session="", tree="b" * 40
    )


def test_a_check_that_succeeds_again_renews_the_proof() -> None:
    after = fold(passed(PROVABLE, 1), numbered([checked("c", "one", at=NOW + 99)]))
    one = after.by_uid["one"]
    assert isinstance(one.proof, CheckProof)
    assert (one.status, one.proof.at, one.proof.run, one.updated_at) == (Status.PASSING, NOW + 99, "7-1", NOW + 99)


def test_a_check_that_fails_takes_back_what_was_proved_and_says_what_was_seen() -> None:
    one = fold(passed(PROVABLE, 1), numbered([checked("c", "one", 2)])).by_uid["one"]
    assert (one.status, one.regressed, one.proof) == (Status.FAILING, True, None)
    assert one.last_error == "The check `pytest -q` ended with exit code 2 on base. The end of its output:\n2 failed"


def test_a_check_that_fails_on_what_does_not_pass_is_noted_and_changes_nothing_else() -> None:
    asked = Asked(id="q", at=NOW, run="r", feature="one", question="Which port?")
    one = fold(PROVABLE, numbered([asked, checked("c", "one", None)])).by_uid["one"]
    assert (one.status, one.skip_reason, one.regressed) == (Status.NEEDS_HUMAN, "Which port?", False)
    assert one.last_error
    assert "ran out of time" in one.last_error


def test_a_check_of_other_words_or_of_another_command_is_void() -> None:
    read = meaning_of(PROVABLE.features[0])
    for change in (checked("c", "one", meaning=read), replace(checked("c", "one"), command="true")):
        folded = effective(PROVABLE, numbered([edited("e", "Otherwise."), change]))
        assert folded.backlog.by_uid["one"].status is Status.PENDING
        assert [left.change.id for left in folded.void] == ["c"]
    assert fold(PROVABLE, numbered([checked("c", "one", meaning=read)])).by_uid["one"].status is Status.PASSING


def test_a_cancelled_feature_is_not_brought_back_by_its_check() -> None:
    cancelled = Cancelled(id="x", at=NOW, run="r", feature="one")
    folded = effective(PROVABLE, numbered([cancelled, checked("c", "one"), checked("d", "one", 1)]))
    assert (folded.backlog.by_uid["one"].status, folded.backlog.by_uid["one"].last_error) == (Status.CANCELLED, None)


def test_a_check_waits_for_dependencies_until_a_later_one_says_otherwise() -> None:
    alone = effective(PROVABLE, numbered([checked("c", "two")]))
    assert [left.reason for left in alone.waiting] == ["what it depends on does not pass yet"]
    assert fold(PROVABLE, numbered([checked("c", "two"), checked("d", "one")])).by_uid["two"].status is Status.PASSING
    later = effective(PROVABLE, numbered([checked("c", "two"), checked("d", "two", 1), checked("e", "one")]))
    assert later.backlog.by_uid["two"].status is Status.PENDING
    assert [left.reason for left in later.void] == ["it was checked again later"]


@pytest.mark.parametrize("code", [0, 1, None])
def test_a_check_that_was_run_is_kept_as_evidence_whatever_it_showed(code: int | None) -> None:
    base = passed(PROVABLE, 1)
    after = fold(base, (checked("a", "one", code),))
    assert [(one.exit_code, one.session) for one in after.features[0].evidence] == [(code, "")]
    assert fold(after, (checked("a", "one", code),)) == after
