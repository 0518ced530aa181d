"""Whatever GitHub or anybody else sends becomes a trigger, or is ignored with a reason."""

import json
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.errors import ConfigError
from autocoder_action.intake.event import (
    Commented,
    Dispatched,
    Ignored,
    IssueChanged,
    PullClosed,
    Scheduled,
    Trigger,
    read_event,
    read_payload,
)

EXAMPLES = Path(__file__).parents[3] / "node_modules/@octokit/webhooks-examples/api.github.com/index.json"
EVENTS = (
    "schedule",
    "workflow_dispatch",
    "repository_dispatch",
    "issue_comment",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "issues",
    "push",
)

keys = st.sampled_from(
    ["action", "comment", "issue", "user", "id", "body", "number", "pull_request", "head", "ref", "merged", "inputs"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["created", "closed", "Bot"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=5), inner, max_size=6),
    max_leaves=20,
)


@cache
def real() -> dict[str, list[dict[str, object]]]:
    """Return the real payloads of each kind of event."""
    return {one["name"]: one["examples"] for one in json.loads(EXAMPLES.read_text())}


def test_every_real_payload_of_every_event_is_understood_or_ignored() -> None:
    assert len(real()) > 50
    assert sum(map(len, real().values())) > 300
    for kind, payloads in real().items():
        for payload in payloads:
            trigger = read_event(kind, payload)
            assert isinstance(trigger, Trigger)
            if kind not in EVENTS:
                assert trigger == Ignored(reason=f"The event {kind} starts nothing here.")
            if isinstance(trigger, Ignored):
                assert "usable field" not in trigger.reason, f"{kind} has fields that we did not expect"


def test_of_real_comments_only_new_ones_start_something() -> None:
    read = [read_event("issue_comment", one) for one in real()["issue_comment"]]
    created = [one for one in read if isinstance(one, Commented)]
    assert created
    assert len(created) < len(read)
    assert all(one.author and one.comment and one.issue for one in created)


def test_of_real_pull_requests_only_closed_ones_start_something() -> None:
    read = [(one["action"], read_event("pull_request", one)) for one in real()["pull_request"]]
    assert {isinstance(trigger, PullClosed) for action, trigger in read if action == "closed"} == {True}
    assert {isinstance(trigger, PullClosed) for action, trigger in read if action != "closed"} == {False}


@given(st.sampled_from(EVENTS) | st.text(), st.dictionaries(keys, values))
def test_no_payload_is_an_error(name: str, payload: dict[str, object]) -> None:
    assert isinstance(read_event(name, payload), Trigger)


@given(values)
def test_a_text_that_is_no_json_object_is_the_authors_error(value: object) -> None:
    text = json.dumps(value)
    if isinstance(value, dict):
        assert isinstance(read_payload(text), dict)
        return
    with pytest.raises(ConfigError, match="holds no JSON object"):
        read_payload(text)


@given(st.text())
def test_no_text_at_all_is_another_error(text: str) -> None:
    with suppress(ConfigError):
        assert isinstance(read_payload(text), dict)


@pytest.mark.parametrize(
    "text",
    ["[" * 200_000, '{"a":' * 200_000, "1" * 10_000, '"\\ud800"', "\ufeff{}"],
    ids=["lists", "objects", "number", "half", "mark"],
)
def test_a_payload_made_to_hurt_is_the_authors_error(text: str) -> None:
    with pytest.raises(ConfigError):
        read_payload(text)


def comment(**changes: object) -> dict[str, object]:
    said = {"id": 7, "body": "/autocoder status", "user": {"login": "ada", "type": "User"}} | changes
    return {"action": "created", "comment": said, "issue": {"number": 3}}


def test_a_comment_is_read_with_its_place_and_its_author() -> None:
    expected = Commented(comment=7, body="/autocoder status", issue=3, on_pull=False, author="ada", by_bot=False)
    assert read_event("issue_comment", comment()) == expected


def test_a_comment_on_a_pull_request_is_known_as_one() -> None:
    payload = comment() | {"issue": {"number": 3, "pull_request": {"url": "https://api.github.test/pulls/3"}}}
    trigger = read_event("issue_comment", payload)
    assert isinstance(trigger, Commented)
    assert trigger.on_pull


def test_a_comment_of_a_deleted_user_is_ignored() -> None:
    assert isinstance(read_event("issue_comment", comment(user=None)), Ignored)


def test_a_comment_of_a_bot_is_known_as_one() -> None:
    trigger = read_event("issue_comment", comment(user={"login": "renovate[bot]", "type": "Bot"}))
    assert isinstance(trigger, Commented)
    assert trigger.by_bot


def test_a_missing_field_is_named() -> None:
    trigger = read_event("issue_comment", {"action": "created", "comment": {"id": 7, "body": "x"}})
    assert trigger == Ignored(reason="The payload of issue_comment has no usable field issue.")


@pytest.mark.parametrize("given", [None, {}, {"dry_run": False, "max_turns": 5, "model": " ", "mode": None}])
def test_a_dispatch_has_the_inputs_that_are_set(given: dict[str, object] | None) -> None:
    trigger = read_event("workflow_dispatch", {"inputs": given})
    assert trigger == Dispatched(inputs={"dry_run": "false", "max_turns": "5"} if given else {})


def closed(head: str, base: str) -> dict[str, object]:
    pull = {
        "number": 4,
        "merged": True,
        "head": {"ref": "autocoder/root/session-1", "repo": {"full_name": head} if head else None},
        "base": {"ref": "main", "repo": {"full_name": base}},
    }
    return {"action": "closed", "pull_request": pull}


def test_a_pull_request_from_a_fork_is_nobody_of_ours_whatever_its_branch_is_called() -> None:
    assert isinstance(read_event("pull_request", closed("octo/app", "octo/app")), PullClosed)
    assert isinstance(read_event("pull_request", closed("eve/app", "octo/app")), Ignored)
    assert isinstance(read_event("pull_request", closed("", "octo/app")), Ignored)


def test_the_clock_needs_no_payload() -> None:
    assert read_event("schedule", {}) == Scheduled()


def issue_event(action: str, *labels: str, sender: str = "User", **more: object) -> dict[str, object]:
    """Return an event of an issue."""
    issue = {"number": 7, "labels": [{"name": one} for one in labels]}
    return {"action": action, "issue": issue, "sender": {"login": "ann", "type": sender}, **more}


@pytest.mark.parametrize("action", ["opened", "edited", "labeled", "unlabeled", "closed", "reopened"])
def test_a_change_of_an_issue_of_the_board_is_heard(action: str) -> None:
    assert read_event("issues", issue_event(action, "bug", "autocoder")) == IssueChanged(
        number=7, action=action, by_bot=False, labels=frozenset({"bug", "autocoder"})
    )


def test_a_label_that_was_taken_off_tells_that_the_issue_was_ours() -> None:
    event = issue_event("unlabeled", label={"name": "autocoder:paused"})
    assert isinstance(read_event("issues", event), IssueChanged)


@pytest.mark.parametrize(
    "event", [issue_event("edited", "bug"), issue_event("assigned", "autocoder"), issue_event("edited", "autocoderx")]
)
def test_other_changes_of_issues_are_ignored(event: dict[str, object]) -> None:
    assert isinstance(read_event("issues", event), Ignored)


def test_a_bots_own_change_is_told_apart() -> None:
    trigger = read_event("issues", issue_event("edited", "autocoder", sender="Bot"))
    assert trigger == IssueChanged(number=7, action="edited", by_bot=True, labels=frozenset({"autocoder"}))
