"""A session that runs into a cap was told before, and leaves its work where the next one goes on."""

import re
from dataclasses import replace

from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.ledger import ledger, spent
from sandbox.model import Conversation, Turn, Usage, script
from sandbox.stage import Stage
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import backlog, bash, feature, git, journal, masked, messages

BRANCH = "autocoder/root/session-1"


def test_work_in_progress_is_kept_when_a_session_ends_at_its_cap(make_stage: MakeStage) -> None:
    work: list[Turn] = [bash(f"echo {number} >> half.txt") for number in range(20)]
    stage = make_stage(script(work), content=files(planned()))
    run = stage.schedule(max_turns="10").last
    assert run.outputs["conclusion"] == "budget", run.log
    assert run.outputs["reason"].endswith("Raise max_turns, or run again.")
    assert git(stage.repo, "show", f"{BRANCH}:half.txt").split() == [str(one) for one in range(10)]
    assert stage.model
    asked = [str(request.body["messages"]) for request in messages(stage)]
    assert len(asked) == 10
    assert [text.count("it has used 80 % of its turns. Finish the feature") for text in (asked[7], asked[9])] == [0, 1]


def costs(turn: Turn, dollars: float) -> Turn:
    """Return a turn whose request costs so much, at the default model's two dollars for a million tokens of input."""
    return replace(turn, usage=Usage(input=round(dollars * 500_000), output=0))


BUDGETS = """
day_budget_usd: 1
total_budget_usd: 1
day_sessions: 1
total_sessions: 1
"""


def nothing_is_left(stage: Stage, number: int) -> None:
    """Command one more session, and see that every budget is named and no model asked."""
    requests = len(stage.model.requests) if stage.model else 0
    waiting = stage.commented(number, "/autocoder continue")
    assert (waiting.outputs["conclusion"], waiting.exit_code) == ("budget", 0), waiting.log
    assert waiting.outputs["reason"] == (
        "1.03 USD of today's budget of 1.00 USD (`day_budget_usd`) are spent; the day ends at midnight UTC; "
        "1.03 USD of the project's budget of 1.00 USD (`total_budget_usd`) are spent; "
        "1 of 1 session of today (`day_sessions`) are held; the day ends at midnight UTC; "
        "1 of 1 session of the project (`total_sessions`) are held."
    )
    assert waiting.outputs["reason"] in masked(stage.repo.issue(number).comments[-1].body)
    assert stage.model
    assert len(stage.model.requests) == requests, "not even the free one"
    assert spent(journal(stage.repo)) == 1_030_000


def test_a_session_ends_with_the_reply_that_reaches_its_dollars_and_what_has_no_budget_left_asks_no_model(
    make_stage: MakeStage,
) -> None:
    greet, passes = feature(1, "echo Hello > greet.txt")
    part, passes_too = feature(2, "echo Bye >> part.txt")
    turns = [costs(greet, 0.4), costs(passes, 0.45), costs(bash("echo half > part.txt"), 0.11), costs(bash("ls"), 0.07)]
    stage = make_stage(
        script([*turns, part, passes_too]), content=files(planned()) | {".github/autocoder.yml": BUDGETS}
    )
    number = stage.repo.open_issue(by="maintainer", title="Go").number
    run = stage.comment(number, "/autocoder continue --budget 1").last
    assert (run.outputs["conclusion"], run.exit_code) == ("progressed", 0), run.log
    told = "The session used all its money."
    (pull,) = stage.repo.pulls()
    assert f"**Not done**: {told} Raise max_budget_usd, or run again.\n\n- F2 Part" in (pull.body or "")
    for text in (run.outputs["reason"], run.summary, stage.repo.issue(number).comments[-1].body):
        assert told in text
    asked = [str(request.body["messages"]) for request in messages(stage)]
    assert len(asked) == 4, "the last reply is what went beyond"
    near, close = (
        "it has used 85 % of its dollars. Finish the feature",
        "it has used 96 % of its dollars and is about to",
    )
    assert [[words in text for text in asked] for words in (near, close)] == [
        [False, False, True, True],
        [False] * 3 + [True],
    ]
    (entry,) = ledger(journal(stage.repo))
    assert entry.settled
    assert (entry.booked.cost_micro, entry.settled.cost_micro) == (1_000_000, 1_030_000)
    assert run.outputs["cost_usd"] == "1.030000"
    assert backlog(stage.repo, BRANCH).by_uid["greet"].status is Status.PASSING
    assert git(stage.repo, "show", f"{BRANCH}:part.txt") == "half\n", "the work in progress is kept"

    nothing_is_left(stage, number)
    stage.repo.commit({".github/autocoder.yml": "day_budget_usd: 2\n"}, by="maintainer", message="Spend more")
    onwards = stage.commented(number, "/autocoder continue")
    assert onwards.outputs["conclusion"] == "complete", onwards.log
    assert ledger(journal(stage.repo))[-1].booked.cost_micro == 970_000, "what is left of the day"
    assert git(stage.repo, "show", f"{BRANCH}:part.txt") == "half\nBye\n"


def test_a_conversation_that_fills_the_model_s_context_is_summarized_and_goes_on(make_stage: MakeStage) -> None:
    greet, passes = feature(1, "echo Hello > greet.txt")
    full = replace(passes, usage=Usage(input=10, cache_read=985_000, output=100))
    steps = script([greet, full, *feature(2, "echo Bye > part.txt"), Turn(text="I end here.")])
    short = Turn(text="<analysis>Long.</analysis><summary>F1 is built.</summary>", usage=Usage(input=1_000_000))

    def policy(conversation: Conversation) -> Turn:
        return short if conversation.to_be_summarized else steps(conversation)

    stage = make_stage(policy, content=files(planned()))
    run = stage.schedule().last
    assert run.outputs["conclusion"] == "complete", run.log
    assert re.search(
        r"The conversation of 985,\d{3} tokens is summarized and goes on with that\. · 2\.1\d+ USD\n", run.log
    )
    first, *_, last = [str(request.body["messages"]) for request in messages(stage)]
    assert "The specification (prompts/app_spec.txt)" in first
    assert "The specification (prompts/app_spec.txt)" not in last
    assert "F1 is built." in last
    (entry,) = ledger(journal(stage.repo))
    assert entry.settled
    assert entry.settled.turns == len(messages(stage)) == 6, "the summary is one of them"
    assert 2_000_000 + 985_000 * 0.1 < entry.settled.cost_micro < 2_200_000, "the summary's request is paid for"
    assert {one.status for one in backlog(stage.repo, BRANCH).features} == {Status.PASSING}


def test_a_model_without_a_price_is_named_before_anything_is_booked(make_stage: MakeStage) -> None:
    stage = make_stage(script([]), content=files(planned()))
    run = stage.job("session", stage.hub.event("schedule", stage.repo), part="session", model="glm-5")
    assert run.exit_code == 1, run.log
    said = next(one.message for one in run.annotations if one.level == "error")
    assert said.startswith("The price of the model glm-5 is not known, so its dollars cannot be capped. Set `prices: {")
    assert git(stage.repo, "for-each-ref", "refs/autocoder") == ""
    assert stage.model
    assert not stage.model.requests
