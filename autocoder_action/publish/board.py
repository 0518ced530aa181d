"""What the issues shall show, and which writes bring them there."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.ports import IssueEdit
from autocoder_action.publish.effects import CreateIssue, EditIssue
from autocoder_action.publish.outgoing import cut, quiet
from autocoder_action.publish.wording import NAME, proof_words, say

_MARKER = re.compile(r"\A<!-- autocoder:(?:feature (\S+)|tracking) project=(\S+) -->")
_OURS = re.compile(rf"^({NAME}(:|$)|category:)")
_TITLE_LIMIT = 256
_LABEL_LIMIT = 50


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What one issue shall show."""

    about: str | None
    """A feature's uid; None for the tracking issue."""
    title: str
    body: str
    labels: frozenset[str]
    open: bool = True
    state_reason: str | None = None

    @property
    def digest(self) -> str:
        """Return a hash of everything that is shown."""
        content = [self.title, self.body, sorted(self.labels), self.open, self.state_reason]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which project on which host."""

    project: str
    run_link: str
    """The address of a run, without its number."""


def recognise(issues: Sequence[Issue], project: str, me: str) -> Mapping[str | None, Issue]:
    """Return our issues by what they are about: a feature's uid, or None for the tracking issue.

    Ours are those that carry our marker *and* that we wrote; the oldest one counts.
    """
    found: dict[str | None, Issue] = {}
    for issue in sorted(issues, key=lambda one: one.number):
        marker = _MARKER.match(issue.body)
        if marker and marker[2] == project and issue.author == me:
            found.setdefault(marker[1], issue)
    return found


def in_order(backlog: Backlog) -> list[Feature]:
    """Return the features so that each comes after what it depends on, to link what exists already."""
    by_id = {one.id: one for one in backlog.features}
    order = TopologicalSorter({one.id: one.depends_on for one in backlog.features}).static_order()
    return [by_id[one] for one in order]


def show_feature(feature: Feature, backlog: Backlog, numbers: Mapping[str, int], place: Place) -> Shown:
    """Say what a feature's issue shall show; ``numbers`` maps uids to the issues that exist."""
    words = {
        "feature": feature,
        "project": place.project,
        "passing": feature.status is Status.PASSING,
        "status": "built, unproved" if feature.built else feature.status.value.replace("_", " "),
        "depends_on": [_reference(backlog, one, numbers) for one in feature.depends_on],
        "proof": proof_words(feature.proof, place.run_link),
    }
    status = feature.status.value.replace("_", "-")
    labels = {NAME, f"{NAME}:{status}", f"category:{' '.join(feature.category.split())}"[:_LABEL_LIMIT].strip()}
    done = feature.status is Status.PASSING
    cancelled = feature.status is Status.CANCELLED
    return Shown(
        about=feature.uid,
        title=f"{feature.code} {quiet(feature.name)}"[:_TITLE_LIMIT],
        body=cut(say("feature", words)),
        labels=frozenset(labels),
        open=not (done or cancelled),
        state_reason="completed" if done else "not_planned" if cancelled else None,
    )


def _reference(backlog: Backlog, feature_id: int, numbers: Mapping[str, int]) -> str:
    feature = backlog.get(feature_id)
    number = numbers.get(feature.uid) if feature else None
    return f"F{feature_id} (#{number})" if number else f"F{feature_id}"


def bring(shown: Shown, issue: Issue | None, last: str | None) -> CreateIssue | EditIssue | None:
    """Say what brings an issue to what it shall show; nothing where it was last written so.

    ``last`` is the digest of what was last written. Labels that are not ours are left alone.
    """
    if issue is None:
        return CreateIssue(
            about=shown.about, title=shown.title, body=shown.body, labels=shown.labels, digest=shown.digest
        )
    if last == shown.digest:
        return None
    theirs = frozenset(label for label in issue.labels if not _OURS.match(label))
    wanted = IssueEdit(
        title=shown.title if shown.title != issue.title else None,
        body=shown.body if shown.body != issue.body else None,
        labels=shown.labels | theirs if shown.labels | theirs != issue.labels else None,
    )
    if shown.open != issue.open:
        reason = shown.state_reason if not shown.open else "reopened"
        wanted = replace(wanted, open=shown.open, state_reason=reason)
    return EditIssue(about=shown.about, number=issue.number, edit=wanted, digest=shown.digest)


def labels_of(shown: Sequence[Shown]) -> Mapping[str, tuple[str, str]]:
    """Return the labels that issues need, each with its colour and description."""
    return {name: _look(name) for name in sorted({label for one in shown for label in one.labels})}


_COLOURS = {
    "pending": "d4d4d4",
    "in-progress": "fbca04",
    "passing": "0e8a16",
    "failing": "d93f0b",
    "skipped": "c5def5",
    "needs-human": "e99695",
    "cancelled": "6a737d",
}


def _look(label: str) -> tuple[str, str]:
    kind, _, rest = label.partition(":")
    if kind == "category":
        return "bfdadc", f"Features of the category {rest}"[:100]
    if not rest:
        return "5319e7", "Kept in step with features.db by autocoder"
    return _COLOURS.get(rest, "ededed"), f"The feature is {rest.replace('-', ' ')}"
