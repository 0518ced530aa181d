"""What the assistant's calls do: it looks with the feature tools, and changes the backlog as commands do.

Each change is one of the journal, named after the comment that asked for it and after what the call says, so that
an agent who says the same again in a repeated run changes nothing twice.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from autocoder_action.backlog.draft import slug
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import Added, Asked, Change, Edited, OneFeature, Rewired, Skipped
from autocoder_action.backlog.references import Names
from autocoder_action.intake.arguments import Arguments, Reference, read_references
from autocoder_action.intake.commands import Command
from autocoder_action.plan.deed import Deed, Place, Said, find, head, make_all, refused
from autocoder_action.plan.deeds import do
from autocoder_action.session import tool_arguments as takes
from autocoder_action.session import tools
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.tool_reply import Context
from autocoder_action.session.tool_specs import names

_Arguments = TypeVar("_Arguments", bound=BaseModel)
_Doer = Callable[[Mapping[str, object], Place], Deed]
_MOST = 100
"""Changes of one answer."""


@dataclass(kw_only=True)
class Assistance:
    """What an answer has changed so far; nothing of it is written anywhere yet."""

    place: Place
    context: Context
    deeds: list[Deed] = field(default_factory=list)
    _names: Counter[str] = field(default_factory=Counter)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return the changes for the journal, in their order."""
        return tuple(change for deed in self.deeds for change in deed.changes)

    @property
    def said(self) -> tuple[Said, ...]:
        """Return what is told of the changes."""
        return tuple(one for deed in self.deeds for one in deed.said)

    def call(self, call: Call) -> Reply:
        """Answer one call; one that changes something is done as a whole or not at all."""
        arguments = _with_ids(call.arguments, self.place)
        if isinstance(arguments, str):
            return Reply(text=arguments, failed=True)
        if call.name not in _DOERS or call.name not in names(self.context.activity):
            return tools.handle(self.place.backlog, replace(call, arguments=arguments), self.context).reply
        if len(self.changes) >= _MOST:
            return Reply(text=f"One answer changes at most {_MOST} things. Say what is left to do.", failed=True)
        try:
            deed = _DOERS[call.name](arguments, replace(self.place, name=self._name(call.name, arguments)))
        except ValidationError as error:
            return Reply(text=tools.explain(error), failed=True)
        return self._done(deed)

    def _done(self, deed: Deed) -> Reply:
        if deed.refused:
            return Reply(text=" ".join(one.words for one in deed.said), failed=True)
        self.place = replace(self.place, backlog=deed.backlog)
        self.deeds.append(deed)
        shown = [
            {"id": one.feature.id, "name": one.feature.name, "status": one.feature.status.value}
            for one in deed.said
            if one.feature
        ]
        return Reply(text=json.dumps(shown, ensure_ascii=False, separators=(",", ":")))

    def _name(self, tool: str, arguments: Mapping[str, object]) -> str:
        """Return the beginning of the ids of a call's changes: the same words the second time are another call."""
        words = json.dumps([tool, arguments], sort_keys=True, default=str)
        digest = sha256(words.encode(errors="replace")).hexdigest()[:16]
        self._names[digest] += 1
        return f"{self.place.name}/{digest}-{self._names[digest]}"


def _with_ids(arguments: Mapping[str, object], place: Place) -> Mapping[str, object] | str:
    """Put features' ids where a call names issues as people do (``#12``), or say which is no feature's."""
    made = dict(arguments)
    named = made.get("depends_on")
    items = named if isinstance(named, list | tuple) else []
    for value in (made.get("id"), *items):
        if (reference := _issue(value)) and isinstance(found := find(reference, place.backlog, place.numbers), str):
            return found
    if "id" in made:
        made["id"] = _id(made["id"], place)
    if items:
        made["depends_on"] = [_id(one, place) for one in items]
    return made


def _issue(value: object) -> Reference | None:
    found = read_references(value) if isinstance(value, str) and value.strip().startswith("#") else ()
    return found[0] if len(found) == 1 else None


def _id(value: object, place: Place) -> object:
    reference = _issue(value)
    found = find(reference, place.backlog, place.numbers) if reference else None
    return found.id if found and not isinstance(found, str) else value


