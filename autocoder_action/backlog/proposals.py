"""Features that only open sessions have: shown on the board at once where people want that, and withdrawn with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from msgspec import field

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.backlog.bring_out import Steps, Write
from autocoder_action.backlog.card import digest, fields, folded, read_last
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.issue_labels import IN_REVIEW, status_label
from autocoder_action.backlog.journal import Synced
from autocoder_action.backlog.sighting import Remark, Scene
from autocoder_action.value import Value

_OURS = frozenset({IN_REVIEW, *map(status_label, Status)})
_BASES_WORD = frozenset({Status.PASSING, Status.FAILING, Status.IN_PROGRESS})
"""What counts on base alone: elsewhere such a feature is still to be done."""


class Shown(Value, frozen=True, kw_only=True):
    """What the board shows: base's features, and those that sessions propose."""

    backlog: Backlog
    proposed: Mapping[str, str] = field(default_factory=dict)
    """The uids that only a session has, each with that session's name."""

    def without(self, backlog: Backlog) -> Backlog:
        """Return a backlog without what is only proposed."""
        kept = tuple(one for one in backlog.features if one.uid not in self.proposed)
        return replace(backlog, features=kept) if self.proposed else backlog


def shown(base: Backlog, sessions: Mapping[str, Backlog], records: Mapping[str, Synced], *, at_once: bool) -> Shown:
    """Add to base what open sessions (by name, oldest first) propose.

    Unless it shall be shown at once, that is only what has an issue already, as after a change of the setting.
    """
    found = Shown(backlog=base)
    for name, backlog in sessions.items():
        fresh = [one for one in backlog.features if one.uid not in found.backlog.by_uid]
        fresh = [one for one in fresh if at_once or one.uid in records]
        if fresh:
            proposed = {**found.proposed, **dict.fromkeys((one.uid for one in fresh), name)}
            found = Shown(backlog=_joined(found.backlog, backlog, fresh), proposed=proposed)
    return found


def _joined(board: Backlog, theirs: Backlog, fresh: Sequence[Feature]) -> Backlog:
    """Add features with what they need; one whose id is taken gets the next that is free."""
    ids = {one.id: board.by_uid[one.uid].id for one in theirs.features if one.uid in board.by_uid}
    free = max(board.next_id, theirs.next_id)
    for one in fresh:
        taken = board.get(one.id) is not None
        ids[one.id] = free if taken else one.id
        free += taken
    return board.put(*(_proposed(one, ids) for one in fresh))


def _proposed(feature: Feature, ids: Mapping[int, int]) -> Feature:
    needs = tuple(sorted(ids[one] for one in feature.depends_on if one in ids))
    now = feature.replace(id=ids[feature.id], depends_on=needs)
    if feature.status not in _BASES_WORD:
        return now
    return now.replace(status=Status.PENDING, proof=None, regressed=False)


def gone(records: Mapping[str, Synced], known: Collection[str]) -> tuple[Synced, ...]:
    """Return the records of what a session proposed that was turned down; ``known`` are all uids that still exist."""
    proposed = (one for one in records.values() if any(name == "proposed" for name, _ in one.fields))
    return tuple(one for one in proposed if one.feature not in known)


def withdraw(scene: Scene, records: Sequence[Synced]) -> Steps:
    """Ask for everything that closes the issues of what was turned down, with a word why."""
    for record in records:
        last = read_last(record)
        if last.state == "open":
            key = f"gone-{digest((record.issue, last.proposed))}"
            yield Remark(issue=record.issue, key=key, about="gone", reason=last.proposed)
        issue = next((one for one in scene.issues if one.number == record.issue), None)
        before = issue.labels if issue else last.labels | last.theirs
        labels = frozenset(one for one in before if one.casefold() not in _OURS) | {status_label(Status.CANCELLED)}
        if issue is None or issue.open or labels != before:
            edit = IssueEdit(labels=labels, open=False, state_reason="not_planned")
            yield Write(feature=record.feature, issue=record.issue, edit=edit)
        after = replace(last, proposed="", labels=folded(labels) - last.theirs, state="not_planned")
        yield replace(
            record,
            id=f"{scene.run}/synced/{record.feature}/{digest(fields(after))}-{scene.now}",
            at=scene.now,
            run=scene.run,
            n=0,
            fields=fields(after),
        )
