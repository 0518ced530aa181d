"""Several projects in one repository: each has its own, and a run is for the one that is meant, or for all in turn."""

from dataclasses import replace
from pathlib import Path

import pytest

from autocoder_action.backlog import features_md
from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Added, Booked, Paused
from autocoder_action.errors import ConfigError
from autocoder_action.intake.event import Dispatched, IssueChanged
from autocoder_action.intake.settings import project_name
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.report.report import Report
from tests.fakes.agent import Turn
from tests.fakes.store import FakeStore
from tests.unit.conduct.scene import DIES, DONE, Scene, build, draft, sealed
from tests.unit.conduct.test_talks import ANSWER

WEB, API = "apps/web", "services/api"
REGISTRY = "projects:\n  web: apps/web\n  api: services/api\n"


@pytest.fixture
def two(scene: Scene) -> Scene:
    """Give a repository with two projects, whose plans are approved and on the board."""
    content = {".github/autocoder.yml": REGISTRY.encode()}
    for path, names in ((WEB, ("Page", "Form")), (API, ("Route", "Table"))):
        plan = sealed(*map(draft, names))
        content |= {
            f"{path}/features.db": FakeStore().encode(plan),
            f"{path}/FEATURES.md": features_md.render(plan).encode(),
            f"{path}/prompts/app_spec.txt": f"The spec of {path}.".encode(),
        }
    scene.remote.commit("main", content)
    scene.run(mode="sync")
    return scene


def booked(scene: Scene) -> list[str]:
    """Return the projects that held sessions, in the order of their bookings."""
    lines = [(one.at, path) for path in (WEB, API) for one in scene.refs[path].journal if isinstance(one, Booked)]
    return [path for _, path in sorted(lines)]


def session(scene: Scene, path: str, **inputs: str) -> Report:
    scene.script(build(1, f"{path}/f1.txt"), DONE)
    scene.inputs = {"max_features": "1"} | inputs
    return scene.run()


def project_of(scene: Scene, title: str) -> set[str]:
    return {label for label in scene.issues()[title].labels if label.startswith("project:")}


def test_each_project_has_its_board_with_a_label_of_its_own(two: Scene) -> None:
    titles = [thread.title for thread in two.host.threads.values()]
    assert titles == [
        "F1 Page",
        "F2 Form",
        "autocoder: progress of web",
        "F1 Route",
        "F2 Table",
        "autocoder: progress of api",
    ]
    assert project_of(two, "F1 Page") == project_of(two, "autocoder: progress of web") == {"project:web"}
    assert project_of(two, "F2 Table") == project_of(two, "autocoder: progress of api") == {"project:api"}
    assert two.ref.journal == (), "nothing is the root's"


def test_a_second_sync_changes_nothing_and_costs_what_it_may(two: Scene) -> None:
    two.run(mode="sync")
    two.tracker.writes.clear()
    two.run(mode="sync")
    assert two.tracker.writes == []
    asked = [one for one in two.fuse.seen if one in {"repository", "issues", "pulls"}]
    assert asked == ["repository", "issues", "issues"]
    others = set(two.fuse.seen) - {"repository", "issues", "read", "base", "branches"}
    assert others <= {"me", "allowance"}, "the first is asked for once in a process, the other sends nothing"


def test_sessions_go_round_and_each_run_holds_one(two: Scene) -> None:
    first = session(two, WEB)
    assert (first.conclusion, first.reason[:5]) == (Conclusion.PROGRESSED, "web: ")
    assert first.should_continue, "the other project has work that waits for nobody"
    assert [(one.project, one.conclusion) for one in first.shares] == [
        ("web", Conclusion.PROGRESSED),
        ("api", Conclusion.SKIPPED),
    ]
    assert first.shares[1].reason == "Its turn comes with the next run; this one's session was held in web."
    two.clock.advance(60)
    second = session(two, API)
    assert second.outcome
    assert second.outcome.plan.branch == f"autocoder/{project_name(API)}/session-1"
    assert [one.title for one in two.pulls()] == ["web session-1: Page", "api session-1: Route"]
    third = session(two, WEB)
    assert third.conclusion is Conclusion.SKIPPED, "both wait for review"
    assert booked(two) == [WEB, API]


def test_a_command_names_its_project(two: Scene) -> None:
    two.script(build(1, f"{API}/f1.txt"), DONE)
    report = two.run(two.command("/autocoder API continue --features 1"))
    assert report.outcome
    assert booked(two) == [API]
    assert not report.shares, "there is nothing to tell of another project"


