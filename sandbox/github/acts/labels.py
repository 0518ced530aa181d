"""What can happen to labels, those of the repository and those on an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts.traces import Cause, announce, happen
from sandbox.github.errors import Problem, invalid
from sandbox.github.events import deliver
from sandbox.github.render.labels import label as label_body
from sandbox.github.state import Actor, Issue, Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.github.repository import Repo

NAME_LIMIT = 50
PER_ISSUE = 100
DEFAULTS = {
    "bug": ("d73a4a", "Something isn't working"),
    "documentation": ("0075ca", "Improvements or additions to documentation"),
    "duplicate": ("cfd3d7", "This issue or pull request already exists"),
    "enhancement": ("a2eeef", "New feature or request"),
    "good first issue": ("7057ff", "Good for newcomers"),
    "help wanted": ("008672", "Extra attention is needed"),
    "invalid": ("e4e669", "This doesn't seem right"),
    "question": ("d876e3", "Further information is requested"),
    "wontfix": ("ffffff", "This will not be worked on"),
}


def add_defaults(repo: Repo) -> None:
    """Give a new repository the labels that GitHub gives it."""
    for name, (color, description) in DEFAULTS.items():
        repo.labels[name] = Label(
            id=repo.world.next_id("label"), name=name, color=color, description=description, default=True
        )


def create(repo: Repo, actor: Actor, name: str, color: str = "ededed", description: str | None = None) -> Label:
    """Create a label of the repository; its name must be new, whatever its case."""
    check(name, color, description)
    if name.lower() in repo.labels:
        raise invalid(Problem(resource="Label", code="already_exists", field="name"))
    label = Label(id=repo.world.next_id("label"), name=name, color=color.lower(), description=description)
    repo.labels[name.lower()] = label
    deliver(repo, actor, "label", "created", label=label_body(repo, label))
    return label


def check(name: str, color: str, description: str | None) -> None:
    """Refuse a label that GitHub would refuse."""
    if not name.strip() or len(name) > NAME_LIMIT:
        message = f"name is too long (maximum is {NAME_LIMIT} characters)"
        raise invalid(Problem(resource="Label", code="invalid", field="name", message=message))
    if len(color) not in {3, 6} or not all(digit in "0123456789abcdefABCDEF" for digit in color):
        raise invalid(Problem(resource="Label", code="invalid", field="color"))
    if description and len(description) > 100:
        message = "description is too long (maximum is 100 characters)"
        raise invalid(Problem(resource="Label", code="custom", field="description", message=message))


def delete(repo: Repo, actor: Actor, label: Label) -> None:
    """Delete a label everywhere."""
    del repo.labels[label.name.lower()]
    for issue in repo.issues.values():
        if label in issue.labels:
            issue.labels.remove(label)
    deliver(repo, actor, "label", "deleted", label=label_body(repo, label))


def add(repo: Repo, actor: Actor, issue: Issue, names: Iterable[str]) -> Issue:
    """Put labels on an issue, creating those that the repository does not have."""
    wanted = {name.lower(): name for name in names}
    fresh = [name for key, name in wanted.items() if key not in {label.name.lower() for label in issue.labels}]
    if len(issue.labels) + len(fresh) > PER_ISSUE:
        message = f"an issue may have at most {PER_ISSUE} labels"
        raise invalid(Problem(resource="Issue", code="custom", field="labels", message=message))
    for name in fresh:
        label = repo.labels.get(name.lower()) or create(repo, actor, name)
        issue.labels.append(label)
        _trace(repo, actor, issue, label, "labeled")
    return issue


def remove(repo: Repo, actor: Actor, issue: Issue, names: Iterable[str]) -> Issue:
    """Take labels off an issue; those that are not on it are passed over."""
    unwanted = {name.lower() for name in names}
    for label in [one for one in issue.labels if one.name.lower() in unwanted]:
        issue.labels.remove(label)
        _trace(repo, actor, issue, label, "unlabeled")
    return issue


def replace(repo: Repo, actor: Actor, issue: Issue, names: Iterable[str]) -> Issue:
    """Make an issue carry exactly these labels."""
    wanted = list(names)
    kept = {name.lower() for name in wanted}
    remove(repo, actor, issue, [label.name for label in issue.labels if label.name.lower() not in kept])
    return add(repo, actor, issue, wanted)


def _trace(repo: Repo, actor: Actor, issue: Issue, label: Label, action: str) -> None:
    happen(repo, actor, issue, action, Cause(detail={"label": {"name": label.name, "color": label.color}}))
    announce(repo, actor, issue, action, label=label_body(repo, label))
