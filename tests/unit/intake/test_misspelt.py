"""Who misspells a setting, an input or a command of a person's is told the word that was meant."""

import pytest

from autocoder_action.errors import ConfigError
from autocoder_action.intake.request import read_request
from autocoder_action.intake.settings import check_file

RUNNER = {"GITHUB_REPOSITORY": "octo/app", "GITHUB_RUN_ID": "7"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("max-turns: 5", "max-turns: there is no such setting (did you mean max_turns? there are "),
        ("Model: opus", "Model: there is no such setting (did you mean model? there are "),
        ("maxBudgetUsd: 1", "maxBudgetUsd: there is no such setting (did you mean max_budget_usd? there are "),
        ("setpu: make", "setpu: there is no such setting (did you mean setup? there are "),
        ("regression: {minuts: 1}", "regression.minuts: there is no such setting (did you mean minutes? there are "),
        ("colour: red", "colour: there is no such setting (there are spec, "),
        ("commands: {acept: admin}", "commands: there is no command acept (did you mean accept? there are "),
        ("commands: {dance: admin}", "commands: there is no command dance (there are "),
        ("dry-run: true", "dry-run: there is no such setting (there are spec, "),
        (f"? {'modle' * 40_000}\n: 1", "modlemodle"),
    ],
)
def test_a_key_is_answered_with_the_one_that_is_nearest(text: str, words: str) -> None:
    _, problems = check_file(text.encode(), "x.yml")
    assert [one for one in problems if one.startswith(f"x.yml: {words}") and len(one) < 1_000], problems


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("INPUT_MAX_BUDGET_USDD", "input max_budget_usdd: there is no such input (did you mean max_budget_usd?)"),
        ("INPUT_MAX-TURNS", "input max-turns: there is no such input (did you mean max_turns?)"),
        ("INPUT_COLOUR", "input colour: there is no such input"),
        ("INPUT_DAY_BUDGET_USD", "input day_budget_usd: it is none, but a key of the configuration file"),
    ],
)
def test_an_input_that_there_is_not_is_refused_before_a_default_counts_in_its_place(variable: str, said: str) -> None:
    with pytest.raises(ConfigError) as stopped:
        read_request({**RUNNER, variable: "sk-ant-123", "INPUT_MODEL": "opus"}, {})
    assert stopped.value.cause == f"{said}."
    assert "sk-ant" not in str(stopped.value)


def test_what_the_runner_passes_besides_is_no_mistake_and_neither_is_an_empty_one() -> None:
    others = {"INPUT_ARGS": "x", "INPUT_ENTRYPOINT": "/bin/sh", "INPUT_MODLE": " "}
    assert read_request({**RUNNER, **others, "INPUT_MODEL": "opus"}, {}).inputs == {"model": "opus"}
