"""The journal's compaction: bounded, and nothing that counts is lost."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.fold import effective, fold, trim
from autocoder_action.backlog.journal import (
    Answered,
    Attempted,
    Journal,
    Line,
    Linked,
    Rebuilt,
    Settled,
    Totals,
    Unknown,
    append,
    parse,
    render,
)
from autocoder_action.backlog.ledger import (
    answered,
    days,
    last_session,
    leased,
    ledger,
    links,
    midnight,
    not_before,
    paused,
    session_count,
    spent,
    tracked,
    unknown_spend,
)
from autocoder_action.backlog.prune import DAYS, SESSIONS, prune
from tests.unit.backlog.builders import a_backlog, a_draft, backlogs
from tests.unit.backlog.journals import DAY, NOW, booked, claimed, decisions, histories, numbered, settled

DRAWN = settings(max_examples=40)
"""A history is up to eighty sessions, each drawn in seven ways: one shows as much as many a smaller value."""
TWO = a_backlog(a_draft("One"), a_draft("Two"))


# Laws


@DRAWN
@given(histories(), st.sets(st.integers(1, 80)))
def test_totals_and_everything_that_still_counts_are_kept_exactly(journal: Journal, open_: set[int]) -> None:
    branches = [f"autocoder/root/session-{number}" for number in open_]
    pruned = prune(journal, (), now=NOW, branches=branches)
    assert spent(pruned) == spent(journal)
    since = midnight(NOW) - (DAYS - 1) * DAY
    assert [one for one in days(pruned) if one.start >= since] == [one for one in days(journal) if one.start >= since]
    assert all(spent(pruned, since=day) == spent(journal, since=day) for day in range(since, NOW, DAY))
    assert session_count(pruned) == session_count(journal)
    assert last_session(pruned) == last_session(journal)
    assert leased(pruned, NOW) == leased(journal, NOW)
    assert links(pruned) == links(journal)
    assert tracked(pruned) == tracked(journal)
    assert paused(pruned) == paused(journal)
    assert not_before(pruned, NOW) == not_before(journal, NOW)
    assert unknown_spend(pruned) == unknown_spend(journal)
    unsettled = [one for one in ledger(journal) if one.settled is None]
    assert [one for one in ledger(pruned) if one.settled is None] == unsettled
    assert set(branches) & {one.booked.branch for one in ledger(pruned)} == set(branches) & {
        one.booked.branch for one in ledger(journal)
    }


@DRAWN
@given(backlogs(), histories(), st.data())
def test_the_effective_backlog_is_the_same_before_and_after(
    backlog: Backlog, journal: Journal, data: st.DataObject
) -> None:
    contained = data.draw(st.frozensets(st.sampled_from([one.id for one in journal]))) if journal else frozenset()
    base = replace(backlog, applied=contained)
    pruned = prune(journal, contained, now=NOW)
    before, after = effective(base, journal), effective(base, pruned)
    assert trim(after.backlog, pruned) == trim(before.backlog, pruned)
    assert after.waiting == before.waiting


@DRAWN
@given(backlogs(), histories(), decisions())
def test_a_project_that_prunes_and_trims_in_every_run_counts_what_one_that_never_does_counts(
    base: Backlog, first: Journal, second: Journal
) -> None:
    later = [replace(change, id=f"later-{change.id}") for change in second]
    hoarded = append(first, later)
    merged = fold(base, first)
    kept = prune(first, merged.applied, now=NOW)
    tidy = fold(trim(merged, kept), append(kept, later))
    assert tidy.features == fold(base, hoarded).features
    assert trim(tidy, kept).applied <= {change.id for change in kept}


@DRAWN
@given(histories())
def test_pruning_twice_is_pruning_once_and_what_is_left_can_be_read(journal: Journal) -> None:
    pruned = prune(journal, (), now=NOW)
    assert prune(pruned, (), now=NOW) == pruned
    assert parse(render(pruned)) == pruned
    assert len({change.n for change in pruned}) == len(pruned)
    places = {change.id: change.n for change in journal}
    assert all(places[change.id] == change.n for change in pruned if not isinstance(change, Totals))


# Rules


def test_a_journal_stays_small_over_years_of_sessions() -> None:
    journal: Journal = ()
    most = 0
    for number in range(1, 1_001):
        now = NOW + number * DAY // 4
        one = booked(number, at=now)
        lines: list[Line] = [one, claimed(one, "one", until=now + 9), settled(one, number, "one")]
        lines += [
            Linked(id=f"l{number}-{uid}", at=now, run="r", feature=uid, issue=1, digest=str(number)) for uid in "ab"
        ]
        lines.append(Answered(id=f"c{number}", at=now, run="r", comment=number, reply=None))
        journal = append(journal, lines)
        applied = {change.id for change in journal if isinstance(change, Settled)}
        journal = prune(journal, applied, now=now)
        most = max(most, len(journal))
    assert spent(journal) == sum(range(1, 1_001))
    assert session_count(journal) == last_session(journal) == 1_000
    assert len(journal) <= most <= 2 * SESSIONS + 1 + 2 + 361
    assert len(next(one for one in journal if isinstance(one, Totals)).days) <= DAYS


def test_the_attempts_of_an_old_session_wait_for_base_under_the_settlement_s_own_id() -> None:
    sessions = [booked(number) for number in range(1, SESSIONS + 3)]
    journal = numbered(
        [line for one in sessions for line in (one, settled(one, 1, *["one"] * (one.session == "session-1")))]
    )
    pruned = prune(journal, (), now=NOW)
    assert [type(one) for one in pruned if one.id == settled(sessions[0], 0).id] == [Attempted]
    assert fold(TWO, pruned) == fold(TWO, journal)
    late = replace(TWO, applied=frozenset({settled(sessions[0], 0).id}))
    assert fold(late, pruned).by_uid["one"].attempts == 0, "a branch that counted it already was merged late"
    assert not [one for one in prune(pruned, late.applied, now=NOW) if isinstance(one, Attempted)]


def test_a_session_keeps_its_lines_while_its_branch_exists_or_its_money_is_not_settled() -> None:
    sessions = [booked(number) for number in range(1, SESSIONS + 4)]
    lines = [line for one in sessions for line in (one, settled(one, 1))]
    lines.remove(settled(sessions[0], 1))
    pruned = prune(numbered(lines), (), now=NOW, branches=[sessions[1].branch])
    assert [entry.booked.session for entry in ledger(pruned)][:3] == ["session-1", "session-2", "session-4"]


def test_a_session_that_pushes_to_base_keeps_its_lines_while_its_own_branch_exists() -> None:
    sessions = [replace(booked(number), branch="main") for number in range(1, SESSIONS + 4)]
    lines = [line for one in sessions for line in (one, settled(one, 1))]
    pruned = prune(numbered(lines), (), now=NOW, branches=["autocoder/root/session-2"])
    assert [entry.booked.session for entry in ledger(pruned)][:2] == ["session-2", "session-4"]


def test_a_claim_of_a_run_that_died_stays_until_it_is_settled() -> None:
    one = booked(1)
    claim = claimed(one, "one", until=NOW - 5)
    assert claim.id in [line.id for line in prune(numbered([one, claim]), (), now=NOW)]
    assert claim.id not in [line.id for line in prune(numbered([one, claim, settled(one, 1)]), (), now=NOW)]


def test_a_rebuilding_is_remembered_until_a_session_was_booked() -> None:
    lost = Rebuilt(id="r", at=1, run="r", sessions=("session-1",))
    assert unknown_spend(prune(numbered([booked(1), lost]), (), now=NOW)) is not None
    after = prune(numbered([booked(1), lost, booked(2)]), (), now=NOW)
    assert [type(one).__name__ for one in after] == ["Booked", "Booked"]


def test_lines_of_a_later_version_are_never_thrown_away() -> None:
    line = Unknown(id="u", at=0, run="", kind="teleported", raw='{"kind":"teleported","id":"u"}')
    assert prune((line,), {"u"}, now=NOW + 10**9) == (line,)


def test_settlements_of_one_session_by_two_runs_count_both() -> None:
    one, two = booked(1, run="1-1"), booked(1, run="2-1")
    journal = numbered([one, settled(one, 3), two, settled(two, 4)])
    assert spent(journal) == 7
    assert [type(one) for one in journal] == [type(one) for one in prune(journal, (), now=NOW)]
    assert {one.conclusion for one in journal if isinstance(one, Settled)} == {"progressed"}


def test_an_answer_is_remembered_for_as_long_as_its_event_can_come_again() -> None:
    old, new = (Answered(id=str(at), at=at, run="r", comment=at, reply=None) for at in (NOW - 91 * DAY, NOW - DAY))
    pruned = prune(numbered([old, new]), (), now=NOW)
    assert answered(pruned, old.comment) is None
    assert answered(pruned, new.comment) is not None


def test_of_several_settlements_of_a_session_the_last_counts_and_the_first_keeps_its_attempts() -> None:
    one = booked(1)
    first = settled(one, 3, "one")
    last = replace(first, id="again", attempted=(), pull=7)
    pruned = prune(numbered([one, first, last]), (), now=NOW)
    assert [type(line).__name__ for line in pruned] == ["Booked", "Attempted", "Settled"]
    assert ledger(pruned) == ledger(numbered([one, first, last]))
    assert fold(TWO, pruned) == fold(TWO, numbered([one, first, last]))
