"""What the journal's lines come to: who works on what and until when, what was spent, and what holds sessions up."""

from dataclasses import replace

from autocoder_action.backlog.journal import Line, NotBefore, Paused, Released, Resumed
from autocoder_action.backlog.ledger import leased, not_before, paused, session_count, spent
from tests.unit.backlog.builders import NOW
from tests.unit.backlog.journals import booked, claimed, numbered, settled

ONE, TWO = booked(1), booked(2)


def released(session: str, holder: str, *uids: str) -> Released:
    return Released(id=f"free {session} {holder}", at=NOW, run="9-1", session=session, holder=holder, features=uids)


def held(*lines: Line, now: int = NOW) -> dict[str, str]:
    return dict(leased(numbered(lines), now))


def test_a_claim_holds_until_its_lease_ends_and_blocks_nobody_after_that() -> None:
    claim = claimed(ONE, "add", "list", until=NOW + 60)
    assert held(ONE, claim, now=NOW + 59) == {"add": "session-1", "list": "session-1"}
    assert held(ONE, claim, now=NOW + 60) == {}


def test_a_later_claim_prolongs_a_lease_and_takes_over_what_another_left() -> None:
    first = claimed(ONE, "add", until=NOW + 60)
    longer = replace(first, id="longer", until=NOW + 600)
    assert held(ONE, first, longer, now=NOW + 90) == {"add": "session-1"}
    assert held(ONE, TWO, first, claimed(TWO, "add", until=NOW + 600), now=NOW + 90) == {"add": "session-2"}


def test_a_settlement_ends_the_claims_of_its_own_session_and_run_alone() -> None:
    claims = (claimed(ONE, "add", until=NOW + 60), claimed(TWO, "list", until=NOW + 60))
    assert held(ONE, TWO, *claims, settled(ONE, 5)) == {"list": "session-2"}
    again = booked(1, run="8-2")
    assert held(ONE, again, claims[0], settled(again, 5)) == {"add": "session-1"}


def test_a_release_gives_back_what_its_holder_holds_and_nothing_else() -> None:
    claim = claimed(ONE, "add", "list", until=NOW + 60)
    assert held(ONE, claim, released("session-1", ONE.run, "add")) == {"list": "session-1"}
    assert set(held(ONE, claim, released("session-2", ONE.run, "add"))) == {"add", "list"}
    assert set(held(ONE, claim, released("session-1", "0-0", "add"))) == {"add", "list"}


def test_what_is_not_settled_counts_whole_and_today_is_what_was_booked_today() -> None:
    before = booked(3, at=NOW - 86_400 * 2, cost_micro=7_000_000)
    journal = numbered([before, settled(before, 3_000_000), ONE, TWO, settled(TWO, 1_000_000)])
    assert (spent(journal), spent(journal, since=NOW)) == (9_000_000, 6_000_000)
    assert (session_count(journal), session_count(journal, since=NOW)) == (3, 2)


def test_the_last_word_on_a_pause_or_a_rest_counts_and_a_rest_ends_with_its_time() -> None:
    pause = Paused(id="p", at=NOW, run="1-1", by="ada", reason="Wait.")
    resume = Resumed(id="r", at=NOW, run="1-1", by="ada")
    assert paused(numbered([pause])) is not None
    assert paused(numbered([pause, resume])) is None
    rests = [NotBefore(id=str(until), at=NOW, run="1-1", until=until, reason="limit") for until in (NOW + 90, NOW + 9)]
    found = not_before(numbered(rests), NOW + 8)
    assert found is not None
    assert found.until == NOW + 9
    assert not_before(numbered(rests), NOW + 9) is None
