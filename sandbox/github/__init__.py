"""A stateful GitHub on loopback: REST, GraphQL and git, held to GitHub's own schemas.

How a request goes: `http/app` (faults) -> `oracle` (lock, check) -> `http/rest` (credential, limits, route) ->
`rest/<theme>` (one function an operation) -> `acts/<theme>` (change `state`, write the timeline, deliver events) ->
`render/<theme>` (state as GitHub's JSON). `gql/` answers GraphQL from the same state, `git_http` runs git itself, and
`repository.Repo` is people who act on the web page: the same acts, without HTTP.

An older server, which has no sub-issues, dependencies or edit histories, is `hub.withhold(...)`; accounts that were
deleted are `hub.delete_user(...)`; the limits of content and of requests are `hub.limits`.

To add an operation: a function with `@route(METHOD, PATH, "scope:level")` in `rest/`. The path must be one of GitHub's
(a test says so), and what it answers is checked against GitHub's description wherever a test uses it.
"""

from sandbox.github.conformance import Violation
from sandbox.github.events import Delivery
from sandbox.github.http.app import Exchange
from sandbox.github.http.faults import Fault, Gate
from sandbox.github.repository import Repo
from sandbox.github.server import GitHub
from sandbox.github.settings import Settings
from sandbox.github.world import ACTIONS_BOT

__all__ = ["ACTIONS_BOT", "Delivery", "Exchange", "Fault", "Gate", "GitHub", "Repo", "Settings", "Violation"]
