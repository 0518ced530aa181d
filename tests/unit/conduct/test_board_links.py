"""The links between issues in whole runs: under the tracking issue, blocked by one another, and pinned once."""

from contextlib import suppress

import pytest

from autocoder_action.backlog.board import Capabilities
from autocoder_action.backlog.journal import Rewired
from autocoder_action.errors import AutocoderError
from tests.unit.conduct.scene import Scene, draft

LINKS = {"add_sub_issues", "add_blocker", "remove_blocker"}


def number(scene: Scene, name: str) -> int:
    """Return the issue of a feature."""
    return next(one.number for title, one in scene.issues().items() if title.endswith(name))


def under(scene: Scene, parent: int) -> list[int]:
    """Return the issues under another."""
    return [one.number for one in scene.host.threads.values() if one.parent == parent]


def blockers(scene: Scene, name: str) -> set[int]:
    """Return the issues by which a feature's is blocked."""
    return scene.host.threads[number(scene, name)].blockers


def asked(scene: Scene) -> list[str]:
    """Return what the last run asked the host for."""
    return [one for one in scene.fuse.seen if one not in {"base", "branches", "read", "append", "allowance"}]


def rewire(scene: Scene, uid: str, *needs: str) -> None:
    """Have a person change what a feature depends on."""
    scene.ref.journal += (
        Rewired(id=f"w{len(scene.ref.journal)}", at=scene.clock.now(), run="r", n=9_999, feature=uid, needs=needs),
    )


