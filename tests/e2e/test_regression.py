"""What a push broke is noticed by code before the next session, and built again there before anything new."""

from __future__ import annotations

from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.fold import fold
from sandbox.model.policies import say, script
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import backlog, feature, git, journal

DRAFTS = [
    Draft(name=name, description=f"{name}s.", steps=("Run it.",), check=f"grep -q {word} {name.lower()}.txt")
    for name, word in (("Greet", "Hello"), ("Part", "Bye"), ("Wave", "Hi"))
]
BRANCH = "autocoder/root/session-2"


def test_a_feature_that_a_push_broke_is_built_again_first(make_stage: MakeStage) -> None:
    greet = feature(1, "echo Hello > greet.txt")
    policy = script([*greet, *feature(2, "echo Bye > part.txt"), say("Both are done."), *greet])
    stage = make_stage(policy, content=files(planned(*DRAFTS)))
    first = stage.schedule().last
    assert first.outputs["features_passing"] == "2", first.log
    stage.merge(int(first.outputs["pull_request"]))
    stage.repo.commit({"greet.txt": "Nothing.\n"}, by="maintainer", message="Tidy up")
    second = stage.schedule(max_features="1").last
    assert second.outputs["conclusion"] == "progressed", second.log
    assert "What passes was checked again, 2 features in" in second.log
    assert "F1 Greet does not pass any more: its check fails on main." in second.log
    on_base = fold(backlog(stage.repo), journal(stage.repo)).by_uid
    assert (on_base["greet"].status, on_base["part"].status) == (Status.FAILING, Status.PASSING), "until the merge"
    mended = backlog(stage.repo, BRANCH).by_uid
    assert (mended["greet"].status, mended["wave"].status) == (Status.PASSING, Status.PENDING)
    assert git(stage.repo, "show", f"{BRANCH}:greet.txt") == "Hello\n"
