"""Where work is pushed to base, what nothing proves lies in a branch of its own until it is delivered."""

import pytest

from autocoder_action.backlog.creation import Created, create
from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.journal import Settled, Skipped
from autocoder_action.backlog.ledger import only
from autocoder_action.backlog.prune import prune
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, build, draft, write

SHELF = "autocoder/root/session-1"


def half(scene: Scene, ending: Ending = Ending.TIMEOUT) -> None:
    """Hold a session that proves the first feature and leaves half of the second."""
    scene.script(build(1), Turn(work=write("half.txt")), ending)
    scene.run()


@pytest.mark.parametrize("ending", [Ending.TIMEOUT, Ending.CANCELLED, Ending.BUDGET, Ending.ERROR])
def test_what_nothing_proves_is_kept_beside_base(pushing: Scene, ending: Ending) -> None:
    half(pushing, ending)
    assert "f1.txt" in pushing.remote.content("main")
    assert "half.txt" not in pushing.remote.content("main")
    assert pushing.remote.content(SHELF).keys() >= {"f1.txt", "half.txt"}
    assert only(pushing.ref.journal, Settled)[-1].kept == pushing.remote.heads[SHELF]
    assert not pushing.pulls(), "nobody has to review it"


def test_people_are_told_where_it_is(pushing: Scene) -> None:
    pushing.script(Turn(work=write("half.txt")), Ending.TIMEOUT)
    report = pushing.run()
    told = f"Work in progress is kept in the branch {SHELF}, not on main: a later run goes on with it."
    assert told in report.notes


def test_it_is_shown_as_work_in_progress_and_not_as_what_waits_for_review(pushing: Scene) -> None:
    half(pushing)
    shown = pushing.issues()["autocoder: progress"].body
    assert f"### In progress\n\n- branch `{SHELF}`: not on base yet" in shown
    assert "### In review" not in shown
    pushing.run(pushing.command("/autocoder status"))
    assert f"- work in progress, not on base yet: branch `{SHELF}`" in pushing.replies()[-1]
    assert "in review" not in pushing.replies()[-1]


def test_a_session_that_leaves_nothing_leaves_no_branch(pushing: Scene) -> None:
    pushing.script(build(1), build(2), DONE)
    assert pushing.run().conclusion is Conclusion.COMPLETE
    assert list(pushing.remote.heads) == ["main"]


def test_the_next_run_goes_on_with_it_and_delivers_all_of_it_as_one_commit(pushing: Scene) -> None:
    half(pushing)
    before, kept = pushing.remote.heads["main"], pushing.remote.heads[SHELF]
    pushing.script(build(2), DONE)
    report = pushing.run()
    assert f"its work in progress is commit {kept[:10]}, which is in this folder" in pushing.agent.briefs[-1].prompt
    assert report.conclusion is Conclusion.COMPLETE
    made = pushing.remote.commits[pushing.remote.heads["main"]]
    assert made.parents == (before,), "no commit below it holds what nothing proves"
    assert made.message.startswith("feat: Part")
    assert f"Autocoder-Took-Up: {kept}" in made.message.splitlines()
    assert pushing.remote.content("main").keys() >= {"half.txt", "f1.txt", "f2.txt"}
    assert list(pushing.remote.heads) == ["main"], "its work is on base"


def test_it_grows_from_one_cut_off_session_to_the_next(pushing: Scene) -> None:
    half(pushing)
    first = pushing.remote.heads[SHELF]
    pushing.script(Turn(work=write("more.txt")), Ending.CANCELLED)
    pushing.run()
    made = pushing.remote.commits[pushing.remote.heads[SHELF]]
    assert made.parents == (first,)
    assert pushing.remote.content(SHELF).keys() >= {"half.txt", "more.txt"}
    assert only(pushing.ref.journal, Settled)[-1].session == "session-1"


def test_an_agent_that_adds_nothing_leaves_it_as_it_is(pushing: Scene) -> None:
    half(pushing)
    head = pushing.remote.heads[SHELF]
    pushing.script(DONE)
    pushing.run()
    assert pushing.remote.heads[SHELF] == head
    assert only(pushing.ref.journal, Settled)[-1].kept == head


def test_an_agent_that_takes_it_back_leaves_no_branch(pushing: Scene) -> None:
    half(pushing)
    pushing.script(Turn(work=lambda folder: (folder / "half.txt").unlink()), DONE)
    pushing.run()
    assert list(pushing.remote.heads) == ["main"]


def test_whoever_deletes_the_branch_throws_it_away(pushing: Scene) -> None:
    half(pushing)
    del pushing.remote.heads[SHELF]
    pushing.script(build(2), DONE)
    pushing.run()
    assert "half.txt" not in pushing.remote.content("main")
    assert only(pushing.ref.journal, Settled)[-1].session == "session-2"


