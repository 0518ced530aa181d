"""Whatever answers questions keeps these promises."""

import pytest

from autocoder_action.errors import ConfigError, UpstreamError
from autocoder_action.session.answers import Answer, NoAnswer, Question
from tests.contract.answers.stage import Stage

QUESTION = Question(system="You know the backlog.", prompt="What is next?")


def test_a_question_is_answered_with_words_and_what_they_took(stage: Stage) -> None:
    stage.says("The login, F3.")
    answer = stage.answers().answer(QUESTION)
    assert isinstance(answer, Answer)
    assert (answer.text, answer.whole) == ("The login, F3.", True)
    assert answer.model == "gemini-flash-latest"
    assert answer.usage.turns == 1
    assert answer.usage.input_tokens > 0
    assert answer.usage.output_tokens > 0
    assert stage.heard() == [("You know the backlog.", "What is next?")]


def test_each_question_stands_alone(stage: Stage) -> None:
    stage.says("One.")
    stage.says("Two.")
    service = stage.answers()
    answers = [service.answer(QUESTION), service.answer(QUESTION)]
    assert [one.text for one in answers if isinstance(one, Answer)] == ["One.", "Two."]
    assert len(stage.heard()) == 2


def test_an_answer_that_was_cut_says_so(stage: Stage) -> None:
    stage.says("The login and", cut=True)
    answer = stage.answers().answer(QUESTION)
    assert isinstance(answer, Answer)
    assert not answer.whole


def test_an_empty_answer_is_none(stage: Stage) -> None:
    stage.says("")
    answer = stage.answers().answer(QUESTION)
    assert isinstance(answer, NoAnswer)
    assert answer.cause
    assert answer.remedy


@pytest.mark.parametrize("status", [429, 400, 413])
def test_a_quota_or_a_refused_question_is_a_value(stage: Stage, status: int) -> None:
    stage.fails(status)
    assert isinstance(stage.answers().answer(QUESTION), NoAnswer)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_wrong_key_or_model_is_the_authors_to_mend(stage: Stage, status: int) -> None:
    stage.fails(status)
    with pytest.raises(ConfigError) as raised:
        stage.answers().answer(QUESTION)
    assert raised.value.remedy


@pytest.mark.parametrize("status", [500, 503])
def test_a_service_that_stays_down_is_nobodys_fault_here(stage: Stage, status: int) -> None:
    stage.fails(status)
    with pytest.raises(UpstreamError):
        stage.answers().answer(QUESTION)


def test_a_question_in_whose_midst_the_run_is_cancelled_ends_at_once_as_cancelled(stage: Stage) -> None:
    stage.is_cancelled()
    answer = stage.answers().answer(QUESTION)
    assert isinstance(answer, NoAnswer)
    assert answer.cancelled
    assert (answer.cause, answer.remedy) != ("", "")
