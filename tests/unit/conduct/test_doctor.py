"""What a project is told of itself: how things stand, what was spent, and what is not well with its set-up."""

import pytest

from autocoder_action.plan.conclusion import Conclusion
from tests.unit.conduct.scene import DONE, Scene, plan


def test_the_status_says_what_comes_next_and_what_blocks(scene: Scene) -> None:
    scene.begin()
    scene.run(scene.command("/autocoder pause Holiday."))
    scene.run(scene.command("/autocoder status"))
    assert "the next scheduled run would do: The project is paused: Holiday." in scene.replies()[-1]
    scene.run(scene.command("/autocoder status --json"))
    assert '"paused": "Holiday."' in scene.replies()[-1]


def test_the_status_says_what_was_spent_against_every_cap_that_is_set(scene: Scene) -> None:
    scene.begin()
    caps = b"day_budget_usd: 8\ntotal_budget_usd: 90\nday_sessions: 1\ntotal_sessions: 9"
    scene.remote.commit("main", {".github/autocoder.yml": caps})
    scene.script(DONE)
    scene.run()
    scene.run(scene.command("/autocoder status"), part="gate")
    assert scene.replies()[-1].split("\n<!--")[0].strip().splitlines()[-2:] == [
        "Spent today (UTC): 0.01 USD of 8.00 USD; in all: 0.01 USD of 90.00 USD.",
        "Held today (UTC) 1 of 1 session; in all 1 of 9 sessions.",
    ]
    scene.run(scene.command("/autocoder status --json"), part="gate")
    for line in ('"sessions_today": 1', '"day_sessions": 1', '"sessions": 1', '"total_sessions": 9'):
        assert line in scene.replies()[-1]


def test_the_doctor_looks_at_the_set_up_and_changes_nothing(scene: Scene) -> None:
    scene.remote.commit("main", {".github/workflows/build.yml": b"uses: x/autocoder-action@v1\non:\n  schedule:\n"})
    before = dict(scene.remote.heads)
    report = scene.run(scene.command("/autocoder doctor"), part="gate")
    assert report.conclusion is Conclusion.SKIPPED
    (reply,) = scene.replies()
    assert "build.yml does not hear workflow_dispatch, repository_dispatch, issue_comment, pull_request, " in reply
    assert "pull_request_review, pull_request_review_comment, push, issues." in reply
    assert "The spec prompts/app_spec.txt has 3 words." in reply
    assert scene.remote.heads == before


SEEN = "✅ This job has a key for the model."


UNSEEN = "❔ Whether there is a key for the model cannot be seen here: this job, the gate, is given none."


UNKEYED = "⚠️ No workflow on base gives a key for the model to a step."


ALONE = "⚠️ No input gives this job a key for the model."


@pytest.mark.parametrize(
    ("given", "part", "key", "words"),
    [
        ("with: {anthropic_api_key: k}", "gate", "", UNSEEN),
        ("with: {claude_code_oauth_token: k}", "gate", "", UNSEEN),
        ("env: {ANTHROPIC_AUTH_TOKEN: k}", "gate", "", UNSEEN),
        ("with: {part: gate}", "gate", "", UNKEYED),
        ("with: {part: gate}", "auto", "", ALONE),
        ("with: {part: gate}", "auto", "k", SEEN),
    ],
)
def test_the_doctor_calls_a_key_well_only_where_it_sees_one(
    scene: Scene, given: str, part: str, key: str, words: str
) -> None:
    workflow = f"on: push\njobs: {{a: {{steps: [{{uses: x/autocoder-action@v1, {given}}}]}}}}\n"
    scene.remote.commit("main", {".github/workflows/build.yml": workflow.encode()})
    scene.inputs |= {"anthropic_api_key": key} if key else {}
    scene.run(scene.command("/autocoder doctor"), part=part)
    assert [line[2:].split(" Add ")[0].split(" Settings")[0] for line in said(scene, "key for the model")] == [words]


def test_the_doctor_names_an_input_that_only_one_half_of_a_run_is_given(scene: Scene) -> None:
    workflow = (
        "on: push\njobs:\n"
        "  gate: {steps: [{uses: x/autocoder-action@v1, with: {part: gate}}]}\n"
        "  session: {needs: gate, steps: [{uses: x/autocoder-action@v1, with: {part: session, project_path: web}}]}\n"
    )
    scene.remote.commit("main", {".github/workflows/build.yml": workflow.encode()})
    scene.run(scene.command("/autocoder doctor"), part="gate")
    (line,) = said(scene, "not the same")
    assert line.startswith(
        "- ⚠️ .github/workflows/build.yml gives the gate's step and the session's not the same project_path."
    )


def test_the_doctor_names_the_right_to_open_pull_requests_until_the_plan_shows_it(scene: Scene) -> None:
    scene.tracker.login = "github-actions[bot]"
    scene.run(scene.command("/autocoder doctor"), part="gate")
    (line,) = said(scene, "may open pull requests")
    assert line.startswith("- ❔ ")
    assert "has to be ticked" in line
    scene.script(plan("Greet"), DONE)
    scene.run()
    assert scene.pulls()
    scene.run(scene.command("/autocoder doctor"), part="gate")
    assert said(scene, "may open pull requests") == []


def said(scene: Scene, words: str) -> list[str]:
    """Return the lines of the last answer with these words."""
    return [line for line in scene.replies()[-1].splitlines() if words in line]


def test_the_doctor_names_a_budget_of_sessions_that_is_used_up(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {".github/autocoder.yml": b"total_sessions: 1"})
    scene.script(DONE)
    scene.run()
    scene.run(scene.command("/autocoder doctor"), part="gate")
    assert "1 of 1 session of the project" in scene.replies()[-1]
