"""A model that answers a question without tools."""

from typing import Protocol

from autocoder_action.session.answers import Answer, NoAnswer, Question


class Answers(Protocol):
    """A service that is asked once and answers once."""

    def answer(self, question: Question) -> Answer | NoAnswer:
        """Return the answer, or why there is none: a quota, a refusal, an empty answer, a cancelled run.

        Raises ConfigError where the key, the model or the address is at fault.
        """
