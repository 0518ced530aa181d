"""Who may start what, and what asks for nothing."""

from dataclasses import replace

import pytest

from autocoder_action.backlog.board import Permission
from autocoder_action.backlog.journal import Paused
from autocoder_action.intake.event import Commented, Ignored, PullClosed
from autocoder_action.plan.conclusion import Conclusion
from tests.unit.conduct.scene import Scene
from tests.unit.conduct.test_events import booked, reactions


@pytest.mark.parametrize("part", ["auto", "gate", "session"])
@pytest.mark.parametrize("login", ["eve", "mallory"])
def test_a_strangers_command_starts_nothing(scene: Scene, part: str, login: str) -> None:
    scene.begin()
    report = scene.run(scene.command(by=login), part=part)
    assert report.conclusion is Conclusion.SKIPPED
    assert not report.should_continue
    assert f"{login} has no write access" in report.reason
    assert reactions(scene) == ([] if part == "session" else ["-1"])
    assert not scene.replies()
    assert not scene.ref.journal
    asked = set(scene.fuse.seen) - {"react"}
    early = set() if part == "session" else {"file"}
    assert asked == {"permission", "repository", "base"} | early, "who may what stands in the configuration"
    assert not {"issues", "read", "branches"} & set(scene.fuse.seen)


def test_a_permission_that_was_taken_away_between_the_jobs_counts(scene: Scene) -> None:
    scene.begin()
    event = scene.command()
    assert scene.run(event, part="gate").should_continue
    scene.host.people["ada"] = Permission.READ
    assert "no write access" in scene.run(event, part="session").reason
    assert not booked(scene)


def test_a_strangers_pull_request_that_is_called_like_ours_changes_nothing_but_the_board(scene: Scene) -> None:
    scene.begin()
    trigger = PullClosed(number=99, branch="autocoder/root/session-9", merged=True)
    scene.run(trigger)
    assert not booked(scene)


@pytest.mark.parametrize(
    "trigger",
    [
        Ignored(reason="Nothing."),
        PullClosed(number=3, branch="fix/session", merged=True),
        Commented(comment=1, body="Thanks!", issue=1, on_pull=False, author="ada", by_bot=False),
    ],
    ids=["ignored", "pull", "talk"],
)
def test_what_asks_for_nothing_costs_not_one_request(scene: Scene, trigger: Ignored | PullClosed | Commented) -> None:
    report = scene.run(trigger)
    assert (report.conclusion, report.should_continue) == (Conclusion.SKIPPED, False)
    assert scene.fuse.seen == []


def test_another_projects_pull_request_is_turned_away(scene: Scene) -> None:
    scene.begin()
    report = scene.run(PullClosed(number=3, branch="autocoder/apps-web/session-1", merged=True))
    assert report.reason == "Pull request #3 is not one of ours."
    assert not scene.issues()


@pytest.mark.parametrize("known", [True, False])
def test_only_a_bot_that_is_allowed_by_name_is_obeyed(scene: Scene, known: bool) -> None:
    scene.begin()
    if known:
        scene.remote.commit("main", {".github/autocoder.yml": b"allowed_bots: ['renovate[bot]']\n"})
    command = scene.command("/autocoder pause", by="renovate[bot]")
    scene.run(replace(command, by_bot=True))
    assert [one.by for one in scene.ref.journal if isinstance(one, Paused)] == (["renovate[bot]"] if known else [])


def test_the_program_does_not_obey_itself_even_where_it_is_allowed(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": f"allowed_bots: ['{scene.tracker.login}']\n".encode()})
    report = scene.run(replace(scene.command("/autocoder pause", by=scene.tracker.login), by_bot=True))
    assert report.reason == "The program does not obey itself."
    assert not scene.ref.journal


@pytest.mark.parametrize(("body", "obeyed"), [("/autocoder status", True), ("/autocoder continue", False)])
def test_somebody_who_may_only_read_is_told_how_things_stand(scene: Scene, body: str, obeyed: bool) -> None:
    scene.begin()
    scene.run(scene.command(body, by="eve"))
    assert bool(scene.replies()) == obeyed
    assert not scene.ref.journal, "strangers write nothing into the repository"


def test_a_command_can_be_kept_for_administrators(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"commands: {accept: admin, status: write}\n"})
    scene.host.people["bob"] = Permission.WRITE
    assert "not the role" in scene.run(scene.command("/autocoder accept F1", by="bob")).reason
    assert "no write access" in scene.run(scene.command("/autocoder status", by="eve")).reason
    assert scene.run(scene.command("/autocoder accept F1", by="ada")).conclusion is Conclusion.PROGRESSED
    assert reactions(scene) == ["-1", "-1", "eyes", "rocket"]


@pytest.mark.parametrize("body", ["/autocoder continue", "/autocoder pause", "/autocoder add Something"])
def test_nothing_is_done_because_of_a_forks_pull_request(scene: Scene, body: str) -> None:
    scene.begin()
    number = scene.host.add_fork_pull(by="eve", branch="fix")
    report = scene.run(replace(scene.command(body, on=number), on_pull=True))
    assert "comes from a fork" in report.reason
    assert not scene.ref.journal
    assert reactions(scene) == ["-1"]


def test_whether_a_pull_request_comes_from_a_fork_is_asked_once(scene: Scene) -> None:
    scene.begin()
    number = scene.host.add_fork_pull(by="eve", branch="fix")
    scene.run(replace(scene.command("/autocoder pause", on=number), on_pull=True))
    assert scene.fuse.seen.count("pull") == 1


def test_on_a_forks_pull_request_a_writer_may_still_ask_how_things_stand(scene: Scene) -> None:
    scene.begin()
    number = scene.host.add_fork_pull(by="eve", branch="fix")
    scene.run(replace(scene.command("/autocoder status", on=number), on_pull=True))
    assert reactions(scene) == ["eyes", "rocket"]


def test_another_prefix_is_heard_and_the_usual_one_is_not(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"command_prefix: /bot\n"})
    assert scene.run(scene.command("/autocoder pause")).reason == "The comment holds no command."
    assert scene.run(scene.command("/bot pause")).conclusion is Conclusion.PROGRESSED
