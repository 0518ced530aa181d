"""The commands that change features one at a time: add, edit, remove."""

import time
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.actions import TABLE, Action
from autocoder_action.backlog.creation import Edit
from autocoder_action.backlog.draft import Draft, slug
from autocoder_action.backlog.feature import Backlog, Feature, PersonProof, Status
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.backlog.text import text_problems
from autocoder_action.cli.parser import chosen
from autocoder_action.cli.project import Project
from autocoder_action.cli.say import complain, say
from autocoder_action.cli.texts import find, reference

_LOGIN = 60
"""The most characters of a person's name."""
_OPTIONS: Mapping[str, str] = {
    Action.ACCEPT: "`edit --accept LOGIN`",
    Action.RETRY: "`edit --reopen`",
    Action.REOPEN: "`edit --reopen`",
    Action.CANCEL: "`remove`",
}
"""How a person has what may happen to a feature happen."""
_WHICH = frozenset({"command", "verb", "project", "id"})
"""The arguments of an edit that do not say what to change."""


def refused(refusal: Refusal) -> int:
    """Say why nothing was changed; return the exit code for it."""
    complain(str(refusal.told(_OPTIONS)))
    return 1


def add(options: Namespace) -> int:
    """Add one feature, and say its id; one that exists is not changed by it."""
    if blank := next(_blank(options), None):
        return refused(blank)
    needs = chosen(options, "depends_on") or ()
    draft = Draft(
        name=options.name,
        description=options.description,
        steps=chosen(options, "step") or (),
        category=options.category,
        priority=options.priority,
        check=options.check,
        uid=options.uid,
    )
    project = Project(options.project)
    with project.changing() as held:
        if known := held.backlog.by_uid.get(draft.uid or slug(draft.name)):
            return refused(
                Refusal(
                    (f"{known.code} is {known.uid} already.",),
                    f"Change it with `{project.command(f'edit {known.code}')}`, or give another --uid.",
                )
            )
        draft = replace(draft, depends_on=tuple(reference(held.backlog, need) for need in needs))
        created = creation.create(held.backlog, [draft], now=int(time.time()))
        if isinstance(created, Refusal):
            return refused(_without_place(created, draft.name))
        held.save(created.backlog)
        added = created.backlog.get(created.ids[0])
        say(f"{added.code} {added.uid}" if added else "")
    return 0


def _blank(options: Namespace) -> Iterator[Refusal]:
    """Refuse to take for unsaid what was said to be nothing: a variable of a shell is easily empty."""
    if options.check is not None and not options.check.strip():
        yield Refusal(("check is empty.",), "Leave --check out where there is none yet, or give a command.")
    if options.uid is not None and not options.uid.strip():
        yield Refusal(("uid is empty.",), "Leave --uid out to have it made from the name, or give one.")


def _without_place(refusal: Refusal, name: str) -> Refusal:
    """Leave out which of the call's features is meant: there is only one."""
    places = ("features[0]: ", f"features[0] ({name}): ")
    problems = (text.removeprefix(places[0]).removeprefix(places[1]) for text in refusal.problems)
    return Refusal(tuple(problems), refusal.remedy)


def edit(options: Namespace) -> int:
    """Change what was given of one feature, all of it or nothing."""
    if not any(value is not None and value is not False for name, value in vars(options).items() if name not in _WHICH):
        complain("edit takes at least one option that says what to change. See: autocoder features edit --help")
        return 2
    with Project(options.project).changing() as held:
        feature = find(held.backlog, options.id)
        if isinstance(feature, Refusal):
            return refused(feature)
        after = _edited(held.backlog, feature, options)
        if isinstance(after, Refusal):
            return refused(after)
        changed = after != held.backlog
        held.save(after)
        say(f"{feature.code} {'is changed' if changed else 'says that already'}.")
    return 0


def _edited(backlog: Backlog, feature: Feature, options: Namespace) -> Backlog | Refusal:
    if options.check and not options.check.strip():
        return Refusal(("check is blank.",), "Give a command, or '' to take the check away.")
    now = int(time.time())
    after: Backlog | Refusal = backlog
    if options.reopen:
        again = transitions.retry if feature.status in TABLE[Action.RETRY] else transitions.reopen
        after = again(backlog, feature.id, now=now)
    words = Edit(
        name=options.name,
        category=options.category,
        description=options.description,
        steps=chosen(options, "step"),
        priority=options.priority,
        check=options.check,
    )
    if not isinstance(after, Refusal) and words != Edit():
        after = creation.update(after, feature.id, words, now=now)
    needs = () if options.depends_on_nothing else chosen(options, "depends_on")
    if not isinstance(after, Refusal) and needs is not None:
        named = [reference(backlog, need) for need in needs]
        after = creation.set_dependencies(after, feature.id, named, now=now)
    if not isinstance(after, Refusal) and options.accept is not None:
        after = _accepted(after, feature.id, PersonProof(login=options.accept, at=now))
    return after


def _accepted(backlog: Backlog, feature_id: int, proof: PersonProof) -> Backlog | Refusal:
    if wrong := list(text_problems("login", proof.login, _LOGIN)):
        return Refusal((f"{'; '.join(wrong)}.",), "Give the person's name on GitHub.")
    return transitions.accept(backlog, feature_id, proof)


def remove(options: Namespace) -> int:
    """Cancel features, all of them or none, and name those that now wait for something that never comes."""
    with Project(options.project).changing() as held:
        named = [find(held.backlog, text) for text in options.ids]
        ids = dict.fromkeys(one.id for one in named if not isinstance(one, Refusal))
        after = next((one for one in named if isinstance(one, Refusal)), None) or _cancelled(held.backlog, ids)
        if isinstance(after, Refusal):
            return refused(after)
        held.save(after)
    gone = {one.id for one in after.features if one.status is Status.CANCELLED}
    for feature in filter(None, map(after.get, ids)):
        say(f"{feature.code} is cancelled.")
        _name_dependents(after, feature, gone)
    return 0


def _cancelled(backlog: Backlog, ids: Iterable[int]) -> Backlog | Refusal:
    now = int(time.time())
    for one in ids:
        after = transitions.cancel(backlog, one, now=now)
        if isinstance(after, Refusal):
            return after
        backlog = after
    return backlog


def _name_dependents(backlog: Backlog, feature: Feature, gone: set[int]) -> None:
    for other in backlog.features:
        if feature.id in other.depends_on and other.id not in gone:
            say(f"{other.code} {other.name} depends on it: give it other dependencies, or remove it, too.")