def test_a_name_that_no_project_has_is_answered_with_those_that_there_are(two: Scene) -> None:
    report = two.run(two.command("/autocoder wep continue"))
    assert report.conclusion is Conclusion.SKIPPED
    (reply,) = two.replies()
    assert "There is no project wep; there are web, api." in reply
    assert "Did you mean `/autocoder web continue`?" in reply


def test_without_a_registry_no_name_can_stand_before_a_command(scene: Scene) -> None:
    scene.begin()
    report = scene.run(scene.command("/autocoder please continue"))
    assert report.reason == "The command could not be read."
    assert "There is no command please. Did you mean `/autocoder continue`?" in scene.replies()[0]


def test_a_feature_is_found_by_its_issue_wherever_one_writes(two: Scene) -> None:
    number = two.issues()["F2 Table"].number
    two.run(two.command(f"/autocoder skip #{number} Later."))
    folded = fold(FakeStore().decode(two.remote.content("main")[f"{API}/features.db"]), two.refs[API].journal)
    assert folded.features[1].status is Status.SKIPPED
    assert "F2 Table is left out" in two.replies()[0]


def test_a_command_on_a_projects_issue_is_for_that_project(two: Scene) -> None:
    number = two.issues()["F1 Route"].number
    two.run(two.command("/autocoder add Index", on=number))
    added = {path: [one.name for one in two.refs[path].journal if isinstance(one, Added)] for path in (WEB, API)}
    assert added == {WEB: [], API: ["Index"]}
    assert "F3 Index" in two.issues()


def test_what_makes_no_sense_for_all_projects_has_to_name_one(two: Scene) -> None:
    two.run(two.command("/autocoder add Index"))
    (reply,) = two.replies()
    assert "Say for which project, by its name before the command: web, api." in reply
    assert not [one for path in (WEB, API) for one in two.refs[path].journal if isinstance(one, Added)]


def test_one_comment_can_speak_to_both_projects_and_is_answered_once(two: Scene) -> None:
    two.run(two.command("/autocoder web add Menu\n/autocoder api add Index\n/autocoder pause Not now."))
    (reply,) = two.replies()
    places = [reply.index(words) for words in ("**web**", "Added F3 Menu", "**api**", "Added F3 Index")]
    assert places == sorted(places)
    pauses = [one.reason for path in (WEB, API) for one in two.refs[path].journal if isinstance(one, Paused)]
    assert pauses == ["Not now.", "Not now."]
    assert [content for _, _, content in two.host.reactions] == ["eyes", "rocket"]


def test_the_gate_and_the_session_job_answer_for_all_projects_in_one_comment(two: Scene) -> None:
    event = two.command("/autocoder web add Menu\n/autocoder api add Index")
    gate = two.run(event, part="gate", run_id=7)
    assert gate.should_continue
    assert [content for _, _, content in two.host.reactions] == ["eyes"]
    two.run(event, part="session", run_id=7)
    (reply,) = two.replies()
    assert reply.count("Added F3 Menu") == reply.count("Added F3 Index") == 1
    assert [content for _, _, content in two.host.reactions] == ["eyes", "rocket"]


def test_no_reaction_says_that_all_is_answered_while_a_cancelled_session_is_still_being_shown(two: Scene) -> None:
    two.courier.slow = True

    def passes(_folder: Path) -> None:
        two.clock.advance(21)

    def stops(_folder: Path) -> None:
        two.stopped = True

    two.script(Turn(say="I look.", work=passes), Turn(say="I look.", work=stops), ANSWER)
    two.run(two.command("/autocoder web add Menu\n/autocoder api ask What waits?"))
    assert two.courier.under_way
    assert [content for _, _, content in two.host.reactions] == ["eyes"]


def test_status_tells_of_every_project(two: Scene) -> None:
    two.run(two.command("/autocoder status"))
    (reply,) = two.replies()
    assert [words in reply for words in ("**web**", "F1 (#1) Page", "**api**", "F1 (#4) Route")] == [True] * 4


