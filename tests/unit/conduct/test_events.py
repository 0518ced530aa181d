"""Who may start what: the gate, redeliveries and reruns, dry runs, and the answers."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from autocoder_action.backlog.board import Permission
from autocoder_action.backlog.journal import Answered, Booked, Paused, Settled
from autocoder_action.errors import BacklogError, ConfigError, UpstreamError
from autocoder_action.intake.commands import parse_comment
from autocoder_action.intake.event import Commented, Dispatched, Ignored, PullClosed, Pushed, Scheduled
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.report.report import outputs
from tests.fakes.agent import Turn
from tests.fakes.tracker import ALL
from tests.unit.conduct.scene import DIES, DONE, SECRET, Fuse, Scene, build, draft, plan


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


@pytest.mark.parametrize("part", ["auto", "gate", "session"])
@pytest.mark.parametrize("login", ["eve", "mallory"])
def test_a_strangers_command_starts_nothing(scene: Scene, part: str, login: str) -> None:
    scene.begin()
    report = scene.run(scene.command(by=login), part=part)
    assert report.conclusion is Conclusion.SKIPPED
    assert not report.should_continue
    assert f"{login} has no write access" in report.reason
    assert reactions(scene) == ([] if part == "session" else ["-1"])
    assert not scene.replies()
    assert not scene.ref.journal
    asked = set(scene.fuse.seen) - {"react"}
    early = set() if part == "session" else {"file"}
    assert asked == {"permission", "repository", "base"} | early, "who may what stands in the configuration"
    assert not {"issues", "read", "branches"} & set(scene.fuse.seen)


def test_a_permission_that_was_taken_away_between_the_jobs_counts(scene: Scene) -> None:
    scene.begin()
    event = scene.command()
    assert scene.run(event, part="gate").should_continue
    scene.host.people["ada"] = Permission.READ
    assert "no write access" in scene.run(event, part="session").reason
    assert not booked(scene)


def test_a_strangers_pull_request_that_is_called_like_ours_changes_nothing_but_the_board(scene: Scene) -> None:
    scene.begin()
    trigger = PullClosed(number=99, branch="autocoder/root/session-9", merged=True)
    scene.run(trigger)
    assert not booked(scene)


@pytest.mark.parametrize(
    "trigger",
    [
        Ignored(reason="Nothing."),
        PullClosed(number=3, branch="fix/session", merged=True),
        Commented(comment=1, body="Thanks!", issue=1, on_pull=False, author="ada", by_bot=False),
    ],
    ids=["ignored", "pull", "talk"],
)
def test_what_asks_for_nothing_costs_not_one_request(scene: Scene, trigger: Ignored | PullClosed | Commented) -> None:
    report = scene.run(trigger)
    assert (report.conclusion, report.should_continue) == (Conclusion.SKIPPED, False)
    assert scene.fuse.seen == []


def test_another_projects_pull_request_is_turned_away(scene: Scene) -> None:
    scene.begin()
    report = scene.run(PullClosed(number=3, branch="autocoder/apps-web/session-1", merged=True))
    assert report.reason == "Pull request #3 is not one of ours."
    assert not scene.issues()


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


@pytest.mark.parametrize("known", [True, False])
def test_only_a_bot_that_is_allowed_by_name_is_obeyed(scene: Scene, known: bool) -> None:
    scene.begin()
    if known:
        scene.remote.commit("main", {".github/autocoder.yml": b"allowed_bots: ['renovate[bot]']\n"})
    command = scene.command("/autocoder pause", by="renovate[bot]")
    scene.run(replace(command, by_bot=True))
    assert [one.by for one in scene.ref.journal if isinstance(one, Paused)] == (["renovate[bot]"] if known else [])


def test_the_program_does_not_obey_itself_even_where_it_is_allowed(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": f"allowed_bots: ['{scene.tracker.login}']\n".encode()})
    report = scene.run(replace(scene.command("/autocoder pause", by=scene.tracker.login), by_bot=True))
    assert report.reason == "The program does not obey itself."
    assert not scene.ref.journal


@pytest.mark.parametrize(("body", "obeyed"), [("/autocoder status", True), ("/autocoder continue", False)])
def test_somebody_who_may_only_read_is_told_how_things_stand(scene: Scene, body: str, obeyed: bool) -> None:
    scene.begin()
    scene.run(scene.command(body, by="eve"))
    assert bool(scene.replies()) == obeyed
    assert not scene.ref.journal, "strangers write nothing into the repository"


def test_a_command_can_be_kept_for_administrators(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"commands: {accept: admin, status: write}\n"})
    scene.host.people["bob"] = Permission.WRITE
    assert "not the role" in scene.run(scene.command("/autocoder accept F1", by="bob")).reason
    assert "no write access" in scene.run(scene.command("/autocoder status", by="eve")).reason
    assert scene.run(scene.command("/autocoder accept F1", by="ada")).conclusion is Conclusion.PROGRESSED
    assert reactions(scene) == ["-1", "-1", "eyes", "rocket"]


@pytest.mark.parametrize("body", ["/autocoder continue", "/autocoder pause", "/autocoder add Something"])
def test_nothing_is_done_because_of_a_forks_pull_request(scene: Scene, body: str) -> None:
    scene.begin()
    number = scene.host.add_fork_pull(by="eve", branch="fix")
    report = scene.run(replace(scene.command(body, on=number), on_pull=True))
    assert "comes from a fork" in report.reason
    assert not scene.ref.journal
    assert reactions(scene) == ["-1"]


def test_whether_a_pull_request_comes_from_a_fork_is_asked_once(scene: Scene) -> None:
    scene.begin()
    number = scene.host.add_fork_pull(by="eve", branch="fix")
    scene.run(replace(scene.command("/autocoder pause", on=number), on_pull=True))
    assert scene.fuse.seen.count("pull") == 1


def test_on_a_forks_pull_request_a_writer_may_still_ask_how_things_stand(scene: Scene) -> None:
    scene.begin()
    number = scene.host.add_fork_pull(by="eve", branch="fix")
    scene.run(replace(scene.command("/autocoder status", on=number), on_pull=True))
    assert reactions(scene) == ["eyes", "rocket"]


def test_another_prefix_is_heard_and_the_usual_one_is_not(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"command_prefix: /bot\n"})
    assert scene.run(scene.command("/autocoder pause")).reason == "The comment holds no command."
    assert scene.run(scene.command("/bot pause")).conclusion is Conclusion.PROGRESSED


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


def test_a_redelivered_command_is_not_obeyed_again_and_not_answered_again(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    event = scene.command()
    scene.run(event)
    before = scene.replies()
    report = scene.run(event)
    assert report.reason == "The comment was answered by an earlier run."
    assert len(booked(scene)) == 1
    assert scene.replies() == before


def test_a_command_whose_session_died_is_not_obeyed_by_a_redelivery(scene: Scene) -> None:
    scene.begin()
    event = scene.command()
    scene.script(build(1), DIES)
    with pytest.raises(KeyboardInterrupt):
        scene.run(event)
    assert scene.run(event).reason == "The comment was answered by an earlier run."
    assert len(booked(scene)) == 1, "money was booked for this comment already"


def test_a_rerun_by_a_person_is_obeyed_again(scene: Scene) -> None:
    scene.begin()
    event = scene.command("/autocoder sync")
    assert scene.run(event, run_id=7).conclusion is Conclusion.PROGRESSED
    assert scene.run(event, run_id=7, attempt=2).reason == "The board was up to date."


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


def test_a_scheduled_run_waits_for_the_review_and_changes_nothing(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    scene.run()
    journal, writes = scene.ref.journal, list(scene.tracker.writes)
    report = scene.run()
    assert report.conclusion is Conclusion.SKIPPED
    assert "session-1 waits for review in pull request #" in report.reason
    assert (scene.ref.journal, scene.tracker.writes) == (journal, writes)


def test_a_merge_that_nobody_heard_of_reaches_the_board_with_the_next_run(scene: Scene) -> None:
    scene.script(plan("Greet"), DONE)
    report = scene.run()
    assert report.pull
    scene.merge(report.pull.number)  # its event is lost
    scene.script(build(1), DONE)
    second = scene.run()
    assert second.pull
    scene.merge(second.pull.number)
    final = scene.run()
    assert final.conclusion is Conclusion.COMPLETE
    assert not scene.issues()["F1 Greet"].open


def test_pushed_work_goes_on_by_itself_until_its_money_is_spent(scene: Scene) -> None:
    scene.begin(draft("One"), draft("Two"), draft("Three"))
    scene.inputs |= {"delivery": "push", "max_features": "1", "max_budget_usd": "19.999"}
    scene.script(build(1), DONE)
    assert scene.run().should_continue
    scene.agent.cost_micro = 19_980_000
    scene.script(build(2), DONE)
    scene.agent.cost_micro = 9_990_000
    report = scene.run()
    assert report.conclusion is Conclusion.PROGRESSED
    assert not report.should_continue, "the day's budget is spent"
    assert scene.run().conclusion is Conclusion.BUDGET


def test_pushed_work_that_got_nowhere_does_not_go_on_by_itself(scene: Scene) -> None:
    scene.begin()
    scene.script(DONE)
    report = scene.run(delivery="push")
    assert (report.conclusion, report.should_continue) == (Conclusion.NO_PROGRESS, False), "money would burn all day"


def test_the_branch_of_a_run_that_is_alive_is_left_to_it(scene: Scene) -> None:
    seen: list[tuple[int, int, str]] = []

    def meanwhile(_folder: Path) -> None:
        other = scene.run()
        settled = [one for one in scene.ref.journal if isinstance(one, Settled)]
        seen.append((len(scene.pulls()), len(settled), other.reason))

    scene.begin()
    scene.script(build(1), Turn(work=meanwhile), build(2), DONE)
    report = scene.run()
    ((pulls, settled, reason),) = seen
    assert (pulls, settled) == (0, 0)
    assert "session-1 waits for review in branch autocoder/root/session-1" in reason
    assert report.conclusion is Conclusion.COMPLETE
    assert len(scene.pulls()) == 1


def test_work_in_a_pull_request_does_not_go_on_by_itself(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    assert not scene.run(scene.command()).should_continue


def test_pushed_work_stops_when_everything_passes(scene: Scene) -> None:
    scene.begin(draft("One"))
    scene.script(build(1), DONE)
    report = scene.run(delivery="push")
    assert (report.conclusion, report.should_continue) == (Conclusion.COMPLETE, False)
    assert "f1.txt" in scene.remote.content("main")
    assert not scene.pulls()
    assert not scene.issues()["F1 One"].open


def test_the_plan_comes_in_a_pull_request_even_where_work_is_pushed(scene: Scene) -> None:
    scene.script(plan("Greet"), DONE)
    report = scene.run(delivery="push")
    assert report.pull
    assert "features.db" not in scene.remote.content("main")
    assert not report.should_continue


def test_half_a_plan_is_no_plan(scene: Scene) -> None:
    bad = plan("Greet", "Greet")
    scene.script(bad, DONE)
    report = scene.run()
    assert (report.conclusion, report.exit_code) == (Conclusion.ERROR, 1)
    assert list(scene.remote.heads) == ["main"]
    assert scene.agent.replies[0].failed


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


def test_an_answered_comment_is_known_with_its_reply(scene: Scene) -> None:
    scene.begin()
    event = scene.command("/autocoder sync")
    scene.run(event)
    (answered,) = [one for one in scene.ref.journal if isinstance(one, Answered)]
    assert answered.comment == event.comment
    assert answered.reply in {one for thread in scene.host.threads.values() for one in thread.comments}


@pytest.mark.parametrize(
    ("body", "by"),
    [
        ("/autocoder help", "ada"),
        ("/autocoder contineu", "ada"),
        ("/autocoder status", "eve"),
        ("/autocoder help", "eve"),
    ],
)
def test_what_leaves_no_receipt_is_not_answered_again_by_a_redelivery_and_is_by_a_rerun(
    scene: Scene, body: str, by: str
) -> None:
    scene.begin()
    event = scene.command(body, by=by)
    scene.run(event, part="gate", run_id=7)
    again = scene.run(event, part="gate", run_id=8)
    assert again.reason == "The comment was answered by an earlier run."
    assert len(scene.replies()) == 1
    scene.run(event, part="gate", run_id=7, attempt=2)
    assert len(scene.replies()) == 2


@pytest.mark.parametrize("part", ["auto", "gate"])
@pytest.mark.parametrize("by", ["ada", "mallory"])
@pytest.mark.parametrize("body", ["/autocoder continue", "/autocoder status", "/autocoder contineu"])
def test_a_comment_that_was_deleted_meanwhile_starts_nothing(scene: Scene, part: str, by: str, body: str) -> None:
    scene.begin()
    event = scene.command(body, by=by)
    scene.host.delete_comment(event.comment)
    report = scene.run(event, part=part)
    assert report.conclusion is Conclusion.SKIPPED
    assert "is gone" in report.reason
    assert not scene.replies()
    assert not scene.ref.journal


def test_an_answer_that_was_deleted_meanwhile_is_given_anew(scene: Scene) -> None:
    scene.begin()
    event = scene.command()

    def delete(_: object) -> None:
        (reply,) = (one.id for one in scene.host.threads[event.issue].comments.values() if one.id != event.comment)
        scene.host.delete_comment(reply)

    scene.script(build(1), Turn(work=delete), build(2), DONE)
    assert scene.run(event).conclusion is Conclusion.COMPLETE
    assert len(scene.replies()) == 1
    assert "2 of 2 features pass" in scene.replies()[0]


def test_a_session_whose_issue_was_deleted_meanwhile_ends_well(scene: Scene) -> None:
    scene.begin()
    event = scene.command()
    scene.script(build(1), Turn(work=lambda _: scene.host.delete_issue(event.issue)), build(2), DONE)
    assert scene.run(event).conclusion is Conclusion.COMPLETE
    assert "Nobody was answered" in scene.runner.log


def push(scene: Scene, path: str, content: bytes, **changes: str) -> Pushed:
    """Have somebody push a file to base, and return the event."""
    before = scene.remote.heads["main"]
    return replace(Pushed(branch="main", before=before, after=scene.remote.commit("main", {path: content})), **changes)


def test_a_push_of_the_spec_starts_the_plan_and_one_of_other_files_does_not(scene: Scene) -> None:
    scene.script(plan("Greet"), DONE)
    assert scene.run(push(scene, "README.md", b"Hello.")).reason.startswith("The push changes neither")
    assert not booked(scene)
    assert scene.run(push(scene, "prompts/app_spec.txt", b"A louder service.")).conclusion is Conclusion.PROGRESSED


def test_a_push_of_the_configuration_brings_the_board_up_to_date(scene: Scene) -> None:
    scene.begin()
    scene.run(push(scene, ".github/autocoder.yml", b"max_features: 1\n"))
    assert not booked(scene)
    assert "F1 Greet" in scene.issues()


@pytest.mark.parametrize("before", ["0" * 40, "f" * 40, ""])
def test_where_nobody_knows_what_a_push_replaced_it_is_heeded(scene: Scene, before: str) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"max_features: 1\n"})
    scene.run(push(scene, "README.md", b"Hello.", before=before))
    assert not booked(scene), "there is a plan, and nobody asked for more"
    assert "F1 Greet" in scene.issues()
