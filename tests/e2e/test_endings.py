"""A session that something outside ends, or makes ready, as the run page and the repository show it afterwards."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event

import pytest

from autocoder_action.backlog.feature import Status
from sandbox.github.state import Issue
from sandbox.model import Conversation, Turn, script
from sandbox.model.policies import say
from sandbox.stage import KEY, Stage
from tests.e2e.conftest import MakeStage, Policy, files, planned
from tests.e2e.reading import backlog, bash, branches, feature, git, masked, messages

BRANCH = "autocoder/root/session-1"
AGAIN = "Run again; what was checked in before is kept"
TOO_LONG = {
    "type": "error",
    "error": {"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens > 200000 maximum"},
}


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What befalls a session after a first feature was checked in, and what is said of it."""

    fault: Mapping[str, object] | None = None
    """Of every further request."""
    command: str = "true"
    """What the agent does with its last request that is answered."""
    seen: str
    remedy: str = AGAIN
    conclusion: str = "error"


TROUBLES = {
    "a key that was revoked": Trouble(
        fault={"status": 401}, seen="answered 401", remedy="Check the input anthropic_api_key"
    ),
    "an empty account": Trouble(fault={"status": 402}, seen="answered 402", remedy="Add credit"),
    "a key that may not": Trouble(
        fault={"status": 403}, seen="answered 403", remedy="Check the input anthropic_api_key"
    ),
    "a model that is gone": Trouble(
        fault={"status": 404}, seen="(model sonnet)", remedy="Set model to one that this account may use"
    ),
    "a prompt that is too long": Trouble(
        fault={"status": 400, "body": TOO_LONG}, seen="prompt is too long", remedy="lower max_features"
    ),
    "a limit whose end nobody names": Trouble(
        fault={"status": 429}, seen="answered 429", remedy="Run again later", conclusion="rate_limited"
    ),
    "an overloaded service": Trouble(fault={"status": 529}, seen="answered 529: Overloaded"),
    "a stream that breaks": Trouble(fault={"drop": True, "after_events": 3}, seen="was not reached"),
    "a stream that goes silent": Trouble(
        fault={"hang": True, "after_events": 3},
        seen="broke off in the middle of its answer: it said nothing for as long",
    ),
    "a program that dies": Trouble(
        command="kill -9 $PPID", seen="The agent's program ended by SIGKILL", remedy="use a larger runner. Run again"
    ),
}
ONCE_MORE, PATIENCE = {"CLAUDE_CODE_MAX_RETRIES": "1"}, {"API_TIMEOUT_MS": "1000"}
"""No story waits for what would be the same after more of it."""


def issue(stage: Stage, title: str) -> Issue:
    """Return the issue with a title."""
    return next(one for one in stage.repo.issues.values() if one.title == title)


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_what_goes_wrong_later_takes_nothing_from_what_was_checked_in(make_stage: MakeStage, trouble: Trouble) -> None:
    work = bash(f"echo half > part.txt; {trouble.command}")
    stage = make_stage(script([*feature(1, "echo Hello > greet.txt"), work]), content=files(planned()))
    stage.env |= ONCE_MORE
    assert stage.model
    if trouble.fault:
        stage.env |= PATIENCE if "hang" in trouble.fault else {}
        stage.model.fault(nth=4, times=None, **trouble.fault)  # type: ignore[arg-type]  # the keywords of a fault
    run = stage.schedule().last
    red = trouble.conclusion == "error"
    assert (run.exit_code, run.outputs["conclusion"]) == (int(red), trouble.conclusion), run.log
    assert trouble.seen in run.outputs["reason"]
    assert trouble.remedy in run.outputs["reason"]
    assert run.outputs["reason"] in run.summary
    assert [trouble.remedy in one for one in run.errors()] == [True] * red
    held = backlog(stage.repo, BRANCH).by_uid
    assert (held["greet"].status, held["part"].status) == (Status.PASSING, Status.PENDING)
    assert git(stage.repo, "show", f"{BRANCH}:part.txt") == "half\n", "the work is kept"
    (pull,) = stage.repo.pulls()
    assert "| F1 | Greet |" in (pull.body or "")
    assert trouble.remedy in masked(pull.body or "").partition("**Not done**: ")[2]


PREPARED = "setup: echo setup as $(id -u)\ninstall: echo install as $(id -u)\n"


def ready(init: str) -> dict[str, str | bytes]:
    """Return a plan in a repository that says how its checkouts are made ready."""
    return files(planned()) | {
        ".github/autocoder.yml": PREPARED,
        ".gitignore": "tool.txt\n",
        "init.sh": f"echo init as $(id -u)\n{init}\n",
    }


def test_a_session_is_made_ready_by_setup_install_and_init_in_this_order(make_stage: MakeStage) -> None:
    steps: list[Turn | Policy] = [*feature(1, "cat tool.txt > greet.txt"), say("I end here.")]
    stage = make_stage(script(steps), content=ready("echo made by init > tool.txt"))
    run = stage.schedule(max_features="1").last
    assert run.outputs["conclusion"] == "progressed", run.log
    me = os.geteuid()
    agent = 1500 if me == 0 else me
    at = [run.log.index(said) for said in (f"setup as {me}\n", f"install as {agent}\n", f"init as {agent}\n")]
    assert at == sorted(at)
    assert git(stage.repo, "show", f"{BRANCH}:greet.txt") == "made by init\n", "the agent's clone was made ready"