def test_a_dispatch_and_an_input_name_a_project(two: Scene) -> None:
    two.script(build(1, f"{API}/f1.txt"), DONE)
    two.run(Dispatched(inputs={"project": "api"}), max_features="1")
    session(two, WEB, project="web")
    assert booked(two) == [API, WEB]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"project": "wep"}, "there is no project wep (did you mean web? there are web, api)"),
        ({"project": "web", "project_path": "services/api"}, "the project web has the path apps/web"),
        ({"project_path": "apps"}, "no project has the path apps; there are web, api"),
    ],
)
def test_a_project_that_is_not_there_ends_the_run_with_those_that_are(
    two: Scene, inputs: dict[str, str], words: str
) -> None:
    two.inputs = inputs
    with pytest.raises(ConfigError) as caught:
        two.run()
    assert words in str(caught.value)


def test_a_path_of_the_registry_is_its_project(two: Scene) -> None:
    session(two, API, project_path=API)
    assert booked(two) == [API]


def test_an_issue_becomes_a_feature_of_the_project_that_its_label_names_and_of_that_alone(two: Scene) -> None:
    number = two.host.add_issue(by="ada", title="Search", labels=["autocoder:feature", "project:api"])
    event = IssueChanged(number=number, action="labeled", by_bot=False, labels=frozenset({"project:api"}))
    two.run(event)
    two.run(mode="sync")
    added = {path: [one.name for one in two.refs[path].journal if isinstance(one, Added)] for path in (WEB, API)}
    assert added == {WEB: [], API: ["Search"]}


def test_a_project_whose_turn_is_first_leaves_an_issue_that_names_another(two: Scene) -> None:
    two.host.add_issue(by="ada", title="Search", labels=["autocoder:feature", "project:api"])
    two.run(mode="sync")
    added = {path: [one.name for one in two.refs[path].journal if isinstance(one, Added)] for path in (WEB, API)}
    assert added == {WEB: [], API: ["Search"]}


def test_an_issue_that_names_no_project_becomes_a_feature_of_the_first(two: Scene) -> None:
    two.host.add_issue(by="ada", title="Search", labels=["autocoder:feature"])
    two.run(mode="sync")
    two.run(mode="sync")
    added = {path: [one.name for one in two.refs[path].journal if isinstance(one, Added)] for path in (WEB, API)}
    assert added == {WEB: ["Search"], API: []}
    assert project_of(two, "F3 Search") == {"project:web"}


def test_a_projects_label_that_somebody_took_off_comes_back_and_its_feature_stays_where_it_is(two: Scene) -> None:
    number = two.issues()["F1 Route"].number
    bare = set(two.host.threads[number].labels) - {"project:api"}
    two.host.edit(number, by="ada", labels={*bare, "project:web", "mine"})
    two.run(mode="sync")
    assert two.issues()["F1 Route"].labels >= {"project:api", "project:web", "mine"}
    titles = [one for one in two.issues() if one.startswith("F")]
    assert titles == ["F1 Page", "F2 Form", "F1 Route", "F2 Table"]


def test_the_trouble_of_one_project_is_not_the_others(two: Scene) -> None:
    two.remote.commit("main", {f"{WEB}/features.db": b"no database"})
    report = session(two, API)
    assert report.outcome
    assert booked(two) == [API]
    assert report.shares[0].conclusion is Conclusion.ERROR
    assert any(note.startswith("web: ") for note in report.notes)


def test_a_run_that_holds_no_session_ends_as_the_project_that_most_needs_a_person(two: Scene) -> None:
    done = sealed(draft("Page"))
    passing = replace(done, features=tuple(one.replace(status=Status.SKIPPED) for one in done.features))
    two.remote.commit("main", {f"{WEB}/features.db": FakeStore().encode(passing)})
    two.run(two.command("/autocoder api pause"))
    report = two.run()
    assert {one.project: one.conclusion for one in report.shares}["api"] is Conclusion.SKIPPED
    assert report.reason.startswith("web: ")


def test_stop_leaves_a_run_that_holds_a_session_of_another_project(two: Scene) -> None:
    two.script(build(1, f"{API}/f1.txt"), DIES)
    with pytest.raises(KeyboardInterrupt):
        two.run(two.command("/autocoder api continue"), run_id=61)
    two.host.runs |= dict.fromkeys((60, 61), "in_progress")
    two.host.jobs = {60: {"Gate": "in_progress"}, 61: {"Gate": "completed", "Session": "in_progress"}}
    two.run(two.command("/autocoder web stop"), part="gate", run_id=60)
    assert two.host.runs[61] == "in_progress"
    assert "No session is at work." in two.replies()[-1]
    two.run(two.command("/autocoder api stop"), part="gate", run_id=60)
    assert two.host.runs[61] == "cancelled"
