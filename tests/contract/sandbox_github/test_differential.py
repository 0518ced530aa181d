"""The sandbox beside an emulator of GitHub that others wrote: the same requests, the same answers.

What both were told to be is GitHub, so where they differ at least one is wrong. Only what the emulator knows is
compared: issues, labels and comments over REST. Times, ids and addresses are each world's own and left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sandbox.github import GitHub
from tests.contract.emulator import TOKEN, emulated

if TYPE_CHECKING:
    from collections.abc import Iterator

ISSUE = ("number", "title", "body", "state", "state_reason", "locked", "comments", "author_association")
LABEL = ("name", "color", "description", "default")
Step = tuple[str, str, object]
MAKE: list[Step] = [
    ("POST", "/labels", {"name": "autocoder", "color": "0e8a16", "description": "Made by autocoder"}),
    ("POST", "/labels", {"name": "autocoder", "color": "ffffff"}),
    ("POST", "/issues", {"title": "One", "body": "Text 🎉\n- [ ] `step`", "labels": ["autocoder", "fresh"]}),
    ("POST", "/issues", {"title": "Two"}),
    ("POST", "/issues", {"title": "Three", "body": "", "labels": ["autocoder"]}),
    ("POST", "/issues", {"body": "without a title"}),
]
STORIES: dict[str, list[Step]] = {
    "issues are created and read": [
        ("GET", "/issues/1", None),
        ("GET", "/issues/2", None),
        ("GET", "/issues/99", None),
    ],
    "texts are changed": [
        ("PATCH", "/issues/1", {"title": "One, renamed"}),
        ("PATCH", "/issues/1", {"body": "Other"}),
        ("PATCH", "/issues/2", {"title": "Two, too", "body": "Both"}),
        ("PATCH", "/issues/99", {"title": "Nothing"}),
        ("GET", "/issues/1", None),
        ("GET", "/issues/2", None),
    ],
    "issues are closed with a reason and opened again": [
        ("PATCH", "/issues/1", {"state": "closed", "state_reason": "completed"}),
        ("PATCH", "/issues/2", {"state": "closed", "state_reason": "not_planned"}),
        ("PATCH", "/issues/2", {"state": "open"}),
        ("GET", "/issues/1", None),
        ("GET", "/issues/2", None),
    ],
    "labels are replaced, added and taken off": [
        ("PATCH", "/issues/1", {"labels": ["fresh", "autocoder:passing"]}),
        ("POST", "/issues/1/labels", {"labels": ["autocoder", "fresh"]}),
        ("DELETE", "/issues/1/labels/fresh", None),
        ("GET", "/issues/1/labels", None),
        ("PUT", "/issues/3/labels", {"labels": ["fresh"]}),
        ("GET", "/issues/3", None),
        ("GET", "/labels/autocoder", None),
        ("GET", "/labels/autocoder:passing", None),
        ("GET", "/labels/nowhere", None),
        ("PATCH", "/labels/fresh", {"color": "abcdef", "description": "Newer"}),
        ("GET", "/labels/fresh", None),
        ("DELETE", "/labels/fresh", None),
        ("GET", "/issues/3", None),
        ("DELETE", "/issues/1/labels", None),
        ("GET", "/issues/1", None),
    ],
    "people talk": [
        ("POST", "/issues/1/comments", {"body": "First"}),
        ("POST", "/issues/1/comments", {"body": "Second 🎉"}),
        ("PATCH", "/issues/comments/{comment}", {"body": "Second, edited"}),
        ("GET", "/issues/comments/{comment}", None),
        ("POST", "/issues/99/comments", {"body": "Nowhere"}),
        ("GET", "/issues/1/comments", None),
        ("DELETE", "/issues/comments/{comment}", None),
        ("GET", "/issues/comments/{comment}", None),
        ("GET", "/issues/1/comments", None),
        ("GET", "/issues/1", None),
    ],
    "lists are filtered and paged": [
        ("PATCH", "/issues/1", {"state": "closed"}),
        ("GET", "/issues?direction=asc", None),
        ("GET", "/issues?state=all&direction=asc&sort=created", None),
        ("GET", "/issues?state=closed", None),
        ("GET", "/issues?state=all&labels=autocoder&direction=asc", None),
        ("GET", "/issues?state=all&labels=autocoder,fresh", None),
        ("GET", "/issues?state=all&direction=asc&per_page=2", None),
        ("GET", "/issues?state=all&direction=asc&per_page=2&page=2", None),
        ("GET", "/issues?state=all&creator=ann&direction=asc", None),
        ("GET", "/issues?state=all&since=2100-01-01T00:00:00Z", None),
    ],
}


@pytest.fixture
def emulator() -> Iterator[httpx.Client]:
    """Serve the emulator to one test."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with emulated() as url, httpx.Client(base_url=f"{url}/repos/ann/app", headers=headers) as client:
        yield client


@pytest.fixture
def sandbox() -> Iterator[httpx.Client]:
    """Serve the sandbox's GitHub with the same person and repository."""
    with GitHub(validate=True) as hub:
        hub.add_user("ann")
        hub.add_repo("ann", "app", owner_type="User", files={"README.md": "# app\n"})
        headers = {"Authorization": f"Bearer {hub.user_token('ann')}"}
        with httpx.Client(base_url=f"{hub.api_url}/repos/ann/app", headers=headers) as client:
            yield client
        hub.assert_valid()


def masked(body: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the part of an answer that must be the same in every world."""
    if isinstance(body, list):
        return [masked(one) for one in body]
    if "message" in body:
        return "refused"  # the words are each one's own, and those of the sandbox are held to GitHub elsewhere
    if "number" in body:
        labels = sorted(label["name"] for label in body["labels"])
        people = {"author": body["user"]["login"], "assignees": [one["login"] for one in body["assignees"]]}
        return {name: body[name] for name in ISSUE} | people | {"labels": labels, "done": bool(body["closed_at"])}
    if "color" in body:
        return {name: body[name] for name in LABEL}
    return {"body": body["body"], "author": body["user"]["login"], "association": body["author_association"]}


def play(client: httpx.Client, steps: list[Step]) -> list[tuple[Step, int, object]]:
    """Take the steps and return each with its status and what is comparable of its answer."""
    seen: list[tuple[Step, int, object]] = []
    comment = 0
    for step in steps:
        method, path, body = step
        answer = client.request(method, path.format(comment=comment), json=body)
        shown: Any = answer.json() if answer.content else None
        if path.endswith("/comments") and answer.status_code == 201:
            comment = shown["id"]
        seen.append((step, answer.status_code, None if shown is None else masked(shown)))
    return seen


@pytest.mark.parametrize("story", STORIES)
def test_the_sandbox_answers_as_the_emulator_does(story: str, sandbox: httpx.Client, emulator: httpx.Client) -> None:
    steps = [*MAKE, *STORIES[story]]
    assert play(sandbox, steps) == play(emulator, steps)
