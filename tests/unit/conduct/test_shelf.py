"""Where work is pushed to base, what nothing proves lies in a branch of its own until it is delivered."""

from collections.abc import Callable

import pytest

from autocoder_action.backlog.creation import Created, create
from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.journal import Settled, Skipped
from autocoder_action.backlog.ledger import only
from autocoder_action.backlog.prune import prune
from autocoder_action.conduct.checkpoint import PUSHES
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.take_up import STRANGE
from autocoder_action.publish.commits import kept_message
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.fakes.store import FakeStore
from tests.unit.conduct.scene import DIES, DONE, Scene, build, call, draft, write

SHELF = "autocoder/root/session-1"


@pytest.fixture
def pushing(scene: Scene) -> Scene:
    """Return a project with two features that is delivered by pushes to base."""
    scene.inputs["delivery"] = "push"
    scene.begin()
    return scene


def half(scene: Scene, ending: Ending = Ending.TIMEOUT) -> None:
    """Hold a session that proves the first feature and leaves half of the second."""
    scene.script(build(1), Turn(work=write("half.txt")), ending)
    scene.run()


def license_of(scene: Scene) -> Callable[[object], object]:
    """Return what somebody does meanwhile: a license is pushed to base."""
    return lambda _: scene.remote.commit("main", {"LICENSE": b"Free."})


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


def test_base_may_move_on_meanwhile(pushing: Scene) -> None:
    half(pushing)
    base = pushing.remote.commit("main", {"LICENSE": b"Free."})
    pushing.script(Turn(work=write("more.txt")), Ending.TIMEOUT)
    pushing.run()
    assert pushing.remote.heads["main"] == base
    assert pushing.remote.content(SHELF).keys() >= {"LICENSE", "half.txt", "more.txt"}
    pushing.script(build(2), DONE)
    assert pushing.run().conclusion is Conclusion.COMPLETE
    made = pushing.remote.commits[pushing.remote.heads["main"]]
    assert made.parents == (base,)
    assert pushing.remote.content("main").keys() >= {"LICENSE", "half.txt", "more.txt", "f2.txt"}


def test_somebody_may_push_to_base_while_it_is_gone_on_with(pushing: Scene) -> None:
    half(pushing)

    def meanwhile(_: object) -> None:
        pushing.remote.commit("main", {"LICENSE": b"Free."})

    pushing.script(Turn(work=meanwhile), build(2), DONE)
    assert pushing.run().conclusion is Conclusion.COMPLETE
    assert pushing.remote.content("main").keys() >= {"LICENSE", "half.txt", "f2.txt"}


def test_what_somebody_pushed_to_base_is_not_taken_back_by_what_was_kept_later(pushing: Scene) -> None:
    pushing.script(Turn(work=license_of(pushing)), build(1), Turn(work=write("half.txt")), Ending.TIMEOUT)
    pushing.run()
    assert pushing.remote.content(SHELF).keys() >= {"LICENSE", "f1.txt", "half.txt"}
    pushing.script(build(2), DONE)
    assert pushing.run().conclusion is Conclusion.COMPLETE
    assert pushing.remote.content("main").keys() >= {"LICENSE", "f1.txt", "half.txt", "f2.txt"}


def test_what_somebody_changes_in_the_backlog_before_each_push_stays(pushing: Scene) -> None:
    tries: list[str] = []

    def meanwhile(name: str) -> None:
        if name == "push" and len(tries) < PUSHES:
            tries.append(f"As it is wanted now, {len(tries)}.")
            pushing.put(pushing.backlog().put(pushing.backlog().features[1].replace(description=tries[-1])))

    pushing.fuse.before = meanwhile
    pushing.script(build(1), Turn(work=write("half.txt")), Ending.TIMEOUT)
    pushing.run(max_features="1")
    assert pushing.backlog().features[1].description == tries[-1]
    assert pushing.backlog(SHELF).features[1].description == tries[-1]
    pushing.script(build(1), DONE)
    pushing.run(max_features="1")
    assert pushing.backlog().features[1].description == tries[-1]


def test_work_in_progress_that_conflicts_with_base_is_not_kept_and_says_where(pushing: Scene) -> None:
    def meanwhile(_: object) -> None:
        pushing.remote.commit("main", {"notes.txt": b"Theirs."})

    pushing.script(Turn(work=meanwhile), build(1), Turn(work=write("notes.txt")), Ending.TIMEOUT)
    report = pushing.run()
    assert SHELF not in pushing.remote.heads
    assert "Work in progress is not kept: somebody else changed notes.txt." in report.reason
    assert pushing.remote.content("main")["notes.txt"] == b"Theirs."


