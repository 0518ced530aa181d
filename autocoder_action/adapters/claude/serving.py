"""The relay's HTTP server: one that ends when it is told to, where uvicorn looks ten times a second and then waits."""

import asyncio
import socket

import uvicorn
from starlette.types import ASGIApp

_SECONDS_TO_FINISH = 0.1
"""What an answer that is on its way has at the end, before it is cut."""


class Server(uvicorn.Server):
    """A uvicorn that a session does not wait for, a fifth of a second, at its end."""

    def __init__(self, app: ASGIApp, *, most_at_once: int) -> None:
        """Serve an application to so many askers, without an access log and a banner: the log belongs to the run."""
        config = uvicorn.Config(
            app,
            ws="none",
            log_config=None,
            log_level="critical",
            access_log=False,
            date_header=False,  # headers are made once, and would go on to tell the time of the start
            limit_concurrency=most_at_once,
        )
        super().__init__(config)
        self._asked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def leave(self) -> None:
        """Have it end, from any thread."""
        self.should_exit = True  # told before the loop is looked for, as the loop is told before this is looked at
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._asked.set)

    async def main_loop(self) -> None:
        """Wait until it is to end."""
        self._loop = asyncio.get_running_loop()
        if not await self.on_tick(0):
            await self._asked.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, close those without a request, and cut the others almost at once."""
        for server in self.servers:
            server.close()
        for one in sockets or []:
            one.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if tasks := set(self.server_state.tasks):
            await asyncio.wait(tasks, timeout=_SECONDS_TO_FINISH)
        for task in tasks:
            task.cancel()
        await self.lifespan.shutdown()
