"""What people do on the board while a run is at work is heard by this run or by the next, and never lost."""

from collections.abc import Callable

from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Edited
from autocoder_action.intake.event import IssueChanged
from autocoder_action.plan.conclusion import Conclusion
from tests.fakes.agent import Turn
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


def reworded(scene: Scene, issue: int, old: str, new: str) -> None:
    """Have ada replace some words of an issue, minutes after a run began."""
    scene.clock.advance(300)
    scene.host.edit(issue, by="ada", body=scene.host.threads[issue].body.replace(old, new))


def described(scene: Scene) -> str:
    """Return the first feature's description as it counts."""
    return fold(scene.backlog(), scene.ref.journal).features[0].description


def test_an_edit_during_a_talk_is_taken_over_and_not_written_over(scene: Scene) -> None:
    begin(scene, 2)
    issue = number(scene, "Part 0")
    scene.host.edit(issue, by="ada", body=scene.host.threads[issue].body.replace("Part 0s.", "For @bob."))
    scene.clock.advance(5)
    scene.script(Turn(say="So it is.", work=lambda _: reworded(scene, issue, "For @bob.", "For @bob and all.")))
    scene.run(scene.command("/autocoder ask How is it?"))
    assert "and all" in scene.host.threads[issue].body
    assert "and all" in described(scene)


def test_an_edit_during_a_check_is_taken_over_and_not_written_over(scene: Scene) -> None:
    begin(scene, 2)
    issue = number(scene, "Part 0")
    scene.host.close_by(issue, by="ada", pull=9)
    checks: dict[str, object] = {"make test": lambda _: reworded(scene, issue, "Part 0s.", "Edited meanwhile.")}
    scene.checks.results = checks  # type: ignore[assignment]
    scene.run(IssueChanged(number=issue, action="closed", by_bot=False))
    assert "Edited meanwhile." in scene.host.threads[issue].body
    assert described(scene) == "Edited meanwhile."


def test_what_people_do_to_issues_that_a_run_is_writing_is_taken_in_by_the_next(scene: Scene) -> None:
    begin(scene, 60)
    reword(scene, 55)
    written, later = (scene.host.threads[number(scene, f"Part {n}")] for n in (0, 50))

    def act() -> None:
        scene.host.edit(written.number, by="ada", body=written.body.replace("New 0.", "By ada."))
        scene.host.edit(later.number, by="ada", title="F51 Named by ada")  # the run writes its text alone

    at_write(scene, 10, act)
    scene.run(mode="sync")
    assert (written.body.count("By ada."), later.title) == (1, "F51 Named by ada")
    scene.fuse.before = lambda _: None
    scene.run(mode="sync")
    features = fold(scene.backlog(), scene.ref.journal).features
    assert (features[0].description, features[50].name) == ("By ada.", "Named by ada")
    assert features[50].description == "New 50."
