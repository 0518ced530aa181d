"""Accounts as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.clock import stamp
from sandbox.github.state import Account

if TYPE_CHECKING:
    from sandbox.github.state import Json
    from sandbox.github.world import World

_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
GHOST = Account(id=10137, login="ghost")
_NODE = {"User": "U", "Organization": "O", "Bot": "BOT"}


def user(world: World, account: Account) -> Json:
    """Return an account as it appears inside other things; the ghost stands for all that were deleted."""
    account = GHOST if account.id in world.departed else account
    login = account.login.replace("[", "%5B").replace("]", "%5D")
    url = f"{world.api_url}/users/{login}"
    page = f"apps/{account.login.removesuffix('[bot]')}" if account.type == "Bot" else login
    return {
        "login": account.login,
        "id": account.id,
        "node_id": f"{_NODE[account.type]}_{account.id}",
        "avatar_url": f"{world.server_url}/avatars/u/{account.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{world.server_url}/{page}",
        **{key: url + suffix for key, suffix in _LINKS.items()},
        "type": account.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def public_user(world: World, account: Account) -> Json:
    """Return an account with its profile, as `GET /user` and `GET /users/{login}` do."""
    made = stamp(world.clock.now())
    empty = dict.fromkeys(("company", "location", "email", "hireable", "bio", "twitter_username", "name"))
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    return user(world, account) | empty | counts | {"blog": "", "created_at": made, "updated_at": made}


def person(account: Account) -> Json:
    """Return an account as a push event names it."""
    return {"name": account.login, "email": f"{account.id}+{account.login}@users.noreply.github.com"}
