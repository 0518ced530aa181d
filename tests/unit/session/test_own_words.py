"""A project's own prompts are filled strictly, its additions are bounded, its knowledge is offered within a bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.errors import ConfigError
from autocoder_action.intake.globs import matches
from autocoder_action.session.own_words import (
    LONGEST,
    Knowledge,
    OwnText,
    OwnWords,
    check_slots,
    compose,
    offer,
    own_text,
)

SLOTS = {"features": "F1 Greet", "spec": "A service.", "turns": "9"}
NEEDED = {"features": "The features"}


def own(text: str, added: str = "") -> OwnWords:
    prompt = OwnText(path="prompts/coding_prompt.md", text=text) if text else None
    return OwnWords(prompt=prompt, added=OwnText(path="prompts/append/build.md", text=added) if added else None)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (own(""), "Ours.\n"),
        (own("", "Be kind."), "Ours.\n\n## What the project adds\n\nBe kind.\n"),
        (own("Do {{ features }} in {{turns}}."), "Do F1 Greet in 9."),
        (own("Do it."), "Do it.\n\n## The features\n\nF1 Greet"),
        (own("{{ features }}", "Be kind."), "F1 Greet\n\n## What the project adds\n\nBe kind.\n"),
    ],
)
def test_a_projects_own_prompt_takes_the_place_of_ours_and_what_it_adds_comes_last(words: OwnWords, told: str) -> None:
    assert compose("Ours.\n", words, SLOTS, NEEDED) == told


@pytest.mark.parametrize("text", ["style={{ color: 'red' }}", "${{ secrets.KEY }}", "{% for %}", "{# id #}", "{{}}"])
def test_what_is_no_slot_stays_as_it_is(text: str) -> None:
    check_slots(OwnText(path="p", text=text), SLOTS)
    assert compose("", own(f"{text} {{{{ features }}}}"), SLOTS, NEEDED) == f"{text} F1 Greet"


def test_what_fills_a_slot_is_never_a_template() -> None:
    assert compose("", own("{{ features }} {{ spec }}"), SLOTS | {"features": "{{ spec }}"}, NEEDED) == (
        "{{ spec }} A service."
    )


def test_a_slot_that_nothing_fills_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ConfigError) as caught:
        check_slots(OwnText(path="prompts/coding_prompt.md", text="{{ features }} {{ feature }}"), SLOTS)
    assert str(caught.value) == (
        "prompts/coding_prompt.md has the slot {{ feature }}, which nothing fills. "
        "There are features, spec, turns; leave the others out."
    )


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "p.md is empty."),
        (b" \n\t", "p.md is empty."),
        (b"\xff\xfe", "p.md is not UTF-8 text (byte 0)."),
        (b"a\0b", "p.md holds NUL bytes."),
        (b"a" * (LONGEST + 1), "p.md has 40,001 bytes, and 40,000 are possible."),
    ],
)
def test_a_text_that_cannot_be_used_is_an_error_with_a_remedy(content: bytes, cause: str) -> None:
    with pytest.raises(ConfigError) as caught:
        own_text("p.md", content)
    assert caught.value.cause == cause
    assert caught.value.remedy


def test_a_text_may_begin_with_a_byte_order_mark() -> None:
    assert own_text("p.md", b"\xef\xbb\xbfHello\n").text == "Hello"


def knowledge(path: str, text: str) -> Knowledge:
    return Knowledge(path=path, text=text, size=len(text.encode()))


def test_small_knowledge_is_given_at_once_and_the_rest_by_name_size_and_heading() -> None:
    shown = offer(
        [knowledge("knowledge/a.md", "# Short\nAll of it."), knowledge("knowledge/b.md", "# The API\n" * 100)]
    )
    assert "- knowledge/a.md:\n\n# Short\nAll of it.\n" in shown
    assert "- knowledge/b.md (1,000 bytes): The API" in shown
    assert offer([]) == "The project offers none."


@given(st.lists(st.text(max_size=900), max_size=80))
def test_knowledge_takes_a_bounded_room_and_loses_no_file_in_silence(texts: list[str]) -> None:
    files = [knowledge(f"knowledge/{number}.md", text) for number, text in enumerate(texts)]
    shown = offer(files)
    assert len(shown.encode()) < 1_700
    named = sum(f"- {one.path}" in shown for one in files)
    assert named == len(files) or f"- and {len(files) - named} more files" in shown


@pytest.mark.parametrize(
    ("path", "pattern", "fits"),
    [
        ("spec.md", "spec.md", True),
        ("spec/a.md", "spec/*.md", True),
        ("spec/b/a.md", "spec/*.md", False),
        ("spec/b/a.md", "spec/**/*.md", True),
        ("spec/a.md", "spec/**/*.md", True),
        ("spec/b/c/a", "spec/**", True),
        ("a/b", "**/**/**/**/**/**/**/**/**/**/b", True),
        ("Spec.md", "spec.md", False),
        ("spec/a.md", "spec/[ab].md", True),
    ],
)
def test_a_glob_fits_paths_as_people_expect(path: str, pattern: str, fits: bool) -> None:
    assert matches(path, pattern) is fits
