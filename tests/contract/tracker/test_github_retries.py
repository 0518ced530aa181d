"""Which requests the real adapter repeats, how long it waits, and when it gives up."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from autocoder_action.adapters.github_api import GithubTracker
from autocoder_action.backlog.board import IssueEdit
from autocoder_action.errors import LimitedError, UpstreamError
from tests.contract.tracker.sandbox_world import LIMITED, SandboxWorld, asked, hiccup


@pytest.mark.parametrize("accident", [{"status": 502}, {"drop": True}, {"drop": True, "after": True}])
def test_a_read_survives_an_accident(sandbox: SandboxWorld, accident: dict[str, Any]) -> None:
    number = sandbox.issue("One")
    hiccup(sandbox, "GET", r"/issues/\d+$", **accident)
    assert sandbox.tracker.issue(number) is not None
    assert asked(sandbox, "GET", f"/issues/{number}") == 2


@pytest.mark.parametrize("accident", [{"status": 503}, {"drop": True}, {"drop": True, "after": True}])
def test_an_edit_survives_an_accident_because_twice_is_once(sandbox: SandboxWorld, accident: dict[str, Any]) -> None:
    number = sandbox.issue("One")
    hiccup(sandbox, "PATCH", r"/issues/\d+$", **accident)
    assert sandbox.tracker.update_issue(number, IssueEdit(title="Two")).title == "Two"
    assert asked(sandbox, "PATCH") == 2


@pytest.mark.parametrize("accident", [{"status": 500}, {"status": 504, "after": True}, {"drop": True}])
def test_a_creation_is_never_asked_for_a_second_time(sandbox: SandboxWorld, accident: dict[str, Any]) -> None:
    hiccup(sandbox, "POST", r"/issues$", **accident)
    with pytest.raises(UpstreamError, match="creating an issue") as caught:
        sandbox.tracker.create_issue(title="T", body="", labels=[])
    assert asked(sandbox, "POST", "/issues") == 1
    assert sandbox.hub.server_url.removeprefix("http://") in caught.value.cause


def test_a_host_that_stays_down_is_given_up_after_some_attempts(sandbox: SandboxWorld) -> None:
    sandbox.fail("issue", "unavailable")
    with pytest.raises(UpstreamError, match="answered 502 to reading issue #1"):
        sandbox.tracker.issue(1)
    assert asked(sandbox, "GET", "/issues/1") == 5


@pytest.mark.parametrize("status", [403, 429])
def test_a_short_limit_is_waited_for_also_by_a_creation(sandbox: SandboxWorld, status: int) -> None:
    hiccup(sandbox, "POST", r"/issues$", status=status, body={"message": LIMITED}, headers={"Retry-After": "0"})
    sandbox.tracker.create_issue(title="T", body="", labels=[])
    assert sandbox.titles() == ["T"]
    assert asked(sandbox, "POST", "/issues") == 2


def test_a_primary_limit_that_is_over_already_is_not_waited_for(sandbox: SandboxWorld) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) - 5)}
    hiccup(sandbox, "GET", "", status=429, body={"message": "Too many requests"}, headers=headers)
    assert sandbox.tracker.repository().full_name == "octo/app"


def test_a_limit_is_not_asked_about_for_ever(sandbox: SandboxWorld) -> None:
    body, headers = {"message": LIMITED}, {"Retry-After": "0"}
    hiccup(sandbox, "GET", "", status=429, body=body, headers=headers, times=None)
    with pytest.raises(UpstreamError, match="rate limit"):
        sandbox.tracker.repository()
    assert asked(sandbox, "GET") == 6, "a first look, and five tries"


WRITES: dict[str, Callable[[GithubTracker, int], object]] = {
    "create": lambda tracker, _: tracker.create_issue(title="T", body="", labels=[]),
    "edit": lambda tracker, number: tracker.update_issue(number, IssueEdit(title="T")),
    "list": lambda tracker, _: tracker.issues(),
    "histories": lambda tracker, number: tracker.histories([number], since=0),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("used", [True, False])
def test_a_limit_that_ends_after_the_time_is_over_is_not_waited_for(
    sandbox: SandboxWorld, write: str, status: int, *, used: bool
) -> None:
    tracker, number = sandbox.open(sandbox.hub.user_token("ann"), patience=3_600), sandbox.issue("One")
    if used:
        tracker.issue(number)
    sandbox.hub.fault(status=status, body={"message": LIMITED}, headers={"Retry-After": "3000"}, times=None)
    before = len(sandbox.hub.requests)
    with tracker.in_time(100), tracker.in_time(3_500), pytest.raises(LimitedError):
        WRITES[write](tracker, number)
    assert len(sandbox.hub.requests) - before <= 2, "a first look, and no further try"
    assert tracker.allowance(seconds=60).writes == 0


def test_a_used_up_limit_names_the_time_when_it_ends(sandbox: SandboxWorld) -> None:
    sandbox.hub.limits.primary(limit=1)
    sandbox.tracker.repository()
    with pytest.raises(UpstreamError) as caught:
        sandbox.tracker.repository()
    ends = time.strptime(caught.value.cause.rpartition("it ends at ")[2], "%Y-%m-%d %H:%M:%S UTC.")
    hour = sandbox.now() + 3600
    assert hour - 60 < time.mktime(ends) - time.timezone < hour + 60
    assert asked(sandbox, "GET") == 3, "one that was answered, a first look, and no further try"


def test_a_limit_without_a_time_is_a_minute_and_so_beyond_this_patience(sandbox: SandboxWorld) -> None:
    hiccup(sandbox, "POST", r"/comments$", status=403, body={"message": LIMITED})
    with pytest.raises(UpstreamError, match="rate limit"):
        sandbox.tracker.create_comment(sandbox.issue("One"), "text")


def test_writes_keep_their_distance_and_reads_do_not(sandbox: SandboxWorld) -> None:
    token = sandbox.hub.user_token("ann")
    tracker = GithubTracker(api_url=sandbox.hub.api_url, repository="octo/app", token=token, pace_seconds=0.2)
    number = tracker.create_issue(title="T", body="", labels=[]).number
    began = time.monotonic()
    tracker.create_comment(number, "one")
    assert time.monotonic() - began > 0.15
    tracker.close()
