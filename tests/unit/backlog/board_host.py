"""Issues on which people and runs act, with the history that a host keeps of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from autocoder_action.backlog.board import Comment, Issue, IssueEdit
from autocoder_action.backlog.history import Act, History, Turn
from tests.unit.backlog.builders import NOW


@dataclass(kw_only=True)
class Talk:
    """What happened to one issue."""

    body: Act | None = None
    title: Act | None = None
    labels: dict[str, Act] = field(default_factory=dict)
    turn: Turn | None = None
    comments: list[Comment] = field(default_factory=list)


@dataclass(kw_only=True)
class Host:
    """The issues of one repository, and what happened to each."""

    issues: dict[int, Issue] = field(default_factory=dict)
    talks: dict[int, Talk] = field(default_factory=dict)
    clock: int = NOW

    def tick(self) -> int:
        """Let a second pass."""
        self.clock += 1
        return self.clock

    def open(self, by: str, title: str, body: str, labels: Iterable[str] = ()) -> int:
        """Open an issue."""
        number, at = len(self.issues) + 1, self.tick()
        self.issues[number] = Issue(
            number=number,
            title=title,
            body=body,
            labels=frozenset(labels),
            open=True,
            state_reason=None,
            author=by,
            updated_at=at,
            url=f"https://github.test/{number}",
        )
        self.talks[number] = Talk(labels={label: Act(by=by, at=at) for label in labels})
        return number

    def edit(self, number: int, by: str, edit: IssueEdit) -> None:
        """Edit an issue as the host would: each part that really changes has a new last actor."""
        old, talk, at = self.issues[number], self.talks[number], self.tick()
        act = Act(by=by, at=at)
        if edit.title is not None and edit.title != old.title:
            talk.title = act
        if edit.body is not None and edit.body != old.body:
            talk.body = act
        labels = old.labels if edit.labels is None else edit.labels
        talk.labels |= dict.fromkeys(labels ^ old.labels, act)
        open_ = old.open if edit.open is None else edit.open
        reason = edit.state_reason or "completed"
        if open_ != old.open or (not open_ and edit.state_reason not in {None, old.state_reason}):
            talk.turn = Turn(by=by, at=at, open=open_, reason=None if open_ else reason)
        self.issues[number] = replace(
            old,
            title=old.title if edit.title is None else edit.title,
            body=old.body if edit.body is None else edit.body,
            labels=labels,
            open=open_,
            state_reason=old.state_reason if edit.open is None else edit.state_reason,
            updated_at=at,
        )

    def relabel(self, number: int, by: str, *, put: Collection[str] = (), off: Collection[str] = ()) -> None:
        """Put labels on and take labels off."""
        labels = (self.issues[number].labels | frozenset(put)) - frozenset(off)
        self.edit(number, by, IssueEdit(labels=labels))

    def merged(self, number: int, by: str, pull: int) -> None:
        """Have a pull request close an issue."""
        self.edit(number, by, IssueEdit(open=False, state_reason="completed"))
        self.talks[number].turn = Turn(by=by, at=self.clock, open=False, reason="completed", pull=pull)

    def say(self, number: int, by: str, body: str) -> None:
        """Comment on an issue."""
        at = self.tick()
        url = f"https://github.test/{number}#{at}"
        self.talks[number].comments.append(Comment(id=at, body=body, author=by, url=url, created_at=at))
        self.issues[number] = replace(self.issues[number], updated_at=at)

    def history(self, number: int, since: int) -> History:
        """Return who did what last on an issue."""
        talk = self.talks[number]
        return History(
            body=talk.body,
            title=talk.title,
            labels=dict(talk.labels),
            turn=talk.turn,
            comments=tuple(one for one in talk.comments if one.created_at >= since),
        )
