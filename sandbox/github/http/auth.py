"""Who asks, and whether they may."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from sandbox.github.errors import INTEGRATION, Refusal, forbidden, not_found
from sandbox.github.state import Actor
from sandbox.github.world import World, permission_level

if TYPE_CHECKING:
    from sandbox.github.http.call import Call
    from sandbox.github.repository import Repo


def credential(header: str | None) -> str | None:
    """Return the token in an Authorization header, whichever way it is written, or None without one."""
    scheme, _, rest = (header or "").strip().partition(" ")
    if scheme.lower() in {"token", "bearer"}:
        return rest.strip()
    if scheme.lower() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(rest).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return password if password and password != "x-oauth-basic" else name


def identify(world: World, header: str | None) -> Actor | None:
    """Return who a credential belongs to, None for the anonymous; refuses unknown tokens."""
    value = credential(header)
    if value is None:
        return None
    token = world.tokens.get(value)
    if token is None:
        raise Refusal(401, "Bad credentials")
    return Actor(account=token.account, token=token)


def admit(call: Call) -> None:
    """Refuse a call that GitHub would refuse for want of permission."""
    writing = call.level > 1
    if call.actor is None and (writing or not call.scopes):
        raise Refusal(401, "Requires authentication")
    if not call.scopes or "owner" not in call.params:
        return
    repo = call.repo
    if call.actor and call.actor.token and call.actor.token.is_workflow:
        _admit_workflow(call, repo)
    elif writing and "contents" in call.scopes and not call.can("write"):
        raise forbidden("Must have push access to repository.") if call.can("read") else not_found()
    if writing and repo.settings.archived:
        raise forbidden("Repository was archived so is read-only.")


def _admit_workflow(call: Call, repo: Repo) -> None:
    token = call.me.token
    if token is None:
        return
    own = token.repo == repo.full_name
    reached = max(permission_level(token.permissions, scope) for scope in call.scopes) if own else 0
    if reached < call.level and (call.level > 1 or repo.private):
        level = "write" if call.level > 1 else "read"
        enough = "; ".join(f"{scope}={level}" for scope in call.scopes)
        raise Refusal(403, INTEGRATION, headers={"X-Accepted-GitHub-Permissions": enough})
