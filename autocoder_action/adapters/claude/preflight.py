"""One free request before anything is booked: does the service know the credential, and the model?

It only ever finds what would end a session at its first request. Whatever else is answered says nothing: a service
that speaks the Messages API need not be able to count tokens, and for one that is slow or busy the session can wait.
"""

import threading
from collections.abc import Mapping

import httpx

from autocoder_action.adapters.claude.asking import VERSION, cause, credential, trust
from autocoder_action.adapters.claude.reading import Failure, failure_of, parse
from autocoder_action.session.provider import OFFICIAL, Credential, Provider

_PATH = "/v1/messages/count_tokens"
_TRIES = 2
_TIMEOUT = httpx.Timeout(1.0, connect=2.0)
"""Seconds, to connect twice: to the address, and in private."""
_SECONDS = 4.5
"""For all of it. Finding the address has no time-out of its own."""
_NOT_FOUND = "its address was not found in time"
_KINDS_OF_REFUSAL = frozenset({"authentication_error", "permission_error"})


def ask(provider: Provider, model: str, *, seconds: float = _SECONDS) -> Failure | None:
    """Have a few tokens counted; return what would end a session at once, or None.

    It takes no longer than so many seconds, whatever the machine does to find the address: nothing else can bound that.
    """
    asking = _Asking(provider, model)
    asking.start()
    asking.join(seconds)
    if asking.is_alive():
        return None if asking.connected else Failure(status=None, message=_NOT_FOUND)
    if asking.broke is not None:
        raise asking.broke
    return asking.failure


class _Asking(threading.Thread):
    """One question, in a thread that nobody has to wait for."""

    def __init__(self, provider: Provider, model: str) -> None:
        super().__init__(name="preflight", daemon=True)
        self.connected = False
        """Whether the service, or a proxy before it, took a connection."""
        self.failure: Failure | None = None
        self.broke: Exception | None = None
        """What is no answer and no failure of the network, and so a defect."""
        self._provider, self._model = provider, model

    def run(self) -> None:
        """Ask, at most twice."""
        try:
            with httpx.Client(timeout=_TIMEOUT, verify=trust(self._provider.base_url)) as client:
                self.failure = self._ask(client)
        except Exception as error:  # noqa: BLE001  # raised where it is waited for
            self.broke = error

    def _ask(self, client: httpx.Client) -> Failure | None:
        provider = self._provider
        headers = credential(provider) | {"anthropic-version": VERSION, "accept-encoding": "identity"}
        if provider.kind is Credential.OAUTH_TOKEN:
            headers["anthropic-beta"] = "oauth-2025-04-20"
        body = {"model": self._model, "messages": [{"role": "user", "content": "Hello"}]}
        url, traced = f"{provider.base_url}{_PATH}", {"trace": self._trace}
        failure: Failure | None = None
        for _ in range(_TRIES):
            try:
                answer = client.post(url, json=body, headers=headers, extensions=traced)
            except httpx.ConnectError as error:
                failure = Failure(status=None, message=cause(error))
            except httpx.ConnectTimeout as error:
                return Failure(status=None, message=cause(error))
            except httpx.HTTPError:
                return None
            else:
                return _hopeless(answer, provider, self._model)
        return failure

    def _trace(self, name: str, _info: Mapping[str, object]) -> None:
        self.connected = self.connected or name == "connection.connect_tcp.complete"


def _hopeless(answer: httpx.Response, provider: Provider, model: str) -> Failure | None:
    """Return the failure that an answer tells of, where no other request could do better."""
    body, of_subscription = parse(answer.content), provider.kind is Credential.OAUTH_TOKEN
    failure = failure_of(answer.status_code, body)
    if failure.names_money:
        return failure
    match answer.status_code:
        case 402:
            final = True
        case 401:  # a subscription may be let ask questions, and not count tokens
            final = not (of_subscription and "not supported" in failure.message)
        case 403 if of_subscription:
            final = False
        case 403:  # elsewhere it may be the path that is closed
            final = provider.base_url == OFFICIAL or _kind(body) in _KINDS_OF_REFUSAL
        case 404:  # else it is the path that is not known
            final = _kind(body) == "not_found_error" and model in failure.message
        case _:
            final = False
    return failure if final else None


def _kind(body: Mapping[str, object]) -> object:
    error = body.get("error")
    return error.get("type") if isinstance(error, dict) else None
