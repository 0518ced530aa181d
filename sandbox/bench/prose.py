"""Features as a person or a model writes them, any number, the same every time."""

from collections.abc import Iterator
from itertools import product
from random import Random

from autocoder_action.backlog.draft import Draft

_ACTIONS = ("add", "edit", "delete", "search", "import", "export", "archive", "share", "sort", "filter", "print", "tag")
_THINGS = (
    "bookmark",
    "recipe",
    "bill",
    "customer",
    "date",
    "photo",
    "playlist",
    "document",
    "cost",
    "reminder",
    "project",
    "message",
    "ticket",
    "product",
    "review",
    "budget",
    "contact",
    "course",
)
_WAYS = (
    "from the list",
    "with the keyboard",
    "on a phone",
    "for a whole group",
    "without a connection",
    "as a guest",
    "by its label",
    "in the background",
    "after a mistake",
    "twice in a row",
    "with a long name",
    "in another language",
    "from the start page",
    "while it is being changed",
    "before it was saved",
)
_WHY = (
    "The list shows the change at once, and still shows it after the page was loaded again.",
    "Whoever may not do this is told why, and nothing is changed.",
    "A wrong value is refused beside its field, in words that say what would be right.",
    "The numbers at the top of the page follow without a second request.",
    "It works in the same way where the list is empty, and where it has more than one page.",
    "What was typed is kept when the connection breaks \u2013 it is sent as soon as it is back.",
    "Nothing is lost when two people do it at the same time; the second one is asked.",
)
_STEPS = (
    "Sign in as an ordinary user and open the page of the {thing}s.",
    "Choose one {thing} and {action} it {way}.",
    "See that the page answers within a second and says what was done.",
    "Load the page again: the {thing} is as it was left.",
    "Leave a required field empty: the field is marked, and nothing is sent.",
    "Sign in as a guest: the control to {action} a {thing} is not there.",
    "Do it with fifty of them, and see that the page does not freeze.",
    "Press Undo: everything is as it was before.",
)
_CATEGORIES = ("functional", "style", "accessibility", "errors", "speed")


def drafts(count: int, *, needs: int = 5) -> Iterator[Draft]:
    """Write features, each of which depends on some that come before it."""
    chance = Random(2_026)  # noqa: S311  # the same text in every run is what is wanted
    names: list[str] = []
    for number in range(count):
        action, thing, way = _subject(number)
        again = f", part {number // _ALL + 1}" if number >= _ALL else ""
        names.append(f"{action.capitalize()} a {thing} {way}{again}")
        steps = chance.sample(_STEPS, chance.randint(3, 6))
        yield Draft(
            name=names[-1],
            category=chance.choice(_CATEGORIES),
            description=f"A user can {action} a {thing} {way}. {' '.join(chance.sample(_WHY, chance.randint(1, 3)))}",
            steps=tuple(step.format(action=action, thing=thing, way=way) for step in steps),
            depends_on=tuple(chance.sample(names[:-1], min(needs, number))),
            check=f"npm test -- {action}-{thing}",
            priority=number // 25,
        )


_SUBJECTS = tuple(product(_THINGS, _ACTIONS, _WAYS))
_ALL = len(_SUBJECTS)


def _subject(number: int) -> tuple[str, str, str]:
    """Return what a feature is about; no two of the first few thousand are about the same."""
    thing, action, way = _SUBJECTS[number * 7 % _ALL]
    return action, thing, way
