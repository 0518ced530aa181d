"""Issues and labels on GitHub's REST API."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from autocoder_action.adapters.github_api import views
from autocoder_action.adapters.github_api.base import GONE, WRITE_ISSUES, Base
from autocoder_action.adapters.github_api.bounds import check_label, check_text
from autocoder_action.adapters.github_api.glance import issues_of
from autocoder_action.adapters.github_api.words import AnsweredError
from autocoder_action.errors import UpstreamError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from github.Issue import Issue as GithubIssue

    from autocoder_action.backlog.board import Issue, IssueEdit


class Issues(Base):
    """The part of the Tracker about issues and labels."""

    def issue(self, number: int) -> Issue | None:
        """Return one issue, or None where it is deleted, moved away, or a pull request."""
        doing = f"reading issue #{number}"
        with suppress(AnsweredError), self._door.asking(doing, needs="issues: read", values=GONE) as repository:
            found = repository.get_issue(number)
            return None if views.is_pull(found) else self._shown(found)
        return None

    def issues(self, *, label: str | None = None, since: int | None = None) -> tuple[Issue, ...]:
        """Return all issues, or those with a label, open and closed, by number; pull requests are left out."""
        # In the order of creation, because one that changes meanwhile must not move behind a page already read. No
        # ETag: `since` makes the list of a board where nothing changed one short page, and needs nothing kept.
        chosen: dict[str, Any] = {"state": "all", "sort": "created", "direction": "asc"}
        chosen |= {} if label is None else {"labels": [label]}
        chosen |= {} if since is None else {"since": datetime.fromtimestamp(since, UTC)}
        glanced = issues_of(self._glance("/issues", _query(chosen)))
        if glanced is not None:
            self._idents |= {issue.number: idents for issue, idents in glanced}
            return tuple(issue for issue, _ in glanced)
        with self._door.asking("listing issues", needs="issues: read") as repository:
            found = repository.get_issues(**chosen)
            # A page may repeat what an earlier one held when issues change meanwhile.
            by_number = {entry.number: self._shown(entry) for entry in found if not views.is_pull(entry)}
        return tuple(by_number[number] for number in sorted(by_number))

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


def _query(chosen: Mapping[str, Any]) -> dict[str, str]:
    """Write the choice of a list as it stands in an address, with pages as long as GitHub has them."""
    written = {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in chosen.items()}
    if "since" in chosen:
        written["since"] = chosen["since"].strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**written, "per_page": "100"}
