"""What people ask for by closing, reopening and relabelling a feature's issue."""

from collections.abc import Iterator
from typing import TypedDict

from autocoder_action.backlog.actions import TABLE, Action
from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.card import Last, digest, state_now, state_of
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.fold_change import meaning_of
from autocoder_action.backlog.history import Act
from autocoder_action.backlog.issue_labels import (
    SKIP,
    categories,
    category_label,
    priority_wished,
    status_label,
    statuses,
)
from autocoder_action.backlog.journal import (
    Accepted,
    Cancelled,
    Edited,
    OneFeature,
    Regressed,
    Reopened,
    Retried,
    Skipped,
)
from autocoder_action.backlog.sighting import Scene
from autocoder_action.value import Value


class _Head(TypedDict):
    id: str
    at: int
    run: str
    feature: str
    by: str


class Wish(Value, frozen=True, kw_only=True):
    """One thing that somebody asks for."""

    what: str
    """In a word or two, for people."""
    label: str = ""
    """The label by which it is asked for."""
    status: Status | None = None
    category: str | None = None
    priority: int | None = None

    @property
    def field(self) -> str:
        """Return the field that is to change."""
        if self.category is not None:
            return "category"
        return "status" if self.priority is None else "priority"

    def both(self, before: Feature, last: Last) -> bool:
        """Return whether the backlog's side has changed it, too, since both sides agreed last."""
        shown = {"category": category_label(before.category), "status": status_label(before.status)}
        if self.field == "priority":
            return last.words.get("priority") not in {None, digest(before.priority)}
        return bool(last.labels) and shown[self.field].casefold() not in last.labels

    def change(self, feature: Feature, number: int, act: Act, scene: Scene) -> OneFeature | None:
        """Return the journal's change that fulfils the wish; None where nobody can ask for that."""
        name = f"board/{number}/{self.label or 'turn'}/{act.at}"
        head = _Head(id=name, at=scene.now, run=scene.run, feature=feature.uid, by=act.by)
        if self.category is not None or self.priority is not None:
            return Edited(**head, category=self.category, priority=self.priority)
        return _status_change(feature, self.status, head)


def _status_change(feature: Feature, status: Status | None, head: _Head) -> OneFeature | None:
    match status:
        case Status.PASSING:
            return Accepted(**head, meaning=meaning_of(feature))
        case Status.CANCELLED:
            return Cancelled(**head)
        case Status.SKIPPED:
            return Skipped(**head, why="external", reason=f"{head['by']} asked for it.")
        case Status.FAILING:
            return Regressed(**head, evidence=f"{head['by']} says that it does not work.")
        case Status.PENDING:
            kind = Reopened if feature.status in TABLE[Action.REOPEN] else Retried
            return kind(**head)
        case _:
            return None


_BY_STATE = {"completed": Status.PASSING, "not_planned": Status.CANCELLED, "open": Status.PENDING}


def status_wish(feature: Feature, issue: Issue, last: Last) -> Wish | None:
    """Return what closing or reopening asks for; None where it says what the backlog says, or nothing new."""
    now = state_now(issue)
    if now in {last.state, state_of(feature)}:
        return None
    return Wish(what="reopening" if issue.open else "closing", status=_BY_STATE[now])


def label_wishes(feature: Feature, issue: Issue, last: Last, backlog: Backlog) -> Iterator[Wish]:
    """Return what labels ask for that were put on or taken off since both sides agreed last."""
    new = sorted(label for label in issue.labels if label.casefold() not in last.labels)
    known = {one.category for one in backlog.features}
    named = {label: one for label, one in categories(new, known).items() if one != feature.category}
    for label, category in list(named.items())[:1]:
        yield Wish(what="the category", label=label, category=category)
    wished = {priority_wished([label]): label for label in reversed(new)}
    lowest = priority_wished(new)
    if lowest is not None and lowest != feature.priority:
        yield Wish(what="the priority", label=wished[lowest], priority=lowest)
    if wish := _skip(feature, issue, last):
        yield wish
    asked = {label: status for label, status in statuses(new).items() if status is not feature.status}
    if len(asked) == 1:
        label, status = next(iter(asked.items()))
        yield Wish(what=f"the status {status.value.replace('_', ' ')}", label=label, status=status)


def _skip(feature: Feature, issue: Issue, last: Last) -> Wish | None:
    now = next((label for label in issue.labels if label.casefold() == SKIP), None)
    before = next((label for label in last.theirs if label.casefold() == SKIP), None)
    if now and not before and feature.status is not Status.SKIPPED:
        return Wish(what="the sign to skip", label=now, status=Status.SKIPPED)
    if before and not now and feature.status is Status.SKIPPED:
        return Wish(what="taking off the sign to skip", label=before, status=Status.PENDING)
    return None
