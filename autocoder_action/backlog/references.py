"""What somebody calls a feature, turned into its id."""

import re
from collections.abc import Iterable, Sequence

from autocoder_action.backlog.draft import Reference
from autocoder_action.backlog.feature import Backlog

_CODE = re.compile(r"[Ff]?([0-9]{1,9})")
_PLACE = re.compile(r"features\[([0-9]{1,4})\]")


class Names:
    """Everything that a feature of a backlog, or of a call that adds to it, can be called."""

    def __init__(self, backlog: Backlog, batch: Sequence[tuple[int, str, str]] = ()) -> None:
        """Take note of the backlog and of (id, uid, name) of each feature that the call brings."""
        self._batch = batch
        self._uids = {one.uid: one.id for one in backlog.features} | {uid: one for one, uid, _ in batch}
        self._names: dict[str, set[int]] = {}
        renamed = {one for one, _, _ in batch}
        for feature in backlog.features:
            if feature.id not in renamed:
                self._names.setdefault(feature.name.casefold(), set()).add(feature.id)
        for one, _, name in batch:
            self._names.setdefault(name.casefold(), set()).add(one)
        self._ids = frozenset(self._uids.values())

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
        if key in self._uids:
            return self._uids[key]
        if named := self._names.get(key.casefold()):
            return min(named) if len(named) == 1 else f"depends_on {key!r} is the name of several; use a uid"
        if code := _CODE.fullmatch(key):
            return self._by_id(int(code[1]))
        if place := _PLACE.fullmatch(key):
            number = int(place[1])
            return self._batch[number][0] if number < len(self._batch) else f"there is no {key} in this call"
        return f"depends_on {key[:80]!r} is no feature; use a uid, a name or an id such as F12"

    def _by_id(self, number: int) -> int | str:
        if number in self._ids:
            return number
        return f"depends_on {number} is no feature's id; call a feature of the same call by its name or uid"
