"""Where the machine, a registry or a cut-off is to blame, the last look takes nothing back and claims nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from autocoder_action.backlog.feature import CheckProof, Status
from autocoder_action.backlog.fold import fold
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.fakes.checks import Plain
from tests.unit.conduct.scene import DONE, Scene, build, call, draft, sealed
from tests.unit.conduct.test_last_look import BRANCH, both, two
from tests.unit.conduct.test_session import settled
from tests.unit.conduct.test_verify import commands, proved


def gone(works: int, then: Plain = 127) -> Callable[[Path], Plain]:
    """Return a check that succeeds so many times, and then never again."""
    codes = iter([0] * works)
    return lambda _: next(codes, then)


def test_where_everything_fails_and_nothing_says_why_nothing_is_taken_back_and_nothing_is_claimed(scene: Scene) -> None:
    two(scene)
    scene.checks.results = {"check greet": gone(1), "check part": gone(1)}
    scene.script(build(1), build(2), DONE)
    report = scene.run()
    features = scene.backlog(BRANCH).features
    assert [(one.status, one.built, one.attempts) for one in features] == [(Status.PENDING, True, 0)] * 2
    assert (settled(scene).passed, settled(scene).attempted) == ((), ())
    assert report.conclusion is Conclusion.PROGRESSED
    assert report.reason.startswith("2 built but unproved; ")
    assert "proved at" not in report.reason
    assert any("F1, F2 are built, and unproved, until a check succeeds on base" in one for one in report.notes)
    body = scene.pulls()[0].body
    assert "**Built, unproved**" in body
    assert "No feature was proved in this session." in body
    assert "Autocoder-Unproved: F1\nAutocoder-Unproved: F2" in scene.messages(BRANCH)[0]


def test_what_succeeds_in_the_folder_of_the_agent_alone_is_taken_back(scene: Scene) -> None:
    scene.begin(draft("Greet", check="check greet"))
    mine: list[Path] = []

    def helped(folder: Path) -> Plain:
        return 0 if not mine or folder in mine else (1, "It is not there.")

    scene.checks.results = {"check greet": helped}
    scene.script(build(1), Turn(work=mine.append), DONE)
    scene.run()
    (feature,) = scene.backlog(BRANCH).features
    assert (feature.status, feature.regressed) == (Status.FAILING, True)
    assert feature.last_error
    assert "something helps it there that is no part of the work" in feature.last_error


def test_where_others_succeed_on_base_the_machine_is_sound_and_what_fails_is_taken_back(scene: Scene) -> None:
    plan = sealed(draft("Old", check="check old"), draft("Greet", check="check greet"))
    old = proved(plan, old=10).by_uid["old"]
    assert isinstance(old.proof, CheckProof)
    scene.put(plan.put(old.replace(proof=structs.replace(old.proof, session=""))))
    scene.checks.results = {"check greet": gone(1)}
    scene.script(build(2), DONE)
    scene.run()
    assert scene.backlog(BRANCH).by_uid["greet"].status is Status.FAILING
    assert "Checks of other features succeed on base" in (scene.backlog(BRANCH).by_uid["greet"].last_error or "")


def test_what_was_left_unproved_passes_once_its_check_succeeds_on_base(scene: Scene) -> None:
    scene.begin(draft("Greet", check="check greet"), draft("Part", check="check part"))
    scene.checks.results = {"check greet": gone(1)}
    scene.script(build(1), DONE)
    scene.run(max_features="1")
    scene.merge(scene.pulls()[0].number)
    scene.checks.results = {}
    scene.script(build(2), DONE)
    scene.run()
    assert fold(scene.backlog(), scene.ref.journal).by_uid["greet"].status is Status.PASSING


def test_what_there_was_no_time_for_is_said_and_not_claimed(scene: Scene) -> None:
    scene.begin(*(draft(name, check=f"check {name}") for name in ("a", "b", "c")))

    def slow(_: Path) -> int:
        scene.clock.advance(600 if len(scene.checks.ran) == 4 else 0)
        return 0

    scene.checks.results = {"check a": slow}
    scene.script(build(1), build(2), build(3), DONE)
    report = scene.run(max_features="3")
    assert commands(scene) == ["check a", "check b", "check c", "check a"]
    assert report.notes[0] == "Not checked again on what was pushed: F2, F3; there was no time left for it."
    assert "At the end F1 was checked again" in scene.pulls()[0].body
    assert scene.backlog(BRANCH).passing == {1, 2, 3}


def test_a_session_that_somebody_ended_checks_nothing_again_and_says_so(scene: Scene) -> None:
    two(scene)
    scene.script(build(1), build(2), Ending.CANCELLED)
    report = scene.run()
    assert commands(scene) == ["check greet", "check part"]
    assert report.notes[0] == "Not checked again on what was pushed: F1, F2; the run was ended."


def test_a_push_that_fails_leaves_no_claim_in_the_journal(scene: Scene) -> None:
    two(scene)
    scene.script(build(1), Turn(work=both, calls=(call("mark_passing", id=2),)), DONE)
    scene.fuse.only, scene.fuse.at = "push", 3
    report = scene.run()
    assert settled(scene).passed == ("part",)
    assert scene.backlog(BRANCH).features[0].status is Status.FAILING, "the second try arrives"
    assert report.outcome


def outage(scene: Scene, works: int) -> None:
    """Have the installation succeed so many times, and then never again."""
    codes = iter([0] * works)
    scene.remote.commit("main", {"package-lock.json": b"{}"})
    scene.checks.results = {
        **scene.checks.results,
        "npm ci --no-audit --no-fund": lambda _: (next(codes, 1), "npm error network ECONNREFUSED"),
    }


def test_a_registry_that_dies_before_a_checkpoint_blocks_and_is_nobody_s_fault(scene: Scene) -> None:
    two(scene)
    outage(scene, works=1)
    scene.script(build(1), DONE)
    report = scene.run()
    assert (report.conclusion, report.exit_code) == (Conclusion.BLOCKED, 1)
    assert "a registry or the network is at fault" in report.reason
    assert "ECONNREFUSED" in report.reason
    assert "end here, without another try" in scene.agent.replies[0].text
    assert (settled(scene).attempted, settled(scene).outage) == ((), True)
    assert "f1.txt" in scene.remote.content(BRANCH), "the work is kept"


def test_a_registry_that_dies_at_the_end_takes_nothing_back(scene: Scene) -> None:
    two(scene)
    outage(scene, works=3)
    scene.script(build(1), build(2), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.BLOCKED
    assert "What was proved before is kept: 2 features proved at their checkpoints alone." in report.reason
    assert scene.backlog(BRANCH).passing == {1, 2}
    assert settled(scene).passed == ("greet", "part")
    lost = "Not checked again on what was pushed: F1, F2; The dependencies cannot be installed"
    assert report.notes[0].startswith(lost)
    assert "Not checked again on what was pushed: F1, F2" in scene.pulls()[0].body


@pytest.mark.parametrize("at", [2, 3, 4])
def test_an_installation_that_fails_once_decides_nothing(scene: Scene, at: int) -> None:
    two(scene)
    outage(scene, works=0)
    codes = iter([0 if number != at else 1 for number in range(1, 9)])
    npm = "npm ci --no-audit --no-fund"
    scene.checks.results = {**scene.checks.results, npm: lambda _: (next(codes), "npm error network 503")}
    scene.script(build(1), build(2), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.COMPLETE
    assert scene.backlog(BRANCH).passing == {1, 2}
    assert commands(scene).count(npm) == 5
    assert [one.folder for one in scene.checks.ran].count(scene.checks.ran[-1].folder) >= 2
