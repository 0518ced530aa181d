"""The Tracker on GitHub, through PyGithub: all of it, and what concerns pull requests."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from autocoder_action.adapters.github_api import views
from autocoder_action.adapters.github_api.base import GONE
from autocoder_action.adapters.github_api.bounds import check_text
from autocoder_action.adapters.github_api.comments import Comments
from autocoder_action.adapters.github_api.discussions import Discussions
from autocoder_action.adapters.github_api.histories import Histories
from autocoder_action.adapters.github_api.issues import Issues
from autocoder_action.adapters.github_api.marks import Marks
from autocoder_action.adapters.github_api.relations import Relations
from autocoder_action.adapters.github_api.runs import Runs
from autocoder_action.adapters.github_api.words import AnsweredError
from autocoder_action.backlog.board import Pull, Refused

_PULLS = "pull-requests: write"
_PAUSES = (1, 2, 4)
"""Between attempts on a branch that GitHub does not see yet, in units of ``pace_seconds``."""


class GithubTracker(Issues, Comments, Discussions, Histories, Marks, Relations, Runs):
    """Issues, pull requests and people of one repository on GitHub."""

    def pulls(self, *, prefix: str, base: str, closed: bool = False) -> tuple[Pull, ...]:
        """Return the open pull requests from this repository's branches that begin so, and the closed if wanted."""
        with self._door.asking("listing pull requests", needs="pull-requests: read") as repository:
            found = repository.get_pulls(state="all" if closed else "open", base=base, sort="created", direction="asc")
            ours = [views.pull_view(pull) for pull in found if views.comes_from(pull, self._name)]
        return tuple(sorted((pull for pull in ours if pull.branch.startswith(prefix)), key=lambda pull: pull.number))

    def pull(self, number: int) -> Pull | None:
        """Return one pull request."""
        doing = f"reading pull request #{number}"
        with suppress(AnsweredError), self._door.asking(doing, needs="pull-requests: read", values=GONE) as repository:
            return views.pull_view(repository.get_pull(number))
        return None

    def create_pull(self, *, branch: str, base: str, title: str, body: str) -> Pull | Refused:
        """Open a pull request, or return the one that is open for this branch already.

        GitHub may not see a branch that was pushed a moment ago: what it then refuses is asked again, a
        few times. A refusal did nothing, so this repeats no request blindly.
        """
        check_text(title=title, body=body)
        parts: dict[str, Any] = {"base": base, "head": branch, "title": title, "body": body}
        outcome = self._open_pull(parts)
        for pause in _PAUSES:
            if isinstance(outcome, Pull) or "head:invalid" not in outcome.codes:
                break
            time.sleep(pause * self._pace)
            outcome = self._open_pull(parts)
        if isinstance(outcome, Pull):
            return outcome
        return self._open_already(branch, base) or Refused(status=outcome.status, reason=outcome.words)

    def update_pull(self, number: int, *, title: str, body: str) -> Pull:
        """Replace a pull request's title and text."""
        check_text(title=title, body=body)
        thing = f"pull request #{number}"
        with self._writing(f"changing {thing}", needs=_PULLS, thing=thing) as repository:
            pull = repository.get_pull(number)
            pull.edit(title=title, body=body)
            return views.pull_view(pull)

    def _open_pull(self, parts: dict[str, Any]) -> Pull | AnsweredError:
        doing = f"opening a pull request for {parts['head']}"
        try:
            with self._writing(doing, needs=_PULLS, values=frozenset({403, 422})) as repository:
                return views.pull_view(repository.create_pull(**parts))
        except AnsweredError as answer:
            return answer

    def _open_already(self, branch: str, base: str) -> Pull | None:
        head = f"{self._name.partition('/')[0]}:{branch}"
        doing = f"looking for the pull request of {branch}"
        with (
            suppress(AnsweredError),
            self._door.asking(doing, needs="pull-requests: read", values=frozenset({403})) as repository,
        ):
            found = [views.pull_view(pull) for pull in repository.get_pulls(state="open", head=head, base=base)]
            return next((pull for pull in found if pull.branch == branch), None)
        return None
