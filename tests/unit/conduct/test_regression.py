"""Before a session builds, what passes is checked again by code, and what fails comes first."""

from pathlib import Path

import pytest
from msgspec import structs

from autocoder_action.backlog.feature import Backlog, CheckProof, PersonProof, Status
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Booked, Checked
from autocoder_action.backlog.ledger import only
from autocoder_action.errors import UpstreamError
from autocoder_action.plan.conclusion import Conclusion
from tests.unit.conduct.scene import DONE, Fuse, Scene, build, draft, sealed
from tests.unit.conduct.test_verify import commands, proved


def four(**at: int) -> Backlog:
    """Return four features, each with a check of its own, some of them proved at a time."""
    plan = proved(sealed(*(draft(name, check=f"check {name}") for name in ("a", "b", "c", "d"))), **at)
    for one in plan.features:
        if isinstance(one.proof, CheckProof):
            plan = plan.put(
                one.replace(proof=structs.replace(one.proof, session=""))
            )  # by a stored check, in no session
    return plan


def status(scene: Scene) -> dict[str, str]:
    """Return each feature's status as it counts on base."""
    return {one.uid: one.status.value for one in fold(scene.backlog(), scene.ref.journal).features}


def configure(scene: Scene, text: str) -> None:
    scene.remote.commit("main", {".github/autocoder.yml": text.encode()})


def test_what_fails_is_built_first_in_this_very_session(scene: Scene) -> None:
    scene.put(four(a=30, b=10, c=20))
    broken = iter([1, 0, 0])
    scene.checks.results = {"check b": lambda _: (next(broken), "no b any more")}
    scene.script(build(2), DONE)
    report = scene.run(max_features="1")
    assert commands(scene)[:3] == ["check b", "check c", "check a"], "the least recently verified first"
    assert report.outcome
    assert report.outcome.plan.features == (2,)
    assert "F2 (id 2): b" in scene.agent.briefs[0].prompt
    assert "no b any more" in scene.agent.briefs[0].prompt
    assert [one.feature for one in report.outcome.proved] == [2]
    assert "F2 b does not pass any more: its check fails on main." in report.notes
    assert status(scene) == {"a": "passing", "b": "failing", "c": "passing", "d": "pending"}
    assert scene.backlog("autocoder/root/session-1").by_uid["b"].status is Status.PASSING


def test_what_still_passes_is_verified_anew_and_the_session_builds_what_it_would_have(scene: Scene) -> None:
    scene.put(four(a=30, b=10, c=20))
    scene.script(build(4), DONE)
    codes = iter([1, 0])
    scene.checks.results = {"check d": lambda _: next(codes)}
    report = scene.run()
    assert report.outcome
    assert report.outcome.plan.features == (4,)
    proofs = [one.proof.at for one in fold(scene.backlog(), scene.ref.journal).features if one.proof]
    assert min(proofs) > 30
    assert any(
        "What passes was checked again, 3 features in 0 s, without a model." in one for one in scene.runner.lines
    )


def test_the_settings_bound_how_many_and_how_long(scene: Scene) -> None:
    scene.put(four(a=30, b=10, c=20))
    configure(scene, "regression: {count: 2, minutes: 1}")

    def slow(_: Path) -> int:
        scene.clock.advance(40)
        return 0

    scene.checks.results = {"check b": slow, "check c": slow, "check a": slow}
    scene.script(DONE)
    scene.run()
    assert commands(scene) == ["check b", "check c"]
    assert [one.seconds for one in scene.checks.ran] == [60, 20]
    assert any("2 features in 80 s" in one for one in scene.runner.lines)


def test_the_minutes_bound_installations_too(scene: Scene) -> None:
    scene.put(four(a=30, b=10, c=20))
    scene.remote.commit("main", {"package-lock.json": b"{}"})
    configure(scene, "regression: {count: 5, minutes: 1}")
    given: list[int] = []

    def slow(_: Path) -> int | None:
        given.append(scene.checks.ran[-1].seconds)
        scene.clock.advance(min(650, given[-1]))
        return 0 if given[-1] >= 650 else None

    scene.checks.results = {"npm ci --no-audit --no-fund": slow}
    scene.script(DONE)
    report = scene.run()
    assert given[0] <= 61, "which is a second after the minute"
    assert given[1] >= 650, "the agent's own clone has the session's minutes"
    assert not [one for one in commands(scene) if one.startswith("check")]
    assert report.conclusion is not Conclusion.BLOCKED
    assert status(scene)["a"] == "passing"


