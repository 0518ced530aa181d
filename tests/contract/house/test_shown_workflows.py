"""Workflows that the documents show use the action as it is, each step with what its job gives it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from sandbox.runner.engine import CHECKOUT
from tests.contract.house.documents import documents

OURS = "autocoder-action/autocoder-action"
APP = "actions/create-github-app-token@"


def shown() -> list[Any]:
    """Return what each block of a workflow in the documents says."""
    return [yaml.safe_load(block) for one in documents(CHECKOUT) for block in one.fences("yml")]


def steps(part: Any) -> Iterator[list[dict[str, Any]]]:  # noqa: ANN401  # YAML
    """Yield the steps of each job, also of a block that is a few steps alone."""
    if isinstance(part, list):
        yield part
    else:
        yield from (job["steps"] for job in part.get("jobs", {}).values())


JOBS = [job for part in shown() for job in steps(part)]


def test_every_step_gives_inputs_that_there_are() -> None:
    inputs = yaml.safe_load((CHECKOUT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    ours = [step for job in JOBS for step in job if step["uses"].startswith(OURS)]
    assert len(ours) >= 9
    assert [name for step in ours for name in step.get("with", {}) if name not in inputs] == []


@pytest.mark.parametrize("job", JOBS)
def test_what_a_step_takes_from_another_comes_from_an_earlier_one_of_its_job(job: list[dict[str, Any]]) -> None:
    known: set[str] = set()
    for step in job:
        assert set(re.findall(r"\bsteps\.(\w+)\.", str(step))) <= known
        known |= {step["id"]} if "id" in step else set()


def test_actions_of_others_are_pinned() -> None:
    used = [step["uses"] for job in JOBS for step in job]
    assert [one for one in used if not one.startswith(OURS) and not re.search(r"@[0-9a-f]{40}$", one)] == []


def test_an_app_s_token_may_do_what_the_workflow_to_copy_lets_its_job_do() -> None:
    copied = yaml.safe_load((CHECKOUT / ".github/workflows/autocoder.yml").read_text(encoding="utf-8"))["jobs"]
    (jobs,) = [part["jobs"] for part in shown() if APP in str(part)]
    assert {name: given(job["steps"]) for name, job in jobs.items()} == {
        name: job["permissions"] for name, job in copied.items()
    }


def given(job: list[dict[str, Any]]) -> dict[str, str]:
    """Return the permissions of the App's token that a job's first step makes and its last one uses."""
    made, used = job
    assert made["uses"].startswith(APP)
    assert {"client-id", "private-key"} <= set(made["with"])
    assert used["with"]["github_token"] == f"${{{{ steps.{made['id']}.outputs.token }}}}"
    return {
        name.removeprefix("permission-"): level for name, level in made["with"].items() if name.startswith("permission")
    }
