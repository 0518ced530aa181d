"""The REST operations, by theme. Importing this package fills the table of routes."""

from sandbox.github.http.routes import TABLE
from sandbox.github.rest import (
    actions,
    commits,
    contents,
    issue_comments,
    issue_labels,
    issues,
    labels,
    pulls,
    reactions,
    refs,
    relations,
    repos,
    reviews,
    users,
)

OPERATIONS = TABLE

__all__ = [
    "OPERATIONS",
    "actions",
    "commits",
    "contents",
    "issue_comments",
    "issue_labels",
    "issues",
    "labels",
    "pulls",
    "reactions",
    "refs",
    "relations",
    "repos",
    "reviews",
    "users",
]
