"""Commands that succeed anyway prove no work where there is none: not on base, nor beside another feature's."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.backlog.feature import CheckProof
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, build, call, draft, write
from tests.unit.conduct.test_last_look import has
from tests.unit.conduct.test_verify import commands

BRANCH = "autocoder/root/session-1"
CONFIG = b"verify: npm test\n"
IDLE = "Nothing was changed since the session's start"


@pytest.fixture
def green(scene: Scene) -> Scene:
    """Return a project whose own command succeeds on base, with two features that have no check."""
    scene.begin(draft("Greet", check=None), draft("Part", check=None))
    scene.remote.commit("main", {".github/autocoder.yml": CONFIG})
    return scene


def claim(number: int, work: Callable[[Path], object] | None = None, **more: object) -> Turn:
    """Return a turn that has a feature checked, after this work or none."""
    return Turn(say="Done?", work=work or (lambda _: None), calls=(call("mark_passing", id=number, **more),))


def replies(scene: Scene) -> list[str]:
    return [one.text for one in scene.agent.replies]


def proofs(scene: Scene, branch: str = BRANCH) -> list[str | None]:
    """Return what each feature is proved by."""
    return [one.proof.command if isinstance(one.proof, CheckProof) else None for one in scene.backlog(branch).features]


@pytest.mark.parametrize("delivery", ["pull_request", "push"])
@pytest.mark.parametrize(
    "work", [None, write("claude-progress.txt"), write("FEATURES.md")], ids=["nothing", "progress", "listing"]
)
def test_an_agent_that_changes_nothing_has_built_nothing(
    green: Scene, work: Callable[[Path], object] | None, delivery: str
) -> None:
    green.script(claim(1, work), claim(2), DONE)
    report = green.run(delivery=delivery)
    assert [IDLE in one for one in replies(green)] == [True, True]
    assert all(one.failed for one in green.agent.replies)
    assert "Build it; where it is built already, propose a `check`" in replies(green)[0]
    assert report.conclusion is Conclusion.NO_PROGRESS
    assert not green.backlog().passing


def test_a_feature_does_not_pass_on_the_work_of_the_one_before_it(green: Scene) -> None:
    green.script(build(1), claim(2), build(2), DONE)
    report = green.run()
    first, second, third = replies(green)
    assert (first[:9], third[:9]) == ("F1 passes", "F2 passes")
    assert "F2 does not pass yet. Nothing was changed since F1 was saved" in second
    assert report.conclusion is Conclusion.COMPLETE


@pytest.mark.parametrize("back", ["f1.txt", "f2.txt"])
def test_nor_on_what_was_there_once_in_the_session(green: Scene, back: str) -> None:
    green.begin(*(draft(one, check=None) for one in ("Greet", "Part", "Wave")))

    def undo(folder: Path) -> None:
        (folder / "f2.txt").unlink()
        if back == "f1.txt":
            (folder / "f1.txt").unlink()

    green.script(build(1), build(2), claim(3, undo), DONE)
    green.run(max_features="3")
    assert (IDLE if back == "f1.txt" else "since F1 was saved") in replies(green)[-1]
    assert proofs(green) == ["verify: npm test", "verify: npm test", None]


def test_what_was_built_together_passes_by_a_check_that_fails_on_the_start(green: Scene) -> None:
    def both(folder: Path) -> None:
        write("f1.txt")(folder)
        write("f2.txt")(folder)

    green.checks.results = {"check part": has("f2.txt")}
    green.script(claim(1, both), claim(2), claim(2, check="check part"), DONE)
    assert green.run().conclusion is Conclusion.COMPLETE
    assert proofs(green) == ["verify: npm test", "check part"]


def test_a_check_that_was_refused_cannot_be_left_out_so_that_the_project_s_commands_prove_it(green: Scene) -> None:
    green.script(build(1, check="true"), claim(1), build(2), DONE)
    report = green.run()
    refused, saved, other = replies(green)
    assert "Without any, what you built is saved as built, unproved." in refused
    assert saved.startswith("F1 is saved as built, unproved: a check of it succeeded without your work")
    assert other.startswith("F2 passes"), "it is that feature's own affair"
    assert proofs(green) == [None, "verify: npm test"]
    assert green.backlog(BRANCH).features[0].built
    assert report.conclusion is Conclusion.PROGRESSED


def test_a_refused_check_and_no_work_are_not_even_built(green: Scene) -> None:
    green.script(claim(1, check="true"), claim(1), DONE)
    assert green.run().conclusion is Conclusion.NO_PROGRESS
    assert IDLE in replies(green)[1]


def test_another_check_proves_what_the_first_did_not(green: Scene) -> None:
    green.checks.results = {"check greet": has("f1.txt")}
    green.script(build(1, check="true"), claim(1, check="check greet"), DONE)
    green.run()
    assert proofs(green) == ["check greet", None]


@pytest.mark.parametrize("delivery", ["pull_request", "push"])
def test_what_an_earlier_session_left_is_work(green: Scene, delivery: str) -> None:
    green.script(Turn(work=write("f1.txt")), Ending.TIMEOUT)
    green.run(delivery=delivery)
    green.script(claim(1), claim(2), DONE)
    green.run(delivery=delivery)
    assert replies(green)[0].startswith("F1 passes")
    assert "since F1 was saved" in replies(green)[1]


@pytest.mark.parametrize("left", [False, True])
def test_what_base_got_meanwhile_is_nobody_s_work(green: Scene, *, left: bool) -> None:
    rest = (Turn(work=write("half.txt")),) if left else ()
    green.script(build(1), *rest, Ending.TIMEOUT)
    green.run()
    green.remote.commit("main", {"LICENSE": b"Free."})
    green.checks.results = {"check license": has("LICENSE", "Free.")}
    green.script(claim(2), *([] if left else [claim(2, check="check license")]), DONE)
    green.run()
    assert {"LICENSE", "f1.txt"} <= green.remote.content(BRANCH).keys(), "taken up, and brought up to date"
    if left:
        assert replies(green)[0].startswith("F2 passes")
    else:
        assert IDLE in replies(green)[0]
        assert "`check license` succeeds without your work" in replies(green)[1]


def test_where_base_and_the_last_checkpoint_do_not_agree_the_checkpoint_counts(green: Scene) -> None:
    green.script(build(1), Ending.TIMEOUT)
    green.run()
    base = green.remote.commit("main", {"f1.txt": b"Theirs.\n"})
    tree = green.remote.commits[green.remote.heads[BRANCH]].tree
    green.remote.heads[BRANCH] = green.remote.keep_commit(tree, (green.remote.heads[BRANCH], base), "Merge main")
    green.script(claim(2), build(2), DONE)
    green.run()
    assert IDLE in replies(green)[0]
    assert replies(green)[1].startswith("F2 passes")


def test_what_somebody_else_pushes_meanwhile_is_not_the_agent_s_work(green: Scene) -> None:
    def push(name: str) -> Callable[[Path], object]:
        return lambda _: green.remote.commit(BRANCH, {name: b"Theirs.\n"})

    def build_beside(folder: Path) -> None:
        write("f2.txt")(folder)
        push("more.txt")(folder)

    green.script(build(1), claim(2, push("theirs.txt")), claim(2, build_beside), DONE)
    assert green.run().conclusion is Conclusion.COMPLETE
    assert "since F1 was saved" in replies(green)[1]
    assert replies(green)[2].startswith("F2 passes"), "the same work is tried again on top of theirs"
    assert {"theirs.txt", "more.txt", "f2.txt"} <= green.remote.content(BRANCH).keys()


def test_a_push_that_failed_may_be_tried_again_without_other_work(green: Scene) -> None:
    green.remote.refusal = "The branch is protected."
    green.script(build(1), claim(1, lambda _: setattr(green.remote, "refusal", None)), claim(2), DONE)
    green.run()
    said = [one.partition(".")[0] for one in replies(green)]
    assert said == ["F1 does not pass yet", "F1 passes", "F2 does not pass yet"]


def test_a_check_that_base_holds_counts_as_before(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Part"))
    scene.remote.commit("main", {".github/autocoder.yml": CONFIG})
    scene.script(claim(1), claim(2), DONE)
    assert scene.run().conclusion is Conclusion.COMPLETE


def test_a_command_that_failed_on_base_and_succeeds_now_proves_the_work_that_mended_it(green: Scene) -> None:
    green.checks.results = {"npm test": has("f1.txt")}
    green.script(build(1), claim(2), DONE)
    green.run()
    assert replies(green)[0].startswith("F1 passes")
    assert "since F1 was saved" in replies(green)[1]
    assert commands(green).count("npm test") == 4, "on base, at both checkpoints, at the end"
