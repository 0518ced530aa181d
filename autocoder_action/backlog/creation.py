"""New features, and new words for those that exist; all of a call or nothing of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from autocoder_action.backlog.draft import Draft, Reference, need_problems, problems, slug, step_problems, tidy
from autocoder_action.backlog.feature import LAST_ID, PRIORITY, Backlog, Feature, Status
from autocoder_action.backlog.graph import find_cycle
from autocoder_action.backlog.references import Names
from autocoder_action.backlog.refusal import Refusal, unknown
from autocoder_action.value import Value

MOST = 1_000
"""The most features that one call may create, unless its caller knows better."""
_SHOWN = 20
_T = TypeVar("_T")


class Created(Value, frozen=True, kw_only=True):
    """A backlog with the drafts in it."""

    backlog: Backlog
    ids: tuple[int, ...]
    """One for each draft, in their order."""
    known: frozenset[int]
    """Those of the ids that existed before; their text is now the draft's."""


class Edit(Value, frozen=True, kw_only=True):
    """New values for a feature; None leaves a value as it is, and an empty check takes the check away."""

    name: str | None = None
    category: str | None = None
    description: str | None = None
    steps: tuple[str, ...] | None = None
    priority: int | None = None
    check: str | None = None


def create(backlog: Backlog, drafts: Sequence[Draft], *, now: int, most: int = MOST) -> Created | Refusal:
    """Add features, or bring those up to date whose uid exists; the same call twice is the same call once.

    An existing feature keeps its id, its status and what a draft does not say; where its text changed, what was proved
    is pending again. One that was cancelled is left to whoever cancelled it: a call that does not say so is refused.
    """
    if not 1 <= len(drafts) <= most:
        return _refuse([f"{len(drafts)} features were given; one call takes 1 to {most}."])
    neat = [tidy(draft) for draft in drafts]
    uids = [draft.uid or slug(draft.name) for draft in neat]
    known = map(backlog.by_uid.get, uids)
    found = [
        f"features[{place}]: {text}."
        for place, (draft, old) in enumerate(zip(neat, known, strict=True))
        for text in _wrong(draft, old)
    ]
    if found := found or list(_doubles(neat, uids)):
        return _refuse(found)
    return _place(backlog, neat, uids, now)


def update(backlog: Backlog, feature_id: int, edit: Edit, *, now: int) -> Backlog | Refusal:
    """Change a feature's own words; a feature that passes is pending again when they say something else."""
    feature = backlog.get(feature_id)
    if feature is None:
        return unknown(feature_id, tuple(one.id for one in backlog.features))
    wanted = tidy(_edited(feature, edit))
    if found := [f"{feature.code}: {text}." for text in problems(wanted)]:
        return _refuse(found)
    changed = _reworded(feature, wanted, feature.depends_on, now)
    return backlog if changed == feature else backlog.put(changed)


def set_dependencies(
    backlog: Backlog, feature_id: int, references: Sequence[Reference], *, now: int
) -> Backlog | Refusal:
    """Replace what a feature depends on."""
    feature = backlog.get(feature_id)
    if feature is None:
        return unknown(feature_id, tuple(one.id for one in backlog.features))
    found = list(need_problems(references))
    needs, unclear = Names(backlog).resolve(() if found else references, of=feature_id)
    if found := found or unclear:
        return _refuse([f"{feature.code}: {text}." for text in found])
    if needs == feature.depends_on:
        return backlog
    after = backlog.put(feature.replace(depends_on=needs, updated_at=now))
    return _circle(after, (feature_id,)) or after


def _place(backlog: Backlog, drafts: Sequence[Draft], uids: Sequence[str], now: int) -> Created | Refusal:
    """Give ids, resolve what depends on what, and refuse circles."""
    ids = _ids(backlog, uids)
    if max(ids) > LAST_ID:
        return _refuse([f"There is no id left for {len(ids)} features; the last one is F{LAST_ID}."])
    names = Names(backlog, tuple(zip(ids, uids, (draft.name for draft in drafts), strict=True)))
    priority = max((feature.priority for feature in backlog.features), default=0)
    made: list[Feature] = []
    found: list[str] = []
    for place, (feature_id, uid, draft) in enumerate(zip(ids, uids, drafts, strict=True)):
        needs, unclear = names.resolve(draft.depends_on or (), of=feature_id)
        found += [f"features[{place}] ({draft.name}): {text}." for text in unclear]
        old = backlog.by_uid.get(uid)
        if old and old.status is Status.CANCELLED:
            made.append(old)
        elif old:
            needs = old.depends_on if draft.depends_on is None else needs
            made.append(_reworded(old, draft if draft.check else replace(draft, check=old.check), needs, now))
        else:
            priority = min(priority + 1, PRIORITY)
            made.append(_new(feature_id, uid, draft, (needs, priority, now)))
    if found:
        return _refuse(found)
    after = backlog.put(*made)
    known = frozenset(feature_id for feature_id in ids if feature_id < backlog.next_id)
    return _circle(after, ids) or Created(backlog=after, ids=tuple(ids), known=known)


