"""Reactions as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sandbox.github.clock import stamp
from sandbox.github.render.users import user

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.github.state import Json, Reaction
    from sandbox.github.world import World

CONTENTS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def reaction(world: World, one: Reaction) -> Json:
    """Return one reaction."""
    return {
        "id": one.id,
        "node_id": f"REA_{one.id}",
        "user": user(world, one.account),
        "content": one.content,
        "created_at": stamp(one.created_at),
    }


def rollup(url: str, reactions: Iterable[Reaction]) -> Json:
    """Return how often each emoji was given to the thing at an address."""
    counted = Counter(one.content for one in reactions)
    return {"url": f"{url}/reactions", "total_count": counted.total(), **{name: counted[name] for name in CONTENTS}}
