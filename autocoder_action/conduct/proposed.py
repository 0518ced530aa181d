"""What the board shows of open sessions."""

from collections.abc import Mapping

from autocoder_action.backlog.journal import Synced
from autocoder_action.backlog.proposals import Shown, gone, shown
from autocoder_action.plan.situation import OpenSession, Situation
from autocoder_action.publish.board import Review


def board_of(situation: Situation, records: Mapping[str, Synced]) -> Shown:
    """Return base's features, and those of open sessions that have issues or shall have them."""
    sessions = {one.name: one.backlog for one in situation.open_sessions}
    at_once = situation.settings.file.board.create == "session"
    return shown(situation.backlog, sessions, records, at_once=at_once)


def turned_down(situation: Situation, records: Mapping[str, Synced]) -> tuple[Synced, ...]:
    """Return the records of what sessions proposed that no branch holds any more."""
    backlogs = (situation.backlog, *(one.backlog for one in situation.open_sessions))
    return gone(records, {uid for one in backlogs for uid in one.by_uid})


def session_of(situation: Situation, name: str) -> OpenSession | None:
    """Return an open session by its name."""
    return next((one for one in situation.open_sessions if one.name == name), None)


def in_review(situation: Situation, proposed: Mapping[str, str]) -> Mapping[str, Review]:
    """Return what open pull requests know more of features than base, by uid."""
    done = {one.uid for one in situation.backlog.features if one.id in situation.backlog.passing}
    passes = {
        one.uid: Review(pull=session.pull.number, passes=True, proposes=one.uid in proposed)
        for session in situation.open_sessions
        if session.pull
        for one in session.backlog.features
        if one.id in session.backlog.passing and one.uid not in done
    }
    sessions = {uid: session_of(situation, name) for uid, name in proposed.items()}
    pulls = {uid: one.pull.number for uid, one in sessions.items() if one and one.pull}
    return {uid: Review(pull=one, passes=False, proposes=True) for uid, one in pulls.items()} | passes