def _of(one: int) -> tuple[Reference, ...]:
    return (Reference("feature", one),)


def _needs(references: tuple[str | int, ...], backlog: Backlog, of: int) -> tuple[str, ...] | str:
    """Return the uids of what a feature shall depend on, or what is wrong with the references."""
    ids, wrong = Names(backlog).resolve(references, of=of)
    return "; ".join(wrong) if wrong else tuple(one.uid for need in ids if (one := backlog.get(need)))


def _create(new: takes.New, place: Place) -> Deed:
    uid, name = new.uid or slug(new.name), f"{place.name}/0"
    known = place.backlog.by_uid.get(uid)
    if known and name not in place.done:
        return refused(place, f"There is {known.code} of that name already; feature_update changes it.")
    needs = _needs(new.depends_on or (), place.backlog, place.backlog.next_id)
    if isinstance(needs, str):
        return refused(place, f"{needs}.")
    added = Added(
        id=name,
        feature=uid,
        name=new.name,
        description=new.description,
        steps=new.steps,
        category=new.category or "general",
        priority=new.priority,
        needs=needs,
        check=new.check,
        **head(place),
    )
    return make_all(place, "added", [added])


def _one(place: Place, about: str, one: int, change: Callable[[str, str], OneFeature], words: str = "") -> Deed:
    """Make one change of one feature; ``change`` takes its name and the feature's uid."""
    feature = find(_of(one)[0], place.backlog, place.numbers)
    if isinstance(feature, str):
        return refused(place, feature)
    return make_all(place, about, [change(f"{place.name}/0", feature.uid)], words)


def _update(wanted: takes.Change, place: Place) -> Deed:
    words = wanted.model_dump(exclude={"id"})
    return _one(place, "edited", wanted.id, lambda name, uid: Edited(id=name, feature=uid, **words, **head(place)))


def _skip(wanted: takes.Skip, place: Place) -> Deed:
    why, reason = wanted.kind, wanted.reason
    if not reason.strip():
        return refused(place, "The reason is empty.")
    if why == "needs_human":

        def asked(name: str, uid: str) -> OneFeature:
            return Asked(id=name, feature=uid, question=reason, **head(place))

        return _one(place, "asked", wanted.id, asked, reason)

    def skipped(name: str, uid: str) -> OneFeature:
        return Skipped(id=name, feature=uid, why=why, reason=reason, **head(place))

    return _one(place, "skipped", wanted.id, skipped, reason)


def _depend(wanted: takes.Needs, place: Place) -> Deed:
    needs = _needs(wanted.depends_on, place.backlog, wanted.id)
    if isinstance(needs, str):
        return refused(place, f"{needs}.")
    codes = ", ".join(one.code for uid in needs if (one := place.backlog.by_uid.get(uid)))

    def change(name: str, uid: str) -> OneFeature:
        return Rewired(id=name, feature=uid, needs=needs, **head(place))

    return _one(place, "rewired", wanted.id, change, codes)


def _delete(wanted: takes.One, place: Place) -> Deed:
    return do(Command(name="remove", arguments=Arguments(references=_of(wanted.id))), place)


def _prioritize(wanted: takes.Priority, place: Place) -> Deed:
    word = "top" if wanted.priority is None else str(wanted.priority)
    return do(Command(name="prioritize", arguments=Arguments(references=_of(wanted.id), word=word)), place)


def _doer(model: type[_Arguments], do_it: Callable[[_Arguments, Place], Deed]) -> _Doer:
    """Put the validation of its arguments before what a call does."""
    return lambda arguments, place: do_it(model.model_validate(dict(arguments)), place)


_DOERS: Mapping[str, _Doer] = {
    "feature_create": _doer(takes.New, _create),
    "feature_update": _doer(takes.Change, _update),
    "feature_delete": _doer(takes.One, _delete),
    "feature_skip": _doer(takes.Skip, _skip),
    "feature_prioritize": _doer(takes.Priority, _prioritize),
    "feature_set_dependencies": _doer(takes.Needs, _depend),
}
