"""Who may command, what the gate answers by itself, and what it turns away."""

from collections.abc import Iterable

from sandbox.demo import policy, spec_text
from sandbox.github.state import Reaction
from sandbox.model.policies import say, script
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import branches, feature


def contents(reactions: Iterable[Reaction]) -> set[str]:
    return {one.content for one in reactions}


def test_a_strangers_command_gets_a_thumb_down_and_nothing_else(make_stage: MakeStage) -> None:
    stage = make_stage(say("No."), content=files(planned()))
    number = stage.repo.open_issue(by="stranger", title="Hi").number
    run = stage.comment(number, "/autocoder continue", by="stranger")
    assert run.session is None
    assert run.gate.exit_code == 0
    assert "stranger has no write access" in run.gate.outputs["reason"]
    (comment,) = stage.repo.issue(number).comments
    assert contents(comment.reactions) == {"-1"}
    assert branches(stage.repo) == ["main"]


def test_a_command_that_cannot_be_read_is_answered_with_the_nearest_one(make_stage: MakeStage) -> None:
    stage = make_stage(say("No."), content=files(planned()))
    number = stage.repo.open_issue(by="maintainer", title="Build").number
    run = stage.comment(number, "/autocoder contineu")
    assert run.session is None
    command, reply = stage.repo.issue(number).comments
    assert contents(command.reactions) == {"confused"}
    assert "Did you mean `/autocoder continue`?" in reply.body
    assert reply.author.login == "github-actions[bot]"


def test_a_comment_without_a_command_starts_nothing(make_stage: MakeStage) -> None:
    stage = make_stage(say("No."), content=files(planned()))
    number = stage.repo.open_issue(by="maintainer", title="Build").number
    before = len(stage.hub.requests)
    run = stage.comment(number, "> /autocoder continue\n\nI would not say that.")
    assert run.gate.outputs["reason"] == "The comment holds no command."
    assert len(stage.hub.requests) == before, "not one request"


def test_status_is_answered_by_the_gate_without_a_model(make_stage: MakeStage) -> None:
    stage = make_stage(say("No."), content=files(planned()))
    number = stage.repo.open_issue(by="maintainer", title="Build").number
    run = stage.comment(number, "/autocoder status")
    assert run.session is None
    assert run.gate.exit_code == 0, run.gate.log
    reply = stage.repo.issue(number).comments[-1].body
    assert "0 of 2 features pass" in reply
    assert "Next: F1 Greet, F2 Part" in reply
    assert "Spent today (UTC): 0.00 USD of 20.00 USD" in reply
    assert stage.model
    assert not stage.model.requests


def test_one_job_can_do_both_parts(make_stage: MakeStage) -> None:
    stage = make_stage(script([*feature(1, "echo Hello > greet.txt"), say("Done.")]), content=files(planned()))
    number = stage.repo.open_issue(by="maintainer", title="Build").number
    stage.repo.comment(number, by="maintainer", body="/autocoder continue")
    run = stage.job("session", stage.repo.deliveries[-1], max_features="1")
    assert run.exit_code == 0, run.log
    command, reply = stage.repo.issue(number).comments
    assert contents(command.reactions) == {"eyes", "rocket"}
    assert "session-1" in reply.body
    assert "1 feature proved" in reply.body
    assert run.outputs["pull_request"] != ""


def test_help_shows_every_command(make_stage: MakeStage) -> None:
    stage = make_stage(say("No."))
    number = stage.repo.open_issue(by="maintainer", title="Build").number
    stage.comment(number, "/AutoCoder help")
    reply = stage.repo.issue(number).comments[-1].body
    assert all(f"`/autocoder {name}" in reply for name in ("continue", "init", "status", "sync", "help"))


def test_an_event_that_means_nothing_is_skipped_without_a_request(make_stage: MakeStage) -> None:
    stage = make_stage(say("No."))
    before = len(stage.hub.requests)
    stage.repo.commit({"a.txt": "a"}, by="maintainer", message="A", branch="topic")
    number = stage.repo.open_pull(by="maintainer", head="topic", title="Topic").number
    run = stage.merge(number)
    assert run.session is None
    assert run.gate.outputs["conclusion"] == "skipped"
    assert run.gate.outputs["reason"] == f"Pull request #{number} is not one of ours."
    assert len(stage.hub.requests) == before


def test_a_redelivered_comment_is_not_obeyed_twice_and_a_rerun_is(make_stage: MakeStage) -> None:
    stage = make_stage(say("Nothing to do."), content=files(planned()))
    number = stage.repo.open_issue(by="maintainer", title="Build").number
    stage.repo.comment(number, by="maintainer", body="/autocoder sync")
    event = stage.repo.deliveries[-1]
    first = stage.job("session", event, part="session")
    assert first.outputs["conclusion"] == "progressed"
    second = stage.job("session", event, part="session")
    assert second.outputs["reason"] == "The comment was answered by an earlier run."
    rerun = stage.job("session", event, part="session", run_id=str(first.run_id), attempt="2")
    assert rerun.outputs["reason"] == "The board was up to date."


def test_a_dry_run_prints_the_effects_and_writes_nothing(make_stage: MakeStage) -> None:
    stage = make_stage(say("No."), content=files(planned()))
    sync = stage.schedule(mode="sync", dry_run="true").last
    assert "dry run: would open the issue “F1 Greet”" in sync.log
    session = stage.schedule(dry_run="true").last
    assert "would hold a session that costs at most 5.00 USD" in session.outputs["reason"]
    assert not stage.repo.issues
    assert branches(stage.repo) == ["main"]
    assert {one.method for one in stage.hub.requests if "/api/v3" in one.path} <= {"GET"}
    assert stage.model
    assert not stage.model.requests


def test_a_push_of_the_spec_plans_and_one_of_anything_else_does_nothing(make_stage: MakeStage) -> None:
    stage = make_stage(policy, content={"README.md": "Bookmarks.\n"})
    stage.repo.commit({"README.md": "My bookmarks.\n"}, by="maintainer", message="docs: whose they are")
    other = stage.workflow(stage.repo.deliveries[-1]).last
    assert "The push changes neither the spec nor the configuration." in other.outputs["reason"]
    stage.repo.commit({"prompts/app_spec.txt": spec_text()}, by="maintainer", message="docs: the spec")
    planned_ = stage.workflow(stage.repo.deliveries[-1]).last
    assert planned_.exit_code == 0, planned_.log
    assert (planned_.outputs["conclusion"], planned_.outputs["features_total"]) == ("progressed", "10")
