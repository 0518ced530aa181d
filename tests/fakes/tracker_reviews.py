"""The FakeTracker's part for reviews, and what reviewers do on the host's web page."""

from dataclasses import dataclass, replace

from autocoder_action.backlog.discussion import Discussion, Remark, Review, Thread
from autocoder_action.errors import UpstreamError
from tests.fakes.host import FakeHost
from tests.fakes.tracker_base import FakeBase


@dataclass(kw_only=True)
class FakeReviews(FakeBase):
    """What a FakeHost tells of the reviews of a pull request."""

    def discussion(self, number: int) -> Discussion:
        """Return what reviewers said."""
        with self._asked("discussion"):
            said, who = self.host.discussions.get(number, Discussion()), self.host.who
            threads = (
                replace(
                    thread,
                    resolved=thread.resolved and self.host.tells_resolved,
                    remarks=tuple(replace(one, author=who(one.author)) for one in thread.remarks),
                )
                for thread in said.threads
            )
            return Discussion(
                reviews=tuple(replace(one, author=who(one.author)) for one in said.reviews), threads=tuple(threads)
            )

    def answer_remark(self, number: int, remark: int, body: str) -> Remark:
        """Answer a thread."""
        if len(body) > 65_536:
            raise ValueError(f"The body has {len(body)} characters.")
        with self._asked("answer_remark", needs="pull-requests"):
            if not any(thread.remarks[0].id == remark for thread in _said(self.host, number).threads):
                raise UpstreamError(f"Remark {remark} is gone.", remedy="Run the workflow again.")
            return reply(self.host, number, remark, by=self.login, body=body)


def review(host: FakeHost, number: int, *, by: str, state: str, body: str) -> int:
    """Have somebody submit a review without remarks on lines, and return its id."""
    said = _said(host, number)
    made = Review(id=_next(host), author=by, state=state, body=body, submitted_at=host.clock.now())
    host.discussions[number] = replace(said, reviews=(*said.reviews, made))
    return made.id


def remark(host: FakeHost, number: int, *, by: str, body: str, at: tuple[str, int | None] = ("a.txt", 1)) -> int:
    """Have somebody remark on a line, which makes a review without words, too; return the remark's id."""
    review(host, number, by=by, state="commented", body="")
    made, said = _remark(host, by, body), _said(host, number)
    path, line = at
    thread = Thread(path=path, line=line, resolved=False, outdated=False, remarks=(made,))
    host.discussions[number] = replace(said, threads=(*said.threads, thread))
    return made.id


def reply(host: FakeHost, number: int, first: int, *, by: str, body: str) -> Remark:
    """Have somebody answer a thread."""
    review(host, number, by=by, state="commented", body="")
    made = _remark(host, by, body)
    thread = _thread(host, number, first)
    _put(host, number, replace(thread, remarks=(*thread.remarks, made)))
    return made


def resolve(host: FakeHost, number: int, first: int) -> None:
    """Have somebody call a thread done."""
    _put(host, number, replace(_thread(host, number, first), resolved=True))


def outdate(host: FakeHost, number: int, path: str) -> None:
    """Have somebody change every line of a file that was remarked on."""
    for thread in _said(host, number).threads:
        if thread.path == path:
            _put(host, number, replace(thread, outdated=True))


def _said(host: FakeHost, number: int) -> Discussion:
    return host.discussions.get(number, Discussion())


def _thread(host: FakeHost, number: int, first: int) -> Thread:
    return next(one for one in _said(host, number).threads if one.remarks[0].id == first)


def _put(host: FakeHost, number: int, thread: Thread) -> None:
    said, first = _said(host, number), thread.remarks[0].id
    threads = tuple(thread if one.remarks[0].id == first else one for one in said.threads)
    host.discussions[number] = replace(said, threads=threads)


def _remark(host: FakeHost, by: str, body: str) -> Remark:
    return Remark(id=_next(host), author=by, body=body, created_at=host.clock.now())


def _next(host: FakeHost) -> int:
    said = host.discussions.values()
    return 5_000_001 + sum(len(one.reviews) + sum(len(thread.remarks) for thread in one.threads) for one in said)
