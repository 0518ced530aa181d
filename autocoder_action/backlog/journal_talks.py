"""The journal's changes about proposals: features that a reply offers, and what became of them."""

from typing import Literal

from autocoder_action.backlog.journal_base import Record
from autocoder_action.value import Value


class Offer(Value, frozen=True, kw_only=True):
    """A feature that was proposed, whole; the reply shows its name and the beginning of its description."""

    uid: str
    name: str
    description: str
    steps: tuple[str, ...]
    category: str = "general"
    needs: tuple[str, ...] = ()
    """Uids, of the backlog or of other offers."""
    check: str | None = None


class Proposed(Record, frozen=True, kw_only=True):
    """New features were proposed in a reply; what a writer ticks there is created."""

    kind: Literal["proposed"] = "proposed"
    comment: int
    """Our reply, which shows the list."""
    node: str
    """The same, as GraphQL calls it."""
    offers: tuple[Offer, ...]


class Chosen(Record, frozen=True, kw_only=True):
    """A proposal was used, and is closed."""

    kind: Literal["chosen"] = "chosen"
    comment: int
    features: tuple[str, ...]
    """Uids of the offers that were created."""
