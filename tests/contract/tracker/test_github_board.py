"""What the board's questions cost on GitHub, how the adapter keeps its limits, and what it makes of odd answers."""

from typing import Any

import pytest

from autocoder_action.adapters.github_api.budget import Budget
from autocoder_action.backlog.board import Allowance, Capabilities
from autocoder_action.errors import ConfigError, UpstreamError
from tests.contract.tracker.sandbox_world import SandboxWorld, asked, hiccup


def spent(sandbox: SandboxWorld, before: int) -> int:
    """Return how many requests came since."""
    return len(sandbox.hub.requests) - before


def test_each_question_costs_the_requests_that_it_must(sandbox: SandboxWorld) -> None:
    numbers = [sandbox.issue(f"Feature {count}") for count in range(120)]
    sandbox.later(60)
    tracker, parent = sandbox.tracker, numbers[0]
    for act, cost in (
        (lambda: tracker.issues(since=sandbox.now()), 1),
        (tracker.issues, 2),
        (lambda: tracker.issues(known=numbers), 1),
        (lambda: tracker.histories(numbers, since=0), 3),
        (lambda: tracker.capabilities(parent), 2),
        (lambda: tracker.add_sub_issues(parent, numbers[1:61]), 3),
        (lambda: tracker.sub_issues(parent), 1),
        (lambda: tracker.add_blocker(numbers[1], numbers[2]), 1),
        (lambda: tracker.blockers(numbers[1]), 1),
        (lambda: tracker.remove_blocker(numbers[1], numbers[2]), 1),
        (lambda: tracker.permission("ann"), 1),
        (lambda: tracker.permission("ANN"), 0),
        (lambda: tracker.allowance(seconds=60), 0),
    ):
        before = len(sandbox.hub.requests)
        act()
        assert spent(sandbox, before) == cost


def changed(sandbox: SandboxWorld, count: int) -> list[int]:
    """Have many issues that changed a second after one another, and return their numbers."""
    numbers = []
    for number in range(count):
        sandbox.later(1)
        numbers.append(sandbox.issue(f"Feature {number}"))
    return numbers


@pytest.mark.parametrize("earlier", [True, False])
def test_many_known_changes_cost_one_request_also_where_others_changed_something_last(
    sandbox: SandboxWorld, *, earlier: bool
) -> None:
    other = [sandbox.issue("Other")] if earlier else []
    numbers = changed(sandbox, 120)
    other += changed(sandbox, 1)
    before, moment = len(sandbox.hub.requests), sandbox.now() - 121
    listed = sandbox.tracker.issues(since=moment, known=numbers)
    assert [issue.number for issue in listed.issues] == sorted({*numbers, *other})
    assert spent(sandbox, before) == (3 if earlier else 1), "what is neither known nor new needs the list itself"


TROUBLE = {"message": "Something went wrong while executing your query", "path": ["repository", "i1"]}


@pytest.mark.parametrize(
    "accident",
    [
        {"status": 502},
        {"status": 404, "body": {"message": "Not Found"}},
        {"status": 200, "body": {"data": {"repository": None}, "errors": [TROUBLE]}},
        {
            "status": 200,
            "body": {"errors": [{"message": "Field 'stateReason' doesn't accept argument 'x'"}]},
        },
        {"status": 200, "body": "<html>"},
    ],
)
def test_a_list_is_read_page_by_page_where_it_cannot_be_had_at_once(
    sandbox: SandboxWorld, accident: dict[str, Any]
) -> None:
    numbers = changed(sandbox, 110)
    sandbox.hub.fault(path="/graphql", times=None, **accident)
    assert [issue.number for issue in sandbox.tracker.issues(known=numbers).issues] == numbers


def test_a_list_of_several_pages_is_the_same_with_and_without_pygithub(sandbox: SandboxWorld) -> None:
    changed(sandbox, 110)
    first = sandbox.tracker.issues()
    sandbox.tracker.issue(1)
    before = len(sandbox.hub.requests)
    assert sandbox.tracker.issues() == first
    assert spent(sandbox, before) == 2
    assert sandbox.now() - 10 == first.seen, "what changed on a page that was read already may be as old"


