"""The connection to GitHub, and the door at which PyGithub's exceptions become this program's."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from github import Auth, Github
from github.GithubException import BadAttributeException, GithubException, RateLimitExceededExceedsMaxWait
from github.Repository import Repository
from github.Requester import Requester
from requests.exceptions import RequestException

from autocoder_action.adapters.github_api.graphql import UNANSWERED, Told, forbidden, is_limited, told
from autocoder_action.adapters.github_api.retry import patient_retry
from autocoder_action.adapters.github_api.words import AnsweredError, Asked, bad_token, limited, meaning, no_answer
from autocoder_action.errors import ConfigError

_TIMEOUT_SECONDS = 15
"""GitHub itself gives up after 10."""
_BACKOFF_SECONDS = 0.5
_USUAL_WAIT = 60.0
"""Seconds, where a limit does not name its end."""
_SECRET_FROM = 8
"""Characters from which on a token can be one; hiding shorter texts would only spoil messages."""
_NOT_UNDERSTOOD = (BadAttributeException, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What PyGithub and the views raise over an answer that some proxy, not GitHub's API, has written."""


class Door:
    """One repository on one host, as one token sees it. Making it sends nothing."""

    graphql_url: str = ""
    """Where GraphQL is asked; as the API's own address lets conclude, where empty."""
    limited: Callable[[float], None] | None = None
    """Called with the seconds that GitHub wants to be left alone, where they are more than patience allows."""

    def __init__(
        self, *, api_url: str, repository: str, token: str, pace_seconds: float, patience_seconds: float
    ) -> None:
        """Check the parts and prepare the connection; raise ConfigError."""
        self._host = _host(api_url)
        self._repository = _full_name(repository)
        self._token = token.strip()
        asked = Asked(doing="", needs="", thing=None, repository=repository, host=self._host)
        if not re.fullmatch(r"[!-~]+", self._token):
            raise bad_token(asked, "it is empty, or holds characters that no token has")
        self.retry = patient_retry(
            patience_seconds=patience_seconds, backoff_seconds=min(pace_seconds, _BACKOFF_SECONDS)
        )
        self.hub = Github(
            auth=Auth.Token(self._token),
            base_url=api_url.rstrip("/"),
            timeout=_TIMEOUT_SECONDS,
            user_agent="autocoder-action",
            per_page=100,
            retry=self.retry,
            seconds_between_requests=0,
            seconds_between_writes=pace_seconds,
            lazy=True,
        )

    @contextmanager
    def asking(
        self, doing: str, *, needs: str, thing: str | None = None, values: frozenset[int] = frozenset()
    ) -> Iterator[Repository]:
        """Give the repository for one act, and translate whatever PyGithub raises in the block.

        Raises AnsweredError for the statuses in ``values``, and an AutocoderError for all else.
        """
        asked = Asked(doing=doing, needs=needs, thing=thing, repository=self._repository, host=self._host)
        try:
            yield self.hub.get_repo(self._repository)
        except RateLimitExceededExceedsMaxWait as error:
            if self.limited:
                self.limited(error.wait or 0.0)
            raise limited(asked, error.wait or 0.0) from error
        except GithubException as error:
            answer = self._answer(error)
            raise answer if answer.status in values else meaning(asked, answer) from error
        except RequestException as error:
            raise no_answer(asked, self._redacted(_reason(error))) from error
        except _NOT_UNDERSTOOD as error:
            raise no_answer(asked, "it was not what GitHub's API answers") from error

    @contextmanager
    def asked(
        self,
        doing: str,
        document: str,
        variables: Mapping[str, object],
        *,
        tries: int = 1,
        values: frozenset[int] = UNANSWERED,
    ) -> Iterator[Told]:
        """Send a GraphQL document and give its answer to the block, which may stumble over it as over any other.

        With more tries, a document that only reads is sent again where no answer came. Raises AnsweredError for
        the statuses in ``values``: by default where the server has no GraphQL for this token.
        """
        given = {"query": document, "variables": dict(variables)}
        with self.asking(doing, needs="issues: write" if tries == 1 else "issues: read", values=values) as repository:
            headers, answer = self._posted(repository.requester, given, tries)
            if is_limited(answer):
                wait = max(0.0, float(headers.get("x-ratelimit-reset") or 0) - time.time())
                raise RateLimitExceededExceedsMaxWait(403, answer, headers, wait=wait or _USUAL_WAIT)
            if words := forbidden(answer):
                raise GithubException(403, {"message": words}, headers)
            yield told(answer)

    def _posted(self, requester: Requester, given: object, tries: int) -> tuple[dict[str, Any], Any]:
        address = self.graphql_url or requester.graphql_url
        for _ in range(tries - 1):
            try:
                return requester.requestJsonAndCheck("POST", address, input=given)
            except GithubException as error:
                if error.status < 500:
                    raise
            except RequestException:
                continue
        return requester.requestJsonAndCheck("POST", address, input=given)

    @property
    def is_apps(self) -> bool:
        """Return whether the token is surely an app's, as a workflow's own is: REST tells none of them who it is."""
        return self._token.startswith("ghs_")

    def left(self) -> tuple[int, int] | None:
        """Return how many requests the primary limit still allows and when it is whole again, as last told."""
        requester = self.hub.requester
        remaining, reset = requester.rate_limiting[0], requester.rate_limiting_resettime
        return (remaining, reset) if remaining >= 0 and reset > 0 else None

    def viewer(self) -> str | None:
        """Return an app's login, which only GraphQL tells it; None where the host does not say.

        GraphQL leaves the ending out that REST shows behind the name of every app.
        """
        query = "query { viewer { login } }"
        with suppress(AnsweredError), self.asked("asking who I am", query, {}, tries=3) as found:
            return str(found.data["viewer"]["login"]).removesuffix("[bot]") + "[bot]"
        return None

    def _answer(self, error: GithubException) -> AnsweredError:
        data = error.data if isinstance(error.data, dict) else {}
        listed = data.get("errors")
        # GitHub lists problems as objects or as sentences, and sometimes sends one sentence alone.
        mixed = listed if isinstance(listed, list) else [listed] if listed else []
        problems = [problem for problem in mixed if isinstance(problem, dict)]
        # The message over a list of problems is always "Validation Failed".
        words = [*map(_problem, mixed)] or [str(data.get("message") or error.message or "no reason given")]
        return AnsweredError(
            status=error.status,
            words=self._redacted("; ".join(dict.fromkeys(words))),
            codes=frozenset(f"{problem.get('field')}:{problem.get('code')}" for problem in problems),
            accepted=(error.headers or {}).get("x-accepted-github-permissions", ""),
        )

    def _redacted(self, text: str) -> str:
        return text.replace(self._token, "***") if len(self._token) >= _SECRET_FROM else text


def _host(api_url: str) -> str:
    parts = urlsplit(api_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(
            f"GITHUB_API_URL is no web address: {api_url!r}.",
            remedy="Leave it as the runner sets it, for example https://api.github.com.",
        )
    return parts.netloc.rpartition("@")[2]


def _full_name(repository: str) -> str:
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise ConfigError(
            f"GITHUB_REPOSITORY is no repository's name: {repository!r}.",
            remedy="Leave it as the runner sets it, in the form owner/name.",
        )
    return repository


def _problem(problem: dict[str, Any] | str) -> str:
    if isinstance(problem, str):
        return problem
    return str(problem.get("message") or f"{problem.get('field') or problem.get('resource')}: {problem.get('code')}")


def _reason(error: RequestException) -> str:
    """Return the innermost cause, which is the one that tells (``Connection refused``)."""
    cause: BaseException = error
    for _ in range(10):
        inner = getattr(cause, "reason", None) or next(
            (part for part in reversed(cause.args) if isinstance(part, BaseException)), None
        )
        if not isinstance(inner, BaseException):
            break
        cause = inner
    text = re.sub(r"^HTTPS?Connection\w*\(.*?\): ", "", str(cause))
    return text.rstrip(".") or type(cause).__name__
