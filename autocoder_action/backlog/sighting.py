"""What is known before features and issues are compared, and what the comparison found."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from msgspec import field

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.history import History
from autocoder_action.backlog.journal import OneFeature, Synced
from autocoder_action.value import Value


class Kin(Value, frozen=True, kw_only=True):
    """A project among the others of its repository; the usual one has no others, and no label of its own."""

    label: str = ""
    """The one that its issues bear."""
    labels: tuple[str, ...] = ()
    """Those of all projects, in the registry's order."""
    others: frozenset[str] = frozenset()
    """What the others are called in the markers of their issues."""

    def owns(self, labels: Iterable[str]) -> bool:
        """Return whether a new issue with these labels is this project's: the first that it names, else the very first.

        >>> Kin(label="project:api", labels=("project:web", "project:api")).owns(["bug"])
        False
        """
        borne = {label.casefold() for label in labels}
        named = [label for label in self.labels if label in borne]
        return not self.labels or self.label == (*named, *self.labels)[0]


class Scene(Value, frozen=True, kw_only=True):
    """Both sides, and who did what; everything that the comparison needs."""

    backlog: Backlog
    """With the journal's changes."""
    project: str
    me: str
    """The login that the program writes as."""
    synced: Mapping[str, Synced]
    """What each feature (by uid) and its issue agreed on last."""
    issues: tuple[Issue, ...]
    """Those that changed since the board was last seen whole; all of them where that is not known."""
    histories: Mapping[int, History]
    """Of those that ``in_question`` names; nothing is taken in from one without, and nothing written there."""
    writers: AbstractSet[str]
    """The people among the histories' who may write."""
    done: AbstractSet[str]
    """Ids of the changes that the journal or the backlog holds: they are not made a second time."""
    now: int
    run: str
    proposed: Mapping[str, str] = field(default_factory=dict)
    """The uids in the backlog that only an open session has, each with that session's name."""
    kin: Kin = Kin()
    prefix: str = "/autocoder"
    """What a comment that is a command begins with; it is no answer."""
    gone: AbstractSet[int] = frozenset()
    """Of the issues that ``replaced`` names, those that were deleted."""


class Remark(Value, frozen=True, kw_only=True):
    """Something to tell people on an issue, once."""

    issue: int
    key: str
    """The same for the same remark, so that it is not made again."""
    about: str
    """What was not taken: ``form``, ``words``, ``emptied``, ``status``, ``answer`` or ``new``; or ``gone``; or what
    closed the issue and is no proof: ``closed``, ``failed`` (its check was run) or ``unchecked`` (it could not be)."""
    reason: str
    detail: str = ""
    """What was seen, where that helps."""


class Verify(Value, frozen=True, kw_only=True):
    """A commit or a pull request closed the issue of a feature that does not pass: its check shall be run."""

    id: str
    feature: str
    """A uid."""
    issue: int
    closed_by: str
    """Such as ``#12`` or a commit's hash."""


class Conflict(Value, frozen=True, kw_only=True):
    """Both sides changed the same thing, or one asked for what is not possible; a rule decided."""

    feature: str
    """A uid."""
    field: str
    rule: str


class Ignored(Value, frozen=True, kw_only=True):
    """Something that was not taken in; it is counted, and not read."""

    issue: int
    by: str
    what: str


class TakenIn(Value, frozen=True, kw_only=True):
    """What people decided on the issues."""

    backlog: Backlog
    """With these decisions."""
    changes: tuple[OneFeature, ...]
    """For the journal, in this order."""
    found: Mapping[str, Issue]
    """The features' issues that were looked at, by uid."""
    numbers: Mapping[str, int]
    """All features' issues that are known, by uid."""
    held: Mapping[str, AbstractSet[str]]
    """By uid, the fields whose words on the issue cannot be taken; such an issue's title and body stay as they are."""
    comments: Mapping[str, int]
    """The newest comment that was seen, by uid."""
    remarks: tuple[Remark, ...]
    verify: tuple[Verify, ...]
    conflicts: tuple[Conflict, ...]
    ignored: tuple[Ignored, ...]
    untold: frozenset[int] = frozenset()
    """The issues in question of which the host did not tell who changed them: the next run looks at them again."""


def with_ids(scene: Scene, taken: TakenIn) -> Scene:
    """Return the scene as it is after the changes were appended to the journal."""
    done = scene.done | {change.id for change in taken.changes}
    return replace(scene, backlog=taken.backlog, done=done)
