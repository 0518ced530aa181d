"""What can go wrong with a request on demand, and which request it befalls."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.model.content import Json

ERROR_TYPES: Mapping[int, str] = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}

_MESSAGES: Mapping[int, str] = {
    402: "Your credit balance is too low to access the Anthropic API.",
    403: "Your API key does not have permission to use the specified resource.",
    413: "Request exceeds the maximum size",
    429: "This request would exceed your account's rate limit. Please try again later.",
    500: "Internal server error",
    529: "Overloaded",
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    Without `after_events` it befalls the request before any answer; with it, the stream after so many events
    (0: after the response's head). `status` within a stream becomes an `error` event.
    """

    nth: int = 1
    times: int | None = 1
    path: str = "/v1/messages"
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    drop: bool = False
    hang: bool = False
    malformed: bool = False
    after_events: int | None = None

    @property
    def in_stream(self) -> bool:
        """Whether the answer begins as if all were well."""
        return self.after_events is not None or self.malformed

    def befalls(self, count: int) -> bool:
        """Say whether the request with this number, counted from when the fault was set, is hit."""
        return self.nth <= count and (self.times is None or count < self.nth + self.times)


class Faults:
    """The faults that are set, each with its own count of the requests that it has seen."""

    def __init__(self) -> None:
        self._seen: list[tuple[Fault, list[int]]] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Set a fault; it counts requests from now on."""
        with self._lock:
            self._seen.append((fault, [0]))

    def clear(self) -> None:
        """Take all of them back."""
        with self._lock:
            self._seen.clear()

    def next(self, path: str) -> Fault | None:
        """Count a request and find the fault that it meets; the one that was set first wins."""
        hit: Fault | None = None
        with self._lock:
            for fault, count in self._seen:
                if fault.path != path:
                    continue
                count[0] += 1
                if hit is None and fault.befalls(count[0]):
                    hit = fault
        return hit


def error_body(status: int, request_id: str, message: str | None = None) -> Json:
    """Write Anthropic's error object for a status.

    >>> error_body(529, "req_1")["error"]
    {'type': 'overloaded_error', 'message': 'Overloaded'}
    """
    kind = ERROR_TYPES.get(status, "api_error")
    text = message or _MESSAGES.get(status, f"The sandbox was told to answer {status}.")
    return {"type": "error", "error": {"type": kind, "message": text}, "request_id": request_id}
