"""One command's place, and what it came to; the changes of one command are made together or not at all."""

from collections.abc import Callable, Mapping
from typing import TypedDict

from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.fold_change import make
from autocoder_action.backlog.journal import Change, OneFeature
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.intake.arguments import Arguments, Reference
from autocoder_action.value import Value


class Head(TypedDict):
    """What every change of a command begins with."""

    at: int
    run: str
    by: str


class Place(Value, frozen=True, kw_only=True):
    """Where a command stands, who gave it, and what there was before it."""

    name: str
    """The beginning of the changes' ids: the same for the same command of the same comment."""
    by: str
    at: int
    run: str
    backlog: Backlog
    numbers: Mapping[int, str]
    """The uids of features, by the number of their issue."""
    done: frozenset[str]
    """Ids of the changes that the journal holds already."""
    paused: bool


class Said(Value, frozen=True, kw_only=True):
    """One thing to tell about a command; ``about`` is the name of its wording."""

    about: str
    feature: Feature | None = None
    words: str = ""


class Deed(Value, frozen=True, kw_only=True):
    """What a command came to."""

    backlog: Backlog
    changes: tuple[Change, ...] = ()
    said: tuple[Said, ...] = ()
    refused: bool = False
    """Whether nothing was done, for a reason that is said."""


def find(reference: Reference, backlog: Backlog, numbers: Mapping[int, str]) -> Feature | str:
    """Return the feature that somebody names, or a sentence that says why there is none."""
    if reference.kind == "feature":
        return backlog.get(reference.number) or f"There is no feature {reference}."
    found = backlog.by_uid.get(numbers.get(reference.number, ""))
    return found or f"{reference} is no feature's issue."


def refused(place: Place, words: str, feature: Feature | None = None) -> Deed:
    """Say why nothing was done."""
    return Deed(backlog=place.backlog, said=(Said(about="refused", feature=feature, words=words),), refused=True)


def head(place: Place) -> Head:
    """Return what every change of a command begins with."""
    return Head(at=place.at, run=place.run, by=place.by)


def make_all(place: Place, about: str, wanted: list[OneFeature], words: str = "") -> Deed:
    """Make changes one after the other, all of them or none."""
    backlog, said = place.backlog, []
    for change in wanted:
        if change.id not in place.done:
            after = make(backlog, change)
            if not isinstance(after, Backlog):
                why = str(after) if isinstance(after, Refusal) else f"Not yet: {after.reason}."
                return refused(place, why.strip())
            backlog = after
        said.append(Said(about=about, feature=backlog.by_uid.get(change.feature), words=words))
    fresh = tuple(one for one in wanted if one.id not in place.done)
    return Deed(backlog=backlog, changes=fresh, said=tuple(said))


def for_each(
    change: Callable[[Feature, str, Head], OneFeature], about: str, arguments: Arguments, place: Place
) -> Deed:
    """Make the same kind of change for every feature that is named."""
    wanted: list[OneFeature] = []
    for count, reference in enumerate(arguments.references):
        feature = find(reference, place.backlog, place.numbers)
        if isinstance(feature, str):
            return refused(place, feature)
        wanted.append(change(feature, f"{place.name}/{count}", head(place)))
    return make_all(place, about, wanted, arguments.text)
