"""How a session ends, what it costs then, and what is said of it."""

import pytest

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.journal import Booked
from autocoder_action.errors import UpstreamError
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import ScriptedAgent, Turn
from tests.unit.conduct.scene import DONE, SECRET, Fuse, Scene, build, call, write
from tests.unit.conduct.test_session import BRANCH, settled


def test_a_pull_request_that_the_host_forbids_is_a_note_with_the_link(scene: Scene) -> None:
    scene.begin()
    scene.host.actions_may_open_pulls = False
    scene.script(build(1), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.PROGRESSED
    assert report.pull is None
    assert f"compare/main...{BRANCH}?expand=1" in report.notes[0]
    scene.host.actions_may_open_pulls = True
    waiting = scene.run()
    assert "waits for review in pull request #" in waiting.reason, "asked for again, and now allowed"
    assert len(scene.pulls()) == 1


def test_a_pull_request_opened_later_is_not_opened_again_once_it_was_closed(scene: Scene) -> None:
    scene.begin()
    scene.host.actions_may_open_pulls = False
    scene.script(build(1), DONE)
    scene.run()
    scene.host.actions_may_open_pulls = True
    scene.run()
    scene.host.edit(scene.pulls()[0].number, open=False)
    scene.script(build(1), DONE)
    report = scene.run()
    assert isinstance(report.pull, Pull)
    assert report.pull.branch == "autocoder/root/session-2"
    assert len(scene.pulls()) == 2


@pytest.mark.parametrize(
    ("ending", "conclusion", "code"),
    [
        (Ending.TURNS, Conclusion.BUDGET, 0),
        (Ending.BUDGET, Conclusion.BUDGET, 0),
        (Ending.TIMEOUT, Conclusion.TIMEOUT, 0),
        (Ending.RATE_LIMITED, Conclusion.RATE_LIMITED, 0),
        (Ending.CANCELLED, Conclusion.CANCELLED, 0),
        (Ending.REFUSED, Conclusion.ERROR, 1),
        (Ending.ERROR, Conclusion.ERROR, 1),
    ],
)
def test_an_ending_without_a_proof_is_what_it_is(
    scene: Scene, ending: Ending, conclusion: Conclusion, code: int
) -> None:
    scene.begin()
    scene.script(Turn(say="Hm.", work=write("begun.txt")), ending)
    report = scene.run()
    assert (report.conclusion, report.exit_code) == (conclusion, code)
    assert "begun.txt" in scene.remote.content(BRANCH), "work in progress is kept"
    assert settled(scene).cost_micro == 10_000


def test_money_is_booked_before_the_agent_begins_and_counts_whole_when_it_dies(scene: Scene) -> None:
    class Dead(ScriptedAgent):
        def converse(self, *_args: object, **_named: object) -> object:  # type: ignore[override]  # it never returns
            assert isinstance(scene.ref.journal[0], Booked)
            raise KeyboardInterrupt

    scene.begin()
    scene.agent = Dead(script=[])
    with pytest.raises(KeyboardInterrupt):
        scene.run(max_budget_usd="15")
    scene.script(build(1), build(2), DONE)
    waiting = scene.run()
    assert waiting.conclusion is Conclusion.SKIPPED
    assert "Another run works on what is left" in waiting.reason, "the lease of a dead run ends by itself"
    scene.clock.advance(2 * 3_600)
    scene.run(max_budget_usd="10")
    last = [one for one in scene.ref.journal if isinstance(one, Booked)][-1]
    assert last.cost_micro == 5_000_000, "20 USD a day, of which the dead session counts 15"


def test_a_remote_that_is_gone_before_the_agent_begins_costs_nothing(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    first = scene.run()
    assert first.pull
    scene.remote.commit("main", {"README.md": b"More."})
    scene.script(build(2), DONE)
    scene.fuse = Fuse(at=1, only="push")
    report = scene.run(scene.command(on=first.pull.number))
    assert report.conclusion is Conclusion.BLOCKED
    assert settled(scene).cost_micro == 0
    assert not scene.agent.briefs


def test_a_credential_in_what_the_agent_says_reaches_neither_backlog_nor_commits_nor_issues(scene: Scene) -> None:
    scene.begin()
    scene.script(
        build(1, note=f"The key is {SECRET}."),
        Turn(calls=(call("ask_human", id=2, question="Is ghp_0123456789012345678901234567890123456789 right?"),)),
        Turn(say=f"I used {SECRET}."),
    )
    scene.run()
    held = repr(scene.remote.commits) + repr(scene.remote.blobs) + repr(scene.host.threads) + repr(scene.ref)
    assert SECRET not in held
    assert "ghp_0123456789" not in held


def test_a_note_with_a_credential_is_refused_and_the_feature_can_pass_without_it(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1, note=f"The key is {SECRET}."), build(1), DONE)
    scene.run()
    assert scene.agent.replies[0].failed
    assert "credential" in scene.agent.replies[0].text
    assert scene.backlog(BRANCH).passing == {1}


def test_an_installation_that_fails_costs_nothing_and_demotes_nothing(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {"go.mod": b"module app"})
    scene.checks.results = {"go mod download": (1, "no network\n\n")}
    scene.script(build(1), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.BLOCKED
    assert "no network" in report.reason
    assert not scene.agent.briefs
    assert settled(scene).attempted == ()


def test_setup_runs_as_root_on_base_alone(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"setup: apt-get install jq\n"})
    scene.script(build(1), DONE)
    scene.run()
    assert [(one.command, one.root) for one in scene.checks.ran] == [
        ("apt-get install jq", True),
        ("make test", False),
        ("make test", False),
    ]


def test_a_service_that_fails_while_nothing_is_begun_raises(scene: Scene) -> None:
    scene.begin()
    scene.fuse = Fuse(at=1)
    with pytest.raises(UpstreamError):
        scene.run()
    assert not scene.ref.journal
