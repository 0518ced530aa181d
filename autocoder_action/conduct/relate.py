"""The links between the board's issues: features under the tracking issue, and blocked by one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import Synced, Tracked
from autocoder_action.backlog.links import Links, links, parts_among, record
from autocoder_action.conduct.hands import Hands, LaterError
from autocoder_action.conduct.heard import Heard
from autocoder_action.publish.effects import Block, PutUnder
from autocoder_action.publish.tracking import show_part

_AT_ONCE = 20
"""Issues that one request puts under another."""
_OPENED = 50
"""A run that opened more issues leaves what blocks them to the next: those links come one to a request."""


@dataclass(kw_only=True)
class Relating:
    """Links what is not linked as the backlog wants it; where nothing is new it asks for nothing."""

    hands: Hands
    heard: Heard
    backlog: Backlog
    numbers: Mapping[str, int]
    tracked: Tracked
    """What is known of the tracking issue, with its number as it is now."""
    later: bool = False
    """Whether the host's limits leave something for the next run."""
    _pending: dict[str, int] = field(init=False)
    """Where the records of this run are among its changes, by uid."""

    def __post_init__(self) -> None:
        changes = self.hands.writer.changes
        self._pending = {one.feature: place for place, one in enumerate(changes) if isinstance(one, Synced)}

    def relate(self) -> None:
        """Make the links that are missing, as far as the host offers them and its limits allow."""
        changes = self.hands.writer.changes
        known = {**self.heard.scene.synced, **{uid: changes[place] for uid, place in self._pending.items()}}
        records = {uid: one for uid, one in known.items() if isinstance(one, Synced)}
        parents = {0: self.tracked.issue, **{part: issue for part, issue, _ in self.tracked.parts}}
        wanted = list(links(self.backlog, self.numbers, records, parents))
        apart = [one for one in wanted if one.part is not None and one.last.under != self._parent(one.part)]
        waiting = [one for one in wanted if one.new or one.old]
        if not self.tracked.issue or not (apart or waiting or self._astray):
            return
        if self.tracked.offers is None:
            self._ask()
        try:
            self._relate(apart, waiting, records)
        except LaterError:
            self.later = True

    @property
    def _astray(self) -> set[int]:
        """Return the parts whose issues are not under the tracking issue, as after it was opened anew."""
        return {part for part, _, under in self.tracked.parts if under != self.tracked.issue}

    def _ask(self) -> None:
        found = self.hands.writer.world.tracker.capabilities(self.tracked.issue)
        names = {"sub_issues": found.sub_issues, "dependencies": found.dependencies}
        self.tracked = replace(self.tracked, offers=tuple(name for name, there in names.items() if there))

    def _relate(self, apart: Sequence[Links], waiting: Sequence[Links], records: Mapping[str, Synced]) -> None:
        offers = self.tracked.offers or ()
        done: dict[str, Links] = {}
        if "sub_issues" in offers:
            for part in sorted({one.part for one in apart if one.part is not None} | self._astray):
                self._put([one for one in apart if one.part == part], self._made(part), records, done)
        if "dependencies" not in offers or not waiting:
            return
        if self.hands.opened > _OPENED:
            raise LaterError
        for one in waiting:
            self._block(done.get(one.feature, one), records)

    def _parent(self, part: int) -> int | None:
        """Return the issue of a part, or None where there is none yet."""
        if part == 0:
            return self.tracked.issue
        return next((issue for one, issue, _ in self.tracked.parts if one == part), None)

    def _made(self, part: int) -> int:
        """Return the issue of a part, made and put under the tracking issue where that is still to be done."""
        above, number, scene = self.tracked.issue, self._parent(part), self.heard.scene
        if number and (part == 0 or (part, number, above) in self.tracked.parts):
            return number
        number = number or parts_among(scene.issues, scene.project, scene.me).get(part)
        number = number or self.hands.create(show_part(part, scene.project, above))
        self._know(part, number, 0)
        self.hands.link(PutUnder(parent=above, children=(number,)))
        self._know(part, number, above)
        return number

    def _know(self, part: int, number: int, under: int) -> None:
        others = [one for one in self.tracked.parts if one[0] != part]
        self.tracked = replace(self.tracked, parts=tuple(sorted([*others, (part, number, under)])))

    def _put(self, some: Sequence[Links], parent: int, records: Mapping[str, Synced], done: dict[str, Links]) -> None:
        for start in range(0, len(some), _AT_ONCE):
            group = some[start : start + _AT_ONCE]
            self.hands.link(PutUnder(parent=parent, children=tuple(one.issue for one in group)))
            for one in group:
                now = replace(one, last=replace(one.last, under=parent))
                self._keep(now, records)
                done[one.feature] = now

    def _block(self, one: Links, records: Mapping[str, Synced]) -> None:
        """Change what one issue waits for; what was done before a limit is remembered."""
        made = set(one.last.blockers)
        try:
            for blocker in (*one.old, *one.new):
                self.hands.link(Block(issue=one.issue, blocker=blocker, on=blocker not in made))
                made ^= {blocker}
        finally:
            if made != one.last.blockers:
                last = replace(one.last, blockers=frozenset(made))
                self._keep(replace(one, last=last), records)

    def _keep(self, one: Links, records: Mapping[str, Synced]) -> None:
        """Have the journal know what was linked, in the record that this run makes of the feature anyway."""
        changes, scene, place = self.hands.writer.changes, self.heard.scene, self._pending.get(one.feature)
        before = changes[place] if place is not None else records.get(one.feature)
        old = before if isinstance(before, Synced) else None
        now = record(old, one, run=scene.run, now=scene.now)
        if place is None:
            self._pending[one.feature] = len(changes)
            changes.append(now)
        else:
            changes[place] = now
