"""The table of routes: each handler says which operation of GitHub it is and what permission that needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.routing import compile_path

from sandbox.github.http.call import Answer, Call

Handler = Callable[[Call], Answer]
_CONVERTER = re.compile(r":(?:path|int)\}")


@dataclass(frozen=True, kw_only=True)
class Route:
    """One operation. `scopes` lists the permissions of which one is enough; level 1 reads, 2 writes."""

    method: str
    template: str
    scopes: tuple[str, ...]
    level: int
    handler: Handler

    @property
    def documented(self) -> str:
        """Return the path as GitHub's description writes it."""
        return _CONVERTER.sub("}", self.template)


class Table:
    """All operations that the sandbox knows."""

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self._compiled: list[tuple[re.Pattern[str], Mapping[str, Any], Route]] = []

    def add(self, method: str, template: str, needs: str = "") -> Callable[[Handler], Handler]:
        """Register a handler; `needs` reads like `issues|pull_requests:write`, empty for no permission."""

        def register(handler: Handler) -> Handler:
            scopes, _, level = needs.partition(":")
            route = Route(
                method=method,
                template=template,
                scopes=tuple(scopes.split("|")) if scopes else (),
                level=2 if level == "write" else 1,
                handler=handler,
            )
            self.routes.append(route)
            pattern, _, converters = compile_path(template)
            self._compiled.append((pattern, converters, route))
            # What swallows slashes must not hide a longer path that is known.
            self._compiled.sort(key=lambda entry: (":path}" in entry[2].template, -len(entry[2].template)))
            return handler

        return register

    def find(self, method: str, path: str) -> tuple[Route, dict[str, Any]] | None:
        """Return the operation for a request, with the values in its path."""
        for pattern, converters, route in self._compiled:
            match = pattern.match(path) if route.method == method else None
            if match:
                return route, {name: converters[name].convert(text) for name, text in match.groupdict().items()}
        return None


TABLE = Table()
route = TABLE.add
