"""What commands do to the backlog and to the project: changes of the journal, and what is said of them.

A command is done as a whole or not at all, and doing it twice is doing it once: its changes are named after the
comment that holds it, and its place there.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from autocoder_action.backlog.actions import TABLE, Action
from autocoder_action.backlog.draft import slug
from autocoder_action.backlog.feature import Feature, Status
from autocoder_action.backlog.fold_change import meaning_of
from autocoder_action.backlog.journal import (
    Accepted,
    Added,
    Cancelled,
    Edited,
    OneFeature,
    Paused,
    Reopened,
    Resumed,
    Retried,
    Rewired,
    Skipped,
)
from autocoder_action.intake.arguments import Arguments
from autocoder_action.intake.commands import Command
from autocoder_action.plan.deed import Deed, Head, Place, Said, find, for_each, head, make_all, refused
from autocoder_action.plan.told_words import read_words

__all__ = ["Deed", "Place", "Said", "do", "find", "knows"]


def do(command: Command, place: Place) -> Deed:
    """Do one command; raise KeyError for one that is none of the backlog's."""
    return _DOERS[command.name](command.arguments, place)


def knows(command: Command) -> bool:
    """Return whether a command is done here."""
    return command.name in _DOERS


def _cancel(feature: Feature, name: str, head: Head) -> OneFeature:
    return Cancelled(id=name, feature=feature.uid, **head)


def _accept(feature: Feature, name: str, head: Head) -> OneFeature:
    return Accepted(id=name, feature=feature.uid, meaning=meaning_of(feature), **head)


def _retry(feature: Feature, name: str, head: Head) -> OneFeature:
    kind = Reopened if feature.status in TABLE[Action.REOPEN] else Retried
    return kind(id=name, feature=feature.uid, **head)


def _remove(arguments: Arguments, place: Place) -> Deed:
    """Cancel features, and name those that depend on them."""
    deed = for_each(_cancel, "removed", arguments, place)
    gone = {one.feature.id for one in deed.said if one.feature}
    left = [one for one in deed.backlog.features if gone & set(one.depends_on) and one.status is not Status.CANCELLED]
    if deed.refused or not left:
        return deed
    named = ", ".join(f"{one.code} {one.name}" for one in left[:20])
    return replace(deed, said=(*deed.said, Said(about="dependents", words=named)))


def _skip(arguments: Arguments, place: Place) -> Deed:
    def change(feature: Feature, name: str, head: Head) -> OneFeature:
        return Skipped(id=name, feature=feature.uid, why="external", reason=arguments.text, **head)

    return for_each(change, "skipped", arguments, place)


def _add(arguments: Arguments, place: Place) -> Deed:
    words, uid = read_words(arguments.body), slug(arguments.text)
    name = f"{place.name}/0"
    known = place.backlog.by_uid.get(uid)
    if known and name not in place.done:
        return refused(place, "There is a feature of that name already; `edit` changes it.", known)
    needs = [find(one, place.backlog, place.numbers) for one in words.needs]
    if missing := next((one for one in needs if isinstance(one, str)), None):
        return refused(place, missing)
    added = Added(
        id=name,
        feature=uid,
        name=arguments.text,
        description=words.description or arguments.text,
        steps=words.steps or ("It works as described.",),
        category=words.category or "general",
        priority=words.priority,
        needs=tuple(one.uid for one in needs if isinstance(one, Feature)),
        check=words.check,
        **head(place),
    )
    return make_all(place, "added", [added])


def _edit(arguments: Arguments, place: Place) -> Deed:
    words = read_words(arguments.body)

    def change(feature: Feature, name: str, head: Head) -> OneFeature:
        return Edited(
            id=name,
            feature=feature.uid,
            name=arguments.text or None,
            description=words.description or None,
            steps=words.steps or None,
            category=words.category,
            priority=words.priority,
            check=words.check,
            **head,
        )

    deed = for_each(change, "edited", replace(arguments, text=""), place)
    if deed.refused or not words.needs:
        return deed
    wired = _depend(replace(arguments, others=words.needs), replace(place, backlog=deed.backlog))
    return wired if wired.refused else replace(wired, changes=(*deed.changes, *wired.changes), said=deed.said)


def _depend(arguments: Arguments, place: Place) -> Deed:
    needs = [find(one, place.backlog, place.numbers) for one in arguments.others]
    if missing := next((one for one in needs if isinstance(one, str)), None):
        return refused(place, missing)
    known = [one for one in needs if isinstance(one, Feature)]

    def change(feature: Feature, name: str, head: Head) -> OneFeature:
        return Rewired(id=f"{name}/needs", feature=feature.uid, needs=tuple(one.uid for one in known), **head)

    return for_each(change, "rewired", replace(arguments, text=", ".join(one.code for one in known)), place)


def _prioritize(arguments: Arguments, place: Place) -> Deed:
    """Give a feature a priority; whoever shares the very first place gives way by one."""
    feature = find(arguments.references[0], place.backlog, place.numbers)
    if isinstance(feature, str):
        return refused(place, feature)
    others = [one for one in place.backlog.features if one.id != feature.id and _waits(one)]
    first = min((one.priority for one in others), default=1)
    top = arguments.word in {None, "top"}
    priority = max(0, first - 1) if top else int(arguments.word or 0)
    wanted = {feature.uid: priority} | ({one.uid: 1 for one in others if one.priority == 0} if top else {})
    changes: list[OneFeature] = [
        Edited(id=f"{place.name}/{count}", feature=uid, priority=number, **head(place))
        for count, (uid, number) in enumerate(wanted.items())
    ]
    return make_all(place, "prioritized", changes)


def _waits(feature: Feature) -> bool:
    return feature.status not in {Status.PASSING, Status.CANCELLED}


def _pause(arguments: Arguments, place: Place) -> Deed:
    reason = arguments.text or f"{place.by} paused it; `/autocoder resume` goes on."
    change = Paused(id=place.name, reason=reason, **head(place))
    fresh = () if place.name in place.done else (change,)
    return Deed(backlog=place.backlog, changes=fresh, said=(Said(about="paused", words=arguments.text),))


def _resume(_arguments: Arguments, place: Place) -> Deed:
    if not place.paused and place.name not in place.done:
        return refused(place, "The project is not paused.")
    fresh = () if place.name in place.done else (Resumed(id=place.name, **head(place)),)
    return Deed(backlog=place.backlog, changes=fresh, said=(Said(about="resumed"),))


def _forget(_arguments: Arguments, place: Place) -> Deed:
    """Begin a new talk: the comment itself is the mark, and nothing has to be written down."""
    return Deed(backlog=place.backlog, said=(Said(about="forgotten"),))


_DOERS: Mapping[str, Callable[[Arguments, Place], Deed]] = {
    "add": _add,
    "edit": _edit,
    "remove": _remove,
    "depends": _depend,
    "prioritize": _prioritize,
    "skip": _skip,
    "retry": partial(for_each, _retry, "retried"),
    "accept": partial(for_each, _accept, "accepted"),
    "pause": _pause,
    "resume": _resume,
    "new-chat": _forget,
}
