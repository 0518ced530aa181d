"""The loopback server: Anthropic's endpoints in front of a policy."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Self, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.model.api import Api
from sandbox.model.conversation import Policy
from sandbox.model.faults import Fault
from sandbox.model.log import Exchange
from sandbox.serving import PromptServer


class Model:
    """A model service on 127.0.0.1 that answers as its policy decides; use it in a `with` statement.

    `keys` are the credentials that it takes (none given: any), `models` the prefixes of the names that exist, `prefix`
    the path below which all of it lies, such as `/api/anthropic`.
    A policy that raises gets its caller a 400, which the CLI does not retry, and its error comes again from
    `__exit__`.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        keys: Iterable[str] | None = None,
        models: Iterable[str] = ("claude-",),
        prefix: str = "",
    ) -> None:
        self._api = Api(policy, None if keys is None else frozenset(keys), tuple(models), prefix)
        self._prefix = prefix
        self._socket = socket.socket()
        self._port = 0
        self._server: PromptServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        """The address for `ANTHROPIC_BASE_URL`; it is known once the server listens."""
        return f"http://127.0.0.1:{self._port}{self._prefix}"

    @property
    def requests(self) -> list[Exchange]:
        """Every request so far in the order of arrival, also those that were refused or dropped."""
        return self._api.log.all()

    def wait_for(self, count: int, timeout: float = 30) -> list[Exchange]:
        """Wait until so many message requests have arrived, and give them.

        Raises:
            TimeoutError: they did not within `timeout` seconds.
        """
        return self._api.log.wait_for(count, timeout)

    def fault(  # noqa: PLR0913  # the keywords are the vocabulary of what can go wrong
        self,
        nth: int = 1,
        *,
        times: int | None = 1,
        path: str = "/v1/messages",
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        drop: bool = False,
        hang: bool = False,
        malformed: bool = False,
        after_events: int | None = None,
    ) -> None:
        """Let something go wrong with the nth request to `path` from now on.

        It happens `times` in a row (None: for ever), and is one of: an error `status` (with `headers`; `body`
        replaces Anthropic's own), a connection that is dropped or hangs, or a malformed event. With
        `after_events` it happens in the stream, after so many sound events.
        """
        self._api.faults.add(
            Fault(
                nth=nth,
                times=times,
                path=path,
                status=status,
                headers=headers or {},
                body=body,
                drop=drop,
                hang=hang,
                malformed=malformed,
                after_events=after_events,
            )
        )

    def mend(self) -> None:
        """Take back every fault that is set."""
        self._api.faults.clear()

    def __enter__(self) -> Self:
        """Start to listen; requests wait in the socket's backlog until the thread serves them."""
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(128)
        self._port = self._socket.getsockname()[1]
        config = uvicorn.Config(
            self._api.app,
            http=_Droppable,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            date_header=False,
            timeout_graceful_shutdown=0,
        )
        self._server = PromptServer(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="sandbox-model", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cut every connection, stop the thread and pass on what the policy raised."""
        if self._server is not None and self._thread is not None:
            self._server.leave()
            self._thread.join(timeout=10)
        self._socket.close()
        if error is None and self._api.failures:
            raise self._api.failures[0]


class _Droppable(H11Protocol):
    """HTTP that lets the application cut the connection, which ASGI has no word for."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _with_drop(cast("ASGIApp", self.app), transport.abort)


def _with_drop(app: ASGIApp, drop: Callable[[], None]) -> ASGIApp:
    async def droppable(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "sandbox.drop": drop}, receive, send)

    return droppable
