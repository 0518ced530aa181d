"""How a request to GitHub is repeated: never twice what may have happened, never longer than patience lasts."""

import json
import math
import time
from typing import Any, Self, cast

from github.GithubException import GithubException, RateLimitExceededExceedsMaxWait
from github.GithubRetry import DEFAULT_SECONDARY_RATE_WAIT, GithubRetry
from github.Requester import Requester
from urllib3 import HTTPResponse, Retry

_HARMLESS = frozenset({"GET", "HEAD", "PUT", "PATCH", "DELETE"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READ_FIRST = frozenset({403, 429}) | _REDIRECTS
_ATTEMPTS_AFTER_THE_FIRST = 4


class PatientRetry(GithubRetry):
    """PyGithub's retries with their traps taken out.

    A POST that GitHub may have carried out (5xx, no answer) is not repeated; PATCH, which here always
    sets a value, is. A limit is waited for only as long as patience lasts, on 429 as on 403, and so is what a
    server with trouble of its own asks for. A redirect is an error, because PyGithub takes the 307 that
    answers a POST for the thing that was created.
    """

    pause: float = 0.0
    """Seconds to wait before the next attempt, at least; the next object starts again from none."""
    until: float = math.inf
    """When no limit is waited for any more, by the monotonic clock."""

    def new(self, **parts: Any) -> Self:  # noqa: ANN401 - urllib3's own
        """Return the same for the next attempt."""
        following = super().new(**parts)
        following.until = self.until
        return following

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        """Return whether an answer goes to ``increment``, which repeats the request or raises."""
        del has_retry_after
        if status_code in _READ_FIRST:
            return True
        return status_code >= 500 and method.upper() in _HARMLESS

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,  # noqa: ANN401 - urllib3 and PyGithub disagree about its type
        *args: Any,  # noqa: ANN401 - urllib3's own further arguments, passed on as they are
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> Self:
        """Return what governs the next attempt, or raise what the answer means."""
        asks = response is not None and response.headers.get("retry-after", "").isdigit()
        if response is None or not (asks or response.status in _READ_FIRST):
            return cast("Self", super().increment(method, url, response, *args, **kwargs))
        refusal = _refusal(response, url or "")
        wait = _limit_wait(refusal)
        if wait is None:
            raise refusal
        patience = max(0.0, min(self.max_rate_limit_wait or 0.0, self.until - time.monotonic()))
        if wait > patience or not self.total:
            raise RateLimitExceededExceedsMaxWait(refusal.status, refusal.data, refusal.headers, wait=wait)
        following = Retry.increment(self, method, url, response, *args, **kwargs)
        following.max_rate_limit_wait = patience - wait
        following.pause = wait
        return following

    def get_backoff_time(self) -> float:
        """Return the seconds to wait before the next attempt."""
        return max(self.pause, super().get_backoff_time())


def patient_retry(*, patience_seconds: float, backoff_seconds: float) -> PatientRetry:
    """Make the retries of one tracker; the waits of one request for limits stay under patience in all."""
    return PatientRetry(
        total=_ATTEMPTS_AFTER_THE_FIRST,
        allowed_methods=_HARMLESS,
        backoff_factor=backoff_seconds,
        raise_on_status=False,
        max_rate_limit_wait=patience_seconds,
        retry_after_max=int(patience_seconds),
    )


def _refusal(response: HTTPResponse, url: str) -> GithubException:
    """Read an answer to its end, which frees its connection, and return PyGithub's exception for it."""
    text = GithubRetry.get_content(response, url).decode("utf-8", "replace")
    try:
        data = json.loads(text)
    except ValueError:
        data = {"message": text[:200]}
    headers = {name.lower(): value for name, value in response.headers.items()}
    if not isinstance(data, dict):
        data = {"message": text[:200]}
    return Requester.createException(response.status, headers, data)


def _limit_wait(refusal: GithubException) -> float | None:
    """Return the seconds for which GitHub wants to be left alone, or None where the answer is not about that."""
    headers = refusal.headers or {}
    message = str(refusal.data.get("message") or "")
    after = headers.get("retry-after", "")
    if refusal.status in _REDIRECTS:
        return None
    if refusal.status == 403 and not after and not Requester.isRateLimitError(message):
        return None
    if after.isdigit():
        return float(after)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(0.0, int(reset) + 1 - time.time())
    return float(DEFAULT_SECONDARY_RATE_WAIT)