def _ids(backlog: Backlog, uids: Sequence[str]) -> list[int]:
    """Return the id of each uid: the one that it has, or the next that nobody ever had."""
    ids: list[int] = []
    fresh = backlog.next_id
    for uid in uids:
        old = backlog.by_uid.get(uid)
        ids.append(old.id if old else fresh)
        fresh += old is None
    return ids


def _new(feature_id: int, uid: str, draft: Draft, rest: tuple[tuple[int, ...], int, int]) -> Feature:
    needs, priority, now = rest
    return Feature(
        id=feature_id,
        uid=uid,
        name=draft.name,
        category=_or(draft.category, "general"),
        description=_or(draft.description, draft.name),
        steps=_or(draft.steps, ()),
        priority=priority if draft.priority is None else draft.priority,
        depends_on=needs,
        status=Status.CANCELLED if draft.cancelled else Status.PENDING,
        check=draft.check,
        created_at=now,
        updated_at=now,
    )


def _reworded(old: Feature, draft: Draft, needs: tuple[int, ...], now: int) -> Feature:
    """Return a feature with a draft's words; equal words change nothing, not even the time."""
    changed = old.replace(
        name=draft.name,
        category=_or(draft.category, old.category),
        description=_or(draft.description, old.description),
        steps=_or(draft.steps, old.steps),
        priority=_or(draft.priority, old.priority),
        depends_on=needs,
        check=draft.check,
    )
    if changed == old:
        return old
    if _meaning(changed) != _meaning(old):
        passed = old.status is Status.PASSING
        changed = changed.replace(status=Status.PENDING if passed else old.status, proof=None, built=False)
    return changed.replace(updated_at=now)


def _meaning(feature: Feature) -> tuple[object, ...]:
    """Return what a proof is about: with other words, the proof proves something else."""
    return (feature.name, feature.description, feature.steps, feature.check)


def _edited(feature: Feature, edit: Edit) -> Draft:
    """Return a draft that says what an edit does: only that is looked at, whatever the feature holds besides."""
    return Draft(
        name=feature.name if edit.name is None else edit.name,
        category=edit.category,
        description=edit.description,
        steps=edit.steps,
        priority=edit.priority,
        check=feature.check if edit.check is None else edit.check,
    )


def _or(said: _T | None, usual: _T) -> _T:
    return usual if said is None else said


def _wrong(draft: Draft, old: Feature | None) -> Iterator[str]:
    """Say what is wrong with a draft by itself, and with what there is of that uid."""
    yield from problems(draft)
    if old is None and draft.steps is None:
        yield from step_problems(())
    if old and old.status is Status.CANCELLED and not draft.cancelled:
        yield f"{old.code} {old.uid} was cancelled; leave it out, reopen {old.code} first, or give another uid"


def _doubles(drafts: Sequence[Draft], uids: Sequence[str]) -> Iterator[str]:
    """Say which drafts of one call would be the same feature."""
    first: dict[str, int] = {}
    for place, uid in enumerate(uids):
        if uid in first:
            name = drafts[place].name
            yield f"features[{first[uid]}] and features[{place}] ({name}) have the same uid {uid!r}."
        first.setdefault(uid, place)


def _circle(backlog: Backlog, changed: Sequence[int]) -> Refusal | None:
    if all(not one.depends_on or one.depends_on[-1] < one.id for one in backlog.features):
        return None  # each depends on older ones only, so there is no way back
    cycle = find_cycle({feature.id: feature.depends_on for feature in backlog.features}, changed)
    if cycle is None:
        return None
    named = " → ".join(f"F{one} {found.name}" for one in cycle if (found := backlog.get(one)))
    return Refusal((f"The dependencies go in a circle: {named}.",), "Leave one of these dependencies out.")


def _refuse(found: list[str]) -> Refusal:
    shown = (*found[:_SHOWN], f"And {len(found) - _SHOWN} more.") if len(found) > _SHOWN else tuple(found)
    return Refusal(shown, "Nothing was changed; correct this and try again.")
