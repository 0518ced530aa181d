"""Whatever request fails, a run ends cleanly, and the next one finishes without doing anything twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.journal import Booked
from autocoder_action.errors import UpstreamError
from autocoder_action.intake.event import Scheduled, Trigger
from autocoder_action.report.report import Report
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Fuse, Scene, build, call, draft, plan

Stage = Callable[[Scene], Trigger]


def initialize(scene: Scene) -> Trigger:
    scene.script(plan("Greet", "Part"), DONE)
    return Scheduled()


def merged_plan(scene: Scene) -> Trigger:
    scene.script(plan("Greet", "Part"), DONE)
    report = scene.run()
    assert report.pull
    return scene.merge(report.pull.number)


def build_by_schedule(scene: Scene) -> Trigger:
    scene.begin()
    scene.script(build(1), build(2), DONE)
    return Scheduled()


def build_by_command(scene: Scene) -> Trigger:
    scene.begin()
    scene.script(build(1), build(2), DONE)
    return scene.command()


def push_to_base(scene: Scene) -> Trigger:
    scene.inputs["delivery"] = "push"
    return build_by_schedule(scene)


def go_on_over_a_moved_base(scene: Scene) -> Trigger:
    scene.begin()
    scene.script(build(1), DONE)
    report = scene.run()
    assert report.pull
    scene.remote.commit("main", {"LICENSE": b"Free."})
    scene.script(build(2), DONE)
    return scene.command(on=report.pull.number)


def a_feature_nobody_can_prove(scene: Scene) -> Trigger:
    scene.begin(draft("Greet", check=None), draft("Part"))
    scene.script(build(1), Turn(calls=(call("ask_human", id=2, question="Which?"),)), DONE)
    return Scheduled()


STAGES: tuple[Stage, ...] = (
    initialize,
    merged_plan,
    build_by_schedule,
    build_by_command,
    push_to_base,
    go_on_over_a_moved_base,
    a_feature_nobody_can_prove,
)


def requests(stage: Stage, folder: Path) -> list[str]:
    """Return the requests of a run in which nothing fails."""
    scene = Scene(folder=folder)
    trigger = stage(scene)
    scene.run(trigger)
    return list(scene.fuse.seen)


def attempt(scene: Scene, trigger: Trigger) -> Report | None:
    """Run; a service that fails may stop the run, and nothing else may."""
    try:
        return scene.run(trigger)
    except UpstreamError:
        return None


def sound(scene: Scene) -> None:
    """Check what has to hold at any time, whatever failed."""
    for branch, head in scene.remote.heads.items():
        if "features.db" in scene.remote.content(branch):
            backlog = scene.backlog(branch)
            assert all(one.status is not Status.IN_PROGRESS for one in backlog.features), "a claim was committed"
            assert scene.remote.content(branch)["FEATURES.md"], head
    titles = scene.issues()
    assert sum(title.startswith("autocoder") for title in titles) <= 1
    open_ = [one.branch for one in scene.pulls() if one.open]
    assert len(set(open_)) == len(open_), "a second pull request was opened"


def kept(scene: Scene, report: Report) -> None:
    """Check that what a run claims is on the remote."""
    outcome = report.outcome
    if outcome is None or not outcome.commits:
        return
    assert scene.remote.heads[outcome.plan.branch] == outcome.commits[-1]
    held = scene.backlog(outcome.plan.branch)
    assert held.passing == outcome.backlog.passing
    for one in outcome.proved:
        assert f"Autocoder-Feature: F{one.feature}" in scene.remote.commits[one.commit].message


@pytest.mark.parametrize("lost", [False, True], ids=["unheard", "lost"])
@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_a_run_in_which_any_one_request_fails_is_finished_by_the_next(
    stage: Stage, tmp_path: Path, *, lost: bool
) -> None:
    count = len(requests(stage, tmp_path / "count"))
    assert count > 3
    for at in range(1, count + 1):
        scene = Scene(folder=tmp_path / str(at))
        trigger = stage(scene)
        scene.fuse = Fuse(at=at, lost=lost)
        report = attempt(scene, trigger)
        what = f"request {at} of {count}, {scene.fuse.seen[-1]}: {report and report.reason}"
        sound(scene)
        if report is not None:
            kept(scene, report)
        scene.fuse = Fuse()
        for _ in range(2):
            scene.clock.advance(2 * 3_600)  # until leases of what died are over
            kept(scene, scene.run())
            sound(scene)
        finished(scene, what)


def finished(scene: Scene, what: str) -> None:
    """Check that everything which was begun has arrived where people look."""
    shelves = {one.session for one in scene.ref.journal if isinstance(one, Booked) and one.branch == "main"}
    sessions = [name for name in scene.remote.heads if name != "main" and name.rpartition("/")[2] not in shelves]
    open_ = {one.branch for one in scene.pulls()}
    assert open_.issuperset(sessions), f"a branch without a pull request after {what}"
    on_base = scene.backlog().features if "features.db" in scene.remote.content("main") else ()
    titles = set(scene.issues())
    assert titles == {"autocoder: progress", *(f"{one.code} {one.name}" for one in on_base)}, what
    booked = [one for one in scene.ref.journal if isinstance(one, Booked)]
    assert len({one.id for one in booked}) == len(booked)
