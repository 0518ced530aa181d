"""Who may start what: the gate, redeliveries and reruns, dry runs, and the answers."""

import re
from dataclasses import replace

import pytest

from autocoder_action.backlog.journal import Answered, Booked
from autocoder_action.errors import BacklogError, ConfigError, UpstreamError
from autocoder_action.intake.commands import parse_comment
from autocoder_action.intake.event import Dispatched, Scheduled
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.report.report import outputs
from tests.fakes.tracker import ALL
from tests.unit.conduct.scene import DONE, SECRET, Fuse, Scene, build, draft


def reactions(scene: Scene) -> list[str]:
    return [content for _, _, content in scene.host.reactions]


def booked(scene: Scene) -> list[Booked]:
    return [one for one in scene.ref.journal if isinstance(one, Booked)]


def test_a_command_is_obeyed_and_answered_in_one_comment(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), build(2), DONE)
    report = scene.run(scene.command())
    assert report.conclusion is Conclusion.COMPLETE
    assert reactions(scene) == ["eyes", "rocket"]
    (reply,) = scene.replies()
    assert "F1 Greet: proved by `make test`" in reply
    assert f"Pull request: #{report.pull and report.pull.number}" in reply


def test_a_writer_is_heard_before_the_repository_is_fetched(scene: Scene) -> None:
    scene.begin()
    scene.run(scene.command("/autocoder pause"), part="gate")
    assert scene.fuse.seen[:4] == ["file", "permission", "react", "repository"]
    assert scene.fuse.seen.count("react") == 1, "not twice, though asked again from the commit that counts"


def test_on_a_pull_request_a_writer_is_heard_before_the_repository_is_fetched(scene: Scene) -> None:
    scene.begin()
    number = scene.host.add_pull(by="ada", branch="main", title="Ours")
    scene.run(replace(scene.command(on=number), on_pull=True), part="gate")
    assert scene.fuse.seen[:5] == ["file", "permission", "pull", "react", "repository"]


def test_who_says_another_prefix_is_heard_as_early(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"command_prefix: /bot\n"})
    scene.run(scene.command("/bot pause"), part="gate")
    assert scene.fuse.seen[:4] == ["file", "permission", "react", "repository"]


def test_nothing_is_shown_before_a_broken_configuration_is_told(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"command_prefix: [\n"})
    with pytest.raises(ConfigError):
        scene.run(scene.command("/autocoder pause"), part="gate")
    assert not reactions(scene)


def test_gate_and_session_share_the_work(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), build(2), DONE)
    event = scene.command()
    gate = scene.run(event, part="gate", run_id=7)
    assert (gate.conclusion, gate.should_continue) == (Conclusion.SKIPPED, True)
    assert outputs(gate, seconds=1)["should_continue"] == "true"
    assert not scene.ref.journal
    session = scene.run(event, part="session", run_id=7)
    assert session.conclusion is Conclusion.COMPLETE
    assert reactions(scene) == ["eyes", "rocket"]
    assert len(scene.replies()) == 1


def test_a_command_that_cannot_be_read_is_answered_once_with_help(scene: Scene) -> None:
    report = scene.run(scene.command("/autocoder contineu"))
    assert report.conclusion is Conclusion.SKIPPED
    assert reactions(scene) == ["confused"]
    assert "Did you mean `/autocoder continue`?" in scene.replies()[0]
    scene.run(scene.command("/autocoder contineu"), part="session")
    assert len(scene.replies()) == 1


def test_two_commands_that_hold_a_session_are_answered_with_the_reason(scene: Scene) -> None:
    scene.run(scene.command("/autocoder continue\n\n/autocoder init"))
    assert "Only one command of a comment may hold a session" in scene.replies()[0]
    assert not booked(scene)


@pytest.mark.parametrize("body", ["/autocoder " + "x" * 65_000, "/autocoder no\n" * 5_000])
def test_a_huge_comment_has_an_answer_that_the_host_takes(scene: Scene, body: str) -> None:
    scene.run(scene.command(body))
    assert len(scene.replies()[0]) < 3_000


def test_help_needs_nothing_but_the_configuration(scene: Scene) -> None:
    report = scene.run(scene.command("/autocoder help"))
    assert report.conclusion is Conclusion.SKIPPED
    assert "| `/autocoder continue [#N …]" in scene.replies()[0]
    assert set(scene.fuse.seen) == {
        "file", "repository", "base", "permission", "comments", "react", "create_comment"
    }  # fmt: skip


