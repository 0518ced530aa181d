"""A plan that is looked at again: it only grows, in a pull request that shows what is new, approved by its merge."""

import hashlib

import pytest

from autocoder_action.backlog.feature import Status
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.report.report import Report
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, build, call, draft, plan

BRANCH = "autocoder/root/session-1"
SPEC = b"A greeting service that waves, too."


def ask(scene: Scene, *turns: Turn | Ending, words: str = "/autocoder init --again") -> Report:
    """Have an agent look at the plan again."""
    scene.script(*turns, DONE)
    return scene.run(scene.command(words))


def begun(scene: Scene) -> None:
    """Put a plan on base, and then another spec."""
    scene.begin(draft("Greet"), draft("Part", "Greet"))
    scene.remote.commit("main", {"prompts/app_spec.txt": SPEC})


def test_what_the_plan_lacks_arrives_in_a_pull_request_that_shows_only_what_is_new(scene: Scene) -> None:
    begun(scene)
    report = ask(scene, plan("Wave"))
    assert (report.conclusion, report.reason) == (Conclusion.PROGRESSED, "The plan lacked 1 feature.")
    prompt = scene.agent.briefs[0].prompt
    assert "Between 0 and 60 features" in prompt
    assert "- F1 Greet (pending): Greets." in prompt
    (pull,) = scene.pulls()
    assert pull.title == "session-1: the plan grows by 1"
    assert "**1 new feature**, made from `prompts/app_spec.txt`" in pull.body
    assert "| F3 | Wave |" in pull.body
    assert "F1" not in pull.body
    assert scene.messages(BRANCH)[0].startswith("chore(plan): add 1 features from prompts/app_spec.txt")
    grown = scene.backlog(BRANCH)
    assert [one.name for one in grown.features] == ["Greet", "Part", "Wave"]
    assert grown.initialized == hashlib.sha256(SPEC).hexdigest()
    assert grown.features[:2] == scene.backlog().features


def test_only_its_merge_approves_it(scene: Scene) -> None:
    begun(scene)
    number = ask(scene, plan("Wave")).pull
    assert number
    waiting = scene.run(scene.command())
    assert (
        waiting.reason
        == f"The plan waits for approval in pull request #{number.number}; its merge is what approves it."
    )

    scene.run(scene.merge(number.number))
    scene.script(build(3), DONE)
    report = scene.run(scene.command("/autocoder continue F3"))
    assert report.outcome
    assert report.outcome.plan.features[0] == 3


@pytest.mark.parametrize(
    "turn",
    [
        Turn(calls=(call("update", id=1, description="Greets loudly."),)),
        Turn(calls=(call("set_dependencies", id=2, depends_on=[]),)),
        plan("Greet", "Wave"),
    ],
)
def test_the_words_of_what_is_planned_already_stay(scene: Scene, turn: Turn) -> None:
    begun(scene)
    scene.put(scene.backlog().put(scene.backlog().features[0].replace(description="Greets people.")))
    before = scene.backlog()
    report = ask(scene, turn)
    (reply,) = scene.agent.replies
    assert reply.failed
    assert "already, with words that stay. Nothing was changed; hand over new features only." in reply.text
    assert (report.conclusion, report.pull) == (Conclusion.SKIPPED, None)
    assert report.reason == "The agent found nothing in the spec that the plan lacks."
    assert scene.backlog() == before
    assert list(scene.remote.heads) == ["main"]


def test_new_features_may_depend_on_old_ones_and_be_changed_in_the_same_session(scene: Scene) -> None:
    begun(scene)
    ask(
        scene,
        plan("Wave"),
        Turn(calls=(call("set_dependencies", id=3, depends_on=[2]), call("update", id=3, check="make wave"))),
    )
    wave = scene.backlog(BRANCH).features[2]
    assert (wave.depends_on, wave.check, wave.status) == ((2,), "make wave", Status.PENDING)


def test_the_command_bounds_how_many_there_may_be(scene: Scene) -> None:
    begun(scene)
    ask(scene, plan("Wave", "Bow"), plan("Wave"), words="/autocoder init --again --features 1")
    assert "Between 0 and 1 features" in scene.agent.briefs[0].prompt
    assert [one.failed for one in scene.agent.replies] == [True, False]
    assert "at most 3 are possible" in scene.agent.replies[0].text
    assert len(scene.backlog(BRANCH).features) == 3


def test_a_first_plan_is_bounded_likewise(scene: Scene) -> None:
    ask(scene, plan("Greet", "Wave", "Bow"), plan("Greet", "Wave"), words="/autocoder init --features 2")
    assert "Between 2 and 2 features" in scene.agent.briefs[0].prompt
    assert "There is none yet." in scene.agent.briefs[0].prompt
    assert len(scene.backlog(BRANCH).features) == 2


def test_without_the_word_a_plan_stays_as_it_is(scene: Scene) -> None:
    begun(scene)
    report = ask(scene, words="/autocoder init")
    assert "`/autocoder init --again` proposes what the plan lacks." in report.reason
    assert not scene.agent.briefs


def test_a_session_in_review_comes_first(scene: Scene) -> None:
    begun(scene)
    scene.script(build(1), DONE)
    scene.run()
    report = ask(scene, plan("Wave"))
    assert "session-1 waits for review in pull request #" in report.reason
    assert not scene.agent.briefs


@pytest.mark.parametrize("ending", [Ending.TURNS, Ending.BUDGET, Ending.TIMEOUT])
def test_what_was_handed_over_whole_is_taken_though_the_session_met_a_cap_afterwards(
    scene: Scene, ending: Ending
) -> None:
    begun(scene)
    report = ask(scene, plan("Wave"), ending)
    assert report.conclusion is Conclusion.PROGRESSED
    assert report.reason.startswith("The plan lacked 1 feature. The session used all its ")
    assert [one.name for one in scene.backlog(BRANCH).features] == ["Greet", "Part", "Wave"]


def test_a_session_that_is_cancelled_leaves_the_plan_as_it_is(scene: Scene) -> None:
    begun(scene)
    report = ask(scene, plan("Wave"), Ending.CANCELLED)
    assert report.conclusion is Conclusion.CANCELLED
    assert list(scene.remote.heads) == ["main"]
