"""What the document about providers tells people to copy is what the program takes."""

import re
from typing import Any

import pytest
import yaml

from autocoder_action.session.provider import Credential, Provider, choose
from sandbox.runner.engine import CHECKOUT

DOCUMENT = (CHECKOUT / "docs/providers.md").read_text(encoding="utf-8")
KINDS = (Credential.API_KEY, Credential.OAUTH_TOKEN, Credential.AUTH_TOKEN, Credential.AUTH_TOKEN)


WORKFLOWS = re.findall(r"^```yml\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)


def step(workflow: str) -> dict[str, Any]:
    """Return the one step of a workflow."""
    (job,) = yaml.safe_load(workflow)["jobs"].values()
    (found,) = job["steps"]
    return dict(found)


def test_every_way_has_a_workflow() -> None:
    assert len(WORKFLOWS) == len(KINDS)


@pytest.mark.parametrize(("workflow", "kind"), list(zip(WORKFLOWS, KINDS, strict=True)))
def test_a_workflow_sets_inputs_that_there_are_and_exactly_one_credential(workflow: str, kind: Credential) -> None:
    inputs = yaml.safe_load((CHECKOUT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    found = step(workflow)
    assert found["uses"].startswith("autocoder-action/autocoder-action@")
    assert set(found.get("with", {})) <= set(inputs)
    provider = choose(_filled(found.get("with", {})), _filled(found.get("env", {})))
    assert isinstance(provider, Provider), provider
    assert provider.kind is kind


def _filled(values: dict[str, str]) -> dict[str, str]:
    return {name: "secret" if "secrets." in value else value for name, value in values.items()}


def test_a_workflow_has_the_permissions_of_the_one_to_copy() -> None:
    copied = yaml.safe_load((CHECKOUT / ".github/workflows/autocoder.yml").read_text(encoding="utf-8"))
    for workflow in WORKFLOWS:
        assert yaml.safe_load(workflow)["permissions"] == copied["jobs"]["session"]["permissions"]
