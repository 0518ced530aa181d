"""What passes through the relay, counted: tokens, models, and what went wrong last."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# What the service calls an error inside a stream, as the status that it would have had before it.
_STATUS_BY_TYPE: Mapping[str, int] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why the model's service gave no answer, or only half of one."""

    status: int | None
    """None where it was not reached, or hung up."""
    message: str
    retry_after: int | None = None
    """Seconds, where the service named them."""


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """Tokens of one or more requests, each counted in one place only."""

    input: int = 0
    """Neither read from the cache nor written to it."""
    cache_read: int = 0
    cache_creation: int = 0
    output: int = 0

    @property
    def all_input(self) -> int:
        """Return everything that was sent, from the cache or not."""
        return self.input + self.cache_read + self.cache_creation

    def __add__(self, other: "Tokens") -> "Tokens":
        """Return the sum."""
        return Tokens(
            input=self.input + other.input,
            cache_read=self.cache_read + other.cache_read,
            cache_creation=self.cache_creation + other.cache_creation,
            output=self.output + other.output,
        )


@dataclass(kw_only=True)
class Meter:
    """The count so far; the relay's thread writes it, anybody reads it."""

    requests: int = 0
    """Requests that were passed on, answered or not."""
    by_model: dict[str, Tokens] = field(default_factory=dict)
    failure: Failure | None = None
    """The last request's failure; None once one succeeds."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def total(self) -> Tokens:
        """Return the tokens of all models."""
        with self._lock:
            return sum(self.by_model.values(), Tokens())

    def begin(self, model: str) -> None:
        """Count a request for a model."""
        with self._lock:
            self.requests += 1
            self.by_model.setdefault(model, Tokens())

    def succeed(self, model: str, tokens: Tokens) -> None:
        """Count a whole answer."""
        self._finish(model, tokens, None)

    def fail(self, model: str, failure: Failure, tokens: Tokens | None = None) -> None:
        """Count what a broken answer used, and keep why it broke."""
        self._finish(model, tokens or Tokens(), failure)

    def _finish(self, model: str, tokens: Tokens, failure: Failure | None) -> None:
        with self._lock:
            self.by_model[model] = self.by_model.get(model, Tokens()) + tokens
            self.failure = failure


class Reading:
    """The tokens of one answer, read while its bytes pass."""

    def __init__(self) -> None:
        self.tokens = Tokens()
        self.failure: Failure | None = None
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes of a stream of events."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            # Text deltas are most of a stream and hold nothing to count.
            if line.startswith(b"data:") and (b'"usage"' in line or b'"error"' in line):
                self._event(parse(line.removeprefix(b"data:")))

    def whole(self, data: bytes) -> None:
        """Take an answer that came in one piece."""
        self._count(parse(data).get("usage"))

    def _event(self, event: Mapping[str, Any]) -> None:
        if event.get("type") == "error":
            self.failure = failure_of(None, event)
        elif event.get("type") == "message_start":
            message = event.get("message")
            self._count(message.get("usage") if isinstance(message, dict) else None)
        elif event.get("type") == "message_delta":
            self._count(event.get("usage"))

    def _count(self, usage: object) -> None:
        """Take over the numbers that are given: each is a total so far, and the last one holds."""
        if not isinstance(usage, dict):
            return
        names = {
            "input": "input_tokens",
            "cache_read": "cache_read_input_tokens",
            "cache_creation": "cache_creation_input_tokens",
            "output": "output_tokens",
        }
        given = {ours: usage[theirs] for ours, theirs in names.items() if isinstance(usage.get(theirs), int)}
        before = {name: getattr(self.tokens, name) for name in names}
        self.tokens = Tokens(**(before | given))


def failure_of(status: int | None, body: Mapping[str, Any], retry_after: str = "") -> Failure:
    """Read a failure from the service's error object.

    >>> failure_of(None, {"error": {"type": "overloaded_error", "message": "Overloaded"}})
    Failure(status=529, message='Overloaded', retry_after=None)
    """
    error = body.get("error")
    error = error if isinstance(error, dict) else {}
    return Failure(
        status=status or _STATUS_BY_TYPE.get(str(error.get("type")), 500),
        message=" ".join(str(error.get("message", "")).split())[:300],
        retry_after=int(retry_after) if retry_after.isdecimal() else None,
    )


def parse(data: bytes) -> Mapping[str, Any]:
    """Read a JSON object; anything else counts as an empty one."""
    try:
        value = json.loads(data)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
