"""Which writes bring the issues to what the backlog says: the second half of a sync.

The writes come one by one, so that each can name the issues that those before it made: in the order of the
dependencies, what people can see first. Whoever carries them out can stop at any of them; what was not done is
found again by the next run.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace

from autocoder_action.backlog.board import Issue, IssueEdit
from autocoder_action.backlog.card import (
    NEVER,
    Card,
    Last,
    body_digest,
    digest,
    digests,
    field_of,
    fields,
    folded,
    read_last,
    state_now,
    theirs,
)
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.issue_text import read, words_of
from autocoder_action.backlog.journal import Synced
from autocoder_action.backlog.recognise import differs, needs_first
from autocoder_action.backlog.sighting import Remark, Scene, TakenIn
from autocoder_action.value import Value

Show = Callable[[Feature, Backlog, Mapping[str, int]], Card]
"""Says what a feature's issue shall show; the mapping has the issues that exist, by uid."""

Sign = Callable[[Feature, Backlog, Mapping[str, int]], str]
"""Says in a digest of what that would be made; the same as before means that it would come out the same."""


_QUIET = 60
"""Seconds after which nothing comes any more that bears the time of an issue's last change, whosever clock told it."""


class Create(Value, frozen=True, kw_only=True):
    """Open the issue of a feature."""

    feature: str
    """A uid."""
    card: Card


class Write(Value, frozen=True, kw_only=True):
    """Change a feature's issue."""

    feature: str
    issue: int
    edit: IssueEdit


Step = Remark | Create | Write | Synced
"""A remark, a write, or a record for the journal of what was just done."""
Steps = Generator[Step, int | None, None]
"""Asks for one step after the other; a ``Create`` is answered with the number of the new issue."""


def bring_out(scene: Scene, taken: TakenIn, show: Show, sign: Sign | None = None) -> Steps:
    """Ask for everything that the issues lack; nothing where they lack nothing.

    Issues that people changed come first, so that the board was seen whole as soon as all of them are done. An issue
    that nobody touched is not even made in thought where ``sign`` says that it would come out as it is.
    """
    yield from taken.remarks
    numbers = dict(taken.numbers)
    order = needs_first(taken.backlog)
    for feature in sorted(order, key=lambda one: one.uid not in taken.found):
        found = taken.found.get(feature.uid)
        made = sign(feature, taken.backlog, numbers) if sign else ""
        if made and found is None and field_of(scene.synced.get(feature.uid), "made") == made:
            continue
        if found and found.number in taken.untold and differs(found, read_last(scene.synced.get(feature.uid))):
            continue  # somebody's words may stand there
        card = show(feature, taken.backlog, numbers)
        if found is None and feature.uid not in numbers:
            number = yield Create(feature=feature.uid, card=card)
            if number is None:
                raise ValueError("the number of a new issue is missing")
            numbers[feature.uid] = number
            last = Last(issue=number, words={}, made=made)
            yield from _record(scene, feature, _agreed(feature, card, last))
            continue
        yield from _bring(scene, taken, feature, (card, made))


def _bring(scene: Scene, taken: TakenIn, feature: Feature, shown: tuple[Card, str]) -> Steps:
    card, made = shown
    uid, found = feature.uid, taken.found.get(feature.uid)
    last, number = read_last(scene.synced.get(uid)), taken.numbers[uid]
    known = last if last.issue == number else NEVER
    held = frozenset(taken.held.get(uid, ()))
    now = _seen(found, feature, known) if found else replace(known, theirs=theirs(known.theirs, feature.status))
    edit = _edit(card, now, bool(held))
    if edit != IssueEdit():
        yield Write(feature=uid, issue=number, edit=edit)
    after = replace(now, issue=number, held=held, comment=max(known.comment, taken.comments.get(uid, 0)))
    if held:
        seen = digests(read(found.title, found.body).words) if found else known.words
        agreed = replace(
            after, words=seen, labels=folded(card.labels), theirs=card.marked(after.theirs), state=card.state, made=""
        )
    else:
        agreed = _agreed(feature, card, replace(after, made=made))
    yield from _record(scene, feature, agreed, found)


def _seen(issue: Issue, feature: Feature, last: Last) -> Last:
    """Return what an issue shows now."""
    return replace(
        last,
        title=digest(issue.title),
        body=body_digest(issue.body),
        labels=folded(issue.labels - theirs(issue.labels, feature.status)),
        theirs=theirs(issue.labels, feature.status),
        state=state_now(issue),
    )


def _edit(card: Card, now: Last, held: bool) -> IssueEdit:
    """Return what has to be changed on an issue."""
    edit = IssueEdit()
    if not held and digest(card.title) != now.title:
        edit = replace(edit, title=card.title)
    if not held and body_digest(card.body) != now.body:
        edit = replace(edit, body=card.body)
    if folded(card.labels) != now.labels or card.marked(now.theirs) != now.theirs:
        edit = replace(edit, labels=card.labels | card.marked(now.theirs))
    if card.state != now.state:
        open_ = card.state == "open"
        edit = replace(edit, open=open_, state_reason="reopened" if open_ else card.state)
    return edit


def _agreed(feature: Feature, card: Card, now: Last) -> Last:
    return replace(
        now,
        words=digests(words_of(feature)),
        title=digest(card.title),
        body=body_digest(card.body),
        labels=folded(card.labels),
        theirs=card.marked(now.theirs),
        state=card.state,
    )


def _record(scene: Scene, feature: Feature, agreed: Last, issue: Issue | None = None) -> Steps:
    """Ask for a record where something else is agreed on than before."""
    record = scene.synced.get(feature.uid)
    last, seen = read_last(record), _seen_up_to(scene, issue)
    agreed = replace(agreed, proposed=scene.proposed.get(feature.uid, ""))
    heard = feature.status is Status.NEEDS_HUMAN and record is not None and seen > record.seen
    if not heard and (agreed.issue, fields(agreed)) == (last.issue, fields(last)):
        return
    yield Synced(
        id=f"{scene.run}/synced/{feature.uid}/{digest((agreed.issue, fields(agreed)))}-{scene.now}",
        at=scene.now,
        run=scene.run,
        feature=feature.uid,
        issue=agreed.issue,
        fields=fields(agreed),
        seen=seen,
    )


def _seen_up_to(scene: Scene, issue: Issue | None) -> int:
    """Return until when an issue's conversation was read; within its last second something may still have come."""
    if issue is None:
        return 0
    return issue.updated_at if scene.now - issue.updated_at >= _QUIET else issue.updated_at - 1
