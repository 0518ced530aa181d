"""Users and the rate limit."""

from __future__ import annotations

from sandbox.github.errors import forbidden, not_found
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.routes import route
from sandbox.github.render.users import public_user


@route("GET", "/user")
def who_am_i(call: Call) -> Answer:
    """Tell a person's token whose it is; a workflow's token is nobody's."""
    if call.me.token and call.me.token.is_workflow:
        raise forbidden()
    return Answer(body=public_user(call.world, call.me.account))


@route("GET", "/users/{username}", "metadata")
def user(call: Call) -> Answer:
    """Return somebody's profile."""
    account = call.world.accounts.get(call.params["username"].lower())
    if account is None:
        raise not_found()
    return Answer(body=public_user(call.world, account))


@route("GET", "/rate_limit", "metadata")
def rate_limit(_: Call) -> Answer:
    """Return the limits; the server fills in the numbers."""
    return Answer(body={})
