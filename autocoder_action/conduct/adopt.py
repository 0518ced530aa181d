"""What people chose from proposals, taken into the journal before anything is decided."""

from autocoder_action.backlog.board import Marked
from autocoder_action.backlog.journal import Chosen, Proposed
from autocoder_action.backlog.offers import Choice, choose, open_proposals, ticked
from autocoder_action.conduct.read import Reading, refold
from autocoder_action.conduct.write import Writer
from autocoder_action.ports import Tracker
from autocoder_action.publish.effects import SayInstead
from autocoder_action.publish.talks import chosen_words


def adopt(reading: Reading, writer: Writer) -> Reading:
    """Return the reading with the features that writers chose from open proposals.

    It asks nothing where none is open, else once for all of them, and once for each person who chose.
    """
    world = writer.world
    opened = [one for one in open_proposals(reading.journal, now=reading.now) if one.node]
    if not opened or writer.at_gate:
        return reading
    marked = world.tracker.marked([one.node for one in opened])
    for proposal in opened:
        found = marked.get(proposal.node)
        choice = _choice(proposal, found, world.tracker) if found else None
        if found and choice:
            reading = _create(proposal, choice, found, reading, writer)
    return reading


def _choice(proposal: Proposed, marked: Marked, tracker: Tracker) -> Choice | None:
    """Return what a writer chose: all by a thumb, else the ticks, if the last who edited them may write."""
    every = frozenset(one.uid for one in proposal.offers)
    for login in marked.thumbs:
        if tracker.permission(login).may_steer:
            return Choice(uids=every, by=login)
    ticks = ticked(marked.body) & every
    if ticks and marked.editor and tracker.permission(marked.editor).may_steer:
        return Choice(uids=ticks, by=marked.editor)
    return None


def _create(proposal: Proposed, choice: Choice, marked: Marked, reading: Reading, writer: Writer) -> Reading:
    """Create what was chosen, close the proposal, and say so where it stood."""
    world = writer.world
    changes = choose(proposal, choice, reading.situation.backlog, at=world.clock.now(), run=world.request.run)
    names = ", ".join(one.name for one in proposal.offers if one.uid in choice.uids)
    world.runner.say(f"{'dry run: would create' if writer.dry else 'Created'}, as {choice.by} chose: {names}")
    if writer.dry:
        return reading
    reading = refold(world, reading, world.journal(reading.situation.settings.project_path).append(changes))
    backlog = reading.situation.backlog
    uids = [uid for one in changes if isinstance(one, Chosen) for uid in one.features]
    created = [one for uid in uids if (one := backlog.by_uid.get(uid))]
    left = [one.name for one in proposal.offers if one.uid not in uids]
    writer.do(SayInstead(comment=proposal.comment, body=chosen_words(marked.body, created, left, choice.by)))
    return reading
