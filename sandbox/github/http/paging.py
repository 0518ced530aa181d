"""Lists in pages, with the Link header that leads through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from sandbox.github.http.call import Answer, Call

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sandbox.github.state import Json

T = TypeVar("T")
DEFAULT, MOST = 30, 100


def paged(call: Call, items: Sequence[T], render: Callable[[T], Json], key: str | None = None) -> Answer:
    """Answer with one page of a list; with `key` in an object that also holds the total."""
    size = min(max(_number(call, "per_page", DEFAULT), 1), MOST)
    page = max(_number(call, "page", 1), 1)
    shown = [render(item) for item in items[(page - 1) * size : page * size]]
    last = max((len(items) + size - 1) // size, 1)
    link = _link(call, page, last)
    headers = {"Link": link} if link else {}
    body: Json | list[Json] = {"total_count": len(items), key: shown} if key else shown
    return Answer(body=body, headers=headers)


def _number(call: Call, name: str, otherwise: int) -> int:
    text = call.query.get(name, "")
    return int(text) if text.isdecimal() else otherwise


def _link(call: Call, page: int, last: int) -> str:
    targets = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    wanted = (
        ([] if page == 1 else ["prev"]) + (["next", "last"] if page < last else []) + ([] if page == 1 else ["first"])
    )
    root = f"{call.world.api_url}{call.path}"
    return ", ".join(f'<{root}?{urlencode({**call.query, "page": str(targets[rel])})}>; rel="{rel}"' for rel in wanted)
