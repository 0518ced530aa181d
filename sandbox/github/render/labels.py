"""Labels as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from sandbox.github.render.repos import api

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Json, Label


def label(repo: Repo, one: Label) -> Json:
    """Return a label."""
    return {
        "id": one.id,
        "node_id": f"LA_{one.id}",
        "url": f"{api(repo)}/labels/{quote(one.name)}",
        "name": one.name,
        "color": one.color,
        "default": one.default,
        "description": one.description,
    }
