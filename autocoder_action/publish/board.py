"""What the issues shall show, and which writes bring them there."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import field

from autocoder_action.backlog.board import Issue, IssueEdit
from autocoder_action.backlog.card import Card, state_of
from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, Status
from autocoder_action.backlog.issue_facts import write_facts
from autocoder_action.backlog.issue_labels import ADOPT, IN_REVIEW, PAUSED, SKIP, project_label, status_label
from autocoder_action.backlog.issue_labels import labels_of as feature_labels
from autocoder_action.backlog.text import block
from autocoder_action.intake.commands import PREFIX
from autocoder_action.publish.issue_body import write_body, write_title
from autocoder_action.publish.outgoing import called
from autocoder_action.publish.wording import NAME, proof_words, say
from autocoder_action.value import Value

_MARKER = re.compile(r"\A<!-- autocoder:tracking project=(\S+) -->")


class Shown(Value, frozen=True, kw_only=True):
    """What the tracking issue shall show."""

    title: str
    body: str
    labels: frozenset[str]

    @property
    def digest(self) -> str:
        """Return a hash of everything that is shown."""
        content = [self.title, self.body, sorted(self.labels)]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


class Place(Value, frozen=True, kw_only=True):
    """Which project on which host."""

    project: str
    run_link: str
    """The address of a run, without its number."""
    name: str = ""
    """The project's name among several of one repository; empty where it is the only one."""
    prefix: str = PREFIX
    """What a command begins with."""
    commits: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The addresses of commits on base, by the feature (as ``F12``) and the session that they are of."""

    @property
    def mark(self) -> str:
        """Return the label of the project's issues; empty where it is the only one."""
        return project_label(self.name) if self.name else ""


class Review(Value, frozen=True, kw_only=True):
    """What an open pull request says of a feature that base does not."""

    pull: int
    passes: bool
    """It passes there."""
    proposes: bool = False
    """Base does not have it at all."""


def tracking_issue(issues: Sequence[Issue], project: str, me: str) -> Issue | None:
    """Return the project's tracking issue: the oldest that carries its marker *and* that we wrote."""
    for issue in sorted(issues, key=lambda one: one.number):
        marker = _MARKER.match(issue.body)
        if marker and marker[1] == project and issue.author == me:
            return issue
    return None


def show_feature(
    feature: Feature, backlog: Backlog, numbers: Mapping[str, int], place: Place, review: Review | None = None
) -> Card:
    """Say what a feature's issue shall show; ``numbers`` maps uids to the issues that exist.

    ``review`` is there as long as an open pull request knows more of the feature than base.
    """
    words = {
        "feature": feature,
        "status": "built, unproved" if feature.built else feature.status.value.replace("_", " "),
        "depends_on": [_reference(backlog, one, numbers) for one in feature.depends_on],
        "proof": proof_words(feature.proof, place.run_link, place.commits.get((feature.code, _session(feature)), "")),
        "review": review,
    }
    facts = write_facts(feature, backlog)
    return Card(
        title=write_title(feature),
        body=write_body(feature, project=place.project, state=called(say("feature", words), place.prefix), facts=facts),
        labels=feature_labels(feature, in_review=review is not None and review.passes),
        state=state_of(feature),
        mark=place.mark,
    )


def _session(feature: Feature) -> str:
    return feature.proof.session if isinstance(feature.proof, CheckProof) else ""


def _reference(backlog: Backlog, feature_id: int, numbers: Mapping[str, int]) -> str:
    feature = backlog.get(feature_id)
    number = numbers.get(feature.uid) if feature else None
    return f"F{feature_id} (#{number})" if number else f"F{feature_id}"


def bring(shown: Shown, issue: Issue) -> IssueEdit:
    """Say what brings the tracking issue to what it shall show; labels that are not ours are left alone."""
    theirs = frozenset(label for label in issue.labels if label.casefold() not in {NAME, PAUSED})
    return IssueEdit(
        title=shown.title if shown.title != issue.title else None,
        body=shown.body if block(shown.body) != block(issue.body) else None,
        labels=shown.labels | theirs if shown.labels | theirs != issue.labels else None,
        open=None if issue.open else True,
        state_reason=None if issue.open else "reopened",
    )


def looks(labels: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Return the labels that issues need, and those that people may set, each with its colour and description."""
    signs = {NAME, ADOPT, SKIP, PAUSED, IN_REVIEW, *map(status_label, Status)}
    return {name: _look(name) for name in sorted({*labels, *signs})}


_COLOURS = {
    "pending": "d4d4d4",
    "in-progress": "fbca04",
    "passing": "0e8a16",
    "failing": "d93f0b",
    "skipped": "c5def5",
    "needs-human": "e99695",
    "cancelled": "6a737d",
    "in-review": "1d76db",
    "feature": "5319e7",
    "skip": "c5def5",
    "paused": "fbca04",
}
_MEANINGS = {
    "feature": "Put it on an issue to make a feature of it",
    "skip": "Put it on a feature to leave it out; take it off to have it tried again",
    "paused": "On the tracking issue: no session begins but those that talk",
    "in-review": "The feature passes in a pull request that waits for review",
}


def _look(label: str) -> tuple[str, str]:
    kind, _, rest = label.partition(":")
    if kind == "category":
        return "bfdadc", f"Features of the category {rest}"[:100]
    if kind == "priority":
        return "fef2c0", f"Priority {rest}: lower numbers come first; edit the label or the issue's text"
    if kind == "project":
        return "0052cc", f"Issues of the project {rest}"
    if not rest:
        return "5319e7", "Kept in step with features.db by autocoder"
    return _COLOURS.get(rest, "ededed"), _MEANINGS.get(rest, f"The feature is {rest.replace('-', ' ')}")
