"""Which proposals are open, and what people's ticks make of one."""

import re

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import Added, Change, Chosen, Journal, Offer, Proposed
from autocoder_action.value import Value

OPEN = 30 * 86_400
"""Seconds after which a proposal is closed, whether or not anything of it was chosen."""
_ITEM = re.compile(r"^\s*[-*+]\s+\[([ xX])\]\s.*<!-- autocoder:offer ([a-z0-9-]+) -->\s*$", re.MULTILINE)


def open_proposals(journal: Journal, *, now: int) -> tuple[Proposed, ...]:
    """Return the proposals from which people may choose, oldest first."""
    used = {change.comment for change in journal if isinstance(change, Chosen)}
    return tuple(
        change
        for change in journal
        if isinstance(change, Proposed) and change.comment not in used and change.at > now - OPEN
    )


def ticked(body: str) -> frozenset[str]:
    r"""Return the uids of the offers that are ticked in a reply.

    >>> sorted(ticked("- [x] **A** <!-- autocoder:offer a -->\n- [ ] **B** <!-- autocoder:offer b -->"))
    ['a']
    """
    return frozenset(uid for tick, uid in _ITEM.findall(body) if tick != " ")


class Choice(Value, frozen=True, kw_only=True):
    """Which offers somebody chose."""

    uids: frozenset[str]
    by: str
    """A writer's login."""


def choose(proposal: Proposed, choice: Choice, backlog: Backlog, *, at: int, run: str) -> tuple[Change, ...]:
    """Return the changes that create the chosen offers and close the proposal; doing it twice is doing it once.

    What exists by now is left as it is. An offer that was not chosen, and does not exist, is nothing to depend on.
    """
    chosen = [one for one in proposal.offers if one.uid in choice.uids and one.uid not in backlog.by_uid]
    there = {*backlog.by_uid, *(one.uid for one in chosen)}
    added = [
        Added(
            id=f"proposal/{proposal.comment}/{one.uid}",
            at=at,
            run=run,
            by=choice.by,
            feature=one.uid,
            name=one.name,
            description=one.description,
            steps=one.steps,
            category=one.category,
            needs=tuple(uid for uid in one.needs if uid in there),
            check=one.check,
        )
        for one in _in_order(chosen)
    ]
    closed = Chosen(
        id=f"proposal/{proposal.comment}/chosen",
        at=at,
        run=run,
        comment=proposal.comment,
        features=tuple(one.feature for one in added),
    )
    return (*added, closed)


def _in_order(offers: list[Offer]) -> list[Offer]:
    """Put what others need before them: a change that needs what is not there yet would wait."""
    left, ordered = list(offers), []
    while left:
        names = {one.uid for one in left}
        ready = [one for one in left if not names & set(one.needs)] or left  # a circle was refused before
        ordered += ready
        left = [one for one in left if one not in ready]
    return ordered
