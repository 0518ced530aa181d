"""What addressing a review does to features that passed."""

from pathlib import Path

from autocoder_action.backlog.feature import CheckProof, Status
from autocoder_action.backlog.journal import Asked
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.call import Call
from tests.fakes import tracker_reviews as people
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, build, draft, write
from tests.unit.conduct.test_review import BRANCH, fix, respond, reviewed


def test_a_fix_that_breaks_a_passing_feature_takes_its_proof_back(scene: Scene) -> None:
    def good(folder: Path) -> tuple[int, str]:
        return (0, "") if "Worse" not in (folder / "greet.py").read_text() else (1, "AssertionError: no greeting")

    number = reviewed(scene, "Rename this.")
    scene.checks.results = {"test greet": good}
    report = fix(scene, number, Turn(work=write("greet.py", "Worse.\n"), calls=(respond(),)), DONE)
    greet = scene.backlog(BRANCH).features[0]
    assert (greet.status, greet.regressed, greet.proof) == (Status.FAILING, True, None)
    assert "AssertionError: no greeting" in (greet.last_error or "")
    assert (greet.evidence[-1].exit_code, greet.evidence[-1].command) == (1, "test greet")
    assert "Autocoder-Regressed: F1" in scene.messages(BRANCH)[0]
    assert "these checks fail, and the features pass no more: F1 Greet" in report.reason
    assert "**These pass no more**" in scene.pulls()[-1].body
    assert "F1 Greet" in scene.replies()[-1]


def test_what_still_passes_is_proved_on_the_new_tree(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    before = scene.backlog(BRANCH).features[0].proof
    fix(scene, number, Turn(work=write("greet.py", "Better.\n")), DONE)
    after = scene.backlog(BRANCH).features[0].proof
    assert isinstance(before, CheckProof)
    assert isinstance(after, CheckProof)
    assert after.tree != before.tree
    assert (after.session, after.run) == ("session-1", "102-1")
    assert set(scene.remote.trees[after.tree]) == {"greet.py", "prompts/app_spec.txt"}


def test_what_base_approved_is_checked_by_bases_own_check_and_keeps_its_proof(scene: Scene) -> None:
    number = reviewed(scene)
    scene.run(scene.merge(number))
    scene.script(build(2, "part.py"), DONE)
    scene.run()
    second = scene.pulls()[-1].number
    people.remark(scene.host, second, by="ada", body="Rename this.")
    proof = scene.backlog("autocoder/root/session-2").features[0].proof
    scene.checks.ran.clear()
    fix(scene, second, Turn(work=write("part.py", "Better.\n")), DONE)
    assert [one.command for one in scene.checks.ran] == ["test part", "test greet"]
    assert scene.backlog("autocoder/root/session-2").features[0].proof == proof


def test_where_the_machine_is_to_blame_no_proof_is_taken_back(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    scene.checks.results = {"test greet": (127, "python3: not found")}
    report = fix(scene, number, Turn(work=write("greet.py", "Better.\n"), calls=(respond(),)), DONE)
    assert scene.backlog(BRANCH).passing == {1}
    assert scene.remote.content(BRANCH)["greet.py"] == b"Better.\n"
    assert "Every check fails without this session's work as well" in report.reason
    assert "Every check fails without this session's work as well" in scene.pulls()[-1].body


def test_what_the_agent_calls_broken_is_set_back_though_nothing_else_changed(scene: Scene) -> None:
    number = reviewed(scene, "It greets nobody.")
    failing = Call(name="feature_mark_failing", arguments={"id": 1, "reason": "It prints nothing."})
    report = fix(scene, number, Turn(calls=(failing, respond(text="You are right."))), DONE)
    greet = scene.backlog(BRANCH).features[0]
    assert (greet.status, greet.last_error) == (Status.FAILING, "It prints nothing.")
    assert report.conclusion is Conclusion.PROGRESSED
    assert scene.messages(BRANCH)[0].startswith("fix: address the review")


def test_a_question_about_a_feature_is_known_whatever_becomes_of_the_branch(scene: Scene) -> None:
    scene.begin(draft("Greet", check=None), draft("Part"))
    scene.script(build(1, "greet.py"), DONE)
    scene.run(max_features="1")
    number = scene.pulls()[-1].number
    people.remark(scene.host, number, by="ada", body="In which language?", at=("greet.py", 1))
    ask = Call(name="feature_ask_human", arguments={"id": 1, "question": "In which language?"})
    fix(scene, number, Turn(calls=(ask, respond(text="I ask you."))), DONE)
    assert scene.backlog(BRANCH).features[0].status is Status.NEEDS_HUMAN
    assert [one.question for one in scene.ref.journal if isinstance(one, Asked)] == ["In which language?"]


def test_what_there_is_no_time_to_check_is_named(scene: Scene) -> None:
    number = reviewed(scene)
    scene.run(scene.merge(number))
    scene.script(build(2, "part.py"), DONE)
    scene.run()
    second = scene.pulls()[-1].number
    people.remark(scene.host, second, by="ada", body="Rename this.")

    def slow(_folder: Path) -> int:
        scene.clock.advance(1_000)
        return 0

    scene.checks.results = {"test part": slow}
    report = fix(scene, second, Turn(work=write("part.py", "Better.\n")), DONE)
    assert "These were not checked again: F1; there was no time left." in report.reason
    assert scene.backlog("autocoder/root/session-2").passing == {1, 2}


def test_a_command_of_the_project_that_fails_on_the_result_is_told(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    scene.remote.commit("main", {".github/autocoder.yml": b"verify: [{name: lint, run: lint}, {name: ok, run: ok}]\n"})
    scene.checks.results = {"lint": 1}
    report = fix(scene, number, Turn(work=write("greet.py", "Better.\n"), calls=(respond(),)), DONE)
    assert report.conclusion is Conclusion.PROGRESSED
    assert "`verify:` lint fails on the result." in report.reason
    assert "lint fails on the result." in scene.pulls()[0].body
    assert scene.backlog(BRANCH).passing == {1}
