"""A session that runs into a cap was told before, and leaves its work where the next one goes on."""

from sandbox.model import Turn, script
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import bash, git, messages


def test_work_in_progress_is_kept_when_a_session_ends_at_its_cap(make_stage: MakeStage) -> None:
    work: list[Turn] = [bash(f"echo {number} >> half.txt") for number in range(20)]
    stage = make_stage(script(work), content=files(planned()))
    run = stage.schedule(max_turns="10").last
    assert run.outputs["conclusion"] == "budget", run.log
    assert git(stage.repo, "show", "autocoder/root/session-1:half.txt").split() == [str(one) for one in range(10)]
    assert stage.model
    asked = [str(request.body["messages"]) for request in messages(stage)]
    assert len(asked) == 10
    assert [text.count("it has used 80 % of its turns. Finish the feature") for text in (asked[7], asked[9])] == [0, 1]


def test_a_model_without_a_price_is_named_before_anything_is_booked(make_stage: MakeStage) -> None:
    stage = make_stage(script([]), content=files(planned()))
    run = stage.job("session", stage.hub.event("schedule", stage.repo), part="session", model="glm-5")
    assert run.exit_code == 1, run.log
    said = next(one.message for one in run.annotations if one.level == "error")
    assert said.startswith("The price of the model glm-5 is not known, so its dollars cannot be capped. Set `prices: {")
    assert git(stage.repo, "for-each-ref", "refs/autocoder") == ""
    assert stage.model
    assert not stage.model.requests
