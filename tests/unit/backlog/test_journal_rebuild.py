"""The journal that was lost, and sessions whose runs died."""

from dataclasses import replace

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.crash import crashed, written_off
from autocoder_action.backlog.feature import Backlog, CheckProof
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Booked, Journal, Rebuilt, Settled, Totals, append
from autocoder_action.backlog.ledger import (
    last_session,
    lease_end,
    leased,
    ledger,
    spent,
    unknown_spend,
)
from autocoder_action.backlog.rebuild import Traces, lost, rebuild
from tests.unit.backlog.builders import a_backlog, a_draft, passed
from tests.unit.backlog.journals import NOW, booked, claimed, numbered, settled

PLAN = a_backlog(a_draft("One"), a_draft("Two"))
PROVED = passed(PLAN, 1)
"""F1 was proved by session-3 in run 77-1."""
PREFIX = "autocoder/root/session-"


def traces(base: Backlog = PLAN, *pulls: Pull, **branches: Backlog) -> Traces:
    """Return what is left of sessions; branches are named ``s4`` and so on."""
    named = {f"{PREFIX}{name.removeprefix('s')}": backlog for name, backlog in branches.items()}
    return Traces(base=base, branches=named, pulls=pulls, project="root", prefix=PREFIX)


def pull(number: int, session: int, *, body: str | None = None, **more: bool) -> Pull:
    """Return a session's pull request."""
    marker = f"<!-- autocoder:session session-{session} project=root -->\nText."
    return Pull(
        number=number,
        title="t",
        body=marker if body is None else body,
        branch=f"{PREFIX}{session}",
        head="h",
        base="main",
        open=more.get("open", False),
        merged=more.get("merged", False),
        author="bot",
        url="u",
    )


def again(left: Traces, journal: Journal = ()) -> Journal:
    """Return a journal after it was rebuilt."""
    return append(journal, rebuild(journal, left, now=NOW, run="9-1"))


def test_a_plan_that_no_session_has_touched_needs_no_journal() -> None:
    assert not lost((), PLAN, [])
    assert not lost((), Backlog(), [])
    assert rebuild((), traces(), now=NOW, run="9-1") == ()


def test_proofs_bookings_and_branches_each_tell_of_a_session() -> None:
    base = replace(PROVED, applied=frozenset({"5-1/booked/session-1", "5-1/settled/session-1", "some-edit"}))
    assert lost((), base, [f"{PREFIX}7"]) == {"session-1", "session-3", "session-7"}


def test_what_the_journal_knows_or_has_folded_is_not_lost() -> None:
    total = Totals(id="totals", at=1, run="", n=1, sessions=3, last_session=3)
    assert not lost((total,), PROVED, [f"{PREFIX}2"])
    assert lost((total,), PROVED, [f"{PREFIX}4"]) == {"session-4"}
    assert not lost(numbered([booked(3), booked(4)]), PROVED, [f"{PREFIX}4"])


def test_a_rebuilt_journal_knows_sessions_numbers_pulls_and_that_the_money_is_unknown() -> None:
    branch = replace(PLAN, applied=frozenset({"80-2/booked/session-4"}))
    journal = again(traces(PROVED, pull(11, 3, merged=True), pull(12, 5), s4=branch))
    entries = ledger(journal)
    assert [one.booked.session for one in entries] == ["session-3", "session-4", "session-5"]
    assert [one.booked.run for one in entries] == ["77-1", "80-2", "unknown"]
    assert entries[1].booked.id in branch.applied, "so that its merge is recognised"
    assert [one.settled and (one.settled.pull, one.settled.passed) for one in entries] == [
        (11, ("one",)),
        (None, ()),
        (12, ()),
    ]
    assert last_session(journal) == 5
    assert spent(journal) == 0
    assert isinstance(unknown_spend(journal), Rebuilt)
    assert unknown_spend(append(journal, [booked(6)])) is None, "a person had it go on"


