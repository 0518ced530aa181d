"""The tracking issue, and up to when the board was seen whole."""

from dataclasses import replace

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.backlog.card import Card
from autocoder_action.backlog.issue_labels import PAUSED
from autocoder_action.backlog.journal import Journal, Line, Tracked
from autocoder_action.backlog.ledger import tracked
from autocoder_action.conduct.hands import Hands
from autocoder_action.conduct.heard import Heard
from autocoder_action.errors import AutocoderError
from autocoder_action.publish.board import Shown, bring

_MANY = 50
"""After so many entries the mark is moved even where nothing else is to be noted: a list's page has a hundred."""
_NEVER = Tracked(id="", at=0, run="", issue=0, digest="")


def show(hands: Hands, heard: Heard, journal: Journal, shown: Shown) -> Tracked:
    """Bring the tracking issue to what it shall show, and return what is then known of it."""
    last = tracked(journal) or _NEVER
    number = _written(hands, heard, last, shown)
    last = last if number == last.issue else replace(last, offers=None)  # a new one may ask again
    return replace(last, issue=number, digest=shown.digest, paused=PAUSED in shown.labels)


def note(changes: list[Line], heard: Heard, journal: Journal, now: Tracked) -> None:
    """Have the journal know the tracking issue, and how far the board was seen when this run listed its issues.

    What the run wrote since then, and what others did meanwhile, is listed by the next; so the mark moves over nothing
    that nobody has looked at. It alone is no reason to write, unless it spares the next run many entries.
    """
    last = tracked(journal) or _NEVER
    moved = heard.mark > last.seen and (heard.entries > _MANY or not last.seen)
    if now == last and not moved:
        return
    run, at = heard.scene.run, heard.scene.now
    name = f"{run}/tracked/{now.digest}-{at}"
    changes.append(replace(now, id=name, at=at, run=run, n=0, seen=heard.mark))


def _written(hands: Hands, heard: Heard, last: Tracked, shown: Shown) -> int:
    """Return the number of the issue, with everything on it that shall be."""
    issue = heard.tracking
    if last.issue and issue is None:
        if last.paused == (PAUSED in shown.labels) and _refreshed(hands, last, shown):
            return last.issue
        issue = hands.writer.world.tracker.issue(last.issue)
    if issue is None:  # there is none yet, or somebody deleted it
        number = hands.create(Card(title=shown.title, body=shown.body, labels=shown.labels, state="open"))
        hands.pin(number)  # once: a person who unpins it is obeyed
        return number
    edit = bring(shown, issue)
    if edit != IssueEdit():
        hands.edit(issue.number, edit)
    return issue.number


def _refreshed(hands: Hands, last: Tracked, shown: Shown) -> bool:
    """Bring the text of an issue that nobody touched up to date; return False where somebody deleted it."""
    if last.digest == shown.digest:
        return True
    try:
        hands.edit(last.issue, IssueEdit(title=shown.title, body=shown.body))
    except AutocoderError:
        if hands.writer.world.tracker.issue(last.issue):
            raise
        return False
    return True
