"""When something is wrong, one line says what and what to do, and nothing is half written."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.model.policies import say, script
from sandbox.runner import Finished
from sandbox.stage import Stage
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import branches, feature, git, messages


def failed(run: Finished, *words: str) -> None:
    """Check that a run is red, with one error of one line that holds these words."""
    assert run.exit_code == 1, run.log
    errors = [one for one in run.annotations if one.level == "error"]
    assert len(errors) == 1, run.log
    assert run.outputs["conclusion"] == "error", run.log
    for word in words:
        assert word in errors[0].message
    assert "\n" not in errors[0].message
    assert "Traceback" not in run.log


def session(stage: Stage, **inputs: str) -> Finished:
    """Run the session job of a scheduled run alone."""
    return stage.job("session", stage.hub.event("schedule", stage.repo), part="session", **inputs)


def nothing_written(stage: Stage) -> None:
    """Check that neither a branch nor an issue nor a pull request was made."""
    assert branches(stage.repo) == ["main"]
    assert not stage.repo.issues


def test_a_dead_model_api_is_named_and_leaves_no_branch(make_stage: MakeStage) -> None:
    stage = make_stage(say("Nobody hears this."), content=files(planned()))
    stage.env["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:9"
    run = session(stage)
    failed(run, "127.0.0.1:9", "again")
    nothing_written(stage)
    assert git(stage.repo, "for-each-ref", "refs/autocoder") == "", "nothing is booked"


def test_a_key_that_the_service_does_not_know_is_named_before_anything_is_booked(make_stage: MakeStage) -> None:
    stage = make_stage(say("Nobody hears this."), content=files(planned()))
    failed(session(stage, anthropic_api_key="sk-of-nobody-0123456789"), "401", "the input anthropic_api_key")
    assert stage.model
    assert [one.path for one in stage.model.requests] == ["/v1/messages/count_tokens"]
    nothing_written(stage)
    assert git(stage.repo, "for-each-ref", "refs/autocoder") == "", "nothing is booked"


def test_a_model_api_that_refuses_the_first_request_is_named_and_leaves_no_branch(make_stage: MakeStage) -> None:
    stage = make_stage(say("Nobody hears this."), content=files(planned()))
    assert stage.model
    stage.model.fault(status=403, times=None)
    failed(session(stage), "anthropic_api_key")
    assert branches(stage.repo) == ["main"]


def test_a_dead_github_api_is_named(make_stage: MakeStage) -> None:
    stage = make_stage(say("Nobody hears this."), content=files(planned()))
    stage.api_url = "http://127.0.0.1:9/api/v3"
    failed(session(stage), "127.0.0.1:9")
    nothing_written(stage)


@pytest.mark.parametrize(
    ("spec", "words"),
    [(b"  \n", ("empty",)), (b"\xff\xfe\x00", ("UTF-8",)), (b"a\x00b", ("NUL",)), (None, ("There is no spec",))],
)
def test_a_broken_spec_is_named_before_anything_is_spent(
    make_stage: MakeStage, spec: bytes | None, words: tuple[str, ...]
) -> None:
    content: dict[str, str | bytes] = {"README.md": "An application.\n"}
    stage = make_stage(say("No."), content=content if spec is None else content | {"prompts/app_spec.txt": spec})
    failed(session(stage), "prompts/app_spec.txt", *words)
    assert stage.model
    assert not stage.model.requests
    nothing_written(stage)


def test_a_missing_key_is_named_and_a_second_one_too(make_stage: MakeStage) -> None:
    stage = make_stage(say("No."))
    failed(session(stage, anthropic_api_key=""), "No credential", "anthropic_api_key")
    failed(session(stage, claude_code_oauth_token="t" * 30), "Two credentials", "claude_code_oauth_token")
    nothing_written(stage)


def test_a_wrong_token_is_named(make_stage: MakeStage) -> None:
    stage = make_stage(say("No."))
    failed(session(stage, github_token="ghs_thisisnotatokenofanybody0123456789"), "token")
    nothing_written(stage)


def test_a_token_without_permission_is_told_which_one_is_missing(make_stage: MakeStage) -> None:
    stage = make_stage(script(feature(1, "echo Hello > greet.txt")), content=files(planned()))
    weak = stage.hub.workflow_token(stage.repo, {"contents": "read", "issues": "write", "pull_requests": "write"})
    failed(session(stage, github_token=weak), "contents: write")
    nothing_written(stage)
    assert stage.model
    assert not messages(stage), "the booking comes before the model"


@pytest.mark.parametrize("text", ["{", "[]", "", "\x00"])
def test_a_malformed_event_is_named(tmp_path: Path, text: str) -> None:
    event, output = tmp_path / "event.json", tmp_path / "output"
    event.write_text(text)
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(event), "GITHUB_OUTPUT": str(output)}
    run = subprocess.run(
        [sys.executable, "-I", "-m", "autocoder_action"], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    (line,) = [line for line in run.stdout.splitlines() if line.startswith("::error")]
    assert "holds no JSON object" in line
    assert "Start the action from a workflow" in line
    assert "conclusion" in output.read_text()
    assert not run.stderr


CONFIGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("model: [", ("autocoder.yml", "line 1")),
    ("- a\n- b\n", ("autocoder.yml", "mapping")),
    ("modle: opus\nmax_turns: many\n", ("modle", "max_turns", "there is no such setting", "2 settings")),
)


@pytest.mark.parametrize(("text", "words"), CONFIGS)
def test_a_malformed_configuration_is_named_with_all_its_problems(
    make_stage: MakeStage, text: str, words: tuple[str, ...]
) -> None:
    stage = make_stage(say("No."), content=files(planned()) | {".github/autocoder.yml": text})
    failed(session(stage), *words)
    assert stage.model
    assert not stage.model.requests
    nothing_written(stage)


def test_a_features_db_that_is_none_stops_the_run_and_stays_as_it_is(make_stage: MakeStage) -> None:
    stage = make_stage(say("No."), content=files(None) | {"features.db": b"SQLite format 3\0" + b"\0" * 4080})
    failed(session(stage), "features.db")
    nothing_written(stage)


def test_an_installation_that_fails_on_base_blocks_and_demotes_nothing(make_stage: MakeStage) -> None:
    content = files(planned()) | {".github/autocoder.yml": "install: echo no network; exit 7\n"}
    stage = make_stage(say("No."), content=content)
    run = session(stage)
    assert (run.exit_code, run.outputs["conclusion"]) == (1, "blocked")
    assert "install" in run.outputs["reason"]
    assert "exit code 7" in run.outputs["reason"]
    assert stage.model
    assert not messages(stage)
    assert branches(stage.repo) == ["main"]


def test_an_agent_that_hands_over_no_plan_leaves_nothing(make_stage: MakeStage) -> None:
    stage = make_stage(say("I have no idea."))
    run = session(stage)
    failed(run, "nothing was written")
    assert branches(stage.repo) == ["main"]
