"""A first look at GitHub without PyGithub, which takes a fifth of a second to load: most runs read two things and end.

Only a plain success counts. Whatever else comes, a refusal, a limit, silence, is left to PyGithub, which asks again and
knows what to do about it.
"""

import http.client
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlencode

from pydantic import ValidationError

from autocoder_action.adapters.github_api.pages import Entries, Page, Part, page_of
from autocoder_action.backlog.board import Repository
from autocoder_action.value import Value

_SECONDS = 5.0
_HEADERS = {"Accept": "application/vnd.github+json", "User-Agent": "autocoder-action"}


class _Repository(Part):
    full_name: str
    default_branch: str
    has_issues: bool
    private: bool


class Seen(Value, frozen=True, kw_only=True):
    """A whole answer."""

    body: bytes
    headers: Mapping[str, str]
    """With their names in lower case."""
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
            if answer.status != 200:
                return None
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Seen(body=answer.read(), headers=headers, left=_left(headers))
    except (OSError, http.client.HTTPException, ValueError):  # HTTPError is an OSError
        return None


def _left(headers: Mapping[str, str]) -> tuple[int, int] | None:
    remaining, reset = headers.get("x-ratelimit-remaining", ""), headers.get("x-ratelimit-reset", "")
    return (int(remaining), int(reset)) if remaining.isdigit() and reset.isdigit() else None


def repository_of(seen: Seen | None) -> Repository | None:
    """Return the repository that an answer describes, or None where it is another answer."""
    try:
        return Repository(**_Repository.model_validate_json(seen.body).model_dump()) if seen else None
    except ValidationError:
        return None


def issues_of(seen: Seen | None) -> Page | None:
    """Return the page of issues that an answer is, or None where it is another answer."""
    try:
        return page_of(Entries.model_validate_json(seen.body), seen.headers) if seen else None
    except ValidationError:
        return None
