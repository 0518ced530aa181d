"""What follows from sessions that came to nothing: features wait for a person, or the project pauses itself."""

from collections.abc import Iterable, Iterator, Sequence

from autocoder_action.backlog.attempts import given_up
from autocoder_action.backlog.decided import Stamp
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.idle import idle
from autocoder_action.backlog.journal import Asked, Journal, Paused
from autocoder_action.backlog.ledger import paused
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.world import World
from autocoder_action.publish.outgoing import redact

Lesson = Asked | Paused


def lessons(
    reading: Reading, journal: Journal, tried: Sequence[Feature], session: str, world: World
) -> tuple[Lesson, ...]:
    """Return the changes that follow from a settlement, which the journal holds already.

    ``tried`` are the features as the session saw them.
    """
    file = reading.situation.settings.file
    backlog = fold(reading.committed, journal)
    stamp = Stamp(run=world.request.run, session=session, at=world.clock.now())
    asked = list(given_up(backlog, _redacted(tried, world), file.max_attempts, stamp))
    return (*asked, *_pause(journal, file.max_idle_sessions, stamp))


def told(changes: Iterable[Lesson], backlog: Backlog) -> tuple[str, ...]:
    """Say what people should know of it, each in a sentence."""
    return tuple(_told(one, backlog) for one in changes)


def _redacted(tried: Iterable[Feature], world: World) -> Iterator[Feature]:
    """Take secrets out of an agent's words: what is asked goes into the journal."""
    for one in tried:
        yield one.replace(last_error=redact(one.last_error, world.secrets) if one.last_error else None)


def _pause(journal: Journal, most: int, stamp: Stamp) -> Iterator[Paused]:
    entries = idle(journal)
    if len(entries) < most or paused(journal):
        return
    last = entries[0]
    how = last.settled.conclusion if last.settled else "not settled"
    count = len(entries)
    reason = (
        f"{count} session{'s' * (count != 1)} in a row came to nothing; the last one, {last.booked.session}, "
        f"ended as {how}."
    )
    name = f"{stamp.run}/paused/{stamp.session}"
    yield Paused(id=name, at=stamp.at, run=stamp.run, by=None, reason=reason)


def _told(change: Lesson, backlog: Backlog) -> str:
    if isinstance(change, Paused):
        return f"The project has paused itself: {change.reason} `/autocoder resume` lets sessions begin again."
    feature = backlog.by_uid.get(change.feature)
    name = f"{feature.code} {feature.name}" if feature else change.feature
    return f"{name} waits for a person now: {change.question.splitlines()[0]}"
