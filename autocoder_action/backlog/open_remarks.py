"""Which remarks of a review wait for an answer, and whose words in them count."""

import re
from collections.abc import Collection, Iterator, Sequence

from autocoder_action.backlog.board import Comment
from autocoder_action.backlog.discussion import Discussion, Remark, Review, Thread
from autocoder_action.value import Value

ANSWER = "<!-- autocoder:answer -->"
"""What an answer of ours to a thread begins with; who wrote it has to be looked at, too."""
_ANSWERED = re.compile(r"\A<!-- autocoder:answer review=(\d+) -->")
_ASKING = frozenset({"changes_requested", "commented"})


class Words(Value, frozen=True, kw_only=True):
    """What one person said who may say something."""

    author: str
    text: str


class OpenRemark(Value, frozen=True, kw_only=True):
    """A place in a review that nobody has answered yet: a thread on a line, or a review of the whole."""

    id: int
    """Of the thread's first remark, or of the review."""
    words: tuple[Words, ...]
    """Oldest first, and never empty."""
    path: str = ""
    """The file; empty for a review of the whole."""
    line: int | None = None
    outdated: bool = False


class Ears(Value, frozen=True, kw_only=True):
    """Whose words are heard."""

    me: str
    """Our own login, which may be a person's, too: our answers are told by their mark."""
    writers: Collection[str]
    """Logins of those who may write to the repository."""
    prefix: str
    """What commands begin with: a line that is one says nothing about the code."""


class Asked(Value, frozen=True, kw_only=True):
    """The review of one pull request, as far as it waits for us."""

    pull: int
    open: tuple[OpenRemark, ...] = ()
    unread: int = 0
    """How many remarks were not read, for their authors may not write."""


def marker(review: int) -> str:
    """Return what a comment of ours begins with that answers a review of the whole."""
    return f"<!-- autocoder:answer review={review} -->"


def authors(discussion: Discussion) -> frozenset[str]:
    """Return everybody whose words may be open, so that it can be asked what they may do."""
    threads = (one.author for thread in discussion.threads if not thread.resolved for one in thread.remarks)
    return frozenset({*threads, *(one.author for one in discussion.reviews if one.body.strip())})


def asked(pull: int, discussion: Discussion, comments: Sequence[Comment], ears: Ears) -> Asked:
    """Say what of a discussion is open.

    A thread is answered when nobody who counts has said anything since our own last answer in it. A review of the
    whole is answered by a comment of ours that names it.
    """
    found = (_ANSWERED.match(one.body) for one in comments if one.author == ears.me)
    answered = {int(one[1]) for one in found if one}
    reviews = [one for one in discussion.reviews if one.state in _ASKING and one.id not in answered]
    threads = [one for one in discussion.threads if not one.resolved]
    open_ = [*_reviews(reviews, ears), *_threads(threads, ears)]
    unread = [
        *(one.author for one in reviews if said(one.body, ears.prefix)),
        *(one.author for thread in threads for one in _since(thread, ears)),
    ]
    return Asked(pull=pull, open=tuple(open_), unread=sum(one not in {ears.me, *ears.writers} for one in unread))


def said(text: str, prefix: str) -> str:
    """Return a text without its commands.

    >>> said("/autocoder fix", "/autocoder"), said("Rename it.", "/autocoder")
    ('', 'Rename it.')
    """
    command = re.compile(rf"\s*{re.escape(prefix)}(?:\s|$)", re.IGNORECASE)
    return "\n".join(line for line in text.splitlines() if not command.match(line)).strip()


def _reviews(reviews: Sequence[Review], ears: Ears) -> Iterator[OpenRemark]:
    for one in reviews:
        text = said(one.body, ears.prefix)
        if text and one.author in ears.writers:
            yield OpenRemark(id=one.id, words=(Words(author=one.author, text=text),))


def _threads(threads: Sequence[Thread], ears: Ears) -> Iterator[OpenRemark]:
    for thread in threads:
        if any(_counts(one, ears) and said(one.body, ears.prefix) for one in _since(thread, ears)):
            heard = (one for one in thread.remarks if _counts(one, ears))
            every = (Words(author=one.author, text=said(one.body, ears.prefix)) for one in heard)
            yield OpenRemark(
                id=thread.remarks[0].id,
                words=tuple(one for one in every if one.text),
                path=thread.path,
                line=thread.line,
                outdated=thread.outdated,
            )


def _since(thread: Thread, ears: Ears) -> Sequence[Remark]:
    """Return what was said in a thread since our last answer."""
    ours = [place for place, one in enumerate(thread.remarks, 1) if one.author == ears.me and _answers(one)]
    return thread.remarks[ours[-1] if ours else 0 :]


def _answers(remark: Remark) -> bool:
    return remark.body.startswith(ANSWER)


def _counts(remark: Remark, ears: Ears) -> bool:
    return remark.author in ears.writers and not (remark.author == ears.me and _answers(remark))
