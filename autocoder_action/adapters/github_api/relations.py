"""Issues under issues, issues that block issues, and issues above all others, where the server has them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from autocoder_action.adapters.github_api.base import GONE, WRITE_ISSUES, Base
from autocoder_action.adapters.github_api.graphql import UNANSWERED, nodes
from autocoder_action.adapters.github_api.words import AnsweredError
from autocoder_action.backlog.board import Capabilities

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from autocoder_action.adapters.github_api.graphql import Told

_AT_ONCE = 20
"""Links in one request: GitHub carries them out one after the other, and gives up after 10 seconds."""
_IDS_AT_ONCE = 100
_REFUSED = GONE | {422}
_PROBE = "subIssuesSummary { total }"
_UNDER = "subIssues(first: 100) { nodes { number repository { nameWithOwner } } }"
# Sub-issues go through GraphQL, where one request makes many links; dependencies can only be made one by one, in REST.


class Relations(Base):
    """The part of the Tracker about how issues belong together."""

    def capabilities(self, number: int) -> Capabilities:
        """Return what the server offers, by reading from an issue that exists: two requests."""
        dependencies = self._blockers(number) is not None
        try:
            with self._of_issue("asking what the server offers", number, _PROBE) as told:
                unknown = told.unknown
        except AnsweredError:
            return Capabilities(sub_issues=False, dependencies=dependencies)
        return Capabilities(sub_issues=not unknown, dependencies=dependencies)

    def pin(self, number: int) -> bool:
        """Pin an issue, of which GitHub lets a repository have three; return whether it is pinned."""
        node = self._nodes([number]).get(number)
        if node is None:
            return False
        document = "mutation($issue: ID!) { pinIssue(input: { issueId: $issue }) { issue { isPinned } } }"
        self.budget.wrote()
        doing = f"pinning issue #{number}"
        with suppress(AnsweredError), self._door.asked(doing, document, {"issue": node}) as found:
            return bool(((found.data.get("pinIssue") or {}).get("issue") or {}).get("isPinned"))
        return False

    def sub_issues(self, parent: int) -> tuple[int, ...]:
        """Return the issues of this repository under a parent, in its order."""
        doing = f"reading what is under issue #{parent}"
        with suppress(AnsweredError), self._of_issue(doing, parent, _UNDER) as found:
            issue = (found.data.get("repository") or {}).get("issue") or {}
            return tuple(
                node["number"]
                for node in nodes(issue.get("subIssues"))
                if node["repository"]["nameWithOwner"].lower() == self._name.lower()
            )
        return ()

    def add_sub_issues(self, parent: int, children: Sequence[int]) -> tuple[int, ...]:
        """Put issues under a parent, and return those that are not there afterwards."""
        known = self._nodes([parent, *children])
        there = [child for child in children if child in known]
        if parent not in known or not there:
            return tuple(children)
        doubtful = [child for child in children if child not in known]
        for start in range(0, len(there), _AT_ONCE):
            doubtful += self._add(known[parent], {child: known[child] for child in there[start : start + _AT_ONCE]})
        # A refusal may also mean that an earlier run came this far: then the issue is where it belongs.
        under = set(self.sub_issues(parent)) if doubtful else set()
        return tuple(child for child in children if child in doubtful and child not in under)

    def blockers(self, number: int) -> tuple[int, ...]:
        """Return the issues of this repository by which one is blocked, by number."""
        return self._blockers(number) or ()

    def add_blocker(self, number: int, blocker: int) -> bool:
        """Have an issue be blocked by another; return whether it now is."""
        ident = self._ids([blocker]).get(blocker)
        if ident is None:
            return False
        try:
            doing = f"having issue #{number} wait for #{blocker}"
            with self._writing(doing, needs=WRITE_ISSUES, values=_REFUSED) as repository:
                url = f"{repository.url}/issues/{number}/dependencies/blocked_by"
                repository.requester.requestJsonAndCheck("POST", url, input={"issue_id": ident})
        except AnsweredError as answer:
            return answer.status == 422 and blocker in self.blockers(number)
        return True

    def remove_blocker(self, number: int, blocker: int) -> bool:
        """Have an issue no longer be blocked by another; return whether it now is not."""
        ident = self._ids([blocker]).get(blocker)
        doing = f"having issue #{number} not wait for #{blocker}"
        if ident is not None:
            # What is not there needs no removal.
            with suppress(AnsweredError), self._writing(doing, needs=WRITE_ISSUES, values=GONE) as repository:
                url = f"{repository.url}/issues/{number}/dependencies/blocked_by/{ident}"
                repository.requester.requestJsonAndCheck("DELETE", url)
        return True

    def _blockers(self, number: int) -> tuple[int, ...] | None:
        doing = f"reading what blocks issue #{number}"
        with (
            suppress(AnsweredError),
            self._door.asking(doing, needs="issues: read", values=_REFUSED) as repository,
        ):
            found = repository.get_issue(number).get_blocked_by()
            here = f"/{self._name.lower()}/issues/"
            return tuple(sorted({issue.number for issue in found if here in issue.html_url.lower()}))
        return None

    def _add(self, parent: str, children: Mapping[int, str]) -> list[int]:
        """Make links by one request, and return the children for which GitHub did not say that it did."""
        given = {"parent": parent} | {f"c{number}": node for number, node in children.items()}
        declared = ", ".join(f"${name}: ID!" for name in given)
        acts = " ".join(
            f"c{number}: addSubIssue(input: {{issueId: $parent, subIssueId: $c{number}}}) {{ subIssue {{ number }} }}"
            for number in children
        )
        self.budget.wrote()
        doing, document = "putting issues under another", f"mutation({declared}) {{ {acts} }}"
        values = UNANSWERED - {403}
        with suppress(AnsweredError), self._door.asked(doing, document, given, values=values) as found:
            return [number for number in children if not found.data.get(f"c{number}")]
        return list(children)

    def _of_issue(self, doing: str, number: int, fields: str) -> AbstractContextManager[Told]:
        document = (
            "query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) "
            f"{{ issue(number: $number) {{ {fields} }} }} }}"
        )
        owner, _, name = self._name.partition("/")
        return self._door.asked(doing, document, {"owner": owner, "name": name, "number": number}, tries=3)

    def _nodes(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the names under which GraphQL knows issues; those that are gone are left out."""
        return {number: node for number, (_, node) in self._known(numbers).items()}

    def _ids(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return the ids under which REST links issues; those that are gone are left out."""
        return {number: ident for number, (ident, _) in self._known(numbers).items()}

    def _known(self, numbers: Iterable[int]) -> dict[int, tuple[int, str]]:
        wanted = list(dict.fromkeys(numbers))
        missing = [number for number in wanted if number not in self._idents]
        for start in range(0, len(missing), _IDS_AT_ONCE):
            self._look_up(missing[start : start + _IDS_AT_ONCE])
        return {number: self._idents[number] for number in wanted if number in self._idents}

    def _look_up(self, numbers: Sequence[int]) -> None:
        chosen = " ".join(f"i{number}: issue(number: {number}) {{ number fullDatabaseId id }}" for number in numbers)
        owner, _, name = self._name.partition("/")
        document = f"query($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {chosen} }} }}"
        variables = {"owner": owner, "name": name}
        with (
            suppress(AnsweredError),
            self._door.asked("looking issues up", document, variables, tries=3) as found,
        ):
            issues: Mapping[str, Any] = found.data.get("repository") or {}
            for issue in issues.values():
                if issue:
                    self._idents[issue["number"]] = (int(issue["fullDatabaseId"]), issue["id"])
