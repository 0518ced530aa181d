"""A service that answers questions as a script says."""

from dataclasses import dataclass, field

from autocoder_action.errors import AutocoderError
from autocoder_action.session.answers import Answer, NoAnswer, Question


@dataclass(kw_only=True)
class ScriptedAnswers:
    """An Answers for tests: each question takes the script's next line; an error in it is raised."""

    script: list[Answer | NoAnswer | AutocoderError]
    questions: list[Question] = field(default_factory=list)
    """What was asked, in order."""

    def answer(self, question: Question) -> Answer | NoAnswer:
        """Answer as the script says."""
        self.questions.append(question)
        line = self.script.pop(0) if self.script else NoAnswer(cause="The script is over.", remedy="Write on.")
        if isinstance(line, AutocoderError):
            raise line
        return line
