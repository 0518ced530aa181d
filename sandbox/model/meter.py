"""How many tokens a request costs, and how many of them a prompt cache would have known."""

import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sandbox.model.content import Json, blocks
from sandbox.model.conversation import Turn
from sandbox.model.usage import Usage

BYTES_PER_TOKEN = 4


@dataclass(frozen=True)
class _Segment:
    """One piece of a request, in the order in which the cache compares: tools, system, messages."""

    digest: str
    tokens: int
    marked: bool  # the caller put a cache breakpoint here


class Meter:
    """Counts tokens, and remembers which prefixes of requests were cached, as the real service does.

    A prefix is written up to the request's last `cache_control` mark and read where an earlier request wrote
    it. Time plays no part: nothing expires.
    """

    def __init__(self) -> None:
        self._written: set[str] = set()
        self._lock = threading.Lock()

    def measure(self, body: Json, turn: Turn) -> Usage:
        """Book one request with its answer; what the turn tells itself is told instead."""
        segments = list(_segments(body))
        marked = max((place + 1 for place, segment in enumerate(segments) if segment.marked), default=0)
        chain = _chain(str(body["model"]), segments[:marked])
        with self._lock:
            known = max((place + 1 for place, link in enumerate(chain) if link in self._written), default=0)
            self._written.update(chain)
        return turn.usage or Usage(
            input=_sum(segments[marked:]) + BYTES_PER_TOKEN,
            cache_read=_sum(segments[:known]),
            cache_creation=_sum(segments[known:marked]),
            output=output_tokens(turn),
        )


def input_tokens(body: Json) -> int:
    """Count a request's tokens, about one for four bytes."""
    return _sum(list(_segments(body))) + BYTES_PER_TOKEN


def output_tokens(turn: Turn) -> int:
    """Count an answer's tokens, at least one."""
    written = turn.text + "".join(call.name + json.dumps(dict(call.input)) for call in turn.tool_calls)
    return max(1, len(written.encode()) // BYTES_PER_TOKEN)


def _sum(segments: Sequence[_Segment]) -> int:
    return sum(segment.tokens for segment in segments)


def _segments(body: Json) -> Iterator[_Segment]:
    yield from (_segment(tool) for tool in body.get("tools", ()))
    yield from (_segment(block) for block in blocks({"content": body.get("system", [])}))
    for message in body["messages"]:
        yield from (_segment({"role": message["role"], **block}) for block in blocks(message))


def _segment(value: Json) -> _Segment:
    # The mark itself moves from request to request and is no part of what is cached.
    plain = {key: part for key, part in value.items() if key != "cache_control"}
    written = json.dumps(plain, sort_keys=True).encode()
    return _Segment(
        hashlib.sha256(written).hexdigest(), max(1, len(written) // BYTES_PER_TOKEN), "cache_control" in value
    )


def _chain(model: str, segments: Sequence[_Segment]) -> list[str]:
    links, link = [], hashlib.sha256(model.encode())
    for segment in segments:
        link.update(segment.digest.encode())
        links.append(link.hexdigest())
    return links
