"""What the relay takes of a request, and what it keeps back of an answer."""

import httpx
from starlette.requests import Request

MOST_AT_ONCE = 32
"""Connections to the relay: the agent's program has a few, and each may hold one request's bytes."""
_MOST_BYTES = 32 * 1024 * 1024
"""Of a request; the service itself takes no more."""
_HOP = {"connection", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade"}
# Ours to say: who asks whom, how long, and how the answer is packed (unpacked, or it could not be metered).
_NOT_UP = _HOP | {
    "host",
    "content-length",
    "accept-encoding",
    "authorization",
    "x-api-key",
    "proxy-authorization",
    "cookie",
}
_NOT_DOWN = _HOP | {"content-length", "content-encoding", "set-cookie", "date", "server"}


async def whole(request: Request) -> bytes | None:
    """Return a request's body; None where it is more than the service takes, of which no more is read."""
    parts, size = list[bytes](), 0
    async for part in request.stream():
        size += len(part)
        if size > _MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def going_up(request: Request) -> dict[str, str]:
    """Return the headers of a request that the service is to see, besides the credential."""
    return {name: value for name, value in request.headers.items() if name not in _NOT_UP}


def coming_down(answer: httpx.Response, secret: str) -> dict[str, str]:
    """Return the headers of an answer that the agent is to see."""
    kept = {name: value for name, value in answer.headers.items() if name not in _NOT_DOWN}
    return {name: value.replace(secret, "***") for name, value in kept.items()} if secret else kept


def spared(content: bytes, secret: str) -> bytes:
    """Return an answer without the credential: there are gateways that repeat it when they do not know it."""
    return content.replace(secret.encode(), b"***") if secret else content
