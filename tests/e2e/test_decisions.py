"""A rejected pull request takes back what was built, and not what the agent found out."""

from __future__ import annotations

from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.fold import fold
from sandbox.model import ToolCall, Turn
from sandbox.model.policies import say, script
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import backlog, branches, feature, journal


def asks(feature_id: int, question: str) -> Turn:
    """Return a model's turn that asks people about a feature."""
    arguments = {"id": feature_id, "question": question}
    return Turn(text="I ask.", tool_calls=[ToolCall("mcp__features__feature_ask_human", arguments)])


def test_a_question_outlives_its_pull_request_and_its_answer_reaches_the_next_session(make_stage: MakeStage) -> None:
    first_steps = [*feature(1, "echo Hello > greet.txt"), asks(2, "In which language?")]
    second_steps = feature(2, "echo Adieu > part.txt")
    stage = make_stage(script([*first_steps, say("F2 waits."), *second_steps]), content=files(planned()))
    first = stage.schedule().last
    assert first.outputs["conclusion"] == "progressed", first.log
    part = next(one for one in stage.repo.issues.values() if one.title == "F2 Part")
    assert "autocoder:needs-human" in {label.name for label in part.labels}
    assert "In which language?" in (part.body or "")
    stage.repo.close_pull(int(first.outputs["pull_request"]), by="maintainer")
    assert backlog(stage.repo).features[1].status is Status.PENDING, "base knows nothing of it"
    assert fold(backlog(stage.repo), journal(stage.repo)).features[1].status is Status.NEEDS_HUMAN
    stage.repo.comment(part.number, by="maintainer", body="In French.")
    second = stage.schedule().last
    assert second.exit_code == 0, second.log
    assert stage.model
    asked = str(stage.model.requests[-1].body)
    assert "Question: In which language?" in asked
    assert "Answer of maintainer: In French." in asked
    assert "autocoder/root/session-2" in branches(stage.repo)
