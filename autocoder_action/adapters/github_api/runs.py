"""Workflow runs on GitHub's REST API."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from autocoder_action.adapters.github_api.base import Base
from autocoder_action.adapters.github_api.words import AnsweredError
from autocoder_action.backlog.board import Going

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NOT_OVER = ("in_progress", "queued", "pending", "waiting")
_UNTOLD = frozenset({403, 404})


class Runs(Base):
    """The part of the Tracker about workflow runs."""

    def going(self, run: int) -> tuple[Going, ...]:
        """Return the runs of this run's workflow that are not over, this one among them; none where it is not told.

        It costs six requests, and one for each other run.
        """
        doing = "listing workflow runs"
        with suppress(AnsweredError), self._door.asking(doing, needs="actions: read", values=_UNTOLD) as repository:

            def ask(path: str, **parameters: str) -> Any:  # noqa: ANN401  # JSON
                return repository.requester.requestJsonAndCheck(
                    "GET", f"{repository.url}/actions/{path}", parameters=parameters
                )[1]

            workflow = ask(f"runs/{run}")["workflow_id"]
            lists = [
                ask(f"workflows/{workflow}/runs", status=status, per_page="100")["workflow_runs"]
                for status in _NOT_OVER
            ]
            found = {run, *(int(one["id"]) for page in lists for one in page)}
            return tuple(_going(one, ask) for one in sorted(found))
        return ()

    def cancel_run(self, run: int) -> bool:
        """Cancel a workflow run; return False where it is over, or this token may not."""
        doing = f"cancelling run {run}"
        with (
            suppress(AnsweredError),
            self._door.asking(doing, needs="actions: write", values=frozenset({403, 404, 409})) as repository,
        ):
            # PyGithub's own way looks at the run first, and takes an answer of 502 for a plain no.
            repository.requester.requestJsonAndCheck("POST", f"{repository.url}/actions/runs/{run}/cancel")
            return True
        return False

    def dispatch(self, event: str, payload: Mapping[str, str]) -> None:
        """Start the workflows that wait for an event of this type; never tried a second time blindly."""
        with self._door.asking(f"starting a run by {event}", needs="contents: write") as repository:
            parts = {"event_type": event, "client_payload": dict(payload)}
            repository.requester.requestJsonAndCheck("POST", f"{repository.url}/dispatches", input=parts)


def _going(run: int, ask: Callable[..., Any]) -> Going:
    jobs = [(str(one["name"]), one["status"]) for one in ask(f"runs/{run}/jobs", per_page="100")["jobs"]]
    return Going(
        run=run,
        over=frozenset(name for name, status in jobs if status == "completed"),
        working=frozenset(name for name, status in jobs if status == "in_progress"),
    )
