"""A step gets exactly the environment and files that GitHub's runner gives it."""

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from sandbox.runner import CheckoutError, Finished, Runner
from sandbox.runner.environment import DECOY_RUNTIME_TOKEN
from sandbox.runner.place import RUNNER_UID
from sandbox.runner.scripts import ScriptSteps

DUMP = """
import json, os
with open(os.environ["GITHUB_OUTPUT"], "a") as file:
    print("seen=" + json.dumps({**os.environ, "cwd": os.getcwd()}), file=file)
"""


def environment_of(finished: Finished) -> dict[str, str]:
    seen: dict[str, str] = json.loads(finished.outputs["seen"])
    return seen


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """Return a folder that serves `octo/app`, with one commit on main."""
    repository = tmp_path / "server" / "octo" / "app"
    repository.mkdir(parents=True)
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    (repository / "hello.txt").write_text("hi")
    for words in (["init", "-q", "-b", "main"], ["add", "."], [*author, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *words], cwd=repository, check=True)
    return repository.parents[1]


def test_every_input_of_the_action_file_is_there_with_its_default_or_empty(steps: ScriptSteps, checkout: Path) -> None:
    seen = environment_of(steps.run(DUMP, inputs={"max_turns": "7"}, github_token="ghs_1"))
    declared = yaml.safe_load((checkout / "action.yml").read_text())["inputs"]
    assert {name for name in seen if name.startswith("INPUT_")} == {f"INPUT_{name.upper()}" for name in declared}
    assert seen["INPUT_MAX_TURNS"] == "7"
    assert seen["INPUT_GITHUB_TOKEN"] == "ghs_1"
    assert seen["INPUT_PROJECT_PATH"] == "."
    assert seen["INPUT_MODE"] == ""


def test_the_token_reaches_the_step_through_its_input_alone(steps: ScriptSteps) -> None:
    seen = environment_of(steps.run(DUMP, github_token="ghs_only"))
    assert [name for name, value in seen.items() if "ghs_only" in value] == ["INPUT_GITHUB_TOKEN"]


def test_nothing_of_this_machine_s_environment_reaches_the_step(
    steps: ScriptSteps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THIS_MACHINE", "x")
    monkeypatch.setenv("GITHUB_TOKEN", "x")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "x")
    seen = environment_of(steps.run(DUMP, env={"ANTHROPIC_BASE_URL": "http://127.0.0.1:1"}))
    known = ("GITHUB_", "INPUT_", "RUNNER_", "ACTIONS_", "CI", "HOME", "PATH", "LANG", "LC_CTYPE", "cwd")
    assert [name for name in seen if not name.startswith(known)] == ["ANTHROPIC_BASE_URL"]
    assert "GITHUB_TOKEN" not in seen


def test_the_event_is_named_and_its_payload_is_in_the_event_file(steps: ScriptSteps) -> None:
    finished = steps.run(DUMP, actor="octocat", ref="refs/heads/dev", sha="a" * 40, attempt=3, job="gate")
    seen = environment_of(finished)
    assert json.loads(Path(seen["GITHUB_EVENT_PATH"]).read_text())["comment"]["body"] == "/autocoder continue"
    expected = {
        "GITHUB_EVENT_NAME": "issue_comment",
        "GITHUB_REPOSITORY": "octo/app",
        "GITHUB_REPOSITORY_OWNER": "octo",
        "GITHUB_ACTOR": "octocat",
        "GITHUB_REF": "refs/heads/dev",
        "GITHUB_REF_NAME": "dev",
        "GITHUB_SHA": "a" * 40,
        "GITHUB_RUN_ATTEMPT": "3",
        "GITHUB_RUN_ID": str(finished.run_id),
        "GITHUB_JOB": "gate",
        "GITHUB_API_URL": "https://api.github.com",
        "GITHUB_GRAPHQL_URL": "https://api.github.com/graphql",
        "ACTIONS_RUNTIME_TOKEN": DECOY_RUNTIME_TOKEN,
        "CI": "true",
        "cwd": str(finished.workspace),
    }
    assert {name: seen[name] for name in expected} == expected


def test_an_enterprise_server_has_its_interfaces_under_its_own_address(steps: ScriptSteps) -> None:
    seen = environment_of(steps.run(DUMP, server_url="http://127.0.0.1:8080/"))
    assert seen["GITHUB_SERVER_URL"] == "http://127.0.0.1:8080"
    assert seen["GITHUB_API_URL"] == "http://127.0.0.1:8080/api/v3"
    assert seen["GITHUB_GRAPHQL_URL"] == "http://127.0.0.1:8080/api/graphql"


def test_runs_have_ids_that_grow_and_folders_of_their_own(steps: ScriptSteps) -> None:
    first, second = steps.run(DUMP), steps.run(DUMP)
    assert first.run_id < second.run_id
    assert (first.run_number, second.run_number) == (1, 2)
    assert first.workspace != second.workspace


def test_a_re_run_keeps_the_run_id_and_counts_the_attempt(steps: ScriptSteps) -> None:
    first = steps.run(DUMP)
    again = steps.run(DUMP, run_id=first.run_id, attempt=2)
    assert (again.run_id, environment_of(again)["GITHUB_RUN_ATTEMPT"]) == (first.run_id, "2")


def test_a_checkout_fills_the_workspace_and_leaves_credentials_beside_it(steps: ScriptSteps, upstream: Path) -> None:
    finished = steps.run(DUMP, checkout=True, server_url=upstream.as_uri(), github_token="ghs_kept")
    head = subprocess.run(
        ["git", "rev-parse", "main"], cwd=upstream / "octo/app", check=True, capture_output=True, text=True
    )
    assert (finished.workspace / "hello.txt").read_text() == "hi"
    assert environment_of(finished)["GITHUB_SHA"] == head.stdout.strip()
    assert "ghs_kept" not in (finished.workspace / ".git" / "config").read_text()
    asked = subprocess.run(
        ["git", "-c", "safe.directory=*", "config", "--get-regexp", "http.*extraheader"],
        cwd=finished.workspace,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "AUTHORIZATION: basic" in asked.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_the_workspace_belongs_to_the_runner_s_user(steps: ScriptSteps, upstream: Path) -> None:
    finished = steps.run(DUMP, checkout=True, server_url=upstream.as_uri())
    owners = {path.lstat().st_uid for path in [finished.workspace, *finished.workspace.rglob("*")]}
    assert owners == {RUNNER_UID}


def test_a_decoy_of_the_container_engine_s_socket_is_beside_the_workspace(steps: ScriptSteps) -> None:
    assert stat.S_ISSOCK(steps.run(DUMP).place.docker_socket.stat().st_mode)


def test_a_repository_that_is_not_there_stops_the_run_before_the_step(runner: Runner, tmp_path: Path) -> None:
    with pytest.raises(CheckoutError, match="git fetch of octo/gone failed"):
        runner.run(event="schedule", payload={}, repository="octo/gone", server_url=tmp_path.as_uri())


def test_an_input_that_the_action_does_not_have_is_a_warning(steps: ScriptSteps) -> None:
    finished = steps.run(DUMP, inputs={"max_turn": "7"})
    assert [note.level for note in finished.annotations] == ["warning"]
    assert finished.annotations[0].message.startswith("Unexpected input(s) 'max_turn', valid inputs are ['anthropic")