def test_others_are_asked_in_as_many_minutes_again_and_no_more(scene: Scene) -> None:
    scene.put(four(a=30, b=10, c=20))
    configure(scene, "check_timeout_seconds: 60\nregression: {count: 1, minutes: 1}")

    def hang(_: Path) -> None:
        scene.clock.advance(60)

    scene.checks.results = {f"check {one}": hang for one in "abc"}
    assert scene.run().conclusion is Conclusion.BLOCKED
    assert len(commands(scene)) == 2


def test_none_is_checked_where_the_settings_say_so(scene: Scene) -> None:
    scene.put(four(a=30))
    configure(scene, "regression: {count: 0}")
    scene.script(DONE)
    scene.run()
    assert commands(scene) == []


def test_a_run_that_holds_no_building_session_checks_nothing(scene: Scene) -> None:
    scene.put(four(a=30, b=10, c=20, d=5))
    assert scene.run().conclusion is Conclusion.COMPLETE
    scene.put(four(a=30))
    assert "dry run" in scene.run(dry_run="true").reason
    scene.run(mode="sync")
    scene.run(scene.command("/autocoder pause"))
    scene.run()
    assert commands(scene) == []


def test_where_the_machine_is_at_fault_nothing_is_booked_and_nothing_taken_back(scene: Scene) -> None:
    scene.put(four(a=30, b=10))
    scene.checks.results = {"check a": (127, "no make"), "check b": (127, "no make")}
    report = scene.run()
    assert report.conclusion is Conclusion.BLOCKED
    assert report.reason.startswith("Every check fails on main, so the machine may be at fault.")
    assert "`regression.count: 0`" in report.reason
    assert not only(scene.ref.journal, Booked)
    assert not only(scene.ref.journal, Checked)
    assert status(scene)["a"] == "passing"
    assert not scene.agent.briefs


def test_a_check_that_hangs_is_told_from_a_broken_machine_by_others_in_a_time_of_their_own(scene: Scene) -> None:
    scene.put(four(a=30, b=10))
    configure(scene, "regression: {count: 1, minutes: 5}")

    def hang(_: Path) -> None:
        scene.clock.advance(300)

    scene.checks.results = {"check b": hang}
    scene.script(DONE)
    scene.run()
    assert commands(scene) == ["check b", "check a"]
    assert (status(scene)["a"], status(scene)["b"]) == ("passing", "failing")


def test_what_passes_on_a_person_s_word_is_left_alone(scene: Scene) -> None:
    backlog = four(a=30)
    accepted = backlog.by_uid["b"].replace(status=Status.PASSING, proof=PersonProof(login="ada", at=5))
    scene.put(backlog.put(accepted))
    scene.script(DONE)
    scene.run()
    assert commands(scene) == ["check a"]


@pytest.mark.parametrize("words", ["/autocoder continue F4", "/autocoder continue F4 --features 2"])
def test_what_a_person_names_stays_first(scene: Scene, words: str) -> None:
    scene.put(four(a=30, b=10, c=20))
    scene.checks.results = {"check b": 1}
    scene.script(DONE)
    report = scene.run(scene.command(words))
    assert report.outcome
    assert report.outcome.plan.features[0] == 4


def test_a_run_that_dies_after_its_checks_finds_what_they_showed(scene: Scene) -> None:
    scene.put(four(a=30, b=10, c=20))
    scene.checks.results = {"check b": 1}
    scene.fuse.only, scene.fuse.at = "append", 2
    with pytest.raises(UpstreamError):
        scene.run()
    scene.fuse = Fuse()
    assert status(scene)["b"] == "failing"
    scene.script(build(2), DONE)
    report = scene.run()
    assert report.outcome
    assert report.outcome.plan.features[0] == 2
