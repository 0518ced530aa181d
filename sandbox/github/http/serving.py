"""Running an ASGI application on loopback, in a thread, at a port that the system chooses."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import uvicorn

from sandbox.github.http.protocol import CuttableProtocol
from sandbox.serving import PromptServer

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_START_SECONDS = 30


class _Server(PromptServer):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


class Serving:
    """A server's life: started once, stopped once."""

    def __init__(self) -> None:
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self, app: ASGIApp) -> str:
        """Serve an application and return its address once it listens."""
        # Named as TCP, because asyncio switches Nagle's delay (40 ms an answer) off only where it reads that name.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.bind(("127.0.0.1", 0))
        self._server = _Server(
            uvicorn.Config(
                app,
                http=CuttableProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                date_header=False,  # the answers of the API bear the sandbox's own time
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="sandbox-github", daemon=True
        )
        self._thread.start()
        if not self._server.listening.wait(_START_SECONDS):
            raise RuntimeError(f"The sandbox's GitHub did not start within {_START_SECONDS} s.")
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    def stop(self) -> None:
        """Close every connection and wait for the thread."""
        if self._server and self._thread:
            self._server.leave()
            self._thread.join()
