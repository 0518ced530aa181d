"""What people did to comments: who edited them last, and whose thumb is up; all of it in one request."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from autocoder_action.adapters.github_api.base import Base
from autocoder_action.adapters.github_api.graphql import actor, nodes
from autocoder_action.adapters.github_api.words import AGAIN, AnsweredError
from autocoder_action.backlog.board import Marked
from autocoder_action.errors import UpstreamError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_AT_ONCE = 50
_FRAGMENT = """
fragment Marks on IssueComment {
  body
  editor { __typename login }
  reactions(first: 100, content: THUMBS_UP) { nodes { user { login } } }
}
"""


class Marks(Base):
    """The part of the Tracker about what became of its own comments."""

    def marked(self, nodes: Sequence[str]) -> Mapping[str, Marked]:
        """Return what people did to comments; nothing where GitHub does not say.

        One request takes fifty comments.
        """
        found: dict[str, Marked] = {}
        for start in range(0, len(nodes), _AT_ONCE):
            found |= self._marked(nodes[start : start + _AT_ONCE])
        return found

    def _marked(self, names: Sequence[str]) -> dict[str, Marked]:
        variables = {f"c{place}": name for place, name in enumerate(names)}
        declared = ", ".join(f"${alias}: ID!" for alias in variables)
        chosen = " ".join(f"{alias}: node(id: ${alias}) {{ ...Marks }}" for alias in variables)
        document = f"query({declared}) {{ {chosen} }}{_FRAGMENT}"
        doing = "reading what people chose"
        with suppress(AnsweredError), self._door.asked(doing, document, variables, tries=3) as told:
            if told.unknown:
                return {}
            if told.failed:
                words = told.failed[0].rstrip(".")
                raise UpstreamError(f"GitHub did not tell what people chose: {words}.", remedy=AGAIN)
            return {variables[alias]: _view(node) for alias, node in told.data.items() if node}
        return {}


def _view(node: Mapping[str, Any]) -> Marked:
    thumbs = (one["user"] for one in nodes(node["reactions"]))
    return Marked(
        body=node["body"],
        editor=actor(node["editor"]) if node["editor"] else "",
        thumbs=tuple(str(user["login"]) for user in thumbs if user),
    )
