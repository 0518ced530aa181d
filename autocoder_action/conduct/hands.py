"""Writing on the board as fast as the host allows, and not a request further."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from autocoder_action.backlog.board import Issue, IssueEdit
from autocoder_action.backlog.card import Card, folded
from autocoder_action.backlog.issue_labels import is_ours
from autocoder_action.backlog.sighting import Remark
from autocoder_action.conduct.world import World
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError, LimitedError
from autocoder_action.publish.board import looks
from autocoder_action.publish.effects import Block, CreateIssue, EditIssue, EnsureLabels, Pin, PutUnder, Say
from autocoder_action.publish.wording import say

_SHARE = 10 * 60
"""Seconds that one sync may take, whatever slows it down."""
_LEAST = 10
"""Seconds that it may take in any case."""
_LINKS, _SPARE = 200, 20
"""The most requests of one run that make links, and what they leave of the allowance to the runs that follow."""


class LaterError(Exception):
    """The host's limits leave the rest for the next run."""


@contextmanager
def sharing(world: World) -> Iterator[float]:
    """Give a sync its share of time, which no limit of the host is waited beyond; yield when it is over.

    That is by the process's clock.
    """
    now = world.clock.elapsed()
    seconds = max(_LEAST, min(_SHARE, world.machine.end - now))
    with world.tracker.in_time(seconds):
        yield now + seconds


@dataclass(kw_only=True)
class Hands:
    """Creates and changes issues, and counts what the limits leave."""

    writer: Writer
    earlier: Sequence[int]
    """When other runs wrote, in seconds since the epoch, once for each request."""
    known: Callable[[], frozenset[str]]
    """Finds the labels that the repository has, folded."""
    needed: frozenset[str]
    """Labels that the features need."""
    end: float
    """When the sync's share of time is over, by the process's clock."""
    written: int = 0
    opened: int = 0
    """How many issues were opened."""
    linked: int = 0
    """How many requests made links."""
    spent: int = 0
    """How many requests the host may count against the hour's limit, lost answers among them."""
    _labelled: bool = False
    _left: int = field(init=False)

    def __post_init__(self) -> None:
        world = self.writer.world
        seconds = max(0, int(self.end - world.clock.elapsed()))
        self._left = world.tracker.allowance(seconds=seconds, earlier=self.earlier).writes

    def create(self, card: Card) -> int:
        """Open an issue and return its number, in a dry run 0."""
        labels = card.marked(card.labels)
        self._label(labels)
        if card.state != "open" and self._left == 1:
            raise LaterError  # it takes two requests
        made = self._do(CreateIssue(title=card.title, body=card.body, labels=labels))
        number = made.number if isinstance(made, Issue) else 0
        self.opened += 1
        if card.state != "open":  # the host opens every new issue
            self.edit(number, IssueEdit(open=False, state_reason=card.state))
        return number

    def edit(self, number: int, edit: IssueEdit) -> None:
        """Change an issue."""
        self._label(edit.labels or frozenset())
        self._do(EditIssue(number=number, edit=edit))

    def remark(self, remark: Remark) -> None:
        """Say something once: a run that died may have said it already."""
        if any(remark.key in comment.body for comment in self.writer.world.tracker.comments(remark.issue)):
            return
        words = {"key": remark.key, "about": remark.about, "reason": remark.reason, "detail": remark.detail}
        self._do(Say(issue=remark.issue, body=say("remark", words)))
        self.written -= 1  # a comment is no issue

    def link(self, effect: PutUnder | Block) -> None:
        """Link issues, as long as that leaves enough for the issues themselves."""
        if self._left <= _SPARE or self.linked >= _LINKS:
            raise LaterError
        self._do(effect)
        self.linked += 1
        self.written -= 1  # a link is no issue

    def pin(self, number: int) -> None:
        """Pin an issue, or leave it: nobody misses it."""
        with suppress(AutocoderError, LaterError):
            self._do(Pin(issue=number))
            self.written -= 1  # as above

    def _label(self, wanted: frozenset[str]) -> None:
        """Make sure of all labels, once, before the first is used that may not be there."""
        if self._labelled or folded(wanted) <= self.known():
            return
        made = self._ask(EnsureLabels(labels=looks({*self.needed, *filter(is_ours, wanted)}), most=self._left))
        created = made if isinstance(made, int) else 0
        self.spent += created
        self._left -= created
        if created and not self._left:
            raise LaterError  # some may be missing
        self._labelled = True

    def _do(self, effect: CreateIssue | EditIssue | Say | PutUnder | Block | Pin) -> object:
        self.spent += self._left > 0
        receipt = self._ask(effect)
        self._left -= 1
        self.written += 1
        return receipt

    def _ask(self, effect: EnsureLabels | CreateIssue | EditIssue | Say | PutUnder | Block | Pin) -> object:
        world = self.writer.world
        if self._left <= 0 or world.clock.elapsed() >= self.end:
            raise LaterError
        try:
            return self.writer.do(effect)
        except LimitedError as error:
            raise LaterError from error