def test_issues_that_no_list_showed_are_looked_up_a_hundred_at_once(sandbox: SandboxWorld) -> None:
    numbers = [sandbox.issue(f"Feature {count}") for count in range(101)]
    before = len(sandbox.hub.requests)
    assert sandbox.tracker.add_sub_issues(numbers[0], numbers[1:]) == ()
    assert spent(sandbox, before) == 2 + 5


def test_a_first_sync_goes_on_in_the_next_run_where_the_hour_stopped_it(sandbox: SandboxWorld) -> None:
    sandbox.hub.limits.content(per_minute=1_000, per_hour=500)
    tracker = sandbox.tracker
    whole = tracker.allowance(seconds=300)
    assert whole.writes == 480
    for count in range(whole.writes):
        tracker.create_issue(title=f"Feature {count}", body="", labels=[])
    assert tracker.allowance(seconds=300) == Allowance(writes=0, until=sandbox.now() + 3600)
    written = [sandbox.now()] * whole.writes
    sandbox.later(1800)
    next_run = sandbox.tracker_of("ann")
    assert next_run.allowance(seconds=300, earlier=written).writes == 0
    for _ in range(20):
        next_run.create_comment(1, "an answer still fits")
    sandbox.later(1800)
    assert next_run.allowance(seconds=300, earlier=written).writes == 460
    next_run.create_issue(title="One more", body="", labels=[])


def test_the_pace_keeps_the_minute_and_the_share_of_time() -> None:
    budget = Budget(pace_seconds=0.8, now=lambda: 1_000_000.0)
    assert budget.allowance(seconds=60, earlier=[], left=None) == Allowance(writes=75, until=1_000_060)
    assert budget.allowance(seconds=300, earlier=[], left=None) == Allowance(writes=375, until=1_000_300)
    assert budget.allowance(seconds=3600, earlier=[], left=None) == Allowance(writes=480, until=1_003_600)
    assert budget.allowance(seconds=0, earlier=[], left=None) == Allowance(writes=0, until=1_000_000)


def test_the_primary_limit_is_not_used_up_by_a_board(sandbox: SandboxWorld) -> None:
    sandbox.hub.limits.primary(limit=60)
    tracker = sandbox.tracker
    tracker.issues()
    assert tracker.allowance(seconds=60) == Allowance(writes=9, until=sandbox.now() + 3600)
    tracker.issues()
    assert tracker.allowance(seconds=60).writes == 8


def test_a_limit_that_graphql_tells_is_a_limit(sandbox: SandboxWorld) -> None:
    number = sandbox.issue("One")
    body = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    hiccup(sandbox, "POST", "/graphql", status=200, body=body)
    with pytest.raises(UpstreamError, match="rate limit"):
        sandbox.tracker.histories([number], since=0)
    assert sandbox.tracker.allowance(seconds=60).writes == 0


@pytest.mark.parametrize("accident", [{"status": 502}, {"drop": True}, {"drop": True, "after": True}])
def test_a_question_to_graphql_survives_an_accident(sandbox: SandboxWorld, accident: dict[str, Any]) -> None:
    number = sandbox.issue("One")
    hiccup(sandbox, "POST", "/graphql", **accident, times=2)
    assert list(sandbox.tracker.histories([number], since=0)) == [number]
    assert asked(sandbox, "POST", "/graphql") == 3


def test_a_lost_answer_to_links_is_told_and_the_next_run_finds_them_made(sandbox: SandboxWorld) -> None:
    parent, child = sandbox.issue("Parent"), sandbox.issue("Child")
    sandbox.tracker.issues()
    hiccup(sandbox, "POST", "/graphql", drop=True, after=True)
    with pytest.raises(UpstreamError):
        sandbox.tracker.add_sub_issues(parent, [child])
    assert asked(sandbox, "POST", "/graphql") == 1
    assert sandbox.tracker.add_sub_issues(parent, [child]) == ()
    assert sandbox.tracker.sub_issues(parent) == (child,)


