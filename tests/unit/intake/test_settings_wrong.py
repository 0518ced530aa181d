"""What cannot be a setting is named with its place, and no oddity of a file or an input is an error of another kind."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.errors import ConfigError
from autocoder_action.intake.inputs import INPUTS
from autocoder_action.intake.settings import Settings, read_settings
from tests.unit.intake.test_settings import problem


def test_all_problems_are_told_at_once_each_with_its_place() -> None:
    said = problem("modle: opus\nmax_turns: many\nmax_budget_usd: 0\n", max_features="0", mode="dance")
    assert said.startswith("5 settings need a change: ")
    for words in (
        ".github/autocoder.yml: modle: there is no such setting (did you mean model? there are spec, model,",
        ".github/autocoder.yml: max_turns: ",
        ".github/autocoder.yml: max_budget_usd: ",
        "input max_features: ",
        "input mode: ",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("knowledge: ('knowledge/*.md',)", "knowledge: give a list, such as [one, two]"),
        ("allowed_bots: ()", "allowed_bots: give a list"),
        ("knowledge: [3]", "knowledge.0: give a text"),
        (f"knowledge: {['a'] * 60}", "knowledge: the list should have at most 50 items, not 60"),
        ("prices: []", "prices: give a mapping, such as {name: value}"),
        ("prices: {a: {input: much, output: 1}}", "prices.a.input: give a number"),
        ("prices: {a: {input: 1}}", "prices.a.output: it has to be there"),
        ("regression: 5", "regression: give a mapping"),
        ("projects: web", "projects: give a mapping"),
        ("max_turns: many", "max_turns: give a whole number"),
        ("max_turns: 1.5", "max_turns: give a whole number"),
        ("max_turns: []", "max_turns: give a whole number"),
        ("browser: maybe", "browser: give true or false"),
        ("setup: 3", "setup: give a text; a number or a date needs quotes to be one"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_words_of_yaml(text: str, words: str) -> None:
    said = problem(text)
    assert words in said
    assert not [word for word in ("tuple", "dictionary", "instance", "integer", "string") if word in said]


def test_a_problem_in_the_file_stays_one_though_an_input_hides_it() -> None:
    assert "max_turns" in problem("max_turns: many", max_turns="5")


def test_the_file_is_called_by_its_own_name() -> None:
    assert problem("a: 1", config_file="ci/bot.yml").startswith("ci/bot.yml: a: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("model: [", "no YAML at line 1"),
        ("a: 1\nb: [\n", "no YAML at line"),
        ("a: b: c", "no YAML at line 1"),
        ("\tmodel: opus", "no YAML at line 1"),
        ("model: opus\x00", "no YAML text in UTF-8"),
        (b"model: \xff", "no YAML text in UTF-8"),
        ("- a\n- b", "has to be a mapping"),
        ("just words", "has to be a mapping"),
        ("42", "has to be a mapping"),
        ("a: 1\n---\nb: 2", "no YAML at line 2"),
        ("model: !!python/object/apply:os.system ['true']", "no YAML at line 1"),
        ("model: !!python/name:os.system", "no YAML at line 1"),
        ("model: !mine x", "no YAML at line 1"),
        ("model: *nowhere", "no YAML at line 1"),
        ("? [a, b]\n: 1", "no YAML at line 1"),
        ("model: opus\nmodel: sonnet", "model: it is there twice"),
        ('model: opus\n"model": sonnet', "model: it is there twice"),
        ("max_turns: !!int ''", "no YAML"),
        ("dry_run: !!bool maybe", "no YAML"),
        ("model: !!timestamp soon", "no YAML"),
        ("model: !!float x", "no YAML"),
        ("model: 2001-99-99", "no YAML"),
        ("max_turns: " + "9" * 5_000, "no YAML"),
        ("model: " + "[" * 5_000, "no YAML"),
        ("model: " + "{a: " * 5_000, "no YAML"),
        ("&a a: *a", "there is no such setting"),
        ("<<: {max_turns: 5, modle: opus}", "there is no such setting"),
    ],
)
def test_what_is_no_configuration_is_called_so(text: str | bytes, words: str) -> None:
    assert words in problem(text)


def test_a_bomb_of_aliases_is_refused_in_no_time() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert len(problem("\n".join([*lines, "model: *a29"]))) < 20_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("max_turns: yes", "max_turns"),
        ("max_budget_usd: true", "max_budget_usd"),
        ("max_turns: 1.5", "max_turns"),
        ("max_turns: -1", "max_turns"),
        ("max_turns: 10001", "max_turns"),
        ("timeout_minutes: 351", "timeout_minutes"),
        ("max_features: 51", "max_features"),
        ("max_budget_usd: .nan", "max_budget_usd"),
        ("max_budget_usd: .inf", "max_budget_usd"),
        ("day_budget_usd: .nan", "day_budget_usd"),
        ("total_budget_usd: .inf", "total_budget_usd"),
        ("total_budget_usd: .nan", "total_budget_usd"),
        ("total_budget_usd: 0", "total_budget_usd"),
        ("model: ''", "model"),
        ("model: 4", "model"),
        ("model: true", "model"),
        ("setup: [apt-get, update]", "setup"),
        ("delivery: pr", "delivery"),
        ("mode: continue", "mode: there is no such setting; it is an input of the workflow's step"),
        ("dry_run: true", "dry_run: there is no such setting"),
        ("github_token: x", "github_token: there is no such setting; it is an input of the workflow's step"),
        (
            "assistant: {max_turn: 3}",
            "assistant.max_turn: there is no such setting (did you mean max_turns? there are max_turns, max_",
        ),
        ("assistant: {model: haiku}", "assistant.model: there is no such setting"),
        (
            "models: {coding: opus}",
            "models.coding: there is no such setting (there are initialize, build, review, assist)",
        ),
        ("models: opus", "models: "),
        ("spec: '#12x'", "spec: an issue stands alone, as `spec: "),
        ("spec: [a.md, '#12']", "spec: an issue stands alone, as `spec: "),
        ("spec: []", "spec: it names 0 paths; from 1 to 50 are possible"),
        ("spec: 0", "spec: give a path, a list of paths, or an issue"),
        ("spec: ../a.md", "spec: it has to be a path inside"),
        ("spec: [a.md, /etc/passwd]", "spec: it has to be a path inside"),
        ("spec: {a: b}", "spec: give a path, a list of paths, or an issue"),
        ("spec: true", "spec: it is no switch"),
        ("knowledge: [../a.md]", "knowledge.0: it has to be a path inside"),
        ("features: {count: many}", "features.count: give a range such as 40-60"),
        ("features: {count: 60-40}", "features.count: min (60) is above max (40)"),
        ("features: {count: 0-3}", "features.count.min: "),
        ("features: {count: 5000}", "features.count.min: "),
        ("features: {count: {least: 3}}", "features.count.least: there is no such setting"),
        ("features: {count: yes}", "features.count: give a range such as 40-60"),
        ("models: {build: ''}", "models.build: "),
        ("models: {build: 5}", "models.build: "),
        ("assistant: {max_turns: 0}", "assistant.max_turns: "),
        ("assistant: {max_budget_usd: yes}", "assistant.max_budget_usd: it is no switch"),
        ("assistant: {max_minutes: 351}", "assistant.max_minutes: "),
        ("assistant: yes", "assistant: "),
        ("board: session", "board: "),
        ("board: []", "board: "),
        ("board: {create: never}", "board.create: "),
        ("board: {create: yes}", "board.create: it is no switch"),
        ("board: {create: }", "board.create: "),
        ("board: {creat: merge}", "board.creat: there is no such setting (did you mean create? there are create)"),
        ("prices: 5", "prices: "),
        ("prices: {glm-5: 0.6}", "prices.glm-5: "),
        ("prices: {glm-5: {input: 0.6}}", "prices.glm-5.output: "),
        ("prices: {glm-5: {input: -1, output: 1}}", "prices.glm-5.input: "),
        ("prices: {glm-5: {input: .nan, output: 1}}", "prices.glm-5.input: "),
        ("prices: {glm-5: {input: .inf, output: 1}}", "prices.glm-5.input: "),
        ("prices: {glm-5: {input: yes, output: 1}}", "prices.glm-5.input: it is no switch"),
        ("prices: {'': {input: 1, output: 1}}", "prices"),
        (
            "prices: {glm: {inputs: 1, input: 1, output: 1}}",
            "prices.glm.inputs: there is no such setting (did you mean input?",
        ),
        ("1: 2", "1: there is no such setting"),
        ("true: 2", "True: there is no such setting"),
    ],
)
def test_a_value_that_cannot_be_is_named(text: str, words: str) -> None:
    assert f".github/autocoder.yml: {words}" in problem(text)


def settled(inputs: Mapping[str, str], content: bytes | None) -> bool:
    """Return whether these are settings, or one line that says what is wrong with them and what to do."""
    try:
        return isinstance(read_settings(inputs, content), Settings)
    except ConfigError as error:
        return bool(error.cause and error.remedy) and len(str(error).split("\n")) == 1


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_no_file_is_another_error(content: bytes) -> None:
    assert settled({}, content)


ODDITIES = (
    "max_turns model - !!int !!bool !!set !!omap !!pairs !!timestamp !!float &a *a << ? { } [ ] '' 0x 1:30 yes | > ---"
)


yaml_bits = st.sampled_from([": ", "\n", *(f"{one} " for one in ODDITIES.split())])


@given(st.lists(yaml_bits, max_size=12).map("".join))
def test_no_oddity_of_yaml_is_another_error(text: str) -> None:
    assert settled({}, text.encode())


@given(st.dictionaries(st.sampled_from([one.name for one in INPUTS]), st.text(min_size=1)))
def test_no_input_is_another_error(inputs: Mapping[str, str]) -> None:
    assert settled(inputs, None)


def test_an_unknown_key_below_another_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match=r"regression.hours: there is no such setting \(there are minutes, count\)"):
        read_settings({}, b"regression: {hours: 1}")
