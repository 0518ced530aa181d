"""What ``verify:`` accepts, and what is said of what it does not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.errors import ConfigError
from autocoder_action.intake.settings import read_settings


def verify(text: str) -> list[tuple[str, str, int]]:
    """Read a configuration; return each command's name, text and seconds."""
    return [(one.name, one.run, one.timeout) for one in read_settings({}, text.encode()).file.verify]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("", []),
        ("verify:", []),
        ("verify: []", []),
        ("verify: npm test", [("npm test", "npm test", 300)]),
        ("verify: {name: test, run: npm test}", [("test", "npm test", 300)]),
        ("verify: [make, 'lint a, b']", [("make", "make", 300), ("lint a b", "lint a, b", 300)]),
        (
            "verify:\n- {name: test, run: npm test, timeout: 3600}\n- |\n  cd web\n  make\n",
            [("test", "npm test", 3600), ("cd web make", "cd web\nmake", 300)],
        ),
        (f"verify: {'x' * 60}", [("x" * 39 + "…", "x" * 60, 300)]),
    ],
)
def test_commands_are_one_text_or_a_list_of_texts_and_mappings(text: str, commands: list[tuple[str, str, int]]) -> None:
    assert verify(text) == commands


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("verify: 5", "verify: it has to be a command, or a list of commands"),
        ("verify: true", "verify: it is no switch"),
        ("verify: [5]", "verify: it has to be a command, or a list of commands"),
        ("verify: [true]", "verify: it has to be a command"),
        ("verify: ''", "verify.0.run"),
        ("verify: [a, a]", "verify: the name a is there twice; give each command a `name` of its own"),
        ("verify: [{name: a}]", "verify.0.run: it has to be there"),
        ("verify: [{run: a}]", "verify.0.name: it has to be there"),
        ("verify: [{name: a, run: b, tmeout: 5}]", "verify.0.tmeout: there is no such setting (did you mean timeout? "),
        ("verify: [{name: a, run: b, timeout: 0}]", "verify.0.timeout: "),
        ("verify: [{name: a, run: b, timeout: 3601}]", "verify.0.timeout: "),
        ("verify: [{name: a, run: b, timeout: true}]", "verify.0.timeout: it is no switch"),
        ("verify: [{name: 'a,b', run: b}]", "verify.0.name: it has to be one line without a comma"),
        ("verify: [{name: ' ', run: b}]", "verify.0.name: it has to be a text that says something"),
        ("verify: [a, b, c, d, e, f, g, h, i]", "verify: the list should have at most 8 items"),
    ],
)
def test_what_is_no_command_is_told_with_its_place(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        verify(text)
    assert words in caught.value.cause


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda one: st.lists(one) | st.dictionaries(st.text(), one),
    )
)
def test_whatever_stands_there_is_read_or_refused(value: object) -> None:
    try:
        found = verify(json.dumps({"verify": value}))
    except ConfigError:
        return
    assert len({name for name, _, _ in found}) == len(found)
