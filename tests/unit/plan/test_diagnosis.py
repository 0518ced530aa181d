"""The doctor reads a workflow as GitHub does, and names each event that it does not hear."""

from pathlib import Path

import pytest

from autocoder_action.plan.diagnosis import EVENTS, events_of

SHIPPED = Path(__file__).parents[3] / ".github" / "workflows" / "autocoder.yml"


def test_the_workflow_that_people_copy_hears_exactly_the_events_that_the_doctor_looks_for() -> None:
    assert events_of(SHIPPED.read_text()) == frozenset(EVENTS)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("on: push", {"push"}),
        ("'on': push", {"push"}),
        ("on: [push, issues]", {"push", "issues"}),
        ("on:\n  push:\n  issues:\n    types: [opened]", {"push", "issues"}),
        ("on: push\n# schedule: issues:", {"push"}),
        ("on: push\njobs: {pull_request: {}}", {"push"}),
        ("jobs: {}", None),
        ("on: 3", None),
        ("{", None),
        ("- on", None),
        ("", None),
    ],
)
def test_events_are_read_in_every_form_and_nowhere_else(text: str, heard: set[str] | None) -> None:
    assert events_of(text) == heard
