"""What proves a feature: its own check and the project's ``verify:`` commands, on a clean checkout of the result."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import structs

from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Backlog, CheckProof, Status
from autocoder_action.plan.conclusion import Conclusion
from tests.fakes.agent import Turn
from tests.fakes.checks import Plain
from tests.unit.conduct.scene import DONE, Scene, build, call, draft, sealed
from tests.unit.conduct.test_verify import commands, proved

BRANCH = "autocoder/root/session-1"
CONFIG = b"verify:\n- {name: test, run: npm test, timeout: 60}\n- {name: lint, run: npm run lint}\n"


def begin(scene: Scene, *drafts: Draft, config: bytes = CONFIG) -> None:
    scene.begin(*drafts)
    scene.remote.commit("main", {".github/autocoder.yml": config})


def only_with(name: str) -> Callable[[Path], Plain]:
    """Return a command that succeeds where a file is there, and fails elsewhere."""

    def result(folder: Path) -> Plain:
        return 0 if (folder / name).exists() else (1, f"no {name} here")

    return result


def before(plan: Backlog, uid: str) -> Backlog:
    """Return a plan in which a stored check proved a feature, in no session."""
    feature = proved(plan, **{uid: 30}).by_uid[uid]
    assert isinstance(feature.proof, CheckProof)
    return plan.put(feature.replace(proof=structs.replace(feature.proof, session="")))


def told(scene: Scene) -> str:
    return scene.agent.replies[-1].text


def test_a_feature_passes_when_its_check_and_every_command_of_the_project_succeed(scene: Scene) -> None:
    begin(scene, draft("Greet"))
    scene.script(build(1), DONE)
    report = scene.run()
    checkpoint = ["make test", "npm test", "npm run lint"]
    assert commands(scene) == ["npm test", "npm run lint", *checkpoint, *checkpoint], "on base, then, and at the end"
    assert [one.seconds for one in scene.checks.ran] == [60, 300, 300, 60, 300, 300, 60, 300]
    folders = [one.folder for one in scene.checks.ran]
    assert len(set(folders)) == 3, "one clean checkout for each time"
    (feature,) = scene.backlog(BRANCH).features
    assert isinstance(feature.proof, CheckProof)
    assert feature.proof.command == "make test"
    seen = [(one.command, one.exit_code, one.tree) for one in feature.evidence]
    assert seen == [(one, 0, feature.proof.tree) for one in ("make test", "npm test", "npm run lint")]
    assert "Autocoder-Check: make test\nAutocoder-Verify: test, lint\n" in scene.messages(BRANCH)[0]
    assert "and `verify:` test, lint" in scene.pulls()[0].body
    assert report.conclusion is Conclusion.COMPLETE
    assert "- test: `npm test`\n  - lint: `npm run lint`\n" in scene.agent.briefs[0].system


def test_a_command_of_the_project_that_fails_keeps_a_feature_from_passing_and_is_named(scene: Scene) -> None:
    broken: Iterator[Plain] = iter([0, (1, "3 failing"), 0, 0])
    begin(scene)
    scene.checks.results = {"npm test": lambda _: next(broken)}
    scene.script(build(1), build(1), DONE)
    scene.run()
    first = scene.agent.replies[0].text
    assert "The project's command test `npm test` ended with exit code 1" in first
    assert "3 failing" in first
    assert [one.command for one in scene.backlog(BRANCH).features[0].evidence][:2] == ["make test", "npm test"]
    assert scene.backlog(BRANCH).passing == {1}, "mended, it passes"


def test_what_fails_on_untouched_base_is_said_and_not_held_against_features(scene: Scene) -> None:
    begin(scene, draft("Greet"))
    scene.checks.results = {"npm test": (1, "no package.json")}
    scene.script(build(1), DONE)
    report = scene.run()
    assert "- test: `npm test` (fails on the base branch already" in scene.agent.briefs[0].system
    assert "- lint: `npm run lint`\n" in scene.agent.briefs[0].system
    assert scene.backlog(BRANCH).passing == {1}
    assert commands(scene)[2:5] == ["make test", "npm run lint", "npm test"], "it is run all the same"
    body = scene.pulls()[0].body
    assert "and `verify:` lint" in body
    assert "**Not held against it**: `verify:` test fails on the base branch as well" in body
    assert any("`verify:` test fails on the base branch as well" in one for one in report.notes)


def test_what_succeeds_once_counts_from_then_on(scene: Scene) -> None:
    begin(scene)
    scene.checks.results = {"npm test": only_with("package.json")}
    gone = Turn(work=lambda folder: (folder / "package.json").unlink(), calls=(call("mark_passing", id=2),))
    scene.script(build(1, "package.json"), gone, DONE)
    report = scene.run()
    assert "The project's command test `npm test` ended with exit code 1" in told(scene)
    assert not [one for one in report.notes if "verify" in one]


def test_a_feature_without_a_check_is_proved_by_the_commands_of_the_project(scene: Scene) -> None:
    begin(scene, draft("Greet", check=None))
    scene.script(build(1), DONE)
    scene.run()
    (feature,) = scene.backlog(BRANCH).features
    assert isinstance(feature.proof, CheckProof)
    assert (feature.status, feature.check, feature.proof.command) == (Status.PASSING, None, "verify: test, lint")
    assert feature.proof.duration_ms == 2
    assert "| F1 | Greet | `verify: test, lint` |" in scene.pulls()[0].body
    assert scene.messages(BRANCH)[0].startswith("feat: Greet\n")


def test_a_command_that_fails_on_base_and_still_does_proves_nothing(scene: Scene) -> None:
    begin(scene, draft("Greet", check=None))
    scene.checks.results = {"npm test": 1}
    scene.script(build(1), DONE)
    scene.run()
    (feature,) = scene.backlog(BRANCH).features
    assert feature.built
    assert feature.proof is None
    assert scene.messages(BRANCH)[0].startswith("feat(unproved): Greet\n")


def test_what_succeeded_on_this_very_tree_is_not_run_again_before_the_agent_begins(scene: Scene) -> None:
    begin(scene)
    scene.script(build(1), DONE)
    first = scene.run(max_features="1")
    assert first.pull
    scene.run(scene.merge(first.pull.number))
    scene.checks.ran.clear()
    scene.script(build(2), DONE)
    scene.run()
    checkpoint = ["make test", "npm test", "npm run lint"]
    last = ["make test", *checkpoint[1:]]
    assert commands(scene) == ["make test", *checkpoint, *last], "the first is a stored check"


def test_where_everything_fails_that_ever_succeeded_no_session_is_held_and_nothing_taken_back(scene: Scene) -> None:
    scene.put(before(sealed(draft("Greet", check=None), draft("Part")), "greet"))
    scene.remote.commit("main", {".github/autocoder.yml": CONFIG})
    scene.checks.results = {"npm test": 127, "npm run lint": 127}
    report = scene.run()
    assert (report.conclusion, report.exit_code) == (Conclusion.BLOCKED, 1)
    assert "Every command of `verify:` fails on main (test, lint)" in report.reason
    assert not scene.agent.briefs
    assert scene.backlog().passing == {1}


def test_a_stored_check_that_succeeds_shows_that_the_machine_is_sound(scene: Scene) -> None:
    scene.put(before(sealed(draft("Greet"), draft("Part", check=None)), "greet"))
    scene.remote.commit("main", {".github/autocoder.yml": CONFIG})
    scene.checks.results = {"npm test": 1, "npm run lint": 1}
    scene.script(DONE)
    scene.run()
    assert scene.agent.briefs


def test_what_was_not_run_for_want_of_time_is_held_against_the_work(scene: Scene) -> None:
    def slow(_: Path) -> int:
        scene.clock.advance(900)
        return 0

    begin(scene)
    scene.checks.results = {"npm test": slow, "npm run lint": 1}
    scene.script(build(1), DONE)
    scene.run()
    assert commands(scene) == ["npm test", "make test", "npm test", "npm run lint"]
    assert "The project's command lint `npm run lint` ended with exit code 1" in told(scene)


@pytest.mark.parametrize("when", ["start", "result"])
def test_init_sh_runs_after_the_installation_in_the_clone_and_in_clean_checkouts(scene: Scene, when: str) -> None:
    scene.begin(draft("Greet"))
    scene.remote.commit("main", {"init.sh": b"make seed\n", "go.mod": b"module app\n"})
    codes = iter([0 if when == "result" else 1, 3, 3])
    scene.checks.results = {"bash ./init.sh": lambda _: (next(codes, 0), "no seed")}
    scene.script(build(1), DONE)
    report = scene.run()
    both = ["go mod download", "bash ./init.sh"]
    if when == "start":
        assert commands(scene) == both
        assert report.conclusion is Conclusion.BLOCKED
        assert "The init.sh command `bash ./init.sh` ended with exit code 1" in report.reason
        assert "Mend init.sh on the base branch" in report.reason
        assert not scene.agent.briefs
    else:
        assert commands(scene)[:4] == [*both, *both]
        assert "the installation `bash ./init.sh` ended with exit code 3" in told(scene)
