"""The agent's boundary: no credential inside, nothing forbidden outside, and only what was proved passes."""

import os

from autocoder_action.backlog.draft import Draft
from sandbox.demo.tools import PASSING
from sandbox.model import Conversation, ToolCall, Turn
from sandbox.model.policies import say, script
from sandbox.stage import KEY
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import backlog, bash, branches, feature, git, told


def test_the_agent_finds_no_credential_and_no_remote(make_stage: MakeStage) -> None:
    heard: list[Conversation] = []
    look = "env; git remote -v; cat .git/config; cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'"

    def listen(conversation: Conversation) -> Turn:
        heard.append(conversation)
        return Turn(text="Nothing there.")

    stage = make_stage(script([bash(look), listen]), content=files(planned()))
    run = stage.schedule().session
    assert run
    seen = told(heard[0])
    assert "ANTHROPIC_BASE_URL=http://127.0.0.1:" in seen, "the look worked"
    assert "octo/app" not in seen.replace("/agent/", "")
    if os.geteuid() == 0:
        for secret in (KEY, "ghs_", "ACTIONS_RUNTIME_TOKEN", "INPUT_", "GITHUB_TOKEN"):
            assert secret not in seen


FORBIDDEN = (
    ("mkdir -p .github/workflows; echo 'on: push' > .github/workflows/x.yml", "belongs to the maintainers"),
    ("echo 'Something easier.' > prompts/app_spec.txt", "belongs to the maintainers"),
    ("echo 'ghp_0123456789012345678901234567890123456789' > token", "looks like a credential"),
    ("ln -s /etc/passwd users", "leads out of the project"),
    ("git init -q inner; git -C inner -c user.name=a -c user.email=a@b commit -q --allow-empty -m x", "own"),
)


def test_a_forbidden_change_is_refused_with_what_to_do_and_is_not_kept_either(make_stage: MakeStage) -> None:
    heard: list[Conversation] = []

    def listen(conversation: Conversation) -> Turn:
        heard.append(conversation)
        return Turn(text="I see.")

    # One after the other in one session, each undone before the next; the last one stays.
    undo = "git checkout -q .; git clean -qffdx; echo Hello > greet.txt"
    steps = [turn for command, _ in FORBIDDEN for turn in feature(1, f"{undo}; {command}")]
    stage = make_stage(script([*steps, listen]), content=files(planned()))
    run = stage.schedule(max_features="1").last
    answers = [one.text for one in heard[0].results if one.call.name == PASSING]
    assert len(answers) == len(FORBIDDEN)
    for answer, (_, words) in zip(answers, FORBIDDEN, strict=True):
        assert words in answer
    assert run.outputs["conclusion"] == "no_progress"
    assert branches(stage.repo) == ["main"]


def test_a_feature_passes_only_when_the_check_succeeds_on_a_clean_checkout(make_stage: MakeStage) -> None:
    heard: list[str] = []

    def listen(conversation: Conversation) -> Turn:
        heard.append(told(conversation))
        return Turn(text="I see.")

    # Here the file is there; a clean checkout does not have it, since git ignores it.
    stage = make_stage(
        script([*feature(1, "echo Hello > greet.txt; echo greet.txt > .gitignore; test -f greet.txt"), listen]),
        content=files(planned()),
    )
    run = stage.schedule(max_features="1").last
    assert "does not pass yet. The check `test -f greet.txt` ended with exit code 1" in heard[0]
    assert run.outputs["features_passing"] == "0"
    assert run.exit_code == 1


def test_what_the_agent_put_into_its_home_proves_nothing(make_stage: MakeStage) -> None:
    heard: list[str] = []

    def listen(conversation: Conversation) -> Turn:
        heard.append(told(conversation))
        return Turn(text="I see.")

    # Python reads this file before anything else of any program: the check, which never succeeds, would succeed.
    forge = "d=$(python3 -m site --user-site); mkdir -p $d; echo 'import os; os._exit(0)' > $d/usercustomize.py"
    check = "python3 -c 'raise SystemExit(1)'"
    draft = Draft(name="Greet", description="Greets.", steps=("Run it.",), check=check)
    stage = make_stage(
        script([*feature(1, f"{forge}; {check}; echo x > x.txt"), listen]), content=files(planned(draft))
    )
    run = stage.schedule(max_features="1").last
    assert "`python3 -c 'raise SystemExit(1)'` ended with exit code 1" in heard[0]
    assert run.outputs["features_passing"] == "0"


