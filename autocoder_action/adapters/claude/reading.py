"""An answer of the model's service, read while it passes: its tokens, and what went wrong with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from autocoder_action.session.prices import Tokens

_HOUR = "ephemeral_1h_input_tokens"
_AROUND, _BYTES = 100, 4
"""Bytes around a delta's own text, and of text for one token, as a rule."""
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
# How services word an account without money.
_EMPTY = ("credit balance", "insufficient balance", "insufficient credit")
# How they word a request that is too long.
_LONG = ("too long", "context window", "context length", "maximum context")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why the model's service gave no answer, or only half of one."""

    status: int | None
    """None where it was not reached, or hung up."""
    message: str
    retry_after: int | None = None
    """Seconds, where the service named them."""
    left: bool = False
    """Whether it was the agent's program that hung up, before the service's answer was at its end."""
    begun: bool = False
    """Whether the answer had begun."""

    @property
    def names_money(self) -> bool:
        """Return whether the account is out of money; services say so with 402, but also with 400 and 429."""
        said = self.message.lower()
        return self.status == 402 or any(words in said for words in _EMPTY)

    @property
    def names_length(self) -> bool:
        """Return whether the request was more than the model takes, even after the program has summarized it."""
        said = self.message.lower()
        return self.status == 413 or (self.status == 400 and any(words in said for words in _LONG))


class Reading:
    """The tokens of one answer, read while its bytes pass."""

    def __init__(self, *, events: bool = True) -> None:
        """Read a stream of events, or an answer in one piece."""
        self.failure: Failure | None = None
        self.told = False
        """Whether the service has said what the request used."""
        self.goes_on = False
        """Whether the answer ended in a call of a tool, so that another request follows."""
        self._events = events
        self._rest = b""
        self._written = 0
        self._used: dict[str, int] = {}

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._rest += data
        if not self._events:
            return
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            # Deltas are most of a stream and hold nothing to count.
            if line.startswith(b"data:") and (b'"usage"' in line or b'"error"' in line):
                self._event(parse(line.removeprefix(b"data:")))
            elif line.startswith(b"data:"):
                self._written += max(0, len(line) - _AROUND)

    def close(self) -> None:
        """Read an answer in one piece, now that all of it is here."""
        if not self._events:
            self._written = len(self._rest)
            self._message(parse(self._rest))

    @property
    def tokens(self) -> Tokens:
        """Return what the service has said so far."""
        hour = self._used.get(_HOUR, 0)
        return Tokens(
            input=self._used.get("input_tokens", 0),
            cache_read=self._used.get("cache_read_input_tokens", 0),
            cache_creation=max(0, self._used.get("cache_creation_input_tokens", 0) - hour),
            cache_creation_1h=hour,
            output=self._used.get("output_tokens", 0),
        )

    def used(self, *, broken: bool) -> Tokens:
        """Return what to count: for an answer that broke off, what was written of it, too."""
        if self.told and not broken:
            return self.tokens
        return replace(self.tokens, output=max(self.tokens.output, self._written // _BYTES))

    def _event(self, event: Mapping[str, Any]) -> None:
        if event.get("type") == "error":
            self.failure = failure_of(None, event)
        elif event.get("type") == "message_start":
            self._message(event.get("message"))
        elif event.get("type") == "message_delta":
            self._message(event)

    def _message(self, message: object) -> None:
        if isinstance(message, dict):
            ending = message.get("delta", message)
            self.goes_on = isinstance(ending, dict) and ending.get("stop_reason") in {"tool_use", "pause_turn"}
            self._count(message.get("usage"))

    def _count(self, usage: object) -> None:
        """Take over the numbers that are given: each is a total so far, and the last one holds."""
        if not isinstance(usage, dict):
            return
        detail = usage.get("cache_creation")
        given = {**usage, **(detail if isinstance(detail, dict) else {})}
        numbers = {name: value for name, value in given.items() if isinstance(value, int) and value >= 0}
        self.told = self.told or "input_tokens" in numbers
        self._used.update(numbers)


def failure_of(status: int | None, body: Mapping[str, Any], retry_after: str = "") -> Failure:
    """Read a failure from the service's error object.

    >>> failure_of(None, {"error": {"type": "overloaded_error", "message": "Overloaded"}})
    Failure(status=529, message='Overloaded', retry_after=None, left=False, begun=False)
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


def parse_once(data: bytes) -> Mapping[str, Any]:
    """Read a JSON object as everybody has to read it: one that names a thing twice, at any depth, is an empty one.

    Else the service could go by the one where we went by the other.
    """
    try:
        value = json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("A name stands twice in one object.")
    return made