def test_status_is_free_and_answered_by_the_gate_alone(scene: Scene) -> None:
    scene.begin()
    event = scene.command("/autocoder status")
    gate = scene.run(event, part="gate", run_id=7)
    assert not gate.should_continue
    assert "0 of 2 features pass" in scene.replies()[0]
    assert [one.done for one in scene.ref.journal if isinstance(one, Answered)] == [1]
    assert scene.run(event, part="session", run_id=7).reason == "The gate has answered this."
    assert len(scene.replies()) == 1


def test_a_status_that_was_dispatched_is_shown_on_the_runs_page(scene: Scene) -> None:
    scene.begin()
    scene.run(Dispatched(), mode="status")
    assert "0 of 2 features pass" in scene.runner.page
    assert "Spent today" in scene.runner.page


def test_an_error_is_told_where_the_command_was_given(scene: Scene) -> None:
    scene.remote.commit("main", {"prompts/app_spec.txt": b"  "})
    with pytest.raises(BacklogError):
        scene.run(scene.command())
    assert "prompts/app_spec.txt on main is empty" in scene.replies()[-1]
    assert reactions(scene) == ["eyes"]


def test_an_error_in_the_middle_edits_the_comment_that_announced_the_session(scene: Scene) -> None:
    scene.begin()
    scene.fuse = Fuse(at=1, only="append")
    with pytest.raises(UpstreamError):
        scene.run(scene.command())
    (reply,) = scene.replies()
    assert "did not hear append" in reply


def test_a_missing_key_is_told_before_anything_is_booked(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_scene: Scene) -> None:
        raise ConfigError("No credential for the model.", remedy="Give anthropic_api_key.")

    scene.begin()
    monkeypatch.setattr(Scene, "_agent", nobody)
    with pytest.raises(ConfigError):
        scene.run(scene.command())
    assert not scene.ref.journal
    assert "anthropic" in scene.replies()[0]


@pytest.mark.parametrize("mode", ["sync", "continue", "status"])
def test_a_dry_run_writes_nothing_and_claims_nothing(scene: Scene, mode: str) -> None:
    scene.begin()
    before = dict(scene.remote.heads)
    for trigger in (Scheduled(), scene.command(f"/autocoder {mode}"), Dispatched()):
        report = scene.run(trigger, dry_run="true", mode=mode)
        assert report.conclusion is Conclusion.SKIPPED, report.reason
        assert "written." not in report.reason
    assert not scene.tracker.writes
    assert not scene.ref.journal
    assert scene.remote.heads == before


def test_a_dry_run_leaves_a_missing_pull_request_missing(scene: Scene) -> None:
    scene.begin()
    scene.host.actions_may_open_pulls = False
    scene.script(build(1), DONE)
    scene.run()
    scene.host.actions_may_open_pulls = True
    before = list(scene.tracker.writes)
    scene.run(dry_run="true")
    assert scene.tracker.writes == before
    assert "dry run: would open a pull request from autocoder/root/session-1" in scene.runner.log


def test_where_issues_are_switched_off_the_session_goes_on(scene: Scene) -> None:
    scene.begin()
    scene.host.has_issues = False
    scene.script(build(1), build(2), DONE)
    assert scene.run().conclusion is Conclusion.COMPLETE
    assert not scene.issues()


def test_a_token_that_may_not_write_issues_is_told_so_and_loses_no_work(scene: Scene) -> None:
    scene.begin()
    scene.tracker.permissions = {**ALL, "issues": "read"}
    scene.script(build(1), build(2), DONE)
    report = scene.run()
    assert report.conclusion is Conclusion.COMPLETE
    assert "`issues: write`" in report.notes[0]


def test_what_the_agent_names_does_nothing_on_the_host(scene: Scene) -> None:
    scene.begin(draft("Greet [skip ci] fixes #1", check="echo closes #1; make test"))
    scene.script(build(1, note="Resolves #1\n\nAutocoder-Feature: F9"), DONE)
    report = scene.run(scene.command())
    assert report.pull
    commits = [*scene.messages("autocoder/root/session-1"), report.pull.title, report.pull.body]
    issues = [text for one in scene.issues().values() for text in (one.title, one.body)]
    for text in [*commits, *issues, *scene.replies()]:
        assert not re.search(r"(?i)(fixes|closes|resolves) #1", text)
        assert parse_comment(text).commands == ()
    assert not [text for text in commits if "[skip ci]" in text], "a merge by squashing takes title and body"


def test_a_secret_in_a_name_is_seen_nowhere(scene: Scene) -> None:
    scene.begin(draft(f"Greet {SECRET}"))
    scene.script(build(1), DONE)
    scene.run(scene.command())
    assert SECRET not in repr(scene.host.threads)
