"""The HTTP server of the sandbox's services: it ends when it is told to, where uvicorn looks ten times a second."""

import asyncio
import socket

import uvicorn


class PromptServer(uvicorn.Server):
    """A uvicorn whose end takes milliseconds; hundreds of tests begin and end one or two of them each.

    Its default headers stay those of its start, so they should hold no date.
    """

    def __init__(self, config: uvicorn.Config) -> None:
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
        """Take no more connections, close those without a request, and cut the others after the configured grace."""
        for server in self.servers:
            server.close()
        for one in sockets or []:
            one.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if tasks := set(self.server_state.tasks):
            await asyncio.wait(tasks, timeout=self.config.timeout_graceful_shutdown)
        for task in tasks:
            task.cancel()
        await self.lifespan.shutdown()
