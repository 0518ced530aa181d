"""What somebody else pushes, deletes or says while a session is at work."""

from collections.abc import Callable
from pathlib import Path

from autocoder_action.backlog.feature import CheckProof
from autocoder_action.plan.conclusion import Conclusion
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Fuse, Scene, build, call, draft, plan, sealed, write
from tests.unit.conduct.test_session import BRANCH, settled, told


def somebody_pushes(scene: Scene) -> Callable[[Path], object]:
    def work(folder: Path) -> None:
        scene.remote.commit(BRANCH, {"NOTES.md": b"Mine.\n"})
        write("f2.txt")(folder)

    return work


def test_what_somebody_pushed_meanwhile_is_combined_and_checked_again(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), Turn(work=somebody_pushes(scene), calls=(call("mark_passing", id=2),)), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.COMPLETE
    content = scene.remote.content(BRANCH)
    assert {"NOTES.md", "f1.txt", "f2.txt"} < set(content)
    proof = scene.backlog(BRANCH).features[1].proof
    assert isinstance(proof, CheckProof)
    assert "NOTES.md" in scene.remote.trees[proof.tree]


def test_what_somebody_changed_in_the_backlog_survives_a_check_that_fails_after_it(scene: Scene) -> None:
    endings = iter([0, 0, 1, 0])

    def reprioritise(folder: Path) -> None:
        theirs = scene.backlog(BRANCH)
        scene.put(theirs.put(theirs.features[1].replace(priority=77)), BRANCH)
        write("f2.txt")(folder)

    scene.begin()
    scene.checks.results = {"make test": lambda _: next(endings)}
    scene.script(build(1), Turn(work=reprioritise, calls=(call("mark_passing", id=2),)), DONE)
    scene.run()
    assert "exit code 1" in told(scene)
    part = scene.backlog(BRANCH).features[1]
    assert part.priority == 77
    assert [one.exit_code for one in part.evidence] == [0, 1], "the first run was on a head that was not the last"


def test_work_in_progress_survives_what_somebody_pushed_meanwhile(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), Turn(work=somebody_pushes(scene)), DONE)
    report = scene.run()
    assert {"NOTES.md", "f2.txt"} < set(scene.remote.content(BRANCH))
    assert report.outcome
    assert report.outcome.unfinished


def test_a_branch_that_somebody_made_under_our_name_is_built_upon(scene: Scene) -> None:
    def take_the_name(folder: Path) -> None:
        scene.remote.heads[BRANCH] = scene.remote.heads["main"]
        scene.remote.commit(BRANCH, {"NOTES.md": b"Mine.\n"})
        write("f1.txt")(folder)

    scene.begin()
    scene.script(Turn(work=take_the_name, calls=(call("mark_passing", id=1),)), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.PROGRESSED
    assert {"NOTES.md", "f1.txt"} < set(scene.remote.content(BRANCH))


def test_a_branch_that_somebody_deletes_meanwhile_stays_deleted(scene: Scene) -> None:
    def delete(folder: Path) -> None:
        del scene.remote.heads[BRANCH]
        write("f2.txt")(folder)

    scene.begin()
    scene.script(build(1), Turn(work=delete, calls=(call("mark_passing", id=2),)), DONE)
    report = scene.run()
    assert BRANCH not in scene.remote.heads
    assert report.conclusion is Conclusion.BLOCKED
    assert "moved to" in report.reason or "is gone" in report.reason
    assert not report.pull


def test_changes_of_the_same_file_are_the_agents_to_solve(scene: Scene) -> None:
    def differently(folder: Path) -> None:
        scene.remote.commit(BRANCH, {"f2.txt": b"Theirs.\n"})
        write("f2.txt", "Ours.\n")(folder)

    scene.begin()
    scene.script(build(1), Turn(work=differently, calls=(call("mark_passing", id=2),)), DONE)
    report = scene.run()
    assert "Somebody else pushed other changes of f2.txt" in told(scene)
    assert scene.remote.content(BRANCH)["f2.txt"] == b"Theirs.\n"
    assert report.conclusion is Conclusion.PROGRESSED


def test_a_push_that_the_host_does_not_answer_is_tried_again_at_the_end(scene: Scene) -> None:
    scene.begin()
    scene.fuse = Fuse(at=1, only="push")
    scene.script(build(1), DONE)
    report = scene.run()
    assert "could not be saved" in told(scene)
    assert "f1.txt" in scene.remote.content(BRANCH), "as work in progress"
    assert report.outcome
    assert not report.outcome.proved
    assert settled(scene).cost_micro == 20_000, "what was used is known, so no whole cap is booked"


def test_a_command_goes_on_in_the_same_branch_with_base_merged_in(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    first = scene.run(max_features="1")
    assert first.pull
    scene.remote.commit("main", {"LICENSE": b"Free."})
    scene.script(build(2), DONE)
    second = scene.run(scene.command(on=first.pull.number))
    assert second.pull
    assert second.pull.number == first.pull.number
    assert {"LICENSE", "f1.txt", "f2.txt"} < set(scene.remote.content(BRANCH))
    body = scene.pulls()[0].body
    assert "| F1 | Greet |" in body
    assert "| F2 | Part |" in body


def test_two_plans_that_meet_do_not_become_one(scene: Scene) -> None:
    def somebody_plans(_folder: Path) -> None:
        scene.remote.heads[BRANCH] = scene.remote.heads["main"]
        scene.put(sealed(draft("Theirs")), BRANCH)

    scene.script(Turn(work=somebody_plans), plan("Ours"), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.BLOCKED
    assert "did not take the work" in report.reason
    assert [one.name for one in scene.backlog(BRANCH).features] == ["Theirs"]


def test_what_somebody_changed_in_the_backlog_meanwhile_is_merged(scene: Scene) -> None:
    def somebody_decides(folder: Path) -> None:
        held = scene.backlog(BRANCH)
        third = held.features[2]
        scene.put(held.put(third.replace(priority=9, updated_at=third.updated_at + 1)), BRANCH)
        write("f2.txt")(folder)

    scene.begin(draft("One"), draft("Two"), draft("Three"))
    scene.script(build(1), Turn(work=somebody_decides, calls=(call("mark_passing", id=2),)), DONE)
    report = scene.run()
    held = scene.backlog(BRANCH)
    assert held.passing == {1, 2}
    assert held.features[2].priority == 9
    assert report.outcome
    assert report.outcome.backlog.features == held.features
