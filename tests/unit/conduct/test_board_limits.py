"""The host's limits on what is written in an hour and in a run, over runs that die, labels, and slow answers."""

from contextlib import suppress

import pytest

from autocoder_action.backlog.feature import PersonProof, Status
from autocoder_action.backlog.journal import Wrote
from autocoder_action.backlog.ledger import only
from tests.unit.conduct.scene import Scene, draft, sealed


class KilledError(BaseException):
    """The process was killed: nothing that it still had to do is done."""


def accepted(scene: Scene, count: int) -> None:
    """Put a plan on base whose features all pass: each issue is created and closed."""
    backlog = sealed(*(draft(f"Part {n}") for n in range(count)))
    done = (one.replace(status=Status.PASSING, proof=PersonProof(login="ada", at=1)) for one in backlog.features)
    scene.put(backlog.put(*done))


def in_new_processes(scene: Scene, count: int) -> list[int]:
    """Hold runs a minute apart, each of which counts only what it writes itself; return how much each wrote."""
    written = []
    for _ in range(count):
        scene.tracker.content = []
        with suppress(KilledError):
            scene.run(mode="sync")
        written.append(len(scene.tracker.content))
        scene.clock.advance(60)
    return written


def test_an_issue_that_is_created_and_closed_counts_twice(scene: Scene) -> None:
    scene.tracker.content_per_hour = 60
    accepted(scene, 40)
    assert in_new_processes(scene, 3) == [60, 0, 0]
    assert sum(one.writes for one in only(scene.ref.journal, Wrote)) == 60


def test_labels_count_and_are_not_created_beyond_the_limit(scene: Scene) -> None:
    scene.tracker.content_per_hour = 20
    scene.begin(*(draft(f"Part {n}", category=f"kind {n}") for n in range(40)))
    assert in_new_processes(scene, 3) == [20, 0, 0]
    assert len(scene.host.labels) == 20
    for _ in range(6):
        scene.clock.advance(3_600)
        assert max(in_new_processes(scene, 1)) <= 20
    assert len(scene.issues()) == 41


def test_what_a_killed_run_wrote_counts_for_the_next(scene: Scene) -> None:
    scene.begin(*(draft(f"Part {n}") for n in range(60)))
    scene.tracker.content_per_hour = 60

    def killed(name: str) -> None:
        if name == "append" and scene.runs == 1:
            raise KilledError

    scene.fuse.before = killed
    assert in_new_processes(scene, 2) == [60, 0]
    scene.clock.advance(3_600)
    in_new_processes(scene, 1)
    assert len(scene.issues()) == 61


def test_slow_answers_end_a_sync_at_its_share_of_time(scene: Scene) -> None:
    scene.begin(*(draft(f"Part {n}") for n in range(300)))

    def slow(name: str) -> None:
        scene.clock.advance(7 if name == "create_issue" else 0)

    scene.fuse.before = slow
    began = scene.clock.now()
    report = scene.run(mode="sync")
    assert "leave the rest for the next run" in report.reason
    assert 600 <= scene.clock.now() - began <= 620


def limit(scene: Scene, operation: str, seconds: int) -> None:
    """Have the host ask to be left alone whenever that is asked of it."""

    def before(name: str) -> None:
        if name == operation:
            scene.tracker.limit_seconds = seconds
            scene.tracker.fail(operation, "limited")

    scene.fuse.before = before


def test_a_wait_that_the_host_asks_for_never_outlasts_the_syncs_share_of_time(scene: Scene) -> None:
    scene.begin(*(draft(f"Part {n}") for n in range(30)))
    limit(scene, "create_issue", 55)
    began = scene.clock.now()
    report = scene.run(mode="sync")
    assert report.reason == "10 issues written. The host's limits leave the rest for the next run."
    assert scene.clock.now() - began <= 600, "ten times 55 seconds; an eleventh wait would end after the share"
    scene.fuse.before = lambda _: None
    scene.run(mode="sync")
    assert len(scene.issues()) == 31


@pytest.mark.parametrize("operation", ["issue", "comments", "capabilities", "update_issue", "add_blocker"])
def test_a_limit_that_a_sync_meets_anywhere_leaves_the_rest_to_the_next(scene: Scene, operation: str) -> None:
    scene.begin(draft("Greet"), draft("Part", "Greet"))
    if operation != "capabilities":
        scene.run(mode="sync")
    number = next((one.number for title, one in scene.issues().items() if title.endswith("Greet")), 0)
    scene.clock.advance(5)
    if operation in {"comments", "update_issue"}:
        scene.host.edit(number, by="ada", body="All mine.")
    elif number:
        scene.host.delete_issue(number)
        scene.host.delete_issue(next(one.number for title, one in scene.issues().items() if "progress" in title))
        scene.put(scene.backlog().put(scene.backlog().features[0].replace(description="Anew.")))
    limit(scene, operation, 3_600)
    report = scene.run(mode="sync")
    assert operation in scene.fuse.seen
    assert "leave the rest for the next run" in report.reason
    scene.fuse.before = lambda _: None
    for _ in range(2):
        scene.run(mode="sync")
    assert scene.run(mode="sync").reason == "The board was up to date."
