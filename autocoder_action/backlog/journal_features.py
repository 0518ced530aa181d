"""The journal's changes of features: what people and runs decide outside a merge.

Each names its feature by uid, since ids can change when branches are merged.
"""

from typing import Literal

from autocoder_action.backlog.journal_base import Amount, Record


class _OfFeature(Record, frozen=True, kw_only=True):
    """A change of one feature."""

    feature: str
    """A uid."""
    by: str | None = None
    """The login of the person who decided it; None where the program did."""


class Added(_OfFeature, frozen=True, kw_only=True):
    """A feature was added; where its uid exists already, it takes over these words."""

    kind: Literal["added"] = "added"
    name: str
    description: str
    steps: tuple[str, ...]
    category: str = "general"
    priority: int | None = None
    """None puts it behind all others."""
    needs: tuple[str, ...] = ()
    """Uids of what it depends on."""
    check: str | None = None


class Edited(_OfFeature, frozen=True, kw_only=True):
    """A feature got other words or another priority; None leaves a value as it is."""

    kind: Literal["edited"] = "edited"
    name: str | None = None
    category: str | None = None
    description: str | None = None
    steps: tuple[str, ...] | None = None
    priority: int | None = None
    check: str | None = None


class Rewired(_OfFeature, frozen=True, kw_only=True):
    """A feature depends on these from now on, and on nothing else."""

    kind: Literal["rewired"] = "rewired"
    needs: tuple[str, ...]
    """Uids."""


class Cancelled(_OfFeature, frozen=True, kw_only=True):
    """A feature was taken out of the plan."""

    kind: Literal["cancelled"] = "cancelled"


class Skipped(_OfFeature, frozen=True, kw_only=True):
    """A feature is left out until somebody has it tried again."""

    kind: Literal["skipped"] = "skipped"
    why: Literal["external", "environment"]
    reason: str


class Asked(_OfFeature, frozen=True, kw_only=True):
    """A feature waits for a person's answer."""

    kind: Literal["asked"] = "asked"
    question: str


class Told(_OfFeature, frozen=True, kw_only=True):
    """A person answered a feature's question: the answer joins its description, and it is tried again."""

    kind: Literal["told"] = "told"
    answer: str


class Retried(_OfFeature, frozen=True, kw_only=True):
    """A feature is tried again as if nobody had tried."""

    kind: Literal["retried"] = "retried"


class Reopened(_OfFeature, frozen=True, kw_only=True):
    """A feature that was done, cancelled or waiting is built again."""

    kind: Literal["reopened"] = "reopened"


class Regressed(_OfFeature, frozen=True, kw_only=True):
    """A feature that passed was seen to fail."""

    kind: Literal["regressed"] = "regressed"
    evidence: str


class Noted(_OfFeature, frozen=True, kw_only=True):
    """What went wrong on a feature that does not pass was noted; nothing else changes."""

    kind: Literal["noted"] = "noted"
    error: str


class Checked(_OfFeature, frozen=True, kw_only=True):
    """Trusted code ran the check that base holds of a feature, on base as it was."""

    kind: Literal["checked"] = "checked"
    command: str
    exit_code: int | None
    """None where the time was over before the command ended."""
    duration_ms: Amount
    tree: str
    """Git's hash of the checked tree without features.db and FEATURES.md."""
    evidence: str
    """The end of the output."""
    meaning: str | None = None
    """The digest of the feature's words at that time (``meaning_of``); None is about whatever it says."""


class Accepted(_OfFeature, frozen=True, kw_only=True):
    """A person says that a feature works."""

    kind: Literal["accepted"] = "accepted"
    meaning: str | None = None
    """The digest of the words that the person accepted (``meaning_of``); None accepts whatever it says."""
