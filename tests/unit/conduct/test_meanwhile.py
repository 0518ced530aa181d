"""What somebody changes in the backlog while a session pushes stays, whatever else the session comes to."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autocoder_action.errors import UpstreamError
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, build, call, draft, write
from tests.unit.conduct.test_last_look import has

WANTED = "As it is wanted now."


@pytest.fixture(params=["pull_request", "push"])
def scene_of_three(scene: Scene, request: pytest.FixtureRequest) -> Scene:
    """Return a project of three features, of which a session builds two; their checks look at a file each."""
    scene.inputs |= {"max_features": "2", "delivery": request.param}
    scene.begin(draft("Greet", check="check greet"), draft("Part", check="check part"), draft("More"))
    scene.checks.results = {"check greet": has("f1.txt"), "check part": has("f2.txt")}
    return scene


def branch_of(scene: Scene) -> str:
    return "main" if scene.inputs["delivery"] == "push" else "autocoder/root/session-1"


def change(scene: Scene) -> None:
    """Have somebody push other words of the third feature to where the session's work goes."""
    held = scene.backlog(branch_of(scene))
    scene.put(held.put(held.features[2].replace(description=WANTED)), branch_of(scene))


def fail(_: Scene) -> None:
    raise UpstreamError("The service did not hear it.", remedy="Run the workflow again.")


def at_push(scene: Scene, acts: Mapping[int, Callable[[Scene], None]]) -> None:
    """Have something happen before the n-th push of a run."""

    def before(name: str) -> None:
        if name == "push" and (act := acts.get(scene.fuse.seen.count(name))):
            act(scene)

    scene.fuse.before = before


def third(scene: Scene) -> str:
    return scene.backlog(branch_of(scene)).features[2].description


def both(folder: Path) -> None:
    """Build the second feature, and break the first."""
    write("f2.txt")(folder)
    write("f1.txt", "Broken.\n")(folder)


def test_it_stays_where_it_came_with_the_last_of_the_work_and_a_proof_is_taken_back(scene_of_three: Scene) -> None:
    at_push(scene_of_three, {3: change})
    broken = Turn(work=both, calls=(call("mark_passing", id=2),))
    scene_of_three.script(build(1), broken, Turn(work=write("half.txt")), Ending.TIMEOUT)
    scene_of_three.run()
    assert scene_of_three.backlog(branch_of(scene_of_three)).features[0].regressed
    assert third(scene_of_three) == WANTED


def test_it_stays_where_it_came_with_a_checkpoint_whose_next_push_fails(scene_of_three: Scene) -> None:
    at_push(scene_of_three, {2: change, 3: fail})
    scene_of_three.script(build(1), build(2), DONE)
    scene_of_three.run()
    assert scene_of_three.agent.replies[-1].failed
    assert third(scene_of_three) == WANTED


def test_it_stays_where_the_folder_cannot_be_read_any_more_after_that(scene_of_three: Scene) -> None:
    folders: list[Path] = []

    def work(folder: Path) -> None:
        folders.append(folder)
        write("f2.txt")(folder)

    def break_it(scene: Scene) -> None:
        scene.remote.commit(branch_of(scene), {"LICENSE": b"Free."})
        (folders[0] / ".git").rmdir()

    at_push(scene_of_three, {2: change, 3: break_it})
    scene_of_three.script(build(1), Turn(work=work, calls=(call("mark_passing", id=2),)), DONE)
    scene_of_three.run()
    assert scene_of_three.agent.replies[-1].text.endswith("Your folder cannot be read: The folder .git is gone..")
    assert third(scene_of_three) == WANTED
