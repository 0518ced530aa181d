"""A first look at GitHub without PyGithub, which takes a fifth of a second to load: most runs read two things and end.

Only a plain success counts. Whatever else comes, a refusal, a limit, a second page, silence, is left to PyGithub, which
asks again and knows what to do about it.
"""

import http.client
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from autocoder_action.backlog.board import Issue, Repository

_SECONDS = 5.0
_HEADERS = {"Accept": "application/vnd.github+json", "User-Agent": "autocoder-action"}
_NOBODY = "ghost"


class _Part(BaseModel):
    """What is read of an answer; made when it is needed."""

    model_config = ConfigDict(defer_build=True)


class _Repository(_Part):
    full_name: str
    default_branch: str
    has_issues: bool
    private: bool


class _User(_Part):
    login: str


class _Label(_Part):
    name: str


class _Entry(_Part):
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


class _Entries(RootModel[list[_Entry]]):
    model_config = ConfigDict(defer_build=True)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A whole answer."""

    body: bytes
    left: tuple[int, int] | None
    """How many requests the primary limit still allows, and when it is whole again; None where GitHub does not say."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nobody: the token is for one address."""

    def redirect_request(self, *_: object) -> None:
        """Return nothing to ask instead."""


def glance(address: str, token: str, query: Mapping[str, str]) -> Seen | None:
    """Ask once; return what came, if that is all there is."""
    try:
        asked = urllib.request.Request(f"{address}?{urlencode(query)}" if query else address, headers=_HEADERS)  # noqa: S310  # checked below
        if asked.type not in {"http", "https"}:
            return None
        asked.add_unredirected_header("Authorization", f"Bearer {token.strip()}")
        with urllib.request.build_opener(_Stay).open(asked, timeout=_SECONDS) as answer:
            if answer.status != 200 or 'rel="next"' in answer.headers.get("Link", ""):
                return None
            return Seen(body=answer.read(), left=_left(answer.headers))
    except (OSError, http.client.HTTPException, ValueError):  # HTTPError is an OSError
        return None


def _left(headers: Mapping[str, str]) -> tuple[int, int] | None:
    remaining, reset = headers.get("X-RateLimit-Remaining", ""), headers.get("X-RateLimit-Reset", "")
    return (int(remaining), int(reset)) if remaining.isdigit() and reset.isdigit() else None


def repository_of(body: bytes) -> Repository | None:
    """Return the repository that an answer describes, or None where it is another answer."""
    try:
        return Repository(**_Repository.model_validate_json(body).model_dump())
    except ValidationError:
        return None


def issues_of(body: bytes) -> tuple[tuple[Issue, tuple[int, str]], ...] | None:
    """Return the issues that an answer lists, by number, each with its ids; None where it is another answer."""
    try:
        entries = {one.number: one for one in _Entries.model_validate_json(body).root if "/pull/" not in one.html_url}
    except ValidationError:
        return None
    return tuple((_issue(one), (one.id, one.node_id)) for _, one in sorted(entries.items()))


def _issue(entry: _Entry) -> Issue:
    return Issue(
        number=entry.number,
        title=entry.title,
        body=entry.body or "",
        labels=frozenset(label.name for label in entry.labels),
        open=entry.state == "open",
        state_reason=entry.state_reason,
        author=entry.user.login if entry.user else _NOBODY,
        updated_at=int(entry.updated_at.timestamp()),
        url=entry.html_url,
    )
