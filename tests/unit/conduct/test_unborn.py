"""What nobody has begun: a folder with a slip in its name, or a repository without a spec, gets no journal."""

import pytest

from autocoder_action.errors import BacklogError
from autocoder_action.intake.event import IssueChanged, Pushed, Scheduled
from autocoder_action.plan.conclusion import Conclusion
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, draft, sealed

MISSING = "There is no folder apps/wbe on main, where the project is said to be."
ADD = '/autocoder add "Own"\n\nIt has its own page.\n\n- Look at it.'


def slipped(scene: Scene) -> Scene:
    """Have the workflow name a folder that there is not; the project is another one."""
    spec = {"apps/web/prompts/app_spec.txt": b"A greeting service.", "prompts/app_spec.txt": None}
    scene.remote.commit("main", spec)
    scene.inputs["project_path"] = "apps/wbe"
    return scene


def unwritten(scene: Scene) -> bool:
    """Return whether no journal was written at all."""
    return not any(ref.journal for ref in (scene.ref, *scene.refs.values()))


@pytest.mark.parametrize("words", [ADD, "/autocoder pause Later.", "/autocoder retry F1"])
def test_a_command_that_would_be_written_down_is_refused_with_what_to_do(scene: Scene, words: str) -> None:
    slipped(scene)
    report = scene.run(scene.command(words), part="gate")
    assert not report.should_continue
    assert MISSING in scene.replies()[-1]
    assert "project_path: apps/web" in scene.replies()[-1]
    assert scene.replies()[-1].endswith("Nothing was written.\n")
    assert unwritten(scene)


@pytest.mark.parametrize("words", [ADD, "/autocoder pause Later."])
def test_where_one_job_does_both_it_is_refused_too(scene: Scene, words: str) -> None:
    slipped(scene)
    with pytest.raises(BacklogError, match="There is no folder apps/wbe"):
        scene.run(scene.command(words))
    assert MISSING in scene.replies()[-1]
    assert unwritten(scene)


@pytest.mark.parametrize("words", ["status", "doctor", "stop", "help"])
def test_who_only_asks_is_answered_and_nothing_is_written(scene: Scene, words: str) -> None:
    slipped(scene)
    assert scene.run(scene.command(f"/autocoder {words}"), part="gate").conclusion is Conclusion.SKIPPED
    assert scene.replies()
    assert unwritten(scene)


def test_a_session_job_says_so_before_it_writes_anything(scene: Scene) -> None:
    slipped(scene)
    for trigger in (Scheduled(), scene.command("/autocoder continue"), scene.command("/autocoder sync")):
        with pytest.raises(BacklogError) as stopped:
            scene.run(trigger, part="session")
        assert stopped.value.cause == MISSING
    assert unwritten(scene)
    assert not scene.issues()


def test_an_issue_that_changes_in_a_repository_without_a_spec_makes_no_run_red(scene: Scene) -> None:
    scene.remote.commit("main", {"prompts/app_spec.txt": None})
    number = scene.host.add_issue(by="ada", title="Something")
    event = IssueChanged(number=number, action="labeled", by_bot=False)
    report = scene.run(event)
    assert report.conclusion is Conclusion.SKIPPED
    assert "There is no spec at prompts/app_spec.txt on main." in report.reason
    assert unwritten(scene)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("README.md", "The push changes neither the spec nor the configuration."),
        (".github/autocoder.yml", "Nothing is written: There is no spec at prompts/app_spec.txt on main."),
    ],
)
def test_a_push_before_there_is_a_spec_makes_no_run_red(scene: Scene, path: str, reason: str) -> None:
    before = scene.remote.commit("main", {"prompts/app_spec.txt": None})
    after = scene.remote.commit("main", {path: b"# Bookmarks\n"})
    report = scene.run(Pushed(branch="main", before=before, after=after))
    assert report.conclusion is Conclusion.SKIPPED
    assert report.reason.startswith(reason)
    assert unwritten(scene)


def test_what_a_project_has_already_may_go_on_without_its_spec(scene: Scene) -> None:
    scene.remote.commit("main", {"prompts/app_spec.txt": None})
    scene.put(sealed(draft("Greet")))
    scene.run(scene.command("/autocoder pause Later."), part="gate")
    assert [one.kind for one in scene.ref.journal] == ["paused", "answered"]


def test_a_conversation_is_how_a_spec_may_come_about(scene: Scene) -> None:
    scene.remote.commit("main", {"prompts/app_spec.txt": None})
    scene.script(Turn(say="What shall it do?"), DONE)
    assert scene.run(scene.command("/autocoder spec A list of books.")).outcome