def test_a_push_that_fails_does_not_take_back_what_somebody_pushed_to_base(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Look", check=None))

    def refuse(_: object) -> None:
        scene.remote.refusal = "Not now."

    def allow(_: object) -> None:
        scene.remote.refusal = None

    looks = Turn(work=refuse, calls=(call("mark_passing", id=2),))
    scene.script(Turn(work=license_of(scene)), build(1), looks, Turn(work=allow), build(2), DONE)
    scene.run(delivery="push", max_features="2")
    assert [one.failed for one in scene.agent.replies] == [False, True, False]
    assert scene.remote.content(SHELF).keys() >= {"LICENSE", "f1.txt", "f2.txt"}
    scene.run(scene.merge(scene.pulls()[0].number), delivery="push")
    assert "LICENSE" in scene.remote.content("main")


def test_a_conflict_with_base_says_how_to_end_it(pushing: Scene) -> None:
    half(pushing)
    pushing.remote.commit("main", {"half.txt": b"Theirs."})
    pushing.script(DONE)
    report = pushing.run()
    assert report.conclusion is Conclusion.BLOCKED
    assert report.reason == f"{SHELF} and main both changed half.txt; open a pull request from it, or delete it."
    assert only(pushing.ref.journal, Settled)[-1].kept is None
    assert pushing.run().reason == report.reason, "it is still ours"


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


def test_a_feature_that_nothing_proves_waits_for_review_with_all_that_stands_on_it(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Look", check=None), draft("Part"))
    scene.script(build(1), build(2), build(3), DONE)
    report = scene.run(delivery="push", max_features="3")
    assert "f1.txt" in scene.remote.content("main")
    assert {"f2.txt", "f3.txt"}.isdisjoint(scene.remote.content("main"))
    assert scene.remote.content(SHELF).keys() >= {"f1.txt", "f2.txt", "f3.txt"}
    held = scene.backlog(SHELF)
    assert [one.built for one in held.features] == [False, True, False]
    assert held.passing == {1, 3}
    (pull,) = scene.pulls()
    assert report.pull
    assert (pull.branch, report.pull.number) == (SHELF, pull.number)
    assert scene.run(delivery="push").reason.startswith("session-1 waits for review in pull request")
    scene.run(scene.merge(pull.number), delivery="push")
    assert scene.backlog().passing == {1, 3}
    assert scene.run(delivery="push").conclusion is Conclusion.BLOCKED, "a person decides about F2"


def test_a_feature_is_built_on_what_was_kept_and_waits_for_review_with_it(scene: Scene) -> None:
    scene.begin(draft("Look", check=None))
    scene.script(Turn(work=write("half.txt")), Ending.CANCELLED)
    scene.run(delivery="push")
    kept = scene.remote.heads[SHELF]
    scene.script(build(1), DONE)
    scene.run(delivery="push")
    assert scene.remote.commits[scene.remote.heads[SHELF]].parents == (kept,)
    assert "half.txt" not in scene.remote.content("main")
    assert [one.branch for one in scene.pulls()] == [SHELF]


def test_a_run_that_died_after_something_unproved_has_its_pull_request_opened_by_the_next(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Look", check=None))
    scene.script(build(1), build(2), DIES)
    with pytest.raises(KeyboardInterrupt):
        scene.run(delivery="push")
    scene.clock.advance(3 * 3_600)
    scene.run(delivery="push")
    assert [one.branch for one in scene.pulls()] == [SHELF]
    assert only(scene.ref.journal, Settled)[-1].passed == ("greet",)


def test_other_features_are_not_built_on_what_waits_for_a_person(pushing: Scene) -> None:
    ask = Turn(work=write("half.txt"), calls=(call("ask_human", id=1, question="Which?"),))
    pushing.script(ask, Ending.CANCELLED)
    pushing.run(max_features="1")
    assert "half.txt" in pushing.remote.content(SHELF)
    pushing.script(build(2), DONE)
    pushing.run(max_features="1")
    assert "f2.txt" in pushing.remote.content("main")
    assert "half.txt" not in pushing.remote.content("main")
    assert "half.txt" in pushing.remote.content(SHELF), "nothing is lost"
    assert only(pushing.ref.journal, Settled)[-1].session == "session-2"


def test_a_feature_that_is_asked_for_is_not_built_on_another_ones_work(pushing: Scene) -> None:
    pushing.script(Turn(work=write("half.txt")), Ending.CANCELLED)
    pushing.run(max_features="1")
    number = next(one.number for title, one in pushing.issues().items() if title.startswith("F2"))
    pushing.script(build(2), DONE)
    pushing.run(pushing.command(f"/autocoder continue #{number}"), max_features="1")
    assert "f2.txt" in pushing.remote.content("main")
    assert "half.txt" not in pushing.remote.content("main")


def forge(scene: Scene, message: str) -> None:
    """Have somebody push to the branch of the first session, from base where it does not exist."""
    scene.remote.heads.setdefault(SHELF, scene.remote.heads["main"])
    evil = scene.backlog().put(scene.backlog().features[1].replace(description="Evil."))
    scene.remote.commit(SHELF, {"evil.txt": b"", "features.db": FakeStore().encode(evil)}, message)


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("message", ["chore: tidy", kept_message("session-1")])
def test_what_somebody_else_pushed_to_a_session_branch_never_reaches_base(
    pushing: Scene, message: str, *, kept: bool
) -> None:
    pushing.script(build(1), *((Turn(work=write("half.txt")), Ending.TIMEOUT) if kept else (DONE,)))
    pushing.run(max_features="1")
    forge(pushing, message)
    pushing.script(build(2), DONE)
    pushing.run()
    said = [line for line in pushing.runner.lines if SHELF in line]
    assert said == [f"{SHELF} is not taken up: {STRANGE}"]
    assert "f2.txt" in pushing.remote.content("main")
    assert {"evil.txt", "half.txt"}.isdisjoint(pushing.remote.content("main"))
    assert pushing.backlog().features[1].description != "Evil."
    assert "evil.txt" in pushing.remote.content(SHELF), "people's files stay"
    assert f"- branch `{SHELF}`: {STRANGE}" in pushing.issues()["autocoder: progress"].body


def dies_when_it_settles(scene: Scene) -> None:
    """Hold a session whose run dies after it has laid something aside, before it can say so."""

    def die(name: str) -> None:
        if name == "append" and SHELF in scene.remote.heads:
            raise KeyboardInterrupt

    scene.script(Turn(work=write("half.txt")), Ending.TIMEOUT)
    scene.fuse.before = die
    with pytest.raises(KeyboardInterrupt):
        scene.run()
    scene.fuse.before = lambda _name: None
    scene.clock.advance(3 * 3_600)


def test_what_a_run_kept_that_died_is_taken_up(pushing: Scene) -> None:
    dies_when_it_settles(pushing)
    pushing.script(build(1), DONE)
    pushing.run()
    assert pushing.remote.content("main").keys() >= {"half.txt", "f1.txt"}


def test_what_somebody_tidied_after_a_run_had_died_is_not_taken_up(pushing: Scene) -> None:
    dies_when_it_settles(pushing)
    forge(pushing, "chore: tidy")
    pushing.script(build(1), DONE)
    pushing.run()
    assert pushing.remote.content("main").keys() >= {"f1.txt"}
    assert {"half.txt", "evil.txt"}.isdisjoint(pushing.remote.content("main"))


def test_a_run_that_dies_leaves_what_was_kept_before_it_to_the_next(pushing: Scene) -> None:
    half(pushing)
    pushing.script(DIES)
    with pytest.raises(KeyboardInterrupt):
        pushing.run()
    pushing.clock.advance(3 * 3_600)
    pushing.script(build(2), DONE)
    pushing.run()
    assert pushing.remote.content("main").keys() >= {"half.txt", "f2.txt"}


def test_what_was_kept_before_stays_ours_where_the_rest_is_not_taken(pushing: Scene) -> None:
    half(pushing)
    head = pushing.remote.heads[SHELF]
    pushing.script(Turn(work=write(".github/workflows/own.yml")), Ending.TIMEOUT)
    pushing.run()
    assert only(pushing.ref.journal, Settled)[-1].kept == head == pushing.remote.heads[SHELF]


def test_what_was_laid_aside_is_ours_though_the_answer_was_lost(pushing: Scene) -> None:
    pushing.fuse.at, pushing.fuse.only, pushing.fuse.lost = 1, "push", True
    pushing.script(Turn(work=write("half.txt")), Ending.TIMEOUT)
    pushing.run()
    assert only(pushing.ref.journal, Settled)[-1].kept == pushing.remote.heads[SHELF]


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
