"""Git over smart HTTP: git's own http-backend on the real bare repositories, behind the tokens' permissions."""

from __future__ import annotations

import asyncio
import tempfile
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from sandbox.github.acts.refs import Move, moved
from sandbox.github.errors import Refusal
from sandbox.github.git import environment
from sandbox.github.http.auth import identify
from sandbox.github.world import World, permission_level

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Send

    from sandbox.github.repository import Repo
    from sandbox.github.state import Actor

_CHUNK = 65_536
_HEADERS = {
    "content-type": "CONTENT_TYPE",
    "content-length": "CONTENT_LENGTH",
    "content-encoding": "HTTP_CONTENT_ENCODING",
    "git-protocol": "GIT_PROTOCOL",
}


async def serve(world: World, request: Request, send: Send) -> tuple[int, str | None]:
    """Answer a request of a git client and return the status and who asked."""
    actor: Actor | None = None
    try:
        actor = identify(world, request.headers.get("authorization"))
        repo, rest = _locate(world, request.scope["path"])
        pushing = rest == "git-receive-pack" or request.query_params.get("service") == "git-receive-pack"
        _admit(repo, actor, pushing=pushing)
    except Refusal as refusal:
        challenge = {"WWW-Authenticate": 'Basic realm="GitHub"'} if refusal.status == 401 else {}
        response = Response(refusal.message, refusal.status, headers=challenge, media_type="text/plain")
        async for _ in request.stream():
            pass
        await response(request.scope, request.receive, send)
        return refusal.status, actor.account.login if actor else None
    status = await _backend(repo, actor, request, rest, send)
    return status, actor.account.login if actor else None


def _locate(world: World, path: str) -> tuple[Repo, str]:
    name, _, rest = path.strip("/").partition(".git/")
    owner, _, short = name.partition("/")
    repo = world.find_repo(owner, short)
    if repo is None:
        raise Refusal(404, "Repository not found.")
    return repo, rest


def _admit(repo: Repo, actor: Actor | None, *, pushing: bool) -> None:
    if actor is None:
        if repo.private or pushing:
            raise Refusal(401, "Authentication required.")
        return
    token = actor.token
    if token and token.is_workflow:
        own = token.repo == repo.full_name
        level = permission_level(token.permissions, "contents") if own else 0
    else:
        level = 2 if repo.has_role(actor.account, "write") else int(repo.has_role(actor.account, "read"))
    if level == 0 and repo.private:
        raise Refusal(404, "Repository not found.")
    if pushing and level < 2:
        message = f"Permission to {repo.full_name}.git denied to {actor.account.login}."
        raise Refusal(403, message)
    if pushing and repo.settings.archived:
        raise Refusal(403, "This repository was archived so it is read-only.")


async def _backend(repo: Repo, actor: Actor | None, request: Request, rest: str, send: Send) -> int:
    with tempfile.NamedTemporaryFile(prefix="pushed-") as moves:
        process = await asyncio.create_subprocess_exec(
            "git", "http-backend", stdin=PIPE, stdout=PIPE, env=_environment(repo, actor, request, rest, moves.name)
        )
        feeding = asyncio.create_task(_feed(process, request))
        try:
            status = await _relay(process, send)
            await feeding
            await process.wait()
            if rest == "git-receive-pack" and actor:
                # The push is part of the world before its client hears of it.
                await run_in_threadpool(_record, repo, actor, Path(moves.name))
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            feeding.cancel()
            if process.returncode is None:
                process.kill()
                await process.wait()
    return status


def _environment(repo: Repo, actor: Actor | None, request: Request, rest: str, moves: str) -> dict[str, str]:
    headers = {name: request.headers[key] for key, name in _HEADERS.items() if key in request.headers}
    workflow = bool(actor and actor.token and actor.token.is_workflow)
    return environment(
        {
            **headers,
            "GIT_PROJECT_ROOT": str(repo.git_dir),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": f"/{rest}",
            "QUERY_STRING": request.url.query,
            "REQUEST_METHOD": request.method,
            "REMOTE_USER": actor.account.login if actor else "",
            "REMOTE_ADDR": "127.0.0.1",
            "SANDBOX_WORKFLOWS": "no" if workflow else "yes",
            "SANDBOX_PUSHED": moves,
        }
    )


async def _feed(process: Process, request: Request) -> None:
    stdin = process.stdin
    if stdin is None:
        return
    try:
        async for chunk in request.stream():
            stdin.write(chunk)
            await stdin.drain()
    except (BrokenPipeError, ConnectionResetError, ClientDisconnect):
        pass  # git had read enough, or its client went away
    finally:
        stdin.close()


async def _relay(process: Process, send: Send) -> int:
    """Pass git's CGI answer on, headers first; the end of the body is the caller's to send."""
    out = process.stdout
    if out is None:
        return 500
    status, headers = 200, []
    while line := (await out.readline()).strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"status":
            status = int(value.split()[0])
        else:
            headers.append((name.lower(), value.strip()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    while chunk := await out.read(_CHUNK):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    return status


def _record(repo: Repo, actor: Actor, moves: Path) -> None:
    lines = [line.split(" ", 2) for line in moves.read_text("utf-8").splitlines()]
    with repo.world.lock:
        moved(repo, actor, [Move(ref=ref, old=old, new=new) for old, new, ref in lines])