def test_features_are_put_under_the_tracking_issue_and_blocked_by_what_they_need(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Part", "Greet"))
    scene.run(mode="sync")
    greet, part = number(scene, "Greet"), number(scene, "Part")
    assert under(scene, number(scene, "progress")) == [greet, part]
    assert blockers(scene, "Part") == {greet}
    assert blockers(scene, "Greet") == set()
    scene.run(mode="sync")
    scene.run(mode="sync")
    assert asked(scene) == ["repository", "issues"]


def test_more_features_than_fit_go_under_issues_of_their_own_and_stay_there(scene: Scene) -> None:
    scene.begin(*(draft(f"Part {n}") for n in range(185)))
    scene.run(mode="sync")
    tracking, second, third = (number(scene, one) for one in ("progress", "features 81-180", "features 181-280"))
    assert len(under(scene, tracking)) == 80 + 2
    assert (len(under(scene, second)), len(under(scene, third))) == (100, 5)
    scene.run(mode="sync")
    scene.run(mode="sync")
    assert asked(scene) == ["repository", "issues"]


def test_a_changed_dependency_changes_the_link_and_nothing_else(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Part", "Greet"), draft("Wave"))
    scene.run(mode="sync")
    theirs = scene.host.add_issue(by="ada", title="Waits for us")
    scene.host.threads[number(scene, "Part")].blockers.add(theirs)
    rewire(scene, "part", "wave")
    scene.run(mode="sync")
    assert blockers(scene, "Part") == {number(scene, "Wave"), theirs}
    assert [one for one in asked(scene) if one in LINKS] == ["remove_blocker", "add_blocker"]


def test_a_link_that_a_person_took_away_stays_away(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Part", "Greet"))
    scene.run(mode="sync")
    part = scene.host.threads[number(scene, "Part")]
    part.blockers.clear()
    part.parent, part.changed = None, scene.clock.now() + 5
    scene.clock.advance(10)
    scene.run(mode="sync")
    scene.run(mode="sync")
    assert (part.parent, part.blockers) == (None, set())


@pytest.mark.parametrize("lacking", ["sub_issues", "dependencies"])
def test_a_host_without_links_is_asked_once_and_never_again(scene: Scene, lacking: str) -> None:
    offers = {"sub_issues": True, "dependencies": True, lacking: False}
    scene.host.offers = Capabilities(**offers)
    scene.begin(draft("Greet"), draft("Part", "Greet"))
    scene.run(mode="sync")
    assert asked(scene).count("capabilities") == 1
    assert bool(under(scene, number(scene, "progress"))) == (lacking != "sub_issues")
    assert bool(blockers(scene, "Part")) == (lacking != "dependencies")
    scene.run(mode="sync")
    scene.run(mode="sync")
    assert asked(scene) == ["repository", "issues"]


def test_a_run_that_opens_many_issues_leaves_what_blocks_them_to_the_next(scene: Scene) -> None:
    scene.begin(*(draft(f"Part {n}", *([f"Part {n - 1}"] if n else [])) for n in range(60)))
    first = scene.run(mode="sync")
    assert "leave the rest for the next run" in first.reason
    assert not any(one.blockers for one in scene.host.threads.values())
    assert scene.run(mode="sync").reason == "The issues were linked."
    assert sum(len(one.blockers) for one in scene.host.threads.values()) == 59


def test_links_leave_enough_of_the_hosts_limit_to_the_issues_of_later_runs(scene: Scene) -> None:
    scene.begin(*(draft(f"Part {n}", *([f"Part {n - 1}"] if n else [])) for n in range(40)))
    scene.tracker.content_per_hour = 95
    scene.run(mode="sync")
    made = sum(len(one.blockers) for one in scene.host.threads.values())
    assert (
        made == 95 - len(scene.host.labels) - 20 - 40 - 1 - 1 - 2
    )  # labels, what is left, issues, the tracking issue, its pin, two groups under it
    scene.run(mode="sync")
    assert sum(len(one.blockers) for one in scene.host.threads.values()) == made
    scene.clock.advance(3_601)
    scene.run(mode="sync")
    assert sum(len(one.blockers) for one in scene.host.threads.values()) == 39


def test_a_new_tracking_issue_takes_all_features_under_it(scene: Scene) -> None:
    scene.begin(*(draft(f"Part {n}") for n in range(82)))
    scene.run(mode="sync")
    old = number(scene, "progress")
    scene.host.delete_issue(old)
    for one in scene.host.threads.values():
        one.parent = None if one.parent == old else one.parent
    scene.host.threads[old].labels = set()
    rewire(scene, "part-1", "part-0")
    scene.run(mode="sync")
    assert number(scene, "progress") != old
    assert asked(scene).count("capabilities") == 1
    assert len(under(scene, number(scene, "progress"))) == 81


def test_the_tracking_issue_is_pinned_once_and_a_person_may_unpin_it(scene: Scene) -> None:
    scene.begin(draft("Greet"))
    scene.run(mode="sync")
    tracking = scene.host.threads[number(scene, "progress")]
    assert tracking.pinned
    tracking.pinned, tracking.changed = False, scene.clock.now() + 1
    scene.clock.advance(5)
    scene.run(mode="sync")
    assert not tracking.pinned


def test_where_it_cannot_be_pinned_the_board_is_none_the_worse(scene: Scene) -> None:
    scene.begin(draft("Greet"))
    scene.fuse.only, scene.fuse.at = "pin", 1
    assert scene.run(mode="sync").reason == "2 issues written."
    assert not scene.host.threads[number(scene, "progress")].pinned


def test_a_dry_run_only_tells_what_it_would_link(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Part"))
    scene.run(mode="sync")
    rewire(scene, "part", "greet")
    scene.run(mode="sync", dry_run="true")
    greet, part = number(scene, "Greet"), number(scene, "Part")
    assert f"dry run: would mark #{part} as blocked by #{greet}" in scene.runner.lines
    assert blockers(scene, "Part") == set()


@pytest.mark.parametrize("lost", [False, True])
def test_a_sync_with_links_that_fails_at_any_request_is_finished_by_the_next(scene: Scene, *, lost: bool) -> None:
    scene.begin(*(draft(f"Part {n}", *([f"Part {n - 1}"] if n else [])) for n in range(84)))
    scene.fuse.lost = lost
    for at in range(1, 400):
        scene.fuse.at = at * 3
        with suppress(AutocoderError):
            scene.run(mode="sync")
        if len(scene.fuse.seen) < at * 3:
            break
    scene.fuse.at = 0
    scene.run(mode="sync")
    assert len(under(scene, number(scene, "progress"))) == 81
    assert len(under(scene, number(scene, "features 81-180"))) == 4
    assert sum(len(one.blockers) for one in scene.host.threads.values()) == 83
    scene.run(mode="sync")
    scene.run(mode="sync")
    assert asked(scene) == ["repository", "issues"]
