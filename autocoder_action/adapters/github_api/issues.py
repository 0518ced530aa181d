"""Issues and labels on GitHub's REST API."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from autocoder_action.adapters.github_api import at_once, views
from autocoder_action.adapters.github_api.base import GONE, WRITE_ISSUES, Base
from autocoder_action.adapters.github_api.bounds import check_label, check_text
from autocoder_action.adapters.github_api.glance import issues_of
from autocoder_action.adapters.github_api.pages import Entries, listing_of, page_of, query
from autocoder_action.adapters.github_api.words import AnsweredError
from autocoder_action.errors import UpstreamError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from github.Issue import Issue as GithubIssue

    from autocoder_action.adapters.github_api.pages import Page
    from autocoder_action.backlog.board import Issue, IssueEdit, Listing


class Issues(Base):
    """The part of the Tracker about issues and labels."""

    def issue(self, number: int) -> Issue | None:
        """Return one issue, or None where it is deleted, moved away, or a pull request."""
        doing = f"reading issue #{number}"
        with suppress(AnsweredError), self._door.asking(doing, needs="issues: read", values=GONE) as repository:
            found = repository.get_issue(number)
            return None if views.is_pull(found) else self._shown(found)
        return None

    def issues(self, *, since: int | None = None, known: Iterable[int] = ()) -> Listing:
        """Return all issues, or those that changed since; those that are known to have may be told in one request."""
        wanted = frozenset(known)
        if at_once.LEAST <= len(wanted) <= at_once.MOST:
            listing = self._at_once(wanted, since)
            if listing:
                return listing
        pages = [self._page_of_issues(since, 1)]
        while pages[-1].more:
            pages.append(self._page_of_issues(since, len(pages) + 1))
        self._idents |= {one.number: (one.id, one.node_id) for page in pages for one in page.entries if not one.is_pull}
        return listing_of(pages)

    def create_issue(self, *, title: str, body: str, labels: Iterable[str]) -> Issue:
        """Create an issue; never tried a second time blindly."""
        check_text(title=title, body=body)
        with self._writing("creating an issue", needs=WRITE_ISSUES) as repository:
            return self._shown(repository.create_issue(title, body, labels=sorted(labels)))

    def update_issue(self, number: int, changes: IssueEdit) -> Issue:
        """Change what the edit names, and leave the rest."""
        check_text(title=changes.title or "", body=changes.body or "")
        wanted: dict[str, Any] = {
            "title": changes.title,
            "body": changes.body,
            "labels": None if changes.labels is None else sorted(changes.labels),
            "state": None if changes.open is None else ("open" if changes.open else "closed"),
            "state_reason": changes.state_reason,
        }
        thing = f"issue #{number}"
        with self._writing(f"changing {thing}", needs=WRITE_ISSUES, thing=thing) as repository:
            issue = repository.get_issue(number)
            issue.edit(**{name: value for name, value in wanted.items() if value is not None})
            return self._shown(issue)

    def ensure_labels(self, labels: Mapping[str, tuple[str, str]], *, most: int = 100) -> int:
        """Create the labels that are missing, at most so many; names differ by more than case on GitHub."""
        for name, (_, description) in labels.items():
            check_label(name, description)
        with self._door.asking("listing labels", needs="issues: read") as repository:
            known = {label.name.lower() for label in repository.get_labels()}
        missing = [name for name in labels if name.lower() not in known][:most]
        for name in missing:
            self._create_label(name, *labels[name])
        return len(missing)

    def _page_of_issues(self, since: int | None, number: int) -> Page:
        chosen = query(since=since, page=number)
        if found := issues_of(self._glance("/issues", chosen)):
            return found
        with self._door.asking("listing issues", needs="issues: read") as repository:
            url = f"{repository.url}/issues"
            headers, entries = repository.requester.requestJsonAndCheck("GET", url, parameters=chosen)
            return page_of(Entries.model_validate(entries), headers)

    def _at_once(self, numbers: frozenset[int], since: int | None) -> Listing | None:
        """Return the list if one request tells all of it; whatever prevents that, the list itself can be asked for."""
        document, variables = at_once.document(numbers, since)
        owner, _, name = self._name.partition("/")
        given = {"owner": owner, "name": name, **variables}
        with (
            suppress(AnsweredError, UpstreamError),
            self._door.asked("reading changed issues", document, given) as told,
        ):
            if found := at_once.read(told, since):
                self._idents |= found[1]
                return found[0]
        return None

    def _shown(self, found: GithubIssue) -> Issue:
        """Return an issue as a value, and remember by which ids GitHub links it."""
        issue = views.issue_view(found)
        self._idents[issue.number] = (found.id, found.node_id)
        return issue

    def _create_label(self, name: str, colour: str, description: str) -> None:
        doing = f"creating the label {name}"
        try:
            with self._writing(doing, needs=WRITE_ISSUES, values=frozenset({422})) as repository:
                repository.create_label(name, colour, description)
        except AnsweredError as answer:
            if "name:already_exists" not in answer.codes:
                raise UpstreamError(
                    f"GitHub did not accept {doing}: {answer.words}", remedy="Choose another name or colour."
                ) from answer
