"""A session branch that base has left behind: base's backlog joins it, and people's newer decisions come after that."""

import pytest

from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.creation import Created
from autocoder_action.backlog.feature import Feature, Status
from autocoder_action.backlog.journal import Settled
from autocoder_action.backlog.ledger import only
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.backlog.transitions import SkipKind
from autocoder_action.plan.conclusion import Conclusion
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, build, draft, write

BRANCH = "autocoder/root/session-1"


@pytest.fixture
def reviewed(scene: Scene) -> Scene:
    """Return a project whose first feature waits for review in a branch, and whose other two are left."""
    scene.inputs["max_features"] = "1"
    scene.begin(draft("Greet"), draft("Part"), draft("More"))
    scene.script(build(1), DONE)
    scene.run()
    return scene


def skip(scene: Scene, branch: str = "main") -> None:
    """Have somebody push or merge something else, with which a branch skips the second feature."""
    scene.clock.advance(60)
    kind, now = SkipKind.EXTERNAL, scene.clock.now()
    after = transitions.skip(scene.backlog(branch), 2, kind=kind, reason="No key.", now=now)
    assert not isinstance(after, Refusal)
    scene.put(after, branch)


def goes_on(scene: Scene, *turns: Turn, words: str = "/autocoder continue") -> Conclusion:
    """Hold one more session on the branch, as a person commands it."""
    scene.script(*turns, DONE)
    return scene.run(scene.command(words)).conclusion


def second(scene: Scene, branch: str = BRANCH) -> Feature:
    return scene.backlog(branch).features[1]


def test_a_retry_that_came_after_what_base_says_is_not_overruled(reviewed: Scene) -> None:
    skip(reviewed)
    reviewed.run(reviewed.command("/autocoder retry F2"))
    assert goes_on(reviewed, build(2)) is Conclusion.PROGRESSED
    assert second(reviewed).status is Status.PASSING


def test_a_retry_that_the_branch_contains_and_base_does_not_is_not_overruled(reviewed: Scene) -> None:
    reviewed.run(reviewed.command("/autocoder retry F2"))
    goes_on(reviewed, build(3), words="/autocoder continue F3")
    skip(reviewed)
    assert goes_on(reviewed, build(2)) is Conclusion.COMPLETE
    assert second(reviewed).status is Status.PASSING


def test_a_retry_is_not_lost_where_the_session_comes_to_nothing(reviewed: Scene) -> None:
    reviewed.run(reviewed.command("/autocoder retry F2"))
    goes_on(reviewed, build(3), words="/autocoder continue F3")
    skip(reviewed)
    goes_on(reviewed)
    assert second(reviewed).status is Status.PENDING
    reviewed.run(reviewed.merge(reviewed.pulls()[0].number))
    assert second(reviewed, "main").status is Status.PENDING


def test_no_session_is_booked_for_what_base_skips(reviewed: Scene) -> None:
    skip(reviewed)
    assert goes_on(reviewed, build(3)) is Conclusion.PROGRESSED
    assert only(reviewed.ref.journal, Settled)[-1].passed == ("more",)
    assert second(reviewed).status is Status.SKIPPED


def test_a_feature_is_called_as_base_numbers_it(reviewed: Scene) -> None:
    words = '/autocoder add "Own"\n\nIt has its own page.\n\n- Look at it.'
    reviewed.run(reviewed.command(words))
    goes_on(reviewed, build(2), words="/autocoder continue F2")
    assert reviewed.backlog(BRANCH).by_uid["own"].id == 4
    created = creation.create(reviewed.backlog(), [draft("Other")], now=1_700_000_001)
    assert isinstance(created, Created)
    reviewed.put(created.backlog)
    goes_on(reviewed, build(5), words="/autocoder continue F5")
    held = reviewed.backlog(BRANCH)
    assert (held.by_uid["other"].id, held.by_uid["own"].id) == (4, 5)
    assert held.by_uid["own"].built, "nothing proves it, since it has no check"


def test_what_is_decided_before_a_session_in_one_comment_counts_on_its_branch(reviewed: Scene) -> None:
    reviewed.run(reviewed.command("/autocoder skip F2 Not now."))
    said = "/autocoder retry F2\n/autocoder skip F3 Not now.\n/autocoder continue"
    assert goes_on(reviewed, build(2), words=said) is Conclusion.PROGRESSED
    assert [one.status for one in reviewed.backlog(BRANCH).features[1:]] == [Status.PASSING, Status.SKIPPED]


def test_a_retry_is_not_overruled_by_what_is_pushed_to_base_during_the_session(scene: Scene) -> None:
    scene.inputs |= {"max_features": "1", "delivery": "push"}
    scene.begin()
    scene.run(scene.command("/autocoder retry F2"))
    goes_on(scene, Turn(work=lambda _: skip(scene)), build(1))
    assert scene.backlog().passing == {1}
    assert second(scene, "main").status is Status.PENDING


def test_what_somebody_pushes_who_knew_of_the_retry_stays(reviewed: Scene) -> None:
    reviewed.run(reviewed.command("/autocoder retry F2"))
    goes_on(reviewed, build(3), words="/autocoder continue F3")
    goes_on(reviewed, Turn(work=lambda _: skip(reviewed, BRANCH)), Turn(work=write("more.txt")))
    assert second(reviewed).status is Status.SKIPPED
    assert "more.txt" in reviewed.remote.content(BRANCH)
