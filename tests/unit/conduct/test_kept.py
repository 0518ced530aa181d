"""What is kept of a session, and what the next one is told of it, whatever got lost on the way."""

from collections.abc import Callable

import pytest

from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.journal import Settled
from autocoder_action.backlog.ledger import only
from autocoder_action.errors import UpstreamError
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.facts import Rejected
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.fakes.workspace import FakeWorkspace
from tests.unit.conduct.scene import DONE, Scene, build, draft, write

BRANCH = "autocoder/root/session-1"


def lose_the_first_answer(monkeypatch: pytest.MonkeyPatch, then: Callable[[], object] = bool) -> None:
    """Have the first push arrive, and nobody learn of it."""
    push, lost = FakeWorkspace.push, list[int]()

    def once(workspace: FakeWorkspace, branch: str, commit: str, *, expected: str | None) -> Rejected | None:
        answer = push(workspace, branch, commit, expected=expected)
        if not lost:
            lost.append(1)
            then()
            raise UpstreamError("The remote cannot be reached.", remedy="Run again.")
        return answer

    monkeypatch.setattr(FakeWorkspace, "push", once)


@pytest.mark.parametrize("stops", [False, True])
@pytest.mark.parametrize("delivery", ["pull_request", "push"])
def test_a_checkpoint_whose_answer_was_lost_counts_when_it_is_found_on_the_remote(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, delivery: str, *, stops: bool
) -> None:
    def stop() -> None:
        if stops:
            scene.stopped = True
            scene.agent.cancel()

    lose_the_first_answer(monkeypatch, stop)
    scene.begin()
    scene.script(build(1), DONE)
    report = scene.run(delivery=delivery)
    assert report.conclusion is (Conclusion.CANCELLED if stops else Conclusion.PROGRESSED)
    assert [one.status for one in scene.backlog(BRANCH if delivery != "push" else "main").features] == [
        Status.PASSING,
        Status.PENDING,
    ]
    assert only(scene.ref.journal, Settled)[-1].passed == ("greet",)
    assert report.outcome
    (proved,) = report.outcome.proved
    assert scene.remote.commits[proved.commit].message.startswith("feat: Greet")


def test_an_agent_that_asks_again_after_a_lost_answer_is_told_that_its_feature_passes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_the_first_answer(monkeypatch)
    scene.begin()
    scene.script(build(1), build(1), DONE)
    report = scene.run()
    assert [one.failed for one in scene.agent.replies] == [True, False]
    assert scene.backlog(BRANCH).features[0].status is Status.PASSING
    assert report.outcome
    assert [one.feature for one in report.outcome.proved] == [1]


def test_the_next_agent_is_told_of_kept_work_though_another_commit_lies_on_top(scene: Scene) -> None:
    scene.begin(draft("Greet", check="check greet"), draft("Part"))
    scene.checks.results = {"check greet": lambda folder: 0 if (folder / "f1.txt").read_text() == "Done.\n" else 1}
    scene.script(build(1), Turn(work=write("f1.txt", "Half.\n")), Ending.TIMEOUT)
    scene.run()
    on_top, kept = scene.messages(BRANCH)[:2]
    assert (on_top[:16], kept[:16]) == ("chore: take back", "chore: keep work")
    commit = only(scene.ref.journal, Settled)[-1].kept
    assert commit
    assert scene.remote.commits[commit].message == kept
    scene.script(DONE)
    scene.run()
    assert f"its work in progress is commit {commit[:10]}, which is in this folder" in scene.agent.briefs[-1].prompt


def test_the_next_agent_is_not_sent_to_an_older_session_s_work(scene: Scene) -> None:
    scene.begin()
    scene.script(Turn(work=write("half.txt")), Ending.TIMEOUT)
    scene.run()
    scene.script(Turn(work=write(".github/mine.yml")), Ending.CANCELLED)
    scene.run()
    assert only(scene.ref.journal, Settled)[-1].kept == ""
    scene.script(DONE)
    scene.run()
    assert "its work in progress is not kept" in scene.agent.briefs[-1].prompt


def test_work_that_may_not_be_kept_is_named_in_the_summary(scene: Scene) -> None:
    scene.begin()
    scene.script(Turn(work=write(".github/mine.yml")), Ending.TIMEOUT)
    why = "Work in progress is not kept: .github/mine.yml belongs to the maintainers: undo that change."
    assert why in scene.run().notes
