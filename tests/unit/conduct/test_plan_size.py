"""A plan is held to what was agreed on, within its session, and is taken whole or not at all."""

from dataclasses import replace

import pytest

from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.report.report import Report
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, call, plan, write

BRANCH = "autocoder/root/session-1"


def part(*names: str, more: bool) -> Turn:
    """Return a turn that hands over a part of a plan."""
    (bulk,) = plan(*names).calls
    return Turn(say="A part.", calls=(replace(bulk, arguments={**bulk.arguments, "more": more}),))


def ask(scene: Scene, count: str, *turns: Turn, words: str = "") -> Report:
    """Have a plan made where so many features are agreed."""
    scene.remote.commit("main", {".github/autocoder.yml": f"features: {{count: {count}}}\n".encode()})
    scene.script(*turns, DONE)
    return scene.run(scene.command(words) if words else None)


@pytest.mark.parametrize("count", ["2-3", "'2 - 3'", "{min: 2, max: 3}"])
def test_fewer_or_more_than_agreed_are_refused_until_the_agent_mends_it(scene: Scene, count: str) -> None:
    turns = (plan("A"), plan("A", "B", "C", "D"), plan("A", "B"))
    assert ask(scene, count, *turns).conclusion is Conclusion.PROGRESSED
    assert "Between 2 and 3 features" in scene.agent.briefs[0].prompt
    few, many, fit = scene.agent.replies
    assert few.text.startswith("That would make 1 features, and at least 2 are agreed. Nothing was changed;")
    assert "with 1 more" in few.text
    assert "at most 3 are possible" in many.text
    assert not fit.failed
    assert [one.name for one in scene.backlog(BRANCH).features] == ["A", "B"]


def test_one_number_is_exactly_that_many(scene: Scene) -> None:
    ask(scene, "2", plan("A"), plan("A", "B", "C"), plan("A", "B"))
    assert [one.failed for one in scene.agent.replies] == [True, True, False]


def test_a_long_set_may_come_in_parts_and_the_last_one_completes_it(scene: Scene) -> None:
    turns = (part("A", "B", more=True), part("C", more=False), part("C", "D", more=False))
    assert ask(scene, "4-5", *turns).conclusion is Conclusion.PROGRESSED
    assert [one.failed for one in scene.agent.replies] == [False, True, False]
    assert [one.name for one in scene.backlog(BRANCH).features] == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("turns", "why"),
    [
        ((plan("A"),), "was refused, and it handed over no other: That would make 1 features, and at least 4"),
        ((part("A", "B", "C", "D", more=True),), "The plan was cut short: 4 features came, and more were announced."),
        ((), "The agent ended without handing over a plan; nothing was written."),
        ((Turn(calls=(call("create_bulk", features=[]),)),), "was refused, and it handed over no other: "),
    ],
)
def test_an_empty_or_cut_short_set_is_an_error_and_nothing_is_written(
    scene: Scene, turns: tuple[Turn, ...], why: str
) -> None:
    report = ask(scene, "4-5", *turns)
    assert report.conclusion is Conclusion.ERROR
    assert why in report.reason
    assert "othing was written" in report.reason
    assert BRANCH not in scene.remote.heads


def test_a_command_that_says_less_than_agreed_wins(scene: Scene) -> None:
    ask(scene, "3-5", plan("A", "B", "C"), plan("A", "B"), words="/autocoder init --features 2")
    assert "Between 2 and 2 features" in scene.agent.briefs[0].prompt
    assert [one.failed for one in scene.agent.replies] == [True, False]


def test_a_command_within_what_is_agreed_bounds_it(scene: Scene) -> None:
    ask(scene, "1-5", plan("A", "B", "C"), plan("A"), words="/autocoder init --features 2")
    assert "Between 1 and 2 features" in scene.agent.briefs[0].prompt
    assert [one.failed for one in scene.agent.replies] == [True, False]


def test_the_folder_that_the_agent_prepared_comes_with_the_plan(scene: Scene) -> None:
    scene.script(Turn(work=write("init.sh", "echo ready\n")), plan("A"), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.PROGRESSED
    assert scene.remote.content(BRANCH)["init.sh"] == b"echo ready\n"
    assert len(scene.messages(BRANCH)) == 1


def test_a_folder_that_may_not_be_taken_costs_no_plan(scene: Scene) -> None:
    scene.script(Turn(work=write(".github/workflows/x.yml")), plan("A"), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.PROGRESSED
    assert any(one.startswith("What the agent prepared beside the plan is not kept: ") for one in report.notes)
    assert ".github/workflows/x.yml" not in scene.remote.content(BRANCH)
    assert len(scene.backlog(BRANCH).features) == 1


def test_a_plan_that_grows_changes_no_file(scene: Scene) -> None:
    scene.begin()
    scene.script(Turn(work=write("x.txt")), plan("A"), DONE)
    scene.run(scene.command("/autocoder init --again"))
    assert "x.txt" not in scene.remote.content(BRANCH)


def test_where_there_is_code_already_the_plan_is_asked_for_what_is_missing_and_the_code_is_left_alone(
    scene: Scene,
) -> None:
    seen = list[str]()
    scene.remote.commit("main", {"greet.py": b"print('hello')\n"})
    scene.script(
        Turn(work=lambda folder: seen.append((folder / "greet.py").read_text())),
        Turn(work=write("notes.txt")),
        plan("Part"),
        DONE,
    )
    assert scene.run().conclusion is Conclusion.PROGRESSED
    (brief,) = scene.agent.briefs
    assert "features describe what is missing, never what is there" in brief.prompt
    assert "Where it holds an application already, leave that as it is." in brief.prompt
    assert seen == ["print('hello')\n"]
    assert scene.remote.content(BRANCH)["greet.py"] == b"print('hello')\n"
