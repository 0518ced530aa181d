"""A run that is killed, so that its journal is not written, is finished by the next without duplicates or losses."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Cancelled
from tests.unit.conduct.scene import Fuse, Scene, draft


class KilledError(BaseException):
    """The process was killed: nothing that it still had to do is done."""


class Killing(Fuse):
    """Kills at the n-th request, before or after the service carried it out, and lets nothing through afterwards."""

    def through(self, name: str, request: Callable[[], object]) -> object:
        """Make a request, or be dead."""
        self.seen.append(name)
        if self.at and len(self.seen) >= self.at:
            if self.lost and len(self.seen) == self.at:
                request()
            raise KilledError
        return request()


def killed(scene: Scene, at: int, *, lost: bool) -> bool:
    """Hold a run that is killed at a request; return whether it came to its end before."""
    scene.fuse = Killing(at=at, lost=lost)
    with suppress(KilledError):
        scene.run(mode="sync")
    over = len(scene.fuse.seen) < at
    scene.fuse = Fuse()
    return over


def shown(scene: Scene) -> list[str]:
    """Return the titles of all issues of ours."""
    return sorted(one.title for one in scene.host.threads.values() if "autocoder" in one.labels and not one.deleted)


@pytest.mark.parametrize("lost", [False, True])
def test_a_sync_of_thirty_that_is_killed_at_any_request(tmp_path: Path, *, lost: bool) -> None:
    for at in range(1, 200):
        scene = Scene(folder=tmp_path / str(at))
        scene.begin(*(draft(f"Part {n}") for n in range(30)))
        over = killed(scene, at, lost=lost)
        made = [one for one in scene.host.threads.values() if one.title == "F8 Part 7"]
        for one in made:  # a person edits what the dead run left
            scene.clock.advance(5)
            scene.host.edit(one.number, by="ada", body=one.body.replace("Part 7s.", "By ada."))
        scene.run(mode="sync")
        found = {one.name: one.description for one in fold(scene.backlog(), scene.ref.journal).features}
        assert len(set(shown(scene))) == len(shown(scene)) == 31, at
        assert found["Part 7"] == ("By ada." if made else "Part 7s."), at
        if over:
            return
    pytest.fail("the sync came to no end")


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("name", ["F1 Greet", "autocoder: progress"])
def test_the_issue_in_a_deleted_ones_place_is_opened_once(tmp_path: Path, name: str, *, lost: bool) -> None:
    for at in range(1, 60):
        scene = Scene(folder=tmp_path / str(at))
        scene.begin(draft("Greet"), draft("Part"))
        scene.run(mode="sync")
        scene.run(mode="sync")
        scene.clock.advance(5)
        scene.host.delete_issue(next(one.number for one in scene.host.threads.values() if one.title == name))
        at_now = {"at": scene.clock.now(), "run": "r", "n": 9_999}
        scene.ref.journal += (Cancelled(id="c", feature="greet", by="ada", **at_now),)  # type: ignore[arg-type]
        over = killed(scene, at, lost=lost)
        scene.run(mode="sync")
        scene.run(mode="sync")
        assert shown(scene) == ["F1 Greet", "F2 Part", "autocoder: progress"], at
        if over:
            return
    pytest.fail("the sync came to no end")
