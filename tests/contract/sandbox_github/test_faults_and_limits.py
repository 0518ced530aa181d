"""What goes wrong on demand: faults, and the limits of GitHub."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from sandbox.github import GitHub, Repo
    from sandbox.github.http.faults import FaultParts
    from sandbox.github.testing import Api, Clone

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def test_the_nth_matching_request_fails_and_no_other(hub: GitHub, repo: Repo, api: Api) -> None:
    hub.fault(method="POST", path=r"/issues$", nth=2, status=502, body="<html>Bad gateway</html>")
    statuses = [api("POST", "/issues", {"title": "x"}).status_code for _ in range(3)]
    assert statuses == [201, 502, 201]
    assert api("GET", "/issues").status_code == 200
    assert len(repo.issues) == 2


def test_a_fault_may_hit_many_times_with_headers_of_its_own(hub: GitHub, api: Api) -> None:
    hub.fault(path="/issues", status=429, times=None, headers={"Retry-After": "7"})
    answers = [api("GET", "/issues") for _ in range(3)]
    assert [(one.status_code, one.headers["Retry-After"]) for one in answers] == [(429, "7")] * 3
    hub.faults.clear()
    assert api("GET", "/issues").status_code == 200


def test_a_dropped_connection_gives_no_answer_and_changes_nothing(hub: GitHub, repo: Repo, api: Api) -> None:
    hub.fault(method="POST", drop=True)
    with pytest.raises(httpx.TransportError):
        api("POST", "/issues", {"title": "x"})
    assert repo.issues == {}
    assert api("POST", "/issues", {"title": "x"}).status_code == 201


@pytest.mark.parametrize("how", [{"drop": True}, {"status": 502}])
def test_an_answer_that_is_lost_afterwards_leaves_the_change_behind(
    hub: GitHub, repo: Repo, api: Api, how: FaultParts
) -> None:
    lost: FaultParts = {"method": "POST", "path": "/issues$", "after": True}
    hub.fault(**(lost | how))
    try:
        assert api("POST", "/issues", {"title": "x"}).status_code == 502
    except httpx.TransportError:
        assert "drop" in how
    assert [issue.title for issue in repo.issues.values()] == ["x"]
    assert hub.requests[-1].fault


def test_a_late_answer_is_still_the_true_one(hub: GitHub, api: Api) -> None:
    hub.fault(path="/issues", delay=0.2)
    before = time.monotonic()
    assert api("GET", "/issues").status_code == 200
    assert time.monotonic() - before >= 0.2


def test_a_client_that_does_not_wait_times_out(hub: GitHub, api: Api) -> None:
    hub.fault(path="/issues", delay=5)
    with pytest.raises(httpx.ReadTimeout):
        api.client.get(f"{hub.api_url}/repos/octo/app/issues", timeout=0.1)


def test_a_push_whose_answer_is_lost_has_moved_the_ref(hub: GitHub, repo: Repo, clone: Clone) -> None:
    sha = clone.commit(file="1\n")
    hub.fault(method="POST", path="git-receive-pack$", drop=True, after=True)
    assert clone.git("push", "origin", "HEAD:refs/heads/x", check=False).returncode != 0
    assert repo.head("x") == sha
    assert [one.event for one in repo.deliveries] == ["create", "push"]


def test_a_push_that_never_arrives_moves_nothing(hub: GitHub, repo: Repo, clone: Clone) -> None:
    clone.commit(file="1\n")
    hub.fault(method="POST", path="git-receive-pack$", status=500)
    assert clone.git("push", "origin", "HEAD:refs/heads/x", check=False).returncode != 0
    assert repo.head("x") is None
    clone.git("push", "-q", "origin", "HEAD:refs/heads/x")


def test_every_exchange_is_recorded_in_order(hub: GitHub, api: Api, clone: Clone) -> None:
    hub.requests.clear()
    api("POST", "/issues", {"title": "x"})
    clone.git("fetch", "-q", "origin")
    seen = [(one.method, one.path, one.status, one.token_owner) for one in hub.requests]
    assert seen[0] == ("POST", "/repos/octo/app/issues", 201, "github-actions[bot]")
    assert seen[1][:2] == ("GET", "/octo/app.git/info/refs")
    assert hub.requests[0].request == {"title": "x"}


def test_the_primary_limit_is_403_until_the_hour_is_over(hub: GitHub, api: Api) -> None:
    hub.now = START
    hub.limits.primary(limit=2)
    left = [api("GET", "").headers["X-RateLimit-Remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    over = api("GET", "")
    assert over.status_code == 403
    assert over.json()["message"].startswith("API rate limit exceeded")
    assert int(over.headers["X-RateLimit-Reset"]) == int(START.timestamp()) + 3600
    assert api("GET", "rate_limit").json()["rate"]["remaining"] == 0
    hub.advance(3600)
    assert api("GET", "").status_code == 200


def test_each_credential_has_its_own_allowance(hub: GitHub, api: Api, person: str) -> None:
    hub.limits.primary(limit=1)
    assert [api("GET", "").status_code for _ in range(2)] == [200, 403]
    assert api("GET", "", token=person).status_code == 200


@pytest.mark.parametrize("status", [403, 429])
def test_the_secondary_limit_asks_to_wait(hub: GitHub, api: Api, status: int) -> None:
    hub.now = START
    hub.limits.secondary(after=1, retry_after=30, status=status)
    statuses = [api("POST", "/issues", {"title": "x"}).status_code for _ in range(2)]
    assert statuses == [201, status]
    hub.advance(29)
    waiting = api("GET", "")
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (status, "1")
    assert "secondary rate limit" in waiting.json()["message"]
    hub.advance(1)
    assert api("POST", "/issues", {"title": "x"}).status_code == 201


def test_content_is_paced_by_the_minute_and_by_the_hour(hub: GitHub, api: Api) -> None:
    hub.now = START
    hub.limits.content(per_minute=2, per_hour=3)

    def create() -> int:
        return api("POST", "/issues", {"title": "x"}).status_code

    assert [create() for _ in range(3)] == [201, 201, 403]
    hub.advance(61)
    assert [create() for _ in range(2)] == [201, 403]
    hub.advance(3600)
    assert create() == 201
