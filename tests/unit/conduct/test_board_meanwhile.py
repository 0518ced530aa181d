"""What people do on the board while a run is at work is heard by this run or by the next, and never lost."""

from collections.abc import Callable

from autocoder_action.backlog.journal import Edited
from autocoder_action.plan.conclusion import Conclusion
from tests.unit.conduct.scene import DONE, Scene, build, draft


def number(scene: Scene, name: str) -> int:
    """Return the issue of a feature."""
    return next(one.number for title, one in scene.issues().items() if title.endswith(name))


def begin(scene: Scene, count: int) -> None:
    """Have a board that is up to date."""
    scene.begin(*(draft(f"Part {n}") for n in range(count)))
    scene.run(mode="sync")
    scene.run(mode="sync")
    scene.clock.advance(100)


def reword(scene: Scene, count: int) -> None:
    """Have features described anew, by commands: their issues are written, the tracking issue stays as it is."""
    for n in range(count):
        words = {"by": "ada", "description": f"New {n}.", "at": scene.clock.now(), "run": "r", "n": 9_000 + n}
        scene.ref.journal += (Edited(id=f"e{n}", feature=f"part-{n}", **words),)  # type: ignore[arg-type]


def at_write(scene: Scene, place: int, act: Callable[[], object]) -> None:
    """Have somebody act before the n-th issue of the next run is written; each write takes a second."""
    count = 0

    def before(name: str) -> None:
        nonlocal count
        if name == "update_issue":
            scene.clock.advance(1)
            count += 1
            if count == place:
                act()
                scene.clock.advance(1)

    scene.fuse.before = before


def test_a_pause_set_while_many_issues_are_written_is_obeyed_by_the_next_run(scene: Scene) -> None:
    begin(scene, 60)
    reword(scene, 55)
    tracking = scene.host.threads[number(scene, "progress")]
    at_write(
        scene, 10, lambda: scene.host.edit(tracking.number, by="ada", labels={*tracking.labels, "autocoder:paused"})
    )
    scene.run(mode="sync")
    scene.script(build(1), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.SKIPPED
    assert "ada put the label autocoder:paused on the tracking issue" in report.reason


def test_a_tracking_issue_closed_while_many_issues_are_written_is_opened_by_the_next_run(scene: Scene) -> None:
    begin(scene, 60)
    reword(scene, 55)
    tracking = scene.host.threads[number(scene, "progress")]
    at_write(scene, 10, lambda: scene.host.edit(tracking.number, by="ada", open=False, state_reason="completed"))
    scene.run(mode="sync")
    scene.run(mode="sync")
    assert tracking.open
