"""The pages of GitHub's list of issues, whoever fetched them, and what they show together."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import BaseModel, ConfigDict, RootModel

from autocoder_action.backlog.board import Issue, Listing
from autocoder_action.value import Value

_ANSWER = 10
"""Seconds after which GitHub gives up answering."""
NOBODY = "ghost"
"""The name under which GitHub shows what deleted accounts wrote."""


class Part(BaseModel):
    """What is read of an answer; made when it is needed."""

    model_config = ConfigDict(defer_build=True)


class _User(Part):
    login: str


class _Label(Part):
    name: str


class Entry(Part):
    """An entry of the list: an issue, or a pull request."""

    id: int
    node_id: str
    number: int
    title: str
    body: str | None
    labels: list[_Label]
    state: str
    state_reason: str | None
    user: _User | None
    updated_at: datetime
    html_url: str

    @property
    def is_pull(self) -> bool:
        """Return whether it is a pull request."""
        return "/pull/" in self.html_url

    @property
    def changed(self) -> int:
        """Return when it changed last, in seconds since the epoch, UTC."""
        return int(self.updated_at.timestamp())

    @property
    def issue(self) -> Issue:
        """Return it as a value."""
        return Issue(
            number=self.number,
            title=self.title,
            body=self.body or "",
            labels=frozenset(label.name for label in self.labels),
            open=self.state == "open",
            state_reason=self.state_reason,
            author=self.user.login if self.user else NOBODY,
            updated_at=self.changed,
            url=self.html_url,
        )


class Entries(RootModel[list[Entry]]):
    """A whole page of them."""

    model_config = ConfigDict(defer_build=True)


class Page(Value, frozen=True, kw_only=True):
    """One answer."""

    entries: Sequence[Entry]
    more: bool
    """Whether another page follows."""
    at: int
    """When it was answered, by GitHub's clock; 0 where that does not say."""

    @property
    def newest(self) -> int:
        """Return the time of the newest change on it; 0 where it is empty."""
        return max((one.changed for one in self.entries), default=0)


def query(*, since: int | None, page: int) -> dict[str, str]:
    """Return what stands in the address of a page of all issues, or of those that changed since a time.

    In the order of creation, because one that changes meanwhile must not move behind a page already read. No ETag:
    ``since`` makes the list of a board where nothing changed one short page, and needs nothing kept.
    """
    chosen = {"state": "all", "sort": "created", "direction": "asc", "per_page": "100"}
    chosen |= {"since": datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} if since else {}
    return chosen | ({"page": str(page)} if page > 1 else {})


def page_of(entries: Entries, headers: Mapping[str, str]) -> Page:
    """Return an answer as a page; the headers' names are in lower case."""
    return Page(entries=entries.root, more='rel="next"' in headers.get("link", ""), at=_moment(headers.get("date", "")))


def listing_of(pages: Sequence[Page]) -> Listing:
    """Return what pages show; one that is read later may repeat an entry, and shows it as it was then."""
    entries = {one.number: one for page in pages for one in page.entries}
    seen = max((page.newest for page in pages), default=0)
    if len(pages) > 1:
        # What changed on a page after that was read is not among them, though it may be older than something on a
        # later page. So this list reaches as far as the first answer, which GitHub took up to ten seconds to make.
        seen = min(seen, pages[0].at - _ANSWER if pages[0].at else pages[0].newest)
    issues = (one.issue for _, one in sorted(entries.items()) if not one.is_pull)
    return Listing(issues=tuple(issues), seen=seen, entries=len(entries))


def _moment(written: str) -> int:
    try:
        return int(parsedate_to_datetime(written).timestamp())
    except ValueError:
        return 0