def test_a_proposed_check_has_to_fail_before_the_work(make_stage: MakeStage) -> None:
    heard: list[str] = []

    def listen(conversation: Conversation) -> Turn:
        heard.append(told(conversation))
        return Turn(
            text="Better.",
            tool_calls=[ToolCall("mcp__features__feature_mark_passing", {"id": 1, "check": "grep Hello greet.txt"})],
        )

    plan = planned(Draft(name="Greet", description="Greets.", steps=("Run it.",)))
    stage = make_stage(
        script([*feature(1, "echo Hello > greet.txt", check="true"), listen, say("Done.")]), content=files(plan)
    )
    run = stage.schedule().last
    assert "`true` succeeds without your work, so it proves nothing" in heard[0]
    assert run.outputs["conclusion"] == "complete"
    body = stage.repo.issue(int(run.outputs["pull_request"])).body or ""
    assert "New checks, please review" in body
    assert "F1: `grep Hello greet.txt`" in body


def test_a_feature_without_any_check_is_kept_as_built_and_unproved(make_stage: MakeStage) -> None:
    plan = planned(Draft(name="Greet", description="Greets.", steps=("Run it.",)))
    stage = make_stage(script([*feature(1, "echo Hello > greet.txt"), say("Done.")]), content=files(plan))
    run = stage.schedule().last
    assert run.outputs["conclusion"] == "progressed"
    assert run.outputs["features_passing"] == "0"
    branch = "autocoder/root/session-1"
    assert backlog(stage.repo, branch).features[0].built
    assert git(stage.repo, "show", f"{branch}:greet.txt") == "Hello\n"
    assert "Built, unproved" in (stage.repo.issue(int(run.outputs["pull_request"])).body or "")


def test_work_that_somebody_pushed_meanwhile_is_combined_and_checked_again(make_stage: MakeStage) -> None:
    branch = "autocoder/root/session-1"
    first, second = feature(1, "echo Hello > greet.txt"), feature(2, "echo Bye > part.txt")

    def meddle(_conversation: Conversation) -> Turn:
        stage.repo.commit({"NOTES.md": "Mine.\n"}, by="maintainer", message="Notes", branch=branch)
        return second[0]

    stage = make_stage(script([*first, meddle, second[1], say("Done.")]), content=files(planned()))
    run = stage.schedule().last
    assert run.outputs["conclusion"] == "complete", run.log
    assert git(stage.repo, "show", f"{branch}:NOTES.md") == "Mine.\n"
    assert git(stage.repo, "show", f"{branch}:part.txt") == "Bye\n"
    assert git(stage.repo, "log", "--format=%an", branch).splitlines()[:2] == ["github-actions[bot]", "maintainer"]


def test_work_can_be_pushed_to_base_directly(make_stage: MakeStage) -> None:
    stage = make_stage(script([*feature(1, "echo Hello > greet.txt"), say("Done.")]), content=files(planned()))
    run = stage.schedule(delivery="push", max_features="1").last
    assert run.outputs["conclusion"] == "progressed", run.log
    assert run.outputs["branch"] == "main"
    assert run.outputs["should_continue"] == "true"
    assert git(stage.repo, "show", "main:greet.txt") == "Hello\n"
    assert branches(stage.repo) == ["main"]
    assert not stage.repo.pulls()


def test_a_project_in_a_folder_changes_nothing_outside_it(make_stage: MakeStage) -> None:
    plan = planned()
    content = {f"apps/web/{name}": text for name, text in files(plan).items()}
    stage = make_stage(
        script(
            [*feature(1, "echo no > ../out.txt"), *feature(1, "rm ../out.txt; echo Hello > greet.txt"), say("Done.")]
        ),
        content=content,
    )
    run = stage.schedule(project_path="apps/web", max_features="1").last
    assert run.outputs["conclusion"] == "progressed", run.log
    assert run.outputs["branch"] == "autocoder/apps-web/session-1"
    changed = git(stage.repo, "diff", "--name-only", "main", run.outputs["branch"]).split()
    ours = ["apps/web/FEATURES.md", "apps/web/claude-progress.txt", "apps/web/features.db"]
    assert changed == [*ours, "apps/web/greet.txt"]
