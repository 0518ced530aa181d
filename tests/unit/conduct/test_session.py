"""What a session comes to: checkpoints, the branch, and what a run claims about both."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.feature import CheckProof
from autocoder_action.backlog.journal import Booked, Settled
from autocoder_action.backlog.ledger import ledger
from autocoder_action.errors import UpstreamError
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import ScriptedAgent, Turn
from tests.unit.conduct.scene import DONE, SECRET, Fuse, Scene, build, call, draft, plan, sealed, write

BRANCH = "autocoder/root/session-1"


def told(scene: Scene) -> str:
    """Return the last thing that the agent was told."""
    return scene.agent.replies[-1].text


def settled(scene: Scene) -> Settled:
    return [one for one in scene.ref.journal if isinstance(one, Settled)][-1]


def test_a_session_proves_features_one_commit_each_and_opens_one_pull_request(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1, note="Says hello."), build(2), DONE)
    report = scene.run()
    assert (report.conclusion, report.exit_code) == (Conclusion.COMPLETE, 0)
    assert [text.splitlines()[0] for text in scene.messages(BRANCH)] == ["feat: Part", "feat: Greet"]
    assert scene.backlog(BRANCH).passing == {1, 2}
    (pull,) = scene.pulls()
    assert report.pull
    assert report.pull.number == pull.number
    assert "| F1 | Greet |" in pull.body
    assert settled(scene).pull == pull.number
    assert "f1.txt" not in scene.remote.content("main"), "base changes by a merge alone"


def test_what_is_proved_is_what_was_pushed(scene: Scene) -> None:
    seen: list[list[str]] = []

    def listing(folder: Path) -> int:
        seen.append(sorted(path.name for path in folder.iterdir()))
        return 0

    scene.begin()
    scene.checks.results = {"make test": listing}
    scene.script(build(1), Turn(work=write("later.txt")), DONE)
    scene.run()
    assert seen[0] == ["f1.txt", "prompts"], "a clean checkout without the generated files"
    assert seen[1:] == [["f1.txt", "later.txt", "prompts"]], "and once more with what came later"
    proof = scene.backlog(BRANCH).features[0].proof
    assert isinstance(proof, CheckProof)
    assert set(scene.remote.trees[proof.tree]) == {"f1.txt", "prompts/app_spec.txt"}


def test_work_in_progress_is_kept_apart_and_called_so(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), Turn(work=write("later.txt")), DONE)
    report = scene.run()
    assert scene.messages(BRANCH)[0].startswith("chore: keep work in progress")
    assert report.outcome
    assert report.outcome.unfinished
    assert report.outcome.commits[-1] == scene.remote.heads[BRANCH]
    assert "holds work in progress" in scene.pulls()[0].body


def test_a_failing_check_is_told_to_the_agent_and_proves_nothing(scene: Scene) -> None:
    scene.begin()
    scene.checks.results = {"make test": (2, "AssertionError: no greeting")}
    scene.script(build(1), DONE)
    report = scene.run()
    assert "exit code 2" in told(scene)
    assert "AssertionError: no greeting" in told(scene)
    assert (report.conclusion, report.exit_code) == (Conclusion.NO_PROGRESS, 1)
    assert not scene.backlog(BRANCH).passing
    assert ledger(scene.ref.journal)[-1].attempted == ("greet",), "the agent never came to the second"


def test_every_check_run_of_a_session_is_kept_with_the_backlog(scene: Scene) -> None:
    endings = iter([2, 0, 0])

    def flaky(_: Path) -> int:
        return next(endings)

    scene.begin()
    scene.checks.results = {"make test": flaky}
    scene.script(build(1), build(1), DONE)
    scene.run()
    greet = scene.backlog(BRANCH).features[0]
    assert [(one.command, one.exit_code, one.session) for one in greet.evidence] == [
        ("make test", 2, "session-1"),
        ("make test", 0, "session-1"),
    ]
    assert isinstance(greet.proof, CheckProof)
    assert greet.evidence[-1].tree == greet.proof.tree


def test_a_failed_check_run_is_kept_with_the_work_without_what_is_secret_in_its_output(scene: Scene) -> None:
    scene.begin()
    scene.checks.results = {"make test": (2, f"key {SECRET}\nAssertionError: no greeting")}
    scene.script(build(1), DONE)
    scene.run()
    (seen,) = scene.backlog(BRANCH).features[0].evidence
    assert (seen.exit_code, seen.output) == (2, "key ***\nAssertionError: no greeting")


def test_a_failed_check_run_alone_is_no_reason_for_a_branch(scene: Scene) -> None:
    scene.begin()
    scene.checks.results = {"make test": (2, "no greeting")}
    scene.script(Turn(calls=(call("mark_passing", id=1),)), DONE)
    scene.run()
    assert list(scene.remote.heads) == ["main"]


def test_a_check_whose_time_is_over_proves_nothing(scene: Scene) -> None:
    scene.begin()
    scene.checks.results = {"make test": None}
    scene.script(build(1), DONE)
    assert scene.run().conclusion is Conclusion.NO_PROGRESS
    assert "ran out of time" in told(scene)


def test_a_session_that_changed_nothing_leaves_no_branch_however_often(scene: Scene) -> None:
    scene.begin()
    for _ in range(3):
        scene.script(DONE)
        report = scene.run()
        assert report.conclusion is Conclusion.NO_PROGRESS
        assert list(scene.remote.heads) == ["main"], "attempts are the journal's, and no reason for a pull request"
        assert not scene.pulls()


def test_features_that_take_turns_in_failing_are_counted(scene: Scene) -> None:
    scene.begin()
    scene.script(Turn(calls=(call("mark_failing", id=2, reason="No parts."),)), DONE)
    scene.run()
    scene.script(build(1), DONE)
    scene.run(scene.command())
    part = scene.backlog(BRANCH).get(2)
    assert part
    assert part.attempts == 1, "the first session's; the second's is settled after its last commit"


def test_a_check_that_succeeds_without_the_work_proves_nothing(scene: Scene) -> None:
    scene.begin(draft("Greet", check=None))
    scene.script(build(1, check="true"), DONE)
    report = scene.run()
    assert "succeeds without your work" in told(scene)
    assert report.outcome
    assert not report.outcome.proved


def test_the_check_that_base_holds_wins_over_the_agents(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1, check="true"), DONE)
    scene.run()
    assert {one.command for one in scene.checks.ran} == {"make test"}


@pytest.mark.parametrize("path", ["features.db", "FEATURES.md", "claude-progress.txt"])
def test_a_generated_file_that_the_agent_makes_a_folder_is_refused(scene: Scene, path: str) -> None:
    def replace_it(folder: Path) -> None:
        (folder / path).unlink(missing_ok=True)
        write(f"{path}/inside.txt")(folder)

    scene.begin()
    scene.script(Turn(work=replace_it, calls=(call("mark_passing", id=1),)), DONE)
    report = scene.run()
    assert f"{path}/inside.txt" in told(scene)
    assert report.conclusion is Conclusion.NO_PROGRESS
    assert list(scene.remote.heads) == ["main"]


def test_a_project_folder_that_the_agent_deletes_fails_its_check(scene: Scene) -> None:
    scene.begin()
    files = {"apps/web/features.db": scene.remote.content("main")["features.db"], "features.db": None}
    scene.remote.commit("main", {**files, "apps/web/prompts/app_spec.txt": b"A greeting service."})
    scene.inputs["project_path"] = "apps/web"

    def wipe(folder: Path) -> None:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    scene.script(Turn(work=wipe, calls=(call("mark_passing", id=1),)), DONE)
    assert scene.run().conclusion is Conclusion.NO_PROGRESS


def test_a_branch_that_a_rule_protects_is_told_to_the_agent_and_to_people(scene: Scene) -> None:
    scene.begin()
    scene.remote.refusal = "GH013: Repository rule violations found"
    scene.script(build(1), DONE)
    report = scene.run()
    assert "GH013" in told(scene)
    assert report.conclusion is Conclusion.BLOCKED
    assert "GH013" in report.reason
    assert report.outcome
    assert not report.outcome.proved
    assert not report.outcome.backlog.passing, "a run claims nothing that is not on the remote"
    assert list(scene.remote.heads) == ["main"]
    assert not scene.pulls()


def test_a_rule_that_comes_after_the_first_feature_is_not_hidden_by_it(scene: Scene) -> None:
    def protect(folder: Path) -> None:
        scene.remote.refusal = "GH013: frozen"
        write("later.txt")(folder)

    scene.begin()
    scene.script(build(1), Turn(work=protect, calls=(call("skip", id=2, kind="external", reason="No key."),)), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.PROGRESSED
    assert "GH013: frozen" in report.reason
    assert report.outcome
    assert report.outcome.commits[-1] == scene.remote.heads[BRANCH]
    assert report.outcome.backlog.features == scene.backlog(BRANCH).features, "the skip is not on the remote"
    assert not report.outcome.unfinished


def somebody_pushes(scene: Scene) -> Callable[[Path], object]:
    def work(folder: Path) -> None:
        scene.remote.commit(BRANCH, {"NOTES.md": b"Mine.\n"})
        write("f2.txt")(folder)

    return work


def test_what_somebody_pushed_meanwhile_is_combined_and_checked_again(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), Turn(work=somebody_pushes(scene), calls=(call("mark_passing", id=2),)), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.COMPLETE
    content = scene.remote.content(BRANCH)
    assert {"NOTES.md", "f1.txt", "f2.txt"} < set(content)
    proof = scene.backlog(BRANCH).features[1].proof
    assert isinstance(proof, CheckProof)
    assert "NOTES.md" in scene.remote.trees[proof.tree]


def test_what_somebody_changed_in_the_backlog_survives_a_check_that_fails_after_it(scene: Scene) -> None:
    endings = iter([0, 0, 1, 0])

    def reprioritise(folder: Path) -> None:
        theirs = scene.backlog(BRANCH)
        scene.put(theirs.put(theirs.features[1].replace(priority=77)), BRANCH)
        write("f2.txt")(folder)

    scene.begin()
    scene.checks.results = {"make test": lambda _: next(endings)}
    scene.script(build(1), Turn(work=reprioritise, calls=(call("mark_passing", id=2),)), DONE)
    scene.run()
    assert "exit code 1" in told(scene)
    part = scene.backlog(BRANCH).features[1]
    assert part.priority == 77
    assert [one.exit_code for one in part.evidence] == [0, 1], "the first run was on a head that was not the last"


def test_work_in_progress_survives_what_somebody_pushed_meanwhile(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), Turn(work=somebody_pushes(scene)), DONE)
    report = scene.run()
    assert {"NOTES.md", "f2.txt"} < set(scene.remote.content(BRANCH))
    assert report.outcome
    assert report.outcome.unfinished


def test_a_branch_that_somebody_made_under_our_name_is_built_upon(scene: Scene) -> None:
    def take_the_name(folder: Path) -> None:
        scene.remote.heads[BRANCH] = scene.remote.heads["main"]
        scene.remote.commit(BRANCH, {"NOTES.md": b"Mine.\n"})
        write("f1.txt")(folder)

    scene.begin()
    scene.script(Turn(work=take_the_name, calls=(call("mark_passing", id=1),)), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.PROGRESSED
    assert {"NOTES.md", "f1.txt"} < set(scene.remote.content(BRANCH))


def test_a_branch_that_somebody_deletes_meanwhile_stays_deleted(scene: Scene) -> None:
    def delete(folder: Path) -> None:
        del scene.remote.heads[BRANCH]
        write("f2.txt")(folder)

    scene.begin()
    scene.script(build(1), Turn(work=delete, calls=(call("mark_passing", id=2),)), DONE)
    report = scene.run()
    assert BRANCH not in scene.remote.heads
    assert report.conclusion is Conclusion.BLOCKED
    assert "moved to" in report.reason or "is gone" in report.reason
    assert not report.pull


def test_changes_of_the_same_file_are_the_agents_to_solve(scene: Scene) -> None:
    def differently(folder: Path) -> None:
        scene.remote.commit(BRANCH, {"f2.txt": b"Theirs.\n"})
        write("f2.txt", "Ours.\n")(folder)

    scene.begin()
    scene.script(build(1), Turn(work=differently, calls=(call("mark_passing", id=2),)), DONE)
    report = scene.run()
    assert "Somebody else pushed other changes of f2.txt" in told(scene)
    assert scene.remote.content(BRANCH)["f2.txt"] == b"Theirs.\n"
    assert report.conclusion is Conclusion.PROGRESSED


def test_a_push_that_the_host_does_not_answer_is_tried_again_at_the_end(scene: Scene) -> None:
    scene.begin()
    scene.fuse = Fuse(at=1, only="push")
    scene.script(build(1), DONE)
    report = scene.run()
    assert "could not be saved" in told(scene)
    assert "f1.txt" in scene.remote.content(BRANCH), "as work in progress"
    assert report.outcome
    assert not report.outcome.proved
    assert settled(scene).cost_micro == 20_000, "what was used is known, so no whole cap is booked"


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


def test_a_command_goes_on_in_the_same_branch_with_base_merged_in(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    first = scene.run(max_features="1")
    assert first.pull
    scene.remote.commit("main", {"LICENSE": b"Free."})
    scene.script(build(2), DONE)
    second = scene.run(scene.command(on=first.pull.number))
    assert second.pull
    assert second.pull.number == first.pull.number
    assert {"LICENSE", "f1.txt", "f2.txt"} < set(scene.remote.content(BRANCH))
    body = scene.pulls()[0].body
    assert "| F1 | Greet |" in body
    assert "| F2 | Part |" in body


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


def test_two_plans_that_meet_do_not_become_one(scene: Scene) -> None:
    def somebody_plans(_folder: Path) -> None:
        scene.remote.heads[BRANCH] = scene.remote.heads["main"]
        scene.put(sealed(draft("Theirs")), BRANCH)

    scene.script(Turn(work=somebody_plans), plan("Ours"), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.BLOCKED
    assert "did not take the work" in report.reason
    assert [one.name for one in scene.backlog(BRANCH).features] == ["Theirs"]


def test_what_somebody_changed_in_the_backlog_meanwhile_is_merged(scene: Scene) -> None:
    def somebody_decides(folder: Path) -> None:
        held = scene.backlog(BRANCH)
        third = held.features[2]
        scene.put(held.put(third.replace(priority=9, updated_at=third.updated_at + 1)), BRANCH)
        write("f2.txt")(folder)

    scene.begin(draft("One"), draft("Two"), draft("Three"))
    scene.script(build(1), Turn(work=somebody_decides, calls=(call("mark_passing", id=2),)), DONE)
    report = scene.run()
    held = scene.backlog(BRANCH)
    assert held.passing == {1, 2}
    assert held.features[2].priority == 9
    assert report.outcome
    assert report.outcome.backlog.features == held.features
