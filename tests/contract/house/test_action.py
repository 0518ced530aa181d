"""action.yml, the image and the workflows that users copy agree with each other."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from autocoder_action.intake.commands import PREFIX
from autocoder_action.plan.wish import Voice
from sandbox.runner.image import CONTEXT, CONTEXT_FILES
from sandbox.runner.standins import NODE_BASE, PYTHON_BASE

OWN = "autocoder-action/autocoder-action@v1"


def load(path: Path) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def action(checkout: Path) -> dict[Any, Any]:
    """Return action.yml."""
    return load(checkout / "action.yml")


@pytest.fixture
def copied(checkout: Path) -> dict[Any, Any]:
    """Return the workflow that users copy."""
    return load(checkout / ".github" / "workflows" / "autocoder.yml")


@pytest.fixture
def dockerfile(checkout: Path) -> str:
    """Return the Dockerfile without comments and with its lines joined."""
    text = (checkout / "Dockerfile").read_text(encoding="utf-8")
    return re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*#.*\n", "", text))


def test_inputs_and_outputs_are_in_snake_case_and_explained(action: dict[Any, Any]) -> None:
    fields = {**action["inputs"], **action["outputs"]}
    assert [name for name in fields if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []
    assert [name for name, field in fields.items() if not field["description"].endswith(".")] == []


def test_only_what_finds_the_configuration_has_a_default(action: dict[Any, Any]) -> None:
    assert {name: field["default"] for name, field in action["inputs"].items() if "default" in field} == {
        "github_token": "${{ github.token }}",
        "project_path": ".",
        "config_file": ".github/autocoder.yml",
    }


def test_the_image_starts_as_root_at_an_absolute_isolated_entry_point(dockerfile: str) -> None:
    (entry,) = re.findall(r"(?m)^ENTRYPOINT (.*)$", dockerfile)
    assert json.loads(entry) == ["/opt/autocoder/bin/python", "-I", "-u", "-m", "autocoder_action"]
    assert not re.search(r"(?m)^(USER|CMD|ARG)\b", dockerfile)
    assert "PYTHONSAFEPATH=1" in dockerfile


def test_stand_ins_have_the_names_that_the_dockerfile_starts_from(dockerfile: str) -> None:
    assert set(re.findall(r"(?m)(?:^FROM |--from=)(docker\S+)", dockerfile)) == {PYTHON_BASE, NODE_BASE}


def test_every_file_of_the_build_context_decides_whether_the_image_is_still_current(checkout: Path) -> None:
    lines = (checkout / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert "*" in lines
    assert allowed == {*CONTEXT, *CONTEXT_FILES} - {"Dockerfile", "browser.Dockerfile", ".dockerignore"}


@pytest.mark.parametrize("name", ["autocoder.yml", "ci.yml"])
def test_a_job_has_its_own_permissions_and_a_time_limit(checkout: Path, name: str) -> None:
    workflow = load(checkout / ".github" / "workflows" / name)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]
        assert job["timeout-minutes"] <= 90


def test_other_people_s_actions_are_pinned_to_a_commit(checkout: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (checkout / ".github" / "workflows").iterdir()]
    uses = [line for text in texts for line in re.findall(r"uses: (.*)", text)]
    foreign = [line for line in uses if line != OWN]
    assert foreign
    assert [line for line in foreign if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_the_copied_workflow_gives_only_inputs_that_exist_and_reads_outputs_that_exist(
    checkout: Path, action: dict[Any, Any], copied: dict[Any, Any]
) -> None:
    steps = [step for job in copied["jobs"].values() for step in job["steps"]]
    assert [step["uses"].split("@")[0] for step in steps] == [
        *[OWN.split("@", maxsplit=1)[0]] * 2,
        "actions/upload-artifact",
    ]
    given = {name for step in steps if step["uses"] == OWN for name in step["with"]}
    assert given - action["inputs"].keys() == set()
    text = (checkout / ".github" / "workflows" / "autocoder.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"steps\.(?:gate|session)\.outputs\.(\w+)", text)) <= action["outputs"].keys()


def test_the_transcript_is_uploaded_also_of_a_session_that_failed(copied: dict[Any, Any]) -> None:
    session, upload = copied["jobs"]["session"]["steps"]
    assert session["id"] == "session"
    assert upload["if"].startswith("always() &&")
    assert upload["with"]["path"] == "${{ steps.session.outputs.transcript }}"


def test_only_the_session_holds_the_group_and_it_is_never_cancelled(copied: dict[Any, Any]) -> None:
    gate, session = copied["jobs"]["gate"], copied["jobs"]["session"]
    assert "concurrency" not in copied
    assert "concurrency" not in gate
    assert session["concurrency"]["cancel-in-progress"] is False
    assert session["concurrency"]["queue"] == "max", "a waiting command is not displaced by the next one"
    assert session["needs"] == "gate"


def test_the_gate_lets_commands_and_questions_through_wherever_they_are_written(copied: dict[Any, Any]) -> None:
    condition = copied["jobs"]["gate"]["if"]
    (name,) = Voice().names
    for place in ("comment", "review"):
        for word in (PREFIX, f"@{name}"):
            assert f"contains(github.event.{place}.body, '{word}')" in condition


def test_no_secret_reaches_the_gate(copied: dict[Any, Any]) -> None:
    assert "secrets." not in json.dumps(copied["jobs"]["gate"])


def test_the_schedule_avoids_the_full_hour(copied: dict[Any, Any]) -> None:
    # YAML 1.1 reads the key `on` as true.
    (schedule,) = copied[True]["schedule"]
    assert int(schedule["cron"].split()[0]) % 5 != 0
