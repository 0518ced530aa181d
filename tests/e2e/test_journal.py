"""The journal's ref deleted behind the program's back: what is lost comes back, and no money is spent unasked."""

from sandbox.model.policies import say, script
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import JOURNAL, feature, git, journal


def test_a_deleted_journal_comes_back_and_paid_work_waits_for_a_person(make_stage: MakeStage) -> None:
    stage = make_stage(
        script([*feature(1, "echo Hello > greet.txt"), say("F1 is done."), *feature(2, "echo Bye > part.txt")]),
        content=files(planned()),
    )
    first = stage.schedule(max_features="1").last
    number = int(first.outputs["pull_request"])
    stage.repo.close_pull(number, by="maintainer")
    git(stage.repo, "update-ref", "-d", JOURNAL)
    assert stage.model
    before = len(stage.model.requests)
    waiting = stage.schedule(max_features="1").last
    assert (waiting.exit_code, waiting.outputs["conclusion"]) == (1, "blocked"), waiting.log
    assert "what was spent is not known" in waiting.outputs["reason"]
    assert len(stage.model.requests) == before
    kinds = [line.kind for line in journal(stage.repo)]
    assert kinds[:3] == ["booked", "settled", "rebuilt"]
    issue = next(one for one in stage.repo.issues.values() if one.title == "autocoder: progress")
    went_on = stage.comment(issue.number, "/autocoder continue").last
    assert went_on.outputs["session_id"] == "session-2", "the first one is still known as rejected"
