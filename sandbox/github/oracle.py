"""The world's answers, held to GitHub's word on their way out."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sandbox.github.conformance import Conformance, Seen, Violation
from sandbox.github.http import rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.github.http.limits import Limits
    from sandbox.github.http.rest import Incoming, Served
    from sandbox.github.world import World


class Oracle:
    """Serves REST and GraphQL under the world's lock and collects what GitHub's schemas do not allow."""

    def __init__(self, world: World, limits: Limits, check: Conformance | None) -> None:
        self._world = world
        self._limits = limits
        self._check = check
        self._found: list[Violation] = []
        self._checked: dict[str, int] = {}
        self._lock = threading.Lock()

    def rest(self, incoming: Incoming) -> Served:
        """Answer a REST request."""
        with self._world.lock, self._reported(incoming):
            served = rest.serve(self._world, self._limits, incoming)
        if self._check:
            self._hold(self._check, incoming, served)
        return served

    def graphql(self, incoming: Incoming) -> Served:
        """Answer a GraphQL request, whose document is held to GitHub's schema always."""
        with self._world.lock, self._reported(incoming):
            served, problems = rest.serve_graphql(self._world, self._limits, incoming)
        with self._lock:
            self._found += [Violation(where="GraphQL", side="request", problem=problem) for problem in problems]
        return served

    def violations(self) -> list[Violation]:
        """Return what was found, after checking the deliveries that came since the last time."""
        if self._check:
            with self._world.lock, self._lock:
                for repo in self._world.repos.values():
                    done = self._checked.get(repo.full_name, 0)
                    for one in repo.deliveries[done:]:
                        self._found += self._check.delivery(one.event, one.action, one.payload)
                    self._checked[repo.full_name] = len(repo.deliveries)
        return list(self._found)

    @contextmanager
    def _reported(self, incoming: Incoming) -> Iterator[None]:
        """Make an error of the sandbox itself a violation, so that no client's tolerance hides it."""
        try:
            yield
        except Exception as error:
            where = f"{incoming.method} {incoming.path}"
            with self._lock:
                self._found.append(Violation(where=where, side="sandbox", problem=repr(error)))
            raise

    def _hold(self, check: Conformance, incoming: Incoming, served: Served) -> None:
        if served.route is None:
            problem = "The sandbox does not know this operation."
            found = [Violation(where=f"{incoming.method} {incoming.path}", side="request", problem=problem)]
        else:
            found = check.exchange(
                Seen(
                    method=incoming.method,
                    template=served.route.documented,
                    query=rest.query(incoming),
                    request=_parsed(incoming.content),
                    status=served.answer.status,
                    response=served.answer.body,
                )
            )
        with self._lock:
            self._found += found


def _parsed(content: bytes) -> object:
    try:
        value: object = json.loads(content) if content.strip() else None
    except ValueError:
        return None
    return value
