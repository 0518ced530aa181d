"""The oracle itself: that it sees what GitHub's description forbids, and skips nothing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import httpx
import jsonschema_rs
import pytest

from sandbox.github import GitHub, schema
from sandbox.github.acts.reviews import Remark
from sandbox.github.conformance import Conformance, Seen
from sandbox.github.known_errors import KNOWN
from sandbox.github.render.issues import issue as issue_body
from sandbox.github.rest import OPERATIONS
from sandbox.github.schema import SchemasMissingError, converted, description

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.github import Repo
    from sandbox.github.testing import Api

CREATE = "/repos/{owner}/{repo}/issues"


@pytest.fixture
def seen(repo: Repo) -> Seen:
    """Return a creation of an issue that fits."""
    body = issue_body(repo, repo.open_issue(by="maintainer", title="Issue"))
    return Seen(method="POST", template=CREATE, query={}, request={"title": "Issue"}, status=201, response=body)


def problems(seen: Seen, **changes: Any) -> list[str]:  # noqa: ANN401 - any field
    """Return what is wrong with an exchange after some changes."""
    return [str(one) for one in Conformance(description()).exchange(dataclasses.replace(seen, **changes))]


def without(seen: Seen, *names: str) -> dict[str, Any]:
    """Return the exchange's response without some fields."""
    assert isinstance(seen.response, dict)
    return {name: value for name, value in seen.response.items() if name not in names}


def test_an_exchange_that_fits_has_no_problem(seen: Seen) -> None:
    assert problems(seen) == []


def test_a_missing_field_and_a_wrong_type_are_seen(seen: Seen) -> None:
    assert '"url" is a required property' in problems(seen, response=without(seen, "url"))[0]
    assert "closed_at" in problems(seen, response={**without(seen), "closed_at": 5})[0]
    assert "created_at" in problems(seen, response={**without(seen), "created_at": "yesterday"})[0]


def test_a_field_that_may_be_null_is_checked_all_the_same(seen: Seen) -> None:
    assert problems(seen, response={**without(seen), "state_reason": None}) == []
    assert "state_reason" in problems(seen, response={**without(seen), "state_reason": "because"})[0]


def test_what_is_not_documented_in_a_request_is_seen(seen: Seen) -> None:
    assert "body colour: not documented" in problems(seen, request={"title": "x", "colour": "red"})[0]
    assert "query colour: not documented" in problems(seen, query={"colour": "red"})[0]
    assert '"title" is a required property' in problems(seen, request={})[0]
    assert "body: is required" in problems(seen, request=None)[0]


def test_query_values_are_checked_by_their_types(seen: Seen) -> None:
    listing: dict[str, Any] = {"method": "GET", "request": None, "status": 200, "response": []}
    assert problems(seen, **listing, query={"state": "all", "per_page": "100"}) == []
    assert "state" in problems(seen, **listing, query={"state": "ajar"})[0]
    assert "per_page" in problems(seen, **listing, query={"per_page": "many"})[0]


def test_an_operation_or_a_status_that_is_not_documented_is_seen(seen: Seen) -> None:
    assert "documents no such operation" in problems(seen, template="/repos/{owner}/{repo}/wishes")[0]
    assert "status 202: not documented" in problems(seen, status=202)[0]


def test_an_error_needs_githubs_shape(seen: Seen) -> None:
    assert problems(seen, status=401, response={"message": "Bad credentials"}) == []
    assert problems(seen, status=401, response={"message": 5}) != []


def test_a_delivery_that_does_not_fit_is_seen(repo: Repo) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    one = repo.deliveries[0]
    check = Conformance(description())
    assert check.delivery(one.event, one.action, one.payload) == []
    broken = {**one.payload, "issue": {**one.payload["issue"], "number": "1"}}
    assert "issue/number" in str(check.delivery(one.event, one.action, broken)[0])
    assert "no such event" in str(check.delivery("issues", "admired", one.payload)[0])


def test_no_schema_of_the_description_is_skipped() -> None:
    resource = {"components": {"schemas": description().schemas}}
    registry = jsonschema_rs.Registry([("urn:github", resource)], draft=jsonschema_rs.Draft202012)
    for name in description().schemas:
        reference = {"$ref": f"urn:github#/components/schemas/{name}"}
        jsonschema_rs.Draft202012Validator(reference, registry=registry, validate_formats=True)
    assert len(description().schemas) > 900


def test_no_nullable_is_left_where_validators_would_pass_over_it() -> None:
    def nullables(node: object) -> int:
        if isinstance(node, dict):
            return ("nullable" in node and isinstance(node["nullable"], bool)) + sum(map(nullables, node.values()))
        return sum(map(nullables, node)) if isinstance(node, list) else 0

    raw = description().raw["components"]["schemas"]
    assert nullables(raw) > 1000
    assert nullables(converted(raw)) == 0


@pytest.mark.parametrize("route", OPERATIONS.routes, ids=lambda one: f"{one.method} {one.documented}")
def test_every_operation_of_the_sandbox_is_one_of_githubs(route: Any) -> None:  # noqa: ANN401 - pytest's parameter
    assert description().operation(route.method, route.documented)


def test_every_known_error_is_still_one(seen: Seen, repo: Repo, api: Api) -> None:
    """Where GitHub mends its description, the entry goes."""
    labels = "/repos/{owner}/{repo}/issues/{issue_number}/labels"
    bare = dataclasses.replace(seen, template=labels, request=["bug"], status=200, response=[])
    repo.commit({"a": "1"}, by="github-actions[bot]", message="By a bot")
    push = repo.deliveries[-1]
    remarks = dataclasses.replace(
        seen,
        method="GET",
        template="/repos/{owner}/{repo}/pulls/{pull_number}/comments",
        request=None,
        status=200,
        response=_outdated(repo, api),
    )
    for known in ((), KNOWN):
        check = Conformance(description(), known)
        for found in (
            check.exchange(bare),
            check.exchange(dataclasses.replace(bare, method="PUT")),
            check.exchange(remarks),
            check.delivery(push.event, push.action, push.payload),
        ):
            assert bool(found) == (known == ())
    assert len(KNOWN) == 3
    assert all(one.reason for one in KNOWN)


def _outdated(repo: Repo, api: Api) -> object:
    """Return the remarks of a pull request of which one's line has changed since."""
    repo.commit({"b.txt": "one\n"}, by="maintainer", message="One", branch="work")
    pull = repo.open_pull(by="maintainer", head="work", title="Work").number
    repo.review(pull, by="maintainer", remarks=[Remark(path="b.txt", body="Why?", line=1)])
    repo.commit({"b.txt": "two\n"}, by="maintainer", message="Two", branch="work")
    return api("GET", f"/pulls/{pull}/comments").json()


def test_a_request_that_the_sandbox_does_not_know_is_a_violation() -> None:
    with GitHub(validate=True) as hub:
        assert httpx.get(f"{hub.api_url}/gists").status_code == 404
        assert "does not know this operation" in str(hub.violations[0])
        with pytest.raises(AssertionError, match="GET /gists"):
            hub.assert_valid()


def test_without_validation_nothing_is_held_against_anybody(api: Api) -> None:
    with GitHub(validate=False) as hub:
        httpx.get(f"{hub.api_url}/gists")
        hub.assert_valid()
    assert api("GET", "").status_code == 200


def test_missing_schemas_name_their_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(schema, "ROOT", tmp_path)
    with pytest.raises(SchemasMissingError, match=r"run \./script/setup"):
        schema.schema_file("openapi/generated/api.github.com.json")
