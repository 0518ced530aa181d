"""The host's limits on what is written in an hour and in a run, over runs that die, labels, and slow answers."""

from contextlib import suppress
from dataclasses import replace

from autocoder_action.backlog.feature import PersonProof, Status
from autocoder_action.backlog.journal import Wrote
from autocoder_action.backlog.ledger import only
from tests.unit.conduct.scene import Scene, draft, sealed


class KilledError(BaseException):
    """The process was killed: nothing that it still had to do is done."""


def accepted(scene: Scene, count: int) -> None:
    """Put a plan on base whose features all pass: each issue is created and closed."""
    backlog = sealed(*(draft(f"Part {n}") for n in range(count)))
    done = (replace(one, status=Status.PASSING, proof=PersonProof(login="ada", at=1)) for one in backlog.features)
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
