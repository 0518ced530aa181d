"""The tracking issue, and up to when the board was seen whole."""

from dataclasses import replace

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.backlog.card import Card
from autocoder_action.backlog.issue_labels import PAUSED
from autocoder_action.backlog.journal import Journal, Tracked, append
from autocoder_action.backlog.ledger import numbers, synced, tracked
from autocoder_action.backlog.recognise import in_question
from autocoder_action.conduct.hands import Hands
from autocoder_action.conduct.heard import Heard
from autocoder_action.errors import AutocoderError
from autocoder_action.publish.board import Shown, bring

_MANY = 50
"""After so many issues the next run would read them all again; one more listing now spares it that."""
_NEVER = Tracked(id="", at=0, run="", issue=0, digest="")


def show(hands: Hands, heard: Heard, journal: Journal, shown: Shown) -> Tracked:
    """Bring the tracking issue to what it shall show, and return what is then known of it."""
    last = tracked(journal) or _NEVER
    number = _written(hands, heard, last, shown)
    last = last if number == last.issue else replace(last, offers=None)  # a new one may ask again
    return replace(last, issue=number, digest=shown.digest, paused=PAUSED in shown.labels)


def note(hands: Hands, heard: Heard, journal: Journal, known: tuple[Tracked, Shown]) -> None:
    """Have the journal know the tracking issue, with what it shall show, and how far the board was seen."""
    now, shown = known
    last = tracked(journal) or _NEVER
    written = hands.written + hands.linked
    many = written > _MANY or (written and not heard.mark)
    seen = _caught_up(hands, heard, now, shown) if many and not hands.writer.dry else heard.mark
    moved = seen > last.seen and (many or len(heard.scene.issues) > _MANY)
    if now == last and not moved:
        return
    run, at = heard.scene.run, heard.scene.now
    name = f"{run}/tracked/{now.digest}-{at}"
    hands.writer.changes.append(replace(now, id=name, at=at, run=run, n=0, seen=seen))


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


def _caught_up(hands: Hands, heard: Heard, now: Tracked, shown: Shown) -> int:
    """Return up to when the board was seen, our own writes included.

    What people did meanwhile is left to the next run, a pause by the tracking issue's label among it.
    """
    if heard.untold:
        return heard.mark
    listed = hands.writer.world.tracker.issues(since=heard.mark or None)
    records = synced(append((), hands.writer.changes))
    scene = replace(heard.scene, issues=listed, synced={**heard.scene.synced, **records})
    known = {record.issue for record in scene.synced.values()} | numbers(now)
    looked = {issue.number for issue in heard.scene.issues}
    news = any(issue.number not in known | looked for issue in listed) or bool(in_question(scene))
    news = news or any(issue.number == now.issue and bring(shown, issue) != IssueEdit() for issue in listed)
    return heard.mark if news else max([heard.mark, *(issue.updated_at for issue in listed)])
