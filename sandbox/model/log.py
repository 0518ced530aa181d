"""What has arrived at the server, for tests and reports to look at."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.model.content import Json


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request as it arrived, and the status of its answer: 0 where none was sent.

    `headers` have lower-case names, `body` is empty where it was no JSON object, `bytes` is its size.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Json
    bytes: int
    status: int


class Log:
    """The exchanges so far; other threads may read it and wait for it."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []
        self._grown = threading.Condition()

    def add(self, exchange: Exchange) -> None:
        """Add one exchange and wake those who wait."""
        with self._grown:
            self._exchanges.append(exchange)
            self._grown.notify_all()

    def all(self) -> list[Exchange]:
        """Give a copy of everything so far."""
        with self._grown:
            return list(self._exchanges)

    def wait_for(self, count: int, timeout: float) -> list[Exchange]:
        """Wait for so many message requests; see `Model.wait_for`."""
        with self._grown:
            if not self._grown.wait_for(lambda: len(self._messages()) >= count, timeout):
                raise TimeoutError(f"{len(self._messages())} of {count} requests after {timeout} s")
            return self._messages()

    def _messages(self) -> list[Exchange]:
        return [exchange for exchange in self._exchanges if exchange.path == "/v1/messages"]
