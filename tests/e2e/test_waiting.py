"""Back-pressure: what is open is reviewed first, unless a person says to go on."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING

from autocoder_action.backlog.creation import Edit, update
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import NotBefore
from sandbox.bench.run import IMPORTS, imports
from sandbox.demo import policy as demo_policy
from sandbox.demo import spec_text
from sandbox.model.policies import say, script
from sandbox.stage import KEY
from tests.e2e.clocks import begin_later
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import backlog, branches, feature, git, journal

if TYPE_CHECKING:
    from sandbox.model import Policy, Turn


def test_a_scheduled_run_waits_for_review_without_a_model_a_change_or_the_sdk(make_stage: MakeStage) -> None:
    stage = make_stage(script(feature(1, "echo Hello > greet.txt")), content=files(planned()))
    stage.command = (sys.executable, "-X", "importtime", "-I", "-m", "autocoder_action")
    scheduled = stage.hub.event("schedule", stage.repo)
    session = stage.job("session", scheduled, part="session", max_features="1")
    assert "claude_agent_sdk" in session.log, "a session imports it"
    assert stage.model
    before, changes = len(stage.model.requests), len(journal(stage.repo))
    waiting = stage.job("session", scheduled, part="session")
    assert waiting.exit_code == 0
    assert waiting.outputs["conclusion"] == "skipped"
    assert "session-1 waits for review in pull request #" in waiting.outputs["reason"]
    assert len(stage.model.requests) == before
    assert len(journal(stage.repo)) == changes
    assert "autocoder_action.plan.decide" in waiting.log
    assert "claude_agent_sdk" not in waiting.log


def test_a_command_goes_on_in_the_same_branch_and_pull_request(make_stage: MakeStage) -> None:
    steps = [*feature(1, "echo Hello > greet.txt"), *feature(2, "echo Bye > part.txt")]
    stage = make_stage(script([*steps[:2], say("F1 is done."), *steps[2:]]), content=files(planned()))
    first = stage.schedule(max_features="1").last
    stage.repo.commit({"LICENSE": "Free.\n"}, by="maintainer", message="Add a licence")
    number = int(first.outputs["pull_request"])
    second = stage.comment(number, "Looks good so far.\n\n/autocoder continue").last
    assert second.exit_code == 0, second.log
    assert second.outputs["pull_request"] == first.outputs["pull_request"]
    assert second.outputs["conclusion"] == "complete"
    assert branches(stage.repo) == ["autocoder/root/session-1", "main"]
    assert len(stage.repo.pulls()) == 1
    body = stage.repo.issue(number).body or ""
    assert "| F1 | Greet |" in body
    assert "| F2 | Part |" in body
    assert git(stage.repo, "show", "autocoder/root/session-1:LICENSE") == "Free.\n", "base was merged in"


def test_a_backlog_that_changed_on_both_sides_is_merged_before_a_session_goes_on(make_stage: MakeStage) -> None:
    first, second = feature(1, "echo Hello > greet.txt"), feature(2, "echo Bye > part.txt")
    stage = make_stage(script([*first, say("F1 is done."), *second]), content=files(planned()))
    opened = stage.schedule(max_features="1").last
    plan = backlog(stage.repo)
    edited = update(plan, 2, Edit(description="Says farewell."), now=1_700_000_100)
    assert isinstance(edited, Backlog)
    stage.repo.commit(files(edited), by="maintainer", message="Edit F2")
    run = stage.comment(int(opened.outputs["pull_request"]), "/autocoder continue").last
    assert run.outputs["conclusion"] == "complete", run.log
    both = backlog(stage.repo, "autocoder/root/session-1")
    assert [one.status for one in both.features] == ["passing", "passing"]
    assert both.features[1].description == "Says farewell."


def test_a_branch_that_only_begins_like_ours_holds_up_nothing(make_stage: MakeStage) -> None:
    stage = make_stage(script(feature(1, "echo Hello > greet.txt")), content=files(planned()))
    stage.repo.commit({"a": "b"}, by="maintainer", message="Mine", branch="autocoder/root/session-1-fix")
    assert stage.schedule(max_features="1").last.outputs["conclusion"] == "progressed"


def test_a_squashed_and_a_rejected_session_do_not_hold_up_the_next(make_stage: MakeStage) -> None:
    steps: list[Turn | Policy] = []
    for number in (1, 2, 2):
        steps += [*feature(number, f"date > greet.txt; date +%N > part.txt; echo {number}"), say("Done.")]
    stage = make_stage(script(steps), content=files(planned()))
    first = stage.schedule(max_features="1").last
    stage.repo.merge_pull(int(first.outputs["pull_request"]), by="maintainer", method="squash")
    second = stage.schedule(max_features="1").last
    assert second.outputs["session_id"] == "session-2", second.log
    stage.repo.close_pull(int(second.outputs["pull_request"]), by="maintainer")
    third = stage.schedule(max_features="1").last
    assert third.outputs["session_id"] == "session-3", third.log
    assert backlog(stage.repo).features[0].status == "passing"


def test_a_branch_without_a_pull_request_holds_up_the_next_session_too(make_stage: MakeStage) -> None:
    stage = make_stage(
        script(feature(1, "echo Hello > greet.txt")),
        content=files(planned()),
        allow_actions_create_pull_requests=False,
    )
    run = stage.schedule(max_features="1").last
    assert run.outputs["conclusion"] == "progressed"
    assert run.outputs["pull_request"] == ""
    warning = next(one for one in run.annotations if one.level == "warning")
    assert "/octo/app/compare/main...autocoder/root/session-1?expand=1" in warning.message
    assert "branch autocoder/root/session-1" in stage.schedule().last.outputs["reason"]


def test_a_plan_that_was_turned_down_is_not_made_again_until_the_spec_changes(make_stage: MakeStage) -> None:
    stage = make_stage(demo_policy, content={"prompts/app_spec.txt": spec_text()})
    plan = int(stage.schedule().last.outputs["pull_request"])
    stage.repo.close_pull(plan, by="maintainer")
    assert stage.model
    requests = len(stage.model.requests)
    waiting = stage.schedule().last
    assert waiting.exit_code == 0
    assert f"turned down in pull request #{plan}" in waiting.outputs["reason"]
    assert len(stage.model.requests) == requests
    stage.repo.commit(
        {"prompts/app_spec.txt": spec_text() + "\nAnd quickly.\n"}, by="maintainer", message="Change the spec"
    )
    again = stage.schedule().last
    assert again.outputs["session_id"] == "session-2", again.log


LIMIT = {
    "anthropic-ratelimit-unified-status": "rejected",
    "anthropic-ratelimit-unified-representative-claim": "five_hour",
}


def test_after_a_subscription_s_limit_no_run_asks_the_service_until_the_limit_ends(make_stage: MakeStage) -> None:
    steps = [*feature(1, "echo Hello > greet.txt"), *feature(2, "echo Bye > part.txt")]
    stage = make_stage(script(steps), content=files(planned()))
    stage.inputs |= {"anthropic_api_key": "", "claude_code_oauth_token": KEY}
    number, resets = stage.repo.open_issue(by="maintainer", title="Go").number, int(time.time()) + 7_200
    assert stage.model
    limit = LIMIT | {"anthropic-ratelimit-unified-reset": str(resets)}
    stage.model.fault(nth=3, times=None, status=429, headers=limit)
    first = stage.commented(number, "/autocoder continue")
    assert (first.outputs["conclusion"], first.exit_code) == ("rate_limited", 0)
    assert re.search(r"answered 429: .* Run again in 7[12]\d\d seconds\.", first.outputs["reason"])
    assert first.outputs["features_passing"] == "1", "what was checked in before is kept"
    (until,) = (one for one in journal(stage.repo) if isinstance(one, NotBefore))
    assert abs(until.until - resets) < 5

    asked = len(stage.model.requests)
    stage.model.mend()
    stage.command = IMPORTS
    waiting = stage.commented(number, "/autocoder continue", fail_on="rate_limited")
    assert imports(waiting.log) == 0, "it does not even load the agent's client"
    assert (waiting.outputs["conclusion"], waiting.exit_code) == ("rate_limited", 1), "as the workflow wants it"
    assert "No session begins before" in waiting.outputs["reason"]
    assert len(stage.model.requests) == asked

    stage.command = ()
    begin_later(stage, resets + 10 - time.time())
    onwards = stage.commented(number, "/autocoder continue")
    assert onwards.outputs["conclusion"] == "complete", onwards.log
    assert onwards.outputs["branch"] == first.outputs["branch"]
