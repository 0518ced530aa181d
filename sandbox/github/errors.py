"""GitHub's refusals, with the bodies that GitHub gives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.github.state import Json

DOCS = "https://docs.github.com/rest"
INTEGRATION = "Resource not accessible by integration"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One entry of a 422 answer's `errors`."""

    resource: str
    code: str
    field: str | None = None
    message: str | None = None
    value: str | None = None

    def body(self) -> Json:
        """Return the entry as GitHub writes it."""
        parts = {
            "resource": self.resource,
            "code": self.code,
            "field": self.field,
            "message": self.message,
            "value": self.value,
        }
        return {key: value for key, value in parts.items() if value is not None}


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - a refusal is an answer of the API, not a failure of the sandbox
    """An answer with an error status."""

    status: int
    message: str
    problems: Sequence[Problem] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> Json:
        """Return the answer's JSON."""
        errors = {"errors": [problem.body() for problem in self.problems]} if self.problems else {}
        return {"message": self.message, **errors, "documentation_url": DOCS, "status": str(self.status)}


def not_found() -> Refusal:
    """Refuse as GitHub does for what does not exist or must not be seen."""
    return Refusal(404, "Not Found")


def forbidden(message: str = INTEGRATION) -> Refusal:
    """Refuse for want of permission."""
    return Refusal(403, message)


def gone(message: str) -> Refusal:
    """Refuse what was deleted or switched off."""
    return Refusal(410, message)


def invalid(*problems: Problem) -> Refusal:
    """Refuse a request whose content does not hold."""
    return Refusal(422, "Validation Failed", problems)


def unprocessable(message: str) -> Refusal:
    """Refuse a request with a message of its own and no list of problems."""
    return Refusal(422, message)


def too_long(resource: str, name: str = "body") -> Refusal:
    """Refuse a text above GitHub's limit of 65,536 characters."""
    message = f"{name} is too long (maximum is 65536 characters)"
    return invalid(Problem(resource=resource, code="custom", field=name, message=message))
