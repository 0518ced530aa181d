"""Every command that needs no session, as people see it: the whole reply, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.fold import fold
from autocoder_action.publish.wording import usage
from sandbox.demo import policy, spec_text
from sandbox.model.policies import say, script
from sandbox.runner import Runner
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import backlog, branches, feature, git, issues, journal, masked

if TYPE_CHECKING:
    from sandbox.model import Conversation, Policy, Turn
    from sandbox.runner.step import Finished, Started
    from sandbox.stage import Stage

CONTINUED = """\
**session-1**: 1 feature proved; 1 of 2 features pass.

- F2 Part: proved by `test -f part.txt`

Pull request: #2

3 turns · N tokens in · N out · N USD · [run](https://github.test/octo/app/actions/runs/N)
"""
PLANNED = """\
**session-1**: The spec became 10 features.


Pull request: #2

3 turns · N tokens in · N out · N USD · [run](https://github.test/octo/app/actions/runs/N)
"""
STATUS = """\
░░░░░░░░░░░░░░░░░░░░ **0 %**: 0 of 2 features pass

Next: F1 Greet, F2 Part

What the next scheduled run would do: Next: F1 Greet, F2 Part (0 of 2 features pass).


Spent today (UTC): 0.00 USD of 20.00 USD; in all: 0.00 USD.

```json
{
  "project": "root",
  "progress": 0,
  "features": {
    "total": 2,
    "passing": 0,
    "pending": 2,
    "in_progress": 0,
    "failing": 0,
    "built": 0,
    "blocked": 0,
    "skipped": 0,
    "needs_human": 0,
    "cancelled": 0
  },
  "next": [
    {
      "id": "F1",
      "name": "Greet"
    },
    {
      "id": "F2",
      "name": "Part"
    }
  ],
  "why": "Next: F1 Greet, F2 Part (0 of 2 features pass).",
  "spent_today_usd": 0.0,
  "day_budget_usd": 20.0,
  "spent_usd": 0.0,
  "total_budget_usd": null,
  "sessions_today": 0,
  "day_sessions": null,
  "sessions": 0,
  "total_sessions": null,
  "open_sessions": [],
  "paused": null,
  "blocks": []
}
```
"""

MANAGED = """\
Added F3 Wave, with priority 3. Its issue follows.

Changed F1 Greet the world; it is pending.

F2 Part depends on F1 from now on.

F3 Wave has priority 0; lower is sooner.

F2 Part is left out: Nobody leaves. `/autocoder retry` brings it back.

F2 Part is tried again.

F1 Greet the world passes on your word; the proof names you.

Cancelled F3 Wave. Reopening its issue, or `/autocoder retry`, brings it back.

`remove` was not done: There is no feature F9.
"""


def gate(stage: Stage, body: str, *, by: str = "maintainer", on: int = 0) -> tuple[str, set[str], Finished]:
    """Have somebody comment; return the gate's masked reply, its reactions, and the job."""
    number = on or stage.repo.open_issue(by="maintainer", title="Talk").number
    said = stage.repo.comment(number, by=by, body=body)
    job = stage.job("gate", stage.repo.deliveries[-1], part="gate")
    assert job.exit_code == 0, job.log
    replies = [one.body for one in stage.repo.issue(number).comments if one.id > said.id]
    assert len(replies) <= 1, "one comment, one reply"
    return masked("".join(replies)), {one.content for one in said.reactions}, job


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """Give a project with two features, and people with different rights."""
    stage = make_stage(say("No."), content=files(planned()))
    stage.hub.add_user("reader")
    stage.repo.grant("reader", "read")
    return stage


def test_help_is_for_everybody_who_may_read(stage: Stage) -> None:
    reply, reactions, job = gate(stage, "/autocoder help", by="reader")
    assert reply == usage()
    assert reactions == {"eyes", "rocket"}
    assert job.outputs["should_continue"] == "false"


def test_status_tells_how_things_stand_in_words_and_as_json(stage: Stage) -> None:
    reply, reactions, job = gate(stage, "/autocoder status\n/autocoder status --json", by="reader")
    assert reply == STATUS
    assert reactions == {"eyes", "rocket"}
    assert job.outputs["should_continue"] == "false"


def test_who_may_only_read_changes_nothing(stage: Stage) -> None:
    assert gate(stage, "/autocoder skip F1 No.", by="reader")[:2] == ("", {"-1"})
    assert gate(stage, "/autocoder add Something of mine", by="stranger")[:2] == ("", {"-1"})
    assert git(stage.repo, "for-each-ref", "refs/autocoder") == "", "nothing was written down"


def test_what_cannot_be_read_is_answered_with_the_reason_and_what_was_meant(stage: Stage) -> None:
    reply, reactions, _ = gate(
        stage, "/autocoder pirotize F1 top\n/autocoder continue --tunrs 5\n/autocoder skip\n/autocoder web add X"
    )
    assert (
        reply
        == """\
`/autocoder pirotize F1 top`: There is no command pirotize. Did you mean `/autocoder prioritize`?

Usage: `/autocoder prioritize #N [top|n]`

`/autocoder continue --tunrs 5`: continue has no option --tunrs. Did you mean --turns?

Usage: `/autocoder continue [#N …] [--features N] [--turns N] [--budget USD] [--minutes N] [--model M] \
[-- extra instruction]`

`/autocoder skip`: skip has to name a feature, by its issue (#12) or its number (F12).

Usage: `/autocoder skip #N <reason>`

`/autocoder web add X`: There is no command web. Did you mean `/autocoder add`?

Usage: `/autocoder add <title>`


Nothing of this comment was done. `/autocoder help` shows all commands.
"""
    )
    assert reactions == {"confused"}


def test_the_backlog_is_managed_in_one_comment(stage: Stage) -> None:
    reply, reactions, job = gate(
        stage,
        "Some changes:\n\n/autocoder add Wave\nWaves a hand.\n- Run `./wave`.\nCheck: test -f wave.txt\n\n"
        "/autocoder edit F1 Greet the world\n/autocoder depends F2 on F1\n/autocoder prioritize F3 top\n"
        "/autocoder skip F2 Nobody leaves.\n/autocoder retry F2\n/autocoder accept F1\n/autocoder remove F3\n"
        "/autocoder remove F9",
    )
    assert reply == MANAGED
    assert reactions == {"eyes"}, "the session job brings the board up to date, and is the last to react"
    assert job.outputs["should_continue"] == "true"
    features = fold(backlog(stage.repo), journal(stage.repo)).features
    assert [(one.name, one.status, one.depends_on) for one in features] == [
        ("Greet the world", Status.PASSING, ()),
        ("Part", Status.PENDING, (1,)),
        ("Wave", Status.CANCELLED, ()),
    ]
    assert (features[2].description, features[2].steps, features[2].check) == (
        "Waves a hand.",
        ("Run `./wave`.",),
        "test -f wave.txt",
    )


def test_a_project_is_paused_and_goes_on(stage: Stage) -> None:
    reply, _, _ = gate(stage, "/autocoder resume\n/autocoder pause until Monday\n/autocoder pause")
    assert (
        reply
        == """\
`resume` was not done: The project is not paused.

No session begins from now on: until Monday. `ask`, `spec` and `expand` still answer, and cost. \
A session that is at work goes on; `/autocoder stop` ends it. `/autocoder resume` goes on.

No session begins from now on. `ask`, `spec` and `expand` still answer, and cost. \
A session that is at work goes on; `/autocoder stop` ends it. `/autocoder resume` goes on.
"""
    )
    run = stage.job("session", stage.hub.event("schedule", stage.repo), part="session")
    assert run.outputs["reason"] == "The project is paused: maintainer paused it; `/autocoder resume` goes on."
    tracking = next(one for one in stage.repo.issues.values() if one.title == "autocoder: progress")
    assert "autocoder:paused" in {label.name for label in tracking.labels}
    reply, _, _ = gate(stage, "/autocoder resume")
    assert reply == "Sessions begin again.\n"


def test_doctor_verify_and_sync(stage: Stage) -> None:
    number = stage.repo.open_issue(by="maintainer", title="Talk").number
    run = stage.comment(number, "/autocoder doctor\n/autocoder verify all\n/autocoder sync")
    assert run.session
    assert run.session.exit_code == 0, run.session.log
    assert (
        masked(stage.repo.issue(number).comments[-1].body)
        == """\
**The set-up**

- ⚠️ The token writes as github-actions\\[bot\\]. On its pull requests your tests run once a person approves \
them, or not at all. Give an App's token or a personal access token as `github_token`: then they run at once.
- ⚠️ No workflow on base uses this action by its usual name. Copy .github/workflows/autocoder.yml; where you have given \
it another name, all may be well.
- ❔ Whether there is a key for the model cannot be seen here: this job, the gate, is given none. Settings, Secrets \
and variables, Actions: ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN has to be there. The first session tries it \
before anything is spent.
- ✅ The configuration on main (0123456789) can be read.
- ✅ The spec prompts/app_spec.txt has 8 words.
- ✅ Issues are enabled.
- ✅ 0.00 of 20.00 USD are spent today (UTC).
- ✅ 2 features are on base.

- ❌ F1 Greet: `test -f greet.txt` ended with exit code 1 after N s
- ❌ F2 Part: `test -f part.txt` ended with exit code 1 after N s

**progressed**: 3 issues written.


[run](https://github.test/octo/app/actions/runs/N)
"""
    )
    assert issues(stage.repo)["F1 Greet"] == "open"


class Watched(Runner):
    """A runner whose jobs can be cancelled while they are at work."""

    started: list[Started]

    def start(self, **asked: object) -> Started:
        """Start a job, and remember it."""
        step = super().start(**asked)  # type: ignore[arg-type]  # what came in goes on
        self.__dict__.setdefault("started", []).append(step)
        return step


def test_stop_cancels_the_run_whose_session_is_at_work(make_stage: MakeStage) -> None:
    told: list[str] = []

    def stopped(_: Conversation) -> Turn:
        told.append(gate(stage, "/autocoder stop")[0])
        runner.started[0].cancel()  # as GitHub does with a run that is cancelled
        return say("Too late.")(_)

    steps: list[Turn | Policy] = [*feature(1, "echo Hello > greet.txt"), stopped]
    stage = make_stage(script(steps), content=files(planned()))
    stage.runner = runner = Watched(stage.runner._root)  # noqa: SLF001  # the same folders
    assert gate(stage, "/autocoder stop")[0] == "No session is at work.\n"
    runner.started.clear()
    run = stage.repo.add_run()
    job = stage.job("session", stage.hub.event("schedule", stage.repo), part="session", run_id=str(run.id))
    (said,) = told
    assert said == (
        "The [run](https://github.test/octo/app/actions/runs/N) of session-1 is cancelled. "
        "What it has proved is on its branch; the next run settles what it cost.\n"
    )
    assert (run.status, run.conclusion) == ("completed", "cancelled")
    assert job.ending == "cancelled"
    assert job.outputs["conclusion"] == "cancelled"
    assert branches(stage.repo) == ["autocoder/root/session-1", "main"], "what was proved is kept"


def test_init_says_that_there_is_a_plan_and_spends_nothing(stage: Stage) -> None:
    number = stage.repo.open_issue(by="maintainer", title="Plan").number
    stage.comment(number, "/autocoder init")
    _, reply = stage.repo.issue(number).comments
    assert (
        masked(reply.body)
        == """\
**skipped**: The project is initialized: its backlog is on base. `/autocoder init --again` proposes what the plan lacks.


[run](https://github.test/octo/app/actions/runs/N)
"""
    )
    assert stage.model
    assert not stage.model.requests


def test_continue_is_answered_with_what_was_proved_and_what_was_not(make_stage: MakeStage) -> None:
    stage = make_stage(script(feature(2, "echo Bye > part.txt")), content=files(planned()))
    number = stage.repo.open_issue(by="maintainer", title="Build").number
    stage.comment(number, "/autocoder continue F2 --features 1 --turns 20 -- Keep it short.")
    _, reply = stage.repo.issue(number).comments
    assert masked(reply.body) == CONTINUED


def test_init_is_answered_with_the_plan_that_waits_for_its_merge(make_stage: MakeStage) -> None:
    stage = make_stage(policy, content={"prompts/app_spec.txt": spec_text()})
    number = stage.repo.open_issue(by="maintainer", title="Plan").number
    stage.comment(number, "/autocoder init")
    _, reply = stage.repo.issue(number).comments
    assert masked(reply.body) == PLANNED