def test_an_init_that_fails_on_base_blocks_before_anything_is_spent(make_stage: MakeStage) -> None:
    stage = make_stage(say("Nobody hears this."), content=ready("echo no database >&2; exit 9"))
    run = stage.schedule().last
    assert (run.exit_code, run.outputs["conclusion"]) == (1, "blocked"), run.log
    for words in ("init.sh", "exit code 9", "no database"):
        assert words in run.outputs["reason"]
    assert not messages(stage)
    assert branches(stage.repo) == ["main"]
    assert [one.attempts for one in backlog(stage.repo).features] == [0, 0]


def test_work_in_vain_asks_a_person_and_pauses_the_project(make_stage: MakeStage) -> None:
    tries: list[Turn | Policy] = [*feature(1, "echo Hallo > wrong.txt"), say("It does not work.")] * 2
    stage = make_stage(
        script(tries),
        content=files(planned())
        | {".github/autocoder.yml": "max_attempts: 2\nmax_idle_sessions: 2\nmax_features: 1\n"},
    )
    stage.job("session", stage.hub.event("workflow_dispatch", stage.repo), part="session", mode="sync")
    first = stage.schedule().last
    assert first.outputs["conclusion"] == "no_progress", first.log
    second = stage.schedule().last
    assert second.outputs["conclusion"] == "no_progress", second.log
    assert "Taking up autocoder/root/session-1, whose last session ended as no_progress." in second.log
    asked, tracking = (issue(stage, title) for title in ("F1 Greet", "autocoder: progress"))
    assert "autocoder:needs-human" in {one.name for one in asked.labels}
    tried = "2 sessions tried this in vain. The last check 'test -f greet.txt' ended with exit code 1."
    assert f"**needs human** after 2 attempts without success: {tried}" in masked(asked.body or "")
    assert "**Paused**: 2 sessions in a row came to nothing; the last one, session-1, ended as no_progress." in (
        masked(tracking.body or "")
    )
    assert "> F1 Greet waits for a person now: 2 sessions tried this in vain." in second.summary
    assert "Next: F2 Part\n" in second.summary
    asked_before = len(stage.model.requests) if stage.model else 0
    waiting = stage.schedule().last
    assert (waiting.outputs["conclusion"], waiting.exit_code) == ("skipped", 0), waiting.log
    assert "The project is paused: 2 sessions in a row came to nothing" in waiting.outputs["reason"]
    assert stage.model
    assert len(stage.model.requests) == asked_before


@pytest.mark.parametrize("name", ["claude_code_oauth_token", "ANTHROPIC_AUTH_TOKEN"])
def test_a_session_is_held_with_a_bearer_token_alone(make_stage: MakeStage, name: str) -> None:
    stage = make_stage(script([*feature(1, "echo Hello > greet.txt"), say("I end here.")]), content=files(planned()))
    stage.inputs |= {"anthropic_api_key": ""}
    (stage.inputs if name.islower() else stage.env)[name] = KEY
    run = stage.schedule(max_features="1").last
    assert run.outputs["conclusion"] == "progressed", run.log
    assert stage.model
    assert {one.headers.get("authorization") for one in stage.model.requests} == {f"Bearer {KEY}"}
    assert not any("x-api-key" in one.headers for one in stage.model.requests)
    assert KEY not in run.log


AT_WORK = "is at work on F1 Greet: turn 1, 0.01 USD so far"
PASSED = "- ✔ F1 passes: test -f greet.txt"


def watched(make_stage: MakeStage, look: Callable[[Stage], str]) -> tuple[Stage, list[str]]:
    """Return a stage of a session, and a list that fills with what people see whenever the model is asked.

    What is shown arrives beside the session, so the second and the third answer wait for it.
    """
    seen: list[str] = []
    steps = script([*feature(1, "echo Hello > greet.txt"), bash("true"), say("I end here.")])

    def policy(conversation: Conversation) -> Turn:
        wanted = {1: AT_WORK, 2: PASSED}.get(len(seen), "")
        for _ in range(3_000):
            if wanted in masked(look(stage)):
                break
            Event().wait(0.01)
        seen.append(masked(look(stage)))
        return steps(conversation)

    stage = make_stage(policy, content=files(planned()))
    stage.env["AUTOCODER_SHOW_SECONDS"] = "0"
    return stage, seen


def test_the_answer_shows_how_far_a_session_is_while_it_is_at_work(make_stage: MakeStage) -> None:
    stage, seen = watched(make_stage, lambda stage: stage.repo.issue(number).comments[-1].body)
    number = stage.repo.open_issue(by="maintainer", title="Go").number
    stage.comment(number, "/autocoder continue --features 1")
    assert "**session-1** has started" in seen[0]
    assert AT_WORK in seen[1]
    assert PASSED in seen[2]
    assert "is at work" not in stage.repo.issue(number).comments[-1].body


def test_the_tracking_issue_shows_how_far_a_session_is_and_no_more_afterwards(make_stage: MakeStage) -> None:
    stage, seen = watched(make_stage, lambda stage: issue(stage, "autocoder: progress").body or "")
    stage.job("session", stage.hub.event("workflow_dispatch", stage.repo), part="session", mode="sync")
    stage.schedule(max_features="1")
    assert "is at work" not in seen[0]
    assert AT_WORK in seen[1]
    assert PASSED in seen[2]
    assert "is at work" not in (issue(stage, "autocoder: progress").body or "")