def test_where_no_branch_may_be_deleted_what_was_delivered_is_not_taken_up_again(pushing: Scene) -> None:
    half(pushing)
    kept = pushing.remote.heads[SHELF]
    pushing.remote.keeps = True
    pushing.script(build(2), DONE)
    assert pushing.run().conclusion is Conclusion.COMPLETE
    assert pushing.remote.heads[SHELF] == kept
    pushing.put(pushing.backlog())
    report = pushing.run()
    assert report.conclusion is Conclusion.COMPLETE
    assert "Taking up" not in report.reason


def test_a_run_that_dies_before_it_deletes_what_was_delivered_leaves_that_to_the_next(pushing: Scene) -> None:
    half(pushing)

    def die(name: str) -> None:
        if name == "drop":
            raise KeyboardInterrupt

    pushing.fuse.before = die
    pushing.script(build(2), DONE)
    with pytest.raises(KeyboardInterrupt):
        pushing.run()
    assert "half.txt" in pushing.remote.content("main")
    pushing.fuse.before = lambda _name: None
    pushing.clock.advance(3 * 3_600)
    pushing.run(dry_run="true")
    assert SHELF in pushing.remote.heads
    assert pushing.run().conclusion is Conclusion.COMPLETE
    assert list(pushing.remote.heads) == ["main"]


def test_a_pull_request_from_it_is_gone_on_with_until_it_waits_for_review(pushing: Scene) -> None:
    half(pushing)
    pushing.remote.commit("main", {"half.txt": b"Theirs."})
    pushing.host.add_pull(by="ada", title="Half", branch=SHELF)
    resolved = {**pushing.remote.content(SHELF), "half.txt": b"Theirs."}
    tree = pushing.remote.keep({path: ("100644", data) for path, data in resolved.items()})
    heads = (pushing.remote.heads[SHELF], pushing.remote.heads["main"])
    pushing.remote.heads[SHELF] = pushing.remote.keep_commit(tree, heads, "Merge main")
    pushing.script(build(2), DONE)
    pushing.run()
    assert "f2.txt" in pushing.remote.content(SHELF)
    assert "f2.txt" not in pushing.remote.content("main")
    assert pushing.run().reason.startswith("session-1 waits for review in pull request")


@pytest.fixture
def moved_on(scene: Scene) -> Scene:
    """Return a project whose base has moved on past a shelf that is about the first of three features."""
    scene.inputs |= {"delivery": "push", "max_features": "1"}
    scene.begin(draft("Greet"), draft("Part"), draft("More"))
    scene.script(Turn(work=write("half.txt")), Ending.TIMEOUT)
    scene.run()
    scene.run(scene.command("/autocoder skip F1 Not now."))
    scene.script(build(2), DONE)
    scene.run()
    assert scene.backlog().features[0].status is Status.SKIPPED, "base has it"
    applied, branches = scene.backlog().applied, scene.remote.heads
    scene.ref.journal = prune(scene.ref.journal, applied, now=scene.clock.now(), branches=branches)
    assert not only(scene.ref.journal, Skipped), "so the journal has not"
    return scene


def test_what_a_person_decided_since_is_not_forgotten_where_base_has_it(moved_on: Scene) -> None:
    moved_on.script(build(3), DONE)
    moved_on.run()
    assert "f3.txt" in moved_on.remote.content("main")
    assert only(moved_on.ref.journal, Settled)[-1].session == "session-3"
    assert moved_on.backlog().features[0].status is Status.SKIPPED
    assert "half.txt" in moved_on.remote.content(SHELF)


def test_whoever_takes_it_back_has_the_work_gone_on_with(moved_on: Scene) -> None:
    moved_on.run(moved_on.command("/autocoder retry F1"))
    moved_on.script(build(1), DONE)
    moved_on.run()
    assert moved_on.remote.content("main").keys() >= {"half.txt", "f1.txt", "f2.txt"}
    assert moved_on.backlog().passing == {1, 2}
    assert only(moved_on.ref.journal, Settled)[-1].session == "session-1"


def test_a_feature_is_asked_for_that_only_base_has(pushing: Scene) -> None:
    pushing.script(Turn(work=write("half.txt")), Ending.TIMEOUT)
    pushing.run(max_features="1")
    created = create(pushing.backlog(), [draft("More")], now=1_700_000_001)
    assert isinstance(created, Created)
    pushing.put(created.backlog)
    pushing.script(build(3), DONE)
    pushing.run(pushing.command("/autocoder continue F3"), max_features="1")
    assert "f3.txt" in pushing.remote.content("main")
    assert "half.txt" not in pushing.remote.content("main")


def test_whoever_changes_to_pull_requests_gets_one_for_it(pushing: Scene) -> None:
    half(pushing)
    pushing.script(build(2), DONE)
    pushing.run(delivery="pull_request")
    assert [one.branch for one in pushing.pulls()] == [SHELF]
    assert "f2.txt" not in pushing.remote.content("main")
    pushing.run(pushing.merge(pushing.pulls()[0].number), delivery="pull_request")
    assert pushing.run(delivery="pull_request").conclusion is Conclusion.COMPLETE
