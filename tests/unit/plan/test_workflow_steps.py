"""The doctor sees where the two halves of a run are given different things."""

from pathlib import Path

import pytest

from autocoder_action.plan.workflow_steps import at_odds

SHIPPED = Path(__file__).parents[3] / ".github" / "workflows" / "autocoder.yml"
USES = "uses: autocoder-action/autocoder-action@v1"
GATE, SESSION = f"{USES}\n        with:\n          part: gate\n", f"{USES}\n        with:\n          part: session\n"


def given(gate: str = "", session: str = "", needs: str = "gate") -> str:
    """Return a workflow whose steps are given these lines besides."""
    steps = [("gate", "", GATE, gate), ("session", f"    needs: {needs}\n", SESSION, session)]
    jobs = "".join(
        f"  {job}:\n{needed}    steps:\n      - run: echo\n      - {step}" + (f"          {more}\n" if more else "")
        for job, needed, step, more in steps
    )
    return f"on: push\njobs:\n{jobs}"


def test_the_workflow_that_people_copy_gives_both_the_same() -> None:
    assert at_odds(SHIPPED.read_text()) == ()


@pytest.mark.parametrize(
    ("gate", "session", "names"),
    [
        ("", "", ()),
        ("", "project_path: apps/web", ("project_path",)),
        ("project_path: apps/web", "", ("project_path",)),
        ("project_path: apps/web", "project_path: apps/api", ("project_path",)),
        ("project_path: apps/web", "project_path: apps/web", ()),
        ("project_path: .", "", ()),
        ("", "config_file: .github/autocoder.yml", ()),
        ("", "config_file: bot.yml", ("config_file",)),
        ("base_branch: next", "", ("base_branch",)),
        ("", "branch_prefix: bot/", ("branch_prefix",)),
        ("", "github_token: ${{ secrets.TOKEN }}", ("github_token",)),
        ("github_token: ${{ github.token }}", "", ()),
        ("github_token: ${{ steps.a.outputs.token }}", "github_token: ${{ steps.b.outputs.token }}", ()),
        ("project_path: ${{ vars.FOLDER }}", "project_path: apps/web", ()),
        ("project_path: ''", "project_path: .", ()),
        ("", "max_turns: 5", ()),
        ("", "anthropic_api_key: k", ()),
        ("", "project_path: [apps]", ("project_path",)),
    ],
)
def test_what_only_one_of_both_is_given_is_named(gate: str, session: str, names: tuple[str, ...]) -> None:
    assert at_odds(given(gate, session)) == names


def test_a_session_is_held_to_the_gates_that_it_waits_for_alone() -> None:
    assert at_odds(given("", "project_path: apps/web", needs="[build, gate]")) == ("project_path",)
    assert at_odds(given("", "project_path: apps/web", needs="build")) == ()
    assert at_odds(given("", "project_path: apps/web").replace(USES, "uses: octo/other@v1")) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "- jobs",
        "jobs: 3",
        "jobs: [a]",
        "jobs: {a: 3, b: {steps: 3}, c: {steps: [3, {with: 3}]}}",
        f"jobs: {{a: {{needs: {{b: c}}, steps: [{{{USES}, with: {{part: session}}}}]}}}}",
        f"jobs: {{a: {{needs: [[b]], steps: [{{{USES}, with: {{part: session}}}}]}}}}",
    ],
)
def test_what_is_no_workflow_has_nothing_at_odds(text: str) -> None:
    assert at_odds(text) == ()
