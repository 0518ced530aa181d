"""From a real payload to the plan: what each event starts, with only what matters written into what GitHub sends."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from autocoder_action.backlog.board import Pull
from autocoder_action.intake.event import read_event
from autocoder_action.intake.settings import Mode
from autocoder_action.plan.decide import decide
from autocoder_action.plan.plan import Plan, Rest, Session, Sync
from autocoder_action.plan.situation import Situation
from autocoder_action.plan.wish import Asked, Nothing, Unclear, Voice, Wish, deaf, read_wish
from tests.unit.plan.situations import an_open, at

EXAMPLES = Path(__file__).parents[3] / "node_modules/@octokit/webhooks-examples/api.github.com/index.json"
OURS = "autocoder/root/session-1"
SAYS = {"comment": {"body": "/autocoder continue F3 --turns 5"}}
LABELLED = {"issue": {"labels": [{"name": "autocoder"}]}, "sender": {"type": "User"}}


@cache
def examples() -> Mapping[str, list[dict[str, Any]]]:
    """Return the real payloads of each event."""
    return {one["name"]: one["examples"] for one in json.loads(EXAMPLES.read_text())}


def payload(event: str, action: str, changes: Mapping[str, object]) -> dict[str, Any]:
    """Return the first real payload of an event's action, with some fields written over."""
    if event == "schedule":  # GitHub sends no hook for the clock
        return {"schedule": "37 */3 * * *"}
    found = next(one for one in examples()[event] if str(one.get("action", "")) in {action, "on-demand-test", ""})
    return over(deepcopy(found), {"action": action, **changes} if "action" in found else changes)


