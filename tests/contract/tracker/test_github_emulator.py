"""The board on an emulator of GitHub that others wrote: whole syncs come to the same there as on the sandbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from autocoder_action.adapters.github_api import GithubTracker
from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.feature import PersonProof, Status
from autocoder_action.conduct.world import World
from autocoder_action.intake.event import Trigger
from sandbox.github import GitHub
from tests.contract.emulator import TOKEN, emulated
from tests.unit.conduct.scene import Fused, Scene, draft

if TYPE_CHECKING:
    from autocoder_action.ports import Tracker

LONG = "Ünïcode 🎉, @somebody and #1. " * 20


@dataclass(kw_only=True)
class OnHost(Scene):
    """A project whose issues are on a host that is no fake."""

    host_tracker: GithubTracker

    def world(self, trigger: Trigger, run_id: int, attempt: int, inputs: dict[str, str]) -> World:
        """Make the world of one run."""
        made = super().world(trigger, run_id, attempt, inputs)
        return replace(made, tracker=cast("Tracker", Fused(self.host_tracker, self.fuse)))


@contextmanager
def sandboxed() -> Iterator[tuple[str, str]]:
    """Serve the sandbox with the same person and repository, as a server without GraphQL's histories and links."""
    with GitHub(validate=True) as hub:
        hub.add_user("ann")
        hub.add_repo("ann", "app", owner_type="User", files={"README.md": "# app\n"})
        hub.fault(path="/graphql", status=404, body={"message": "Not Found"}, times=None)
        hub.fault(path="/dependencies/", status=404, body={"message": "Not Found"}, times=None)
        yield hub.api_url, hub.user_token("ann")
        hub.assert_valid()


def story(folder: Path, host: tuple[str, str]) -> list[object]:
    """Hold syncs of a growing and changing plan; return what they said and what the issues show in the end."""
    address, token = host
    tracker = GithubTracker(api_url=address, repository="ann/app", token=token, pace_seconds=0)
    scene = OnHost(folder=folder, host_tracker=tracker)
    drafts = [draft(f"Part {n}", category="k" * 60) for n in range(98)]
    scene.begin(*drafts, draft("List", "Part 1"), draft("Ünïcode 🎉 @ann"))
    said = [scene.run(mode="sync").reason for _ in range(2)]
    backlog = scene.backlog()
    first, second, *_ = backlog.features
    passes = first.replace(status=Status.PASSING, proof=PersonProof(login="ann", at=1))
    scene.put(backlog.put(passes, second.replace(description=LONG)))
    said += [scene.run(mode="sync").reason for _ in range(2)]
    shown = list(map(seen, tracker.issues().issues))
    tracker.close()
    return [*said, *shown]


def seen(issue: Issue) -> tuple[object, ...]:
    """Return what is the same on every host."""
    return issue.number, issue.title, issue.body, issue.labels, issue.open, issue.state_reason, issue.author


def test_a_board_comes_to_the_same_on_an_emulator_that_others_wrote(tmp_path: Path) -> None:
    with emulated() as url:
        there = story(tmp_path / "emulator", (url, TOKEN))
    with sandboxed() as host:
        here = story(tmp_path / "sandbox", host)
    assert there == here
    assert len(there) == 4 + 101, "what was said, the features, and the tracking issue"
    assert there[1] == there[3] == "The board was up to date."