def test_rebuilding_twice_is_rebuilding_once() -> None:
    left = traces(PROVED, pull(11, 3, merged=True), s4=PLAN)
    once = again(left)
    assert again(left, once) == once
    assert append(once, rebuild((), left, now=NOW, run="9-1")) == once, "also when two runs do it at once"


def test_a_journal_that_lost_only_its_end_gets_that_back() -> None:
    journal = again(traces(PROVED, s4=PLAN), numbered([booked(3, run="77-1")]))
    assert [one.booked.session for one in ledger(journal)] == ["session-3", "session-4"]
    assert spent(journal) == 5_000_000


def test_a_marker_of_another_project_names_no_session_of_this_one() -> None:
    other = pull(12, 5, body="<!-- autocoder:session session-5 project=web-1 -->")
    plain = pull(13, 6, body="No marker; the branch says it.")
    journal = again(traces(PROVED, other, plain))
    assert [one.booked.session for one in ledger(journal)] == ["session-3", "session-6"]


def test_a_run_that_settles_into_a_journal_deleted_meanwhile_keeps_its_figures() -> None:
    one = booked(4, run="80-2")
    branch = replace(PLAN, applied=frozenset({one.id}))
    orphan = numbered([settled(one, 7, "one", pull=12)])
    assert spent(orphan) == 0
    journal = again(traces(PLAN, s4=branch), orphan)
    assert spent(journal) == 7
    assert unknown_spend(journal) is not None


def test_folding_a_rebuilt_journal_changes_no_feature() -> None:
    assert fold(PROVED, again(traces(PROVED, s4=PLAN))).features == PROVED.features


# Sessions that died


def test_a_run_is_over_when_its_lease_is_or_when_a_later_attempt_of_it_works() -> None:
    one = booked(1, run="7-1")
    claim = claimed(one, "one", until=NOW + 90 * 60)
    journal = numbered([one, claim])
    end = max(claim.until, lease_end(one.at, one.minutes))
    assert not crashed(journal, now=end - 1, run="8-1")
    assert [entry.booked for entry in crashed(journal, now=end, run="8-1")] == [journal[0]]
    assert crashed(journal, now=NOW, run="7-2")
    assert not crashed(journal, now=NOW, run="7-1")
    assert not crashed(numbered([one, settled(one, 3)]), now=end, run="8-1")


def test_what_died_counts_whole_releases_its_claims_and_was_an_attempt() -> None:
    one = replace(booked(3, run="77-1"), branch="b")
    journal = numbered([one, claimed(one, "one", "two", until=NOW + 9)])
    (entry,) = crashed(journal, now=NOW, run="77-2")
    off = written_off(entry, journal, [PROVED], [replace(pull(11, 3, open=True), branch="x/session-3")], now=NOW + 5)
    assert (off.cost_micro, off.assumed, off.pull) == (one.cost_micro, True, 11)
    assert (off.passed, off.attempted) == (("one",), ("two",))
    after = append(journal, [off])
    assert leased(journal, NOW) == {"one": "session-3", "two": "session-3"}
    assert leased(after, NOW) == {}
    assert spent(after) == spent(journal)
    assert [one.attempts for one in fold(PROVED, after).features] == [0, 1]


def test_a_run_that_was_alive_after_all_is_settled_once() -> None:
    one = booked(1)
    journal = numbered([one])
    (entry,) = crashed(journal, now=NOW + 10**6, run="8-1")
    after = append(append(journal, [written_off(entry, journal, [], [], now=NOW)]), [settled(one, 3)])
    assert [type(line) for line in after] == [Booked, Settled]


def test_only_what_this_run_proved_counts_as_its_own() -> None:
    one = replace(booked(3, run="78-1"), branch="b")
    journal = numbered([one, claimed(one, "one", until=NOW)])
    (entry,) = crashed(journal, now=NOW + 10**6, run="79-1")
    assert isinstance(PROVED.features[0].proof, CheckProof)
    assert written_off(entry, journal, [PROVED], [], now=NOW).attempted == ("one",)
