"""What GitHub's GraphQL answers: it tells what REST does not, and many things at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autocoder_action.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

UNANSWERED = frozenset({400, 403, 404, 501})
"""What a server without GraphQL, or with one that this token may not use, answers."""
_UNKNOWN = ("doesn't exist on type", "doesn't accept argument", "isn't a defined input type", "Cannot query field")


class Told(Value, frozen=True, kw_only=True):
    """An answer: what was found, and the words about what was not."""

    data: Mapping[str, Any]
    errors: tuple[str, ...]
    failed: tuple[str, ...] = ()
    """Those that say neither that a thing does not exist nor that a field does not: GitHub itself had trouble."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the errors about what this server's schema does not have."""
        return tuple(words for words in self.errors if _is_unknown(words))


def told(answer: Mapping[str, Any]) -> Told:
    """Read an answer; raise TypeError for one that holds neither data nor a reason.

    >>> told({"data": None, "errors": [{"message": "Field 'x' doesn't exist on type 'Issue'"}]}).unknown
    ("Field 'x' doesn't exist on type 'Issue'",)
    """
    data, errors = answer.get("data"), answer.get("errors") or []
    words = [(str(error.get("type")), str(error.get("message"))) for error in errors]
    failed = tuple(text for kind, text in words if kind != "NOT_FOUND" and not _is_unknown(text))
    found = Told(data=data or {}, errors=tuple(text for _, text in words), failed=failed)
    if data is None and not found.unknown:
        raise TypeError("the answer holds no data")
    return found


def _is_unknown(words: str) -> bool:
    return any(sign in words for sign in _UNKNOWN)


def is_limited(answer: Mapping[str, Any]) -> bool:
    """Return whether an answer, whose status is 200 even then, says that the limit is used up."""
    return any(error.get("type") == "RATE_LIMITED" for error in answer.get("errors") or [])


def forbidden(answer: Mapping[str, Any]) -> str | None:
    """Return GitHub's words where it carried nothing out because this token may not have that done."""
    words = [str(error.get("message")) for error in answer.get("errors") or [] if error.get("type") == "FORBIDDEN"]
    return words[0] if words and not any((answer.get("data") or {}).values()) else None


def actor(found: Mapping[str, Any] | None) -> str:
    """Return the login of whoever acted, as REST writes it; ``ghost`` for an account that is no more.

    >>> actor({"__typename": "Bot", "login": "github-actions"}), actor({"__typename": "User", "login": "ann"})
    ('github-actions[bot]', 'ann')
    >>> actor(None)
    'ghost'
    """
    if not found:
        return "ghost"
    login = str(found["login"])
    return f"{login.removesuffix('[bot]')}[bot]" if found.get("__typename") == "Bot" else login


def nodes(connection: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return the things in a connection that may be seen."""
    return [node for node in (connection or {}).get("nodes") or [] if node]