def over(old: dict[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Write mappings over each other, all the way down."""
    for name, value in new.items():
        inner = old.get(name)
        old[name] = over(inner, value) if isinstance(value, Mapping) and isinstance(inner, dict) else value
    return old


def asked(event: str, action: str, changes: Mapping[str, object]) -> Asked:
    """Return what an event asks for."""
    trigger = read_event(event, payload(event, action, changes))
    return deaf(trigger) or read_wish(trigger, Mode.AUTO, Voice(projects=("web",)))


def planned(
    event: str, action: str, changes: Mapping[str, object], situation: Situation, touched: frozenset[str] = frozenset()
) -> Plan | str:
    """Return the plan that follows from an event, or why there is none; git says which files a push touched."""
    wish = asked(event, action, changes)
    if isinstance(wish, Wish) and wish.pushed is not None:
        wish = replace(wish, pushed=touched)
    if isinstance(wish, Nothing):
        return wish.reason
    assert not isinstance(wish, Unclear)
    return decide(situation.as_wished(wish))


BUILDS: list[tuple[str, str, Mapping[str, object], tuple[int, ...]]] = [
    ("schedule", "", {}, (1, 3)),
    ("workflow_dispatch", "", {"inputs": {"feature": "F3", "max_turns": "5"}}, (3, 1)),
    ("workflow_dispatch", "", {"inputs": None}, (1, 3)),
    ("repository_dispatch", "autocoder-continue", {"client_payload": {"chain": 2}}, (1, 3)),
    ("issue_comment", "created", SAYS, (3, 1)),
    ("pull_request_review", "submitted", {"review": {"body": "/autocoder continue F1 --features 1"}}, (1,)),
    ("pull_request_review_comment", "created", SAYS, (3, 1)),
]


@pytest.mark.parametrize(("event", "action", "changes", "features"), BUILDS)
def test_an_event_that_starts_a_session(
    event: str, action: str, changes: Mapping[str, object], features: tuple[int, ...]
) -> None:
    plan = planned(event, action, changes, at())
    assert isinstance(plan, Session)
    assert plan.features == features


SYNCS: list[tuple[str, str, Mapping[str, object]]] = [
    ("issue_comment", "created", {"comment": {"body": "/autocoder sync"}}),
    ("issue_comment", "created", {"comment": {"body": "/autocoder skip F1 Later.\n/autocoder verify all"}}),
    ("issues", "opened", {**LABELLED, "issue": {"labels": [{"name": "autocoder:feature"}]}}),
    ("issues", "labeled", {**LABELLED, "issue": {"labels": []}, "label": {"name": "Autocoder:Feature"}}),
    ("issues", "unlabeled", {**LABELLED, "label": {"name": "autocoder:skip"}}),
    ("issues", "edited", LABELLED),
    ("issues", "reopened", LABELLED),
    ("pull_request", "closed", {"pull_request": {"head": {"ref": OURS}, "merged": True}}),
    ("pull_request", "closed", {"pull_request": {"head": {"ref": OURS}, "merged": False}}),
]


@pytest.mark.parametrize(("event", "action", "changes"), SYNCS)
def test_an_event_that_brings_the_board_up_to_date(event: str, action: str, changes: Mapping[str, object]) -> None:
    assert isinstance(planned(event, action, changes, at()), Sync)


@pytest.mark.parametrize("path", [".github/autocoder.yml", "prompts/app_spec.txt"])
def test_a_push_of_the_configuration_or_of_the_spec_brings_the_board_up_to_date(path: str) -> None:
    assert isinstance(planned("push", "", {"ref": "refs/heads/main"}, at(), frozenset({path})), Sync)


def test_a_closed_issue_of_the_board_brings_it_up_to_date() -> None:
    trigger = read_event("issues", payload("issues", "reopened", LABELLED) | {"action": "closed"})
    wish = read_wish(trigger, Mode.AUTO, Voice())
    assert not isinstance(wish, Nothing | Unclear)
    assert isinstance(decide(at().as_wished(wish)), Sync)


STARTS_NOTHING: list[tuple[str, str, Mapping[str, object], str]] = [
    ("repository_dispatch", "deploy", {}, "A repository_dispatch of the type deploy starts nothing"),
    ("issue_comment", "created", {"comment": {"body": "Nice work!"}}, "The comment holds no command."),
    ("issue_comment", "edited", SAYS, "A comment that was edited starts nothing"),
    ("issue_comment", "deleted", SAYS, "A comment that was deleted starts nothing"),
    ("issue_comment", "created", {"comment": {**SAYS["comment"], "user": None}}, "no author any more"),
    (
        "issue_comment",
        "created",
        {"comment": {**SAYS["comment"], "user": {"type": "Bot"}}},
        "A bot's comment starts nothing.",
    ),
    ("pull_request_review", "submitted", {"review": {"body": "Nice."}}, "The comment holds no command."),
    ("pull_request_review", "dismissed", {}, "A review that was dismissed starts nothing"),
    ("pull_request_review_comment", "edited", SAYS, "A comment that was edited starts nothing"),
    ("issues", "opened", {}, "does not belong to the board"),
    ("issues", "pinned", LABELLED, "An issue that was pinned changes nothing on the board."),
    ("issues", "edited", {**LABELLED, "sender": {"type": "Bot"}}, "A bot's change of an issue starts nothing."),
    ("pull_request", "opened", {"pull_request": {"head": {"ref": OURS}}}, "A pull request that was opened"),
    ("pull_request", "closed", {}, "is not one of ours"),
    (
        "pull_request",
        "closed",
        {"pull_request": {"head": {"ref": OURS, "repo": {"full_name": "eve/fork"}}}},
        "comes from a fork",
    ),
    ("push", "", {"ref": "refs/tags/v1"}, "A push to refs/tags/v1 starts nothing"),
    ("watch", "started", {}, "The event watch starts nothing here."),
    ("issue_comment", "created", {"comment": {"id": None}}, "has no usable field comment.id"),
    ("issue_comment", "created", {"issue": None}, "has no usable field issue"),
]


@pytest.mark.parametrize(("event", "action", "changes", "reason"), STARTS_NOTHING)
def test_an_event_that_starts_nothing_says_why(
    event: str, action: str, changes: Mapping[str, object], reason: str
) -> None:
    found = planned(event, action, changes, at())
    assert isinstance(found, str)
    assert reason in found


RESTS: list[tuple[str, str, Mapping[str, object], Situation, str]] = [
    ("schedule", "", {}, at(paused="Not now."), "The project is paused: Not now."),
    ("schedule", "", {}, at(open_sessions=(an_open(1),)), "session-1 waits for review in pull request #7"),
    ("issue_comment", "created", SAYS, at(paused="Not now."), "The project is paused: Not now."),
    (
        "push",
        "",
        {"ref": "refs/heads/main"},
        at(),
        "changes neither the spec nor the configuration",
    ),
    ("issue_comment", "created", {"comment": {"body": "/autocoder status"}}, at(), "Nothing is left to do."),
    ("repository_dispatch", "autocoder-continue", {}, at(spent_today_micro=20_000_000), "of today's budget"),
]


@pytest.mark.parametrize(("event", "action", "changes", "situation", "reason"), RESTS)
def test_an_event_after_which_nothing_is_done(
    event: str, action: str, changes: Mapping[str, object], situation: Situation, reason: str
) -> None:
    plan = planned(event, action, changes, situation)
    assert isinstance(plan, Rest)
    assert reason in plan.reason


def test_a_command_goes_on_where_the_clock_waits() -> None:
    waiting = at(open_sessions=(an_open(1),))
    plan = planned("issue_comment", "created", SAYS, waiting)
    assert isinstance(plan, Session)
    assert (plan.branch, plan.fresh) == (OURS, False)
    assert isinstance(plan.pull, Pull)


@pytest.mark.parametrize(
    "body",
    ["/autocoder", "/autocoder dance", "/autocoder wbe continue", "/autocoder continue\n/autocoder ask Why?"],
)
def test_a_comment_that_cannot_be_understood_asks_for_an_answer(body: str) -> None:
    assert isinstance(asked("issue_comment", "created", {"comment": {"body": body}}), Unclear)


def test_every_event_of_the_workflow_is_looked_at_here() -> None:
    rows = [*BUILDS, *SYNCS, *STARTS_NOTHING]
    assert {row[0] for row in rows} >= {
        "schedule",
        "workflow_dispatch",
        "repository_dispatch",
        "issue_comment",
        "issues",
        "pull_request",
        "pull_request_review",
        "pull_request_review_comment",
        "push",
    }
