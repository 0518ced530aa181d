"""What a session claims is what trusted code saw: on the result, on base, and at the end on what was pushed."""

from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import CheckProof
from sandbox.model.policies import say, script
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import backlog, feature, git

BRANCH = "autocoder/root/session-1"


def test_the_commands_of_the_project_keep_a_feature_from_passing_or_prove_it(make_stage: MakeStage) -> None:
    config = "verify:\n- {name: tidy, run: '! grep -rn TODO *.txt'}\n- {name: docs, run: test -f GUIDE.md}\n"
    drafts = [Draft(name="Greet", description="Greets.", steps=("Run it.",))]
    untidy = feature(1, "echo Hello TODO > greet.txt")
    mended = feature(1, "echo Hello > greet.txt; echo Read. > GUIDE.md")
    stage = make_stage(
        script([*untidy, *mended, say("Done.")]), content=files(planned(*drafts)) | {".github/autocoder.yml": config}
    )
    run = stage.schedule().last
    assert run.outputs["conclusion"] == "complete", run.log
    assert stage.model
    said = str(stage.model.requests[-1].body)
    assert "The project's command tidy `! grep -rn TODO *.txt` ended with exit code 1" in said
    assert "1:Hello TODO" in said
    assert "- docs: `test -f GUIDE.md` (fails on the base branch already" in said
    (held,) = backlog(stage.repo, BRANCH).features
    assert isinstance(held.proof, CheckProof)
    assert held.proof.command == "verify: tidy, docs"
    assert "Autocoder-Verify: tidy, docs" in git(stage.repo, "log", "-1", "--format=%B", BRANCH)