@pytest.mark.parametrize("status", [403, 404, 501])
def test_a_server_without_graphql_offers_less_and_stops_nothing(sandbox: SandboxWorld, status: int) -> None:
    parent, child = sandbox.issue("Parent"), sandbox.issue("Child")
    sandbox.hub.fault(path="/graphql", status=status, body={"message": "Not Found"}, times=None)
    tracker = sandbox.tracker
    assert tracker.capabilities(parent) == Capabilities(sub_issues=False, dependencies=True)
    assert tracker.histories([parent], since=0) == {}
    assert tracker.sub_issues(parent) == ()
    assert tracker.add_sub_issues(parent, [child]) == (child,)


def test_what_github_told_of_some_issues_counts_where_it_refuses_to_tell_of_others(sandbox: SandboxWorld) -> None:
    numbers = [sandbox.issue(f"Issue {n}") for n in range(51)]
    sandbox.hub.fault(path="/graphql", status=403, body={"message": "No"}, nth=2)
    assert list(sandbox.tracker.histories(numbers, since=0)) == numbers[:50]


@pytest.mark.parametrize("status", [404, 410, 422])
def test_a_server_without_dependencies_is_found_out_silently(sandbox: SandboxWorld, status: int) -> None:
    number = sandbox.issue("One")
    sandbox.hub.fault(path="/dependencies/", status=status, body={"message": "No"}, times=None)
    assert sandbox.tracker.capabilities(number).dependencies is False


@pytest.mark.parametrize("body", ["<html>Sign in</html>", "[1]", "{}", '{"data": null}', '{"data": {"repository": 5}}'])
def test_an_answer_that_is_not_graphqls_is_no_usable_answer(sandbox: SandboxWorld, body: str) -> None:
    sandbox.hub.fault(path="/graphql", status=200, body=body, times=None)
    with pytest.raises(UpstreamError):
        sandbox.tracker.histories([1], since=0)


def test_a_history_that_github_could_not_read_is_not_taken_for_none(sandbox: SandboxWorld) -> None:
    number = sandbox.issue("One")
    trouble = {"message": "Something went wrong while executing your query", "path": ["repository", f"i{number}"]}
    body = {"data": {"repository": {f"i{number}": None}}, "errors": [trouble]}
    hiccup(sandbox, "POST", "/graphql", status=200, body=body)
    with pytest.raises(UpstreamError, match="did not tell who edited issues: Something went wrong"):
        sandbox.tracker.histories([number], since=0)


def test_a_token_that_may_not_link_is_told_which_permission_it_lacks(sandbox: SandboxWorld) -> None:
    parent, child = sandbox.issue("Parent"), sandbox.issue("Child")
    with pytest.raises(ConfigError, match="not allow putting issues under another") as caught:
        sandbox.tracker_with({"issues": "read"}).add_sub_issues(parent, [child])
    assert caught.value.remedy == "Add `issues: write` to the job's `permissions:`."


def test_an_app_that_closed_an_issue_is_named_as_rest_names_it(sandbox: SandboxWorld) -> None:
    number = sandbox.issue("One")
    tracker = sandbox.tracker
    tracker.create_comment(number, "text")
    history = tracker.histories([number], since=0)[number]
    assert history.comments[0].author == tracker.me() == "github-actions[bot]"


def test_an_issue_of_another_repository_is_no_sub_issue_here(sandbox: SandboxWorld) -> None:
    parent = sandbox.issue("Parent")
    foreign = {"number": 7, "repository": {"nameWithOwner": "octo/other"}}
    own = {"number": 8, "repository": {"nameWithOwner": "Octo/App"}}
    body = {"data": {"repository": {"issue": {"subIssues": {"nodes": [foreign, None, own]}}}}}
    hiccup(sandbox, "POST", "/graphql", status=200, body=body)
    assert sandbox.tracker.sub_issues(parent) == (8,)
