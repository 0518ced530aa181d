"""The FakeTracker's part for the board: histories, sub-issues, dependencies and the allowance."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from autocoder_action.backlog.board import Allowance, Capabilities
from autocoder_action.backlog.history import Act, History
from tests.fakes.host import Thread
from tests.fakes.tracker_base import FakeBase

_MOST_UNDER_ONE, _MOST_PINNED = 100, 3


@dataclass(kw_only=True)
class FakeBoard(FakeBase):
    """What a FakeHost tells of the past of issues, and how they belong together."""

    def histories(self, numbers: Iterable[int], *, since: int) -> Mapping[int, History]:
        """Return who did what, for the issues that exist."""
        with self._asked("histories"):
            found = {number: self._issue(number) for number in sorted(set(numbers))}
            if not self.host.tells_histories:
                return {}
            return {number: self._history(thread, since) for number, thread in found.items() if thread}

    def capabilities(self, number: int) -> Capabilities:
        """Return what the host offers."""
        with self._asked("capabilities"):
            del number
            return self.host.offers

    def pin(self, number: int) -> bool:
        """Pin an issue, if there is room; who may write issues may do that."""
        with self._asked("pin"):
            thread = self._issue(number)
            if thread is None or self.permissions.get("issues") != "write":
                return False
            pinned = [one for one in self.host.threads.values() if one.pinned and not one.deleted]
            if not thread.pinned and len(pinned) < _MOST_PINNED:
                thread.pinned, thread.changed = True, self.host.clock.now()
                self.writes.append("pin")
            return thread.pinned

    def sub_issues(self, parent: int) -> tuple[int, ...]:
        """Return the issues under a parent, in the order in which they came."""
        with self._asked("sub_issues"):
            return self._under(parent)

    def add_sub_issues(self, parent: int, children: Sequence[int]) -> tuple[int, ...]:
        """Put issues under a parent, and return those that are not there afterwards."""
        with self._asked("add_sub_issues", needs="issues"):
            for child in children if self.host.offers.sub_issues and self._issue(parent) else ():
                self._put(parent, child)
            return tuple(child for child in children if child not in self._under(parent))

    def blockers(self, number: int) -> tuple[int, ...]:
        """Return the issues by which one is blocked, by number."""
        with self._asked("blockers"):
            return self._blockers(number)

    def add_blocker(self, number: int, blocker: int) -> bool:
        """Have an issue be blocked by another; return whether it now is."""
        with self._asked("add_blocker", needs="issues"):
            thread = self._issue(number)
            if thread and self._issue(blocker) and number != blocker and self.host.offers.dependencies:
                thread.blockers.add(blocker)
                thread.changed = self.host.clock.now()
            return blocker in self._blockers(number)

    def remove_blocker(self, number: int, blocker: int) -> bool:
        """Have an issue no longer be blocked by another; return whether it now is not."""
        with self._asked("remove_blocker", needs="issues"):
            thread = self._issue(number)
            if thread and blocker in thread.blockers:
                thread.blockers.remove(blocker)
                thread.changed = self.host.clock.now()
            return True

    def allowance(self, *, seconds: int, earlier: Iterable[int] = ()) -> Allowance:
        """Return how many writes of content fit into the next seconds."""
        now = self.host.clock.now()
        if now < self._closed_until:
            return Allowance(writes=0, until=self._closed_until)
        recent = sorted(moment for moment in (*self.content, *earlier) if now - 3600 < moment <= now)
        choices = [(self.content_per_hour - len(recent), (recent[0] if recent else now) + 3600)]
        if self.pace_seconds:
            by_pace = int(seconds / self.pace_seconds)
            choices.append((by_pace, now + int(by_pace * self.pace_seconds)))
        writes, until = min(choices)
        return Allowance(writes=max(writes, 0), until=until)

    def _issue(self, number: int) -> Thread | None:
        thread = self.host.threads.get(number)
        return None if thread is None or thread.deleted or thread.branch else thread

    def _under(self, parent: int) -> tuple[int, ...]:
        there = [thread for thread in self.host.threads.values() if thread.parent == parent and not thread.deleted]
        return tuple(thread.number for thread in sorted(there, key=lambda thread: thread.place))

    def _put(self, parent: int, child: int) -> None:
        thread, under = self._issue(child), self._under(parent)
        if thread and thread.parent is None and child != parent and len(under) < _MOST_UNDER_ONE:
            thread.parent, thread.place = parent, 1 + max((self.host.threads[one].place for one in under), default=0)
            thread.changed = self.host.threads[parent].changed = self.host.clock.now()

    def _blockers(self, number: int) -> tuple[int, ...]:
        thread = self._issue(number)
        return tuple(sorted(one for one in thread.blockers if self._issue(one))) if thread else ()

    def _history(self, thread: Thread, since: int) -> History:
        who = self.host.who
        return History(
            body=self._shown(thread.edited),
            title=self._shown(thread.renamed),
            labels={name: replace(act, by=who(act.by)) for name, act in thread.labelled.items() if act.at >= since},
            turn=thread.turn and replace(thread.turn, by=who(thread.turn.by)),
            comments=tuple(
                replace(comment, author=who(comment.author))
                for comment in thread.comments.values()
                if comment.created_at >= since
            ),
        )

    def _shown(self, act: Act | None) -> Act | None:
        return act and replace(act, by=self.host.who(act.by))
