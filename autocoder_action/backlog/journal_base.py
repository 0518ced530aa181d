"""What every line of the journal has, also one that a later version wrote."""

from typing import Annotated

from msgspec import Meta

from autocoder_action.value import Value

Amount = Annotated[int, Meta(ge=0)]
"""A number that cannot be negative: whoever can rewrite the journal must not earn money with it."""


class Record(Value, frozen=True, kw_only=True):
    """What every change has."""

    id: str
    """The operation's own name, unique for ever: applying it twice is applying it once."""
    at: int
    """Seconds since the epoch, UTC."""
    run: str
    """The workflow run that wrote it, as ``<run id>-<attempt>``."""
    n: int = 0
    """The place in the order, given when the change is appended."""
    more: str = ""
    """Fields that this version does not know, as a JSON object; they are written back with the rest."""


class Unknown(Record, frozen=True, kw_only=True):
    """A change of a kind that this version does not know; it is kept, and means nothing here."""

    kind: str
    raw: str
    """The line as it was read, without its end."""
