"""Writing on the board as fast as the host allows, and not a request further."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from autocoder_action.backlog.board import Issue, IssueEdit
from autocoder_action.backlog.card import Card, folded
from autocoder_action.backlog.issue_labels import is_ours
from autocoder_action.backlog.sighting import Remark
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError, UpstreamError
from autocoder_action.publish.board import looks
from autocoder_action.publish.effects import Block, CreateIssue, EditIssue, EnsureLabels, Pin, PutUnder, Say
from autocoder_action.publish.wording import say

_SHARE = 10 * 60
"""Seconds that one sync may take at the pace that the host asks for."""
_LEAST = 10
"""Seconds that it may take in any case."""
_LINKS, _SPARE = 200, 20
"""The most requests of one run that make links, and what they leave of the allowance to the runs that follow."""


class LaterError(Exception):
    """The host's limits leave the rest for the next run."""


@dataclass(kw_only=True)
class Hands:
    """Creates and changes issues, and counts what the limits leave."""

    writer: Writer
    earlier: Sequence[int]
    """When other runs wrote, in seconds since the epoch."""
    known: Callable[[], frozenset[str]]
    """Finds the labels that the repository has, folded."""
    needed: frozenset[str]
    """Labels that the features need."""
    written: int = 0
    opened: int = 0
    """How many issues were opened."""
    linked: int = 0
    """How many requests made links."""
    _labelled: bool = False
    _left: int = field(init=False)

    def __post_init__(self) -> None:
        world = self.writer.world
        seconds = max(_LEAST, int(min(_SHARE, world.machine.end - world.clock.elapsed())))
        self._left = world.tracker.allowance(seconds=seconds, earlier=self.earlier).writes

    def create(self, card: Card) -> int:
        """Open an issue and return its number, in a dry run 0."""
        labels = card.marked(card.labels)
        self._label(labels)
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
        if not self._labelled and not folded(wanted) <= self.known():
            self.writer.do(EnsureLabels(labels=looks({*self.needed, *filter(is_ours, wanted)})))
            self._labelled = True

    def _do(self, effect: CreateIssue | EditIssue | Say | PutUnder | Block | Pin) -> object:
        if self._left <= 0:
            raise LaterError
        try:
            receipt = self.writer.do(effect)
        except UpstreamError as error:
            if self.writer.world.tracker.allowance(seconds=_SHARE).writes == 0:
                raise LaterError from error
            raise
        self._left -= 1
        self.written += 1
        return receipt
