"""Reviews of pull requests: in few requests by GraphQL, which alone tells what is resolved, else by REST."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from autocoder_action.adapters.github_api.base import GONE, Base
from autocoder_action.adapters.github_api.bounds import check_text
from autocoder_action.adapters.github_api.graphql import actor, nodes
from autocoder_action.adapters.github_api.words import AGAIN, AnsweredError
from autocoder_action.backlog.discussion import Discussion, Remark, Review, Thread
from autocoder_action.errors import UpstreamError
from autocoder_action.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from github.Repository import Repository

_MANY = 100
_QUERY = """query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviews(last: 100) { nodes { fullDatabaseId state body submittedAt author { ...Who } } }
      reviewThreads(first: 50, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          isResolved isOutdated path line originalLine
          comments(last: 100) { nodes { fullDatabaseId body createdAt author { ...Who } } }
        }
      }
    }
  }
}
fragment Who on Actor { __typename login }
"""


class _Page(Value, frozen=True, kw_only=True):
    """One answer."""

    reviews: list[Review]
    threads: list[Thread]
    after: str | None
    """Where the next page begins; None where there is none."""


class Discussions(Base):
    """The part of the Tracker about what reviewers say."""

    def discussion(self, number: int) -> Discussion:
        """Return what reviewers said of a pull request; nothing where there is none of this number."""
        reviews: list[Review] = []
        threads: list[Thread] = []
        after: str | None = ""
        while after is not None:
            page = self._page(number, after)
            if page is None:
                return self._by_rest(number)
            reviews = page.reviews
            threads += page.threads
            after = page.after
        return _ordered(reviews, threads)

    def answer_remark(self, number: int, remark: int, body: str) -> Remark:
        """Answer the thread that a remark of a pull request began, and return the answer."""
        check_text(body=body)
        thing = f"remark {remark} on pull request #{number}"
        with self._writing(f"answering {thing}", needs="pull-requests: write", thing=thing) as repository:
            url = f"{repository.url}/pulls/{number}/comments/{remark}/replies"
            _, said = repository.requester.requestJsonAndCheck("POST", url, input={"body": body})
            return _rest_remark(said)

    def _page(self, number: int, after: str) -> _Page | None:
        """Return some threads, and all reviews; None where the server cannot tell."""
        owner, _, name = self._name.partition("/")
        variables = {"owner": owner, "name": name, "number": number, "after": after or None}
        doing = f"reading the reviews of pull request #{number}"
        with suppress(AnsweredError), self._door.asked(doing, _QUERY, variables, tries=3) as told:
            if told.unknown:
                return None
            if told.failed:
                raise UpstreamError(
                    f"GitHub did not tell all reviews of #{number}: {told.failed[0].rstrip('.')}.", remedy=AGAIN
                )
            return _read(told.data["repository"]["pullRequest"])
        return None

    def _by_rest(self, number: int) -> Discussion:
        """Ask in the older way, which does not tell what is resolved."""
        doing = f"reading the reviews of pull request #{number}"
        with (
            suppress(AnsweredError),
            self._door.asking(doing, needs="pull-requests: read", values=GONE) as repository,
        ):
            # PyGithub's own objects ask once more for each remark that answers none, because they lack that field.
            reviews, remarks = (_listed(repository, f"pulls/{number}/{what}") for what in ("reviews", "comments"))
            begun: dict[int, list[Mapping[str, Any]]] = {}
            for one in sorted(remarks, key=lambda one: int(one["id"])):
                begun.setdefault(one.get("in_reply_to_id") or one["id"], []).append(one)
            return _ordered([_rest_review(one) for one in reviews], [_rest_thread(one) for one in begun.values()])
        return Discussion()


def _read(found: Mapping[str, Any] | None) -> _Page:
    """Read a pull request; one that does not exist has no reviews."""
    if found is None:
        return _Page(reviews=[], threads=[], after=None)
    connection = found["reviewThreads"]
    more = connection["pageInfo"]
    return _Page(
        reviews=[_review(node) for node in nodes(found["reviews"])],
        threads=[_thread(node) for node in nodes(connection) if nodes(node["comments"])],
        after=more["endCursor"] if more["hasNextPage"] else None,
    )


def _ordered(reviews: list[Review], threads: list[Thread]) -> Discussion:
    submitted = [one for one in reviews if one.state != "pending"]
    return Discussion(
        reviews=tuple(sorted(submitted, key=lambda one: (one.submitted_at, one.id))),
        threads=tuple(sorted(threads, key=lambda one: one.remarks[0].id)),
    )


def _review(node: Mapping[str, Any]) -> Review:
    return Review(
        id=int(node["fullDatabaseId"]),
        author=actor(node["author"]),
        state=str(node["state"]).lower(),
        body=node["body"],
        submitted_at=_moment(node["submittedAt"]) if node["submittedAt"] else 0,
    )


def _thread(node: Mapping[str, Any]) -> Thread:
    return Thread(
        path=node["path"],
        line=node["line"] or node["originalLine"],
        resolved=node["isResolved"],
        outdated=node["isOutdated"],
        remarks=tuple(sorted((_remark(one) for one in nodes(node["comments"])), key=lambda one: one.id)),
    )


def _remark(node: Mapping[str, Any]) -> Remark:
    return Remark(
        id=int(node["fullDatabaseId"]),
        author=actor(node["author"]),
        body=node["body"],
        created_at=_moment(node["createdAt"]),
    )


def _listed(repository: Repository, path: str) -> list[Mapping[str, Any]]:
    """Read a list to its end."""
    found: list[Mapping[str, Any]] = []
    for page in count(1):
        parameters = {"per_page": _MANY, "page": page}
        _, some = repository.requester.requestJsonAndCheck("GET", f"{repository.url}/{path}", parameters=parameters)
        found += some
        if len(some) < _MANY:
            break
    return found


def _rest_review(one: Mapping[str, Any]) -> Review:
    return Review(
        id=one["id"],
        author=_user(one),
        state=one["state"].lower(),
        body=one["body"] or "",
        submitted_at=_moment(one["submitted_at"]) if one.get("submitted_at") else 0,
    )


def _rest_thread(thread: list[Mapping[str, Any]]) -> Thread:
    first = thread[0]
    line, before = first.get("line"), first.get("original_line")
    return Thread(
        path=first["path"],
        line=line or before,
        resolved=False,
        outdated=line is None and before is not None,
        remarks=tuple(map(_rest_remark, thread)),
    )


def _rest_remark(one: Mapping[str, Any]) -> Remark:
    return Remark(id=one["id"], author=_user(one), body=one["body"] or "", created_at=_moment(one["created_at"]))


def _user(one: Mapping[str, Any]) -> str:
    return str(one["user"]["login"]) if one.get("user") else "ghost"


def _moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
