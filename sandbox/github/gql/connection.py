"""Lists as GitHub's connections: nodes, edges, pages and a total."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from graphql import GraphQLError, GraphQLResolveInfo

if TYPE_CHECKING:
    from sandbox.github.state import Json

T = TypeVar("T")
Resolver = Callable[..., Any]
MOST = 100


def refuse(kind: str, message: str) -> GraphQLError:
    """Make an error with the `type` that GitHub puts beside its message."""
    return GraphQLError(message, extensions={"type": kind})


def connection(items: Callable[..., Iterable[T]], render: Callable[[T], Json]) -> Resolver:
    """Make the resolver of a connection; `items` gets the field's own arguments, the paging is done here."""

    def resolve(info: GraphQLResolveInfo[None], **args: Any) -> Json:  # noqa: ANN401 - the field's arguments
        paging = {name: args.pop(name, None) for name in ("first", "last", "after", "before")}
        name = info.field_name
        if paging["first"] is None and paging["last"] is None:
            message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
            raise refuse("MISSING_PAGINATION_BOUNDARIES", message)
        if max(paging["first"] or 0, paging["last"] or 0) > MOST:
            message = f"Requesting records on the `{name}` connection exceeds the `first` limit of {MOST} records."
            raise refuse("EXCESSIVE_PAGINATION", message)
        return _page(list(items(**args)), paging, render)

    return resolve


def _page(found: list[T], paging: Json, render: Callable[[T], Json]) -> Json:
    start = int(paging["after"].removeprefix("cursor:")) if paging["after"] else 0
    end = int(paging["before"].removeprefix("cursor:")) - 1 if paging["before"] else len(found)
    if paging["first"] is not None:
        end = min(end, start + paging["first"])
    if paging["last"] is not None:
        start = max(start, end - paging["last"])
    nodes = [render(one) for one in found[start:end]]
    cursors = [f"cursor:{start + index + 1}" for index in range(len(nodes))]
    return {
        "totalCount": len(found),
        "nodes": nodes,
        "edges": [{"cursor": cursor, "node": node} for cursor, node in zip(cursors, nodes, strict=True)],
        "pageInfo": {
            "hasNextPage": end < len(found),
            "hasPreviousPage": start > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }
