"""How servers on loopback end, the relay's and the sandbox's: at once, and with nobody left waiting."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from autocoder_action.adapters.claude.serving import Server
from sandbox.serving import PromptServer


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer, or begin to and go on for ever where the path asks for that."""
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"o", "more_body": True})
    while scope["path"] == "/for-ever":
        await receive()
    await send({"type": "http.response.body", "body": b"k"})


def ours() -> Server:
    """Return the relay's server."""
    return Server(answer, most_at_once=10)


def the_sandbox_s() -> PromptServer:
    """Return the server of the sandbox's services."""
    config = uvicorn.Config(answer, ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=0)
    return PromptServer(config)


Make = Callable[[], Server | PromptServer]
both = pytest.mark.parametrize("make", [ours, the_sandbox_s])


@contextmanager
def served(server: Server | PromptServer) -> Iterator[http.client.HTTPConnection]:
    """Run a server, give a connection to it, which whoever uses it closes, tell it to end, and see that it does."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    port = listening.getsockname()[1]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        yield asking
    finally:
        server.leave()
        thread.join(timeout=60)
        assert not thread.is_alive()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


@both
def test_a_server_that_is_told_to_end_at_any_moment_of_its_start_ends(make: Make) -> None:
    for _ in range(20):
        with served(make()):
            pass


@both
def test_a_connection_without_a_request_is_closed_at_the_end(make: Make) -> None:
    with served(make()) as asking:
        asking.request("GET", "/")
        assert asking.getresponse().read() == b"ok"
    with asking.sock as line:
        assert line.recv(1) == b""


@both
def test_an_answer_that_never_ends_is_cut_at_the_end(make: Make) -> None:
    with served(make()) as asking:
        asking.request("GET", "/for-ever")
        halved = asking.getresponse()
        assert halved.read(1) == b"o"
    with closing(asking), pytest.raises(http.client.IncompleteRead):
        halved.read()


@both
def test_a_server_may_be_told_to_end_after_it_has_ended(make: Make) -> None:
    server = make()
    with served(server):
        pass
    server.leave()
