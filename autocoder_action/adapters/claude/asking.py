"""How a service is asked, and how the network fails: what the relay and the question before it have in common."""

import ssl

import httpx

from autocoder_action.session.provider import Credential, Provider

VERSION = "2023-06-01"
"""Of the Messages API."""


def credential(provider: Provider) -> dict[str, str]:
    """Return the header that carries the secret."""
    if provider.kind is Credential.API_KEY:
        return {"x-api-key": provider.secret}
    return {"authorization": f"Bearer {provider.secret}"}


def trust(url: str) -> ssl.SSLContext | bool:
    """Return whose certificates count: the usual ones; nobody's where none is shown, as they take 30 ms to load."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if httpx.URL(url).scheme == "http" else True


def cause(error: httpx.HTTPError) -> str:
    """Say in one line what the network did; time-outs have no words of their own."""
    if isinstance(error, httpx.ReadTimeout):
        return "it said nothing for as long as API_TIMEOUT_MS allows"
    if isinstance(error, httpx.ConnectTimeout):
        return "it took no connection in time"
    return " ".join(str(error).split())[:300] or type(error).__name__
