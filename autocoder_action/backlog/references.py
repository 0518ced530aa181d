"""What somebody calls a feature, turned into its id."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain

from autocoder_action.backlog.draft import Reference
from autocoder_action.backlog.feature import Backlog

_CODE = re.compile(r"[Ff]?([0-9]{1,9})")
_PLACE = re.compile(r"features\[([0-9]{1,5})\]")


class Names:
    """Everything that a feature of a backlog, or of a call that adds to it, can be called."""

    def __init__(self, backlog: Backlog, batch: Sequence[tuple[int, str, str]] = ()) -> None:
        """Take the backlog, and (id, uid, name) of each feature that the call brings."""
        self._backlog = backlog
        self._batch = batch
        self._fresh = {uid: one for one, uid, _ in batch}
        self._ids = frozenset(self._fresh.values())

    @cached_property
    def _names(self) -> Mapping[str, int | None]:
        """Return whose each name is, or None where it is the name of several; most calls need no name."""
        names: dict[str, int | None] = {}
        known = ((one.id, one.name) for one in self._backlog.features if one.id not in self._ids)
        for one, name in chain(known, ((one, name) for one, _, name in self._batch)):
            folded = name.casefold()
            names[folded] = one if names.get(folded, one) == one else None
        return names

    def resolve(self, references: Iterable[Reference], *, of: int) -> tuple[tuple[int, ...], list[str]]:
        """Return the ids, ascending and each once, and what is wrong with the references of one feature."""
        ids: set[int] = set()
        wrong: list[str] = []
        for reference in references:
            found = self._one(reference)
            if isinstance(found, str):
                wrong.append(found)
            elif found == of:
                wrong.append(f"it cannot depend on itself ({reference!r})")
            else:
                ids.add(found)
        return tuple(sorted(ids)), wrong

    def _one(self, reference: Reference) -> int | str:
        """Return the id of one reference, or what is wrong with it."""
        if isinstance(reference, int):
            return self._by_id(reference)
        key = " ".join(reference.split())
        if (known := self._by_uid(key)) is not None:
            return known
        if (folded := key.casefold()) in self._names:
            return self._names[folded] or f"depends_on {key!r} is the name of several; use a uid"
        if code := _CODE.fullmatch(key):
            return self._by_id(int(code[1]))
        if place := _PLACE.fullmatch(key):
            number = int(place[1])
            return self._batch[number][0] if number < len(self._batch) else f"there is no {key} in this call"
        return f"depends_on {key[:80]!r} is no feature; use a uid, a name or an id such as F12"

    def _by_uid(self, uid: str) -> int | None:
        known = self._backlog.by_uid.get(uid)
        return self._fresh.get(uid, known.id if known else None)

    def _by_id(self, number: int) -> int | str:
        if number in self._ids or self._backlog.get(number):
            return number
        others = "; call a feature of the same call by its name or uid" if len(self._batch) > 1 else ""
        return f"depends_on {number} is no feature's id{others}"
