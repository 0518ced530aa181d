"""The main job: an application built from its spec by consecutive workflow runs."""

import json
from pathlib import Path

from autocoder_action.backlog.feature import CheckProof, Status
from autocoder_action.backlog.journal import Booked, Settled
from sandbox.demo import policy, spec_text
from sandbox.stage import KEY, Stage
from tests.e2e.conftest import MakeStage
from tests.e2e.reading import backlog, branches, git, issues, journal, tree_without


def approve(stage: Stage, number: int) -> None:
    """Merge the plan, which brings the issues, and asks no model."""
    requests = len(stage.model.requests) if stage.model else 0
    merged = stage.merge(number).last
    assert merged.exit_code == 0, merged.log
    assert stage.model
    assert len(stage.model.requests) == requests, "a merge's own event needs no model"
    assert len(issues(stage.repo)) == 11
    assert set(issues(stage.repo).values()) == {"open"}


def test_a_spec_becomes_an_application_by_consecutive_workflow_runs(make_stage: MakeStage) -> None:
    stage = make_stage(policy, content={"prompts/app_spec.txt": spec_text()})
    stage.how = "process"  # as users start it; the other stories' runs are forked, which is the same and sooner there
    repo = stage.repo

    planned = stage.schedule().last
    assert planned.exit_code == 0, planned.log
    assert (planned.outputs["conclusion"], planned.outputs["features_total"]) == ("progressed", "10")
    plan = repo.pulls()[-1]
    assert plan.pull
    assert plan.pull.head_ref == "autocoder/root/session-1"
    assert issues(repo) == {"autocoder: progress": "open"}, "issues come when the plan is on base"

    approve(stage, plan.number)
    tracking = next(one.number for one in repo.issues.values() if one.title == "autocoder: progress")
    built = stage.comment(tracking, "/autocoder continue").last
    assert built.exit_code == 0, built.log
    assert built.outputs["session_id"] == "session-2"
    assert built.outputs["commit"] == git(repo, "rev-parse", "autocoder/root/session-2").strip()
    assert int(built.outputs["turns"]) > 5
    assert float(built.outputs["cost_usd"]) > 0
    comment = repo.issue(tracking).comments[0]
    assert {one.content for one in comment.reactions} == {"eyes", "rocket"}
    assert f"#{built.outputs['pull_request']}" in repo.issue(tracking).comments[1].body

    stage.merge(int(built.outputs["pull_request"]))
    assert sorted(issues(repo).values()).count("closed") == 2

    again = stage.schedule().last
    assert again.exit_code == 0, again.log
    assert again.outputs["session_id"] == "session-3"
    stage.merge(int(again.outputs["pull_request"]))

    final = backlog(repo)
    passing = [one for one in final.features if one.status is Status.PASSING]
    assert [one.id for one in passing] == [1, 2, 3, 4]
    assert all(isinstance(one.proof, CheckProof) and one.proof.exit_code == 0 for one in passing)
    assert KEY not in planned.log + built.log + again.log


def test_a_session_is_booked_settled_and_told_and_a_feature_is_one_commit_of_its_checked_tree(
    make_stage: MakeStage,
) -> None:
    stage = make_stage(policy, content={"prompts/app_spec.txt": spec_text()})
    run = stage.schedule(max_budget_usd="3").last
    transcript = Path(run.outputs["transcript"])
    assert sorted(one.name for one in transcript.iterdir()) == ["root-session-1.jsonl", "root-session-1.md"]
    kept = [json.loads(line) for line in (transcript / "root-session-1.jsonl").read_text().splitlines()]
    assert {"session", "prompt", "tool", "result", "end"} <= {one["kind"] for one in kept}
    assert KEY not in "".join(one.read_text() for one in transcript.iterdir())
    booked = next(one for one in journal(stage.repo) if isinstance(one, Booked))
    settled = [one for one in journal(stage.repo) if isinstance(one, Settled)][-1]
    assert booked.n < settled.n
    assert booked.cost_micro == 3_000_000
    assert f"{settled.cost_micro / 1e6:.6f}" == run.outputs["cost_usd"]
    assert settled.pull == int(run.outputs["pull_request"])
    assert "autocoder/root/session-1" in branches(stage.repo)

    stage.merge(int(run.outputs["pull_request"]))
    stage.schedule()
    commits = git(stage.repo, "log", "--format=%H %s", "main..autocoder/root/session-2").splitlines()
    assert [line.partition(" ")[2] for line in reversed(commits)] == ["feat: Add a bookmark", "feat: List bookmarks"]
    last = commits[0].split()[0]
    proof = backlog(stage.repo, last).features[1].proof
    assert isinstance(proof, CheckProof)
    assert proof.tree == tree_without(stage.repo, last, "features.db", "FEATURES.md", "claude-progress.txt")
    assert "Autocoder-Check: python3 -m unittest tests.test_list -v" in git(stage.repo, "log", "-1", last)
