"""A template has exactly the slots that it is given, and what fills them is never a template."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.session.prompts import describe, fill, guidance, known_features
from tests.unit.backlog.builders import a_backlog, a_draft

PROMPTS = Path(__file__).parents[3] / "prompts"
SHARED = {"guidance", "knowledge", "spec_path", "spec"}
SLOTS = {
    "system": {"folder"},
    "initializer": SHARED | {"least", "most", "existing"},
    "rules_initialize": {"least", "most"},
    "rules_build": {"verify"},
    "near": {"used"},
    "close": {"used"},
    "coding": SHARED | {"bearings", "features", "turns", "minutes"},
    "review": SHARED | {"pull", "remarks", "features", "files", "turns", "minutes"},
    "reading": {"folder"},
    "assistant": {"turns", "place", "backlog", "guidance", "knowledge", "thread", "question"},
    "answer": {"prefix", "place", "backlog", "spec_path", "spec", "thread", "question"},
    "spec": {"turns", "spec_path", "spec", "thread", "question"},
    "expand": {"turns", "spec_path", "spec", "backlog", "thread", "question"},
}


@pytest.mark.parametrize("name", SLOTS)
def test_each_prompt_has_its_slots_and_shows_all_of_them(name: str) -> None:
    text = fill((PROMPTS / f"{name}.md").read_text(), {slot: f"<{slot}>" for slot in SLOTS[name]})
    assert all(f"<{slot}>" in text for slot in SLOTS[name])
    assert "{{" not in text


@pytest.mark.parametrize("slots", [{}, {"a": "1"}, {"a": "1", "b": "2", "c": "3"}, {"a": "1", "c": "3"}])
def test_a_missing_or_an_unknown_slot_is_an_error(slots: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="slots"):
        fill("{{ a }} {{ b }}", slots)


@given(st.text())
def test_what_is_filled_in_is_taken_as_it_is(text: str) -> None:
    assert fill("[{{ a }}]", {"a": text}) == f"[{text}]"


@pytest.mark.parametrize("text", ["{{ b }}", "{% for x in y %}", "{# no #}", "{{ a.__class__ }}", "<b>&"])
def test_words_that_look_like_a_template_are_words(text: str) -> None:
    assert fill("{{ a }}\n", {"a": text}) == f"{text}\n"


def test_a_feature_is_described_with_what_went_wrong_before() -> None:
    plan = a_backlog(a_draft("Add", check="make add"), a_draft("List"))
    failed = plan.features[1].replace(last_error="No such file")
    text = describe([plan.features[0], failed])
    assert "### F1 (id 1): Add\nAdd, whole.\n1. Look.\nCheck: `make add`" in text
    assert "Check: none yet; propose one.\nWhat went wrong before: No such file" in text


def test_guidance_is_shown_under_its_names() -> None:
    assert guidance({}) == "The project has none."
    assert guidance({"AGENTS.md": "Be kind.\n", "x/AGENTS.md": "Be quick."}) == (
        "--- AGENTS.md\nBe kind.\n\n--- x/AGENTS.md\nBe quick."
    )


def test_a_plan_that_is_looked_at_again_is_shown_as_far_as_there_is_room() -> None:
    some = a_backlog(*(a_draft(f"Feature {number}") for number in range(500))).features
    long = [one.replace(description="word " * 100) for one in some]
    shown = known_features(long)
    assert len(shown) < 41_000
    assert "- F1 Feature 0 (pending): word word" in shown
    assert re.search(r"\nAnd \d+ more; `feature_get_stats`", shown)
    assert "more;" not in known_features(long[:3])
