"""The journal in whole runs: what is lost comes back, what died blocks nothing, and it stays small."""

from dataclasses import replace

import pytest

from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.journal import (
    Accepted,
    Booked,
    Cancelled,
    Claimed,
    Edited,
    Journal,
    Settled,
    append,
)
from autocoder_action.backlog.ledger import ledger, session_count, spent
from autocoder_action.errors import ConfigError
from autocoder_action.intake.event import Scheduled, Trigger
from autocoder_action.plan.conclusion import Conclusion
from tests.fakes import tracker_reviews as people
from tests.unit.conduct.scene import DONE, Scene, build

HOUR = 3_600


def write(scene: Scene, *changes: Edited | Cancelled | Accepted) -> None:
    """Have somebody decide something."""
    scene.ref.journal = append(scene.ref.journal, changes)


def edited(name: str, uid: str, description: str) -> Edited:
    return Edited(id=name, at=1_800_000_000, run="x", feature=uid, description=description)


def die(scene: Scene, *, features: tuple[str, ...] = ("greet",), run: str = "50-1") -> Booked:
    """Leave what a run leaves that dies after its booking."""
    now = scene.clock.now()
    one = Booked(
        id=f"{run}/booked/session-1", at=now, run=run, session="session-1", activity="build",
        branch="autocoder/root/session-1", model="m", cost_micro=5_000_000, turns=9, minutes=45,
    )  # fmt: skip
    claim = Claimed(
        id=f"{run}/claimed/session-1", at=now, run=run, session="session-1", features=features, until=now + 2 * HOUR
    )
    scene.ref.journal = append(scene.ref.journal, [one, claim])
    return one


def of_kind(journal: Journal, kind: type) -> list[object]:
    return [one for one in journal if isinstance(one, kind)]


def test_a_session_takes_over_all_that_was_decided_and_the_journal_lets_go_once_it_is_merged(scene: Scene) -> None:
    scene.begin()
    write(scene, edited("e1", "greet", "Greets kindly."), Cancelled(id="c1", at=1, run="x", feature="part"))
    scene.script(build(1), DONE)
    report = scene.run()
    assert report.pull
    branch = scene.backlog("autocoder/root/session-1")
    assert {"e1", "c1"} <= branch.applied
    assert [one.status for one in branch.features] == [Status.PASSING, Status.CANCELLED]
    assert branch.features[0].description == "Greets kindly."
    assert {"e1", "c1"} <= {one.id for one in scene.ref.journal}, "nothing is merged yet"
    scene.run(scene.merge(report.pull.number))
    scene.run(scene.command("/autocoder sync"))
    assert not {"e1", "c1"} & {one.id for one in scene.ref.journal}
    assert [one.status for one in scene.backlog().features] == [Status.PASSING, Status.CANCELLED]


def test_a_model_whose_price_nobody_knows_stops_the_run_before_anything_is_booked(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), DONE)
    with pytest.raises(ConfigError, match="price of the model glm-5 is not known"):
        scene.run(model="glm-5")
    assert of_kind(scene.ref.journal, Booked) == []
    scene.remote.commit("main", {".github/autocoder.yml": b"prices: {glm-5: {input: 0.6, output: 2.2}}"})
    scene.run(model="glm-5")
    assert len(of_kind(scene.ref.journal, Booked)) == 1
    assert list(scene.agent.briefs[0].prices) == ["glm-5"]


@pytest.mark.parametrize("kind", ["initialize", "build", "review", "assist"])
def test_the_price_of_each_kind_of_session_has_to_be_known_before_it_is_booked(scene: Scene, kind: str) -> None:
    if kind != "initialize":
        scene.begin()
    trigger: Trigger = scene.command("/autocoder ask Who?") if kind == "assist" else Scheduled()
    if kind == "review":
        scene.script(build(1), DONE)
        pull = scene.run(max_features="1").pull
        assert pull
        people.review(scene.host, pull.number, by="ada", state="changes_requested", body="Shorter.")
        trigger = replace(scene.command("/autocoder fix", on=pull.number), on_pull=True)
    scene.remote.commit("main", {".github/autocoder.yml": f"models: {{{kind}: glm-5}}".encode()})
    booked = len(of_kind(scene.ref.journal, Booked))
    with pytest.raises(ConfigError, match="price of the model glm-5 is not known"):
        scene.run(trigger)
    assert len(of_kind(scene.ref.journal, Booked)) == booked


def test_what_a_rejected_session_took_over_is_still_in_force(scene: Scene) -> None:
    scene.begin()
    write(scene, edited("e1", "part", "Says goodbye kindly."))
    scene.script(build(1), DONE)
    first = scene.run(max_features="1")
    assert first.pull
    scene.host.threads[first.pull.number].open = False
    scene.script(build(1), DONE)
    second = scene.run(max_features="1")
    assert second.outcome
    assert second.outcome.plan.name == "session-2"
    assert scene.backlog("autocoder/root/session-2").by_uid["part"].description == "Says goodbye kindly."
    assert "e1" in {one.id for one in scene.ref.journal}


def test_a_project_that_only_its_schedule_starts_has_its_journal_made_small_as_well(scene: Scene) -> None:
    scene.begin()
    write(scene, edited("e1", "part", "Says goodbye kindly."))
    scene.script(build(1), DONE)
    first = scene.run(max_features="1")
    assert first.pull
    scene.merge(first.pull.number)
    assert "e1" in {one.id for one in scene.ref.journal}
    scene.script(build(2), DONE)
    scene.run(Scheduled(), max_features="1")
    assert scene.backlog().by_uid["part"].description == "Says goodbye kindly."
    assert "e1" not in {one.id for one in scene.ref.journal}, "base has it"
    assert [one.booked.session for one in ledger(scene.ref.journal)] == ["session-1", "session-2"]


def test_features_db_forgets_the_ids_of_what_the_journal_forgot(scene: Scene) -> None:
    scene.begin()
    base = scene.backlog()
    scene.put(replace(base, applied=frozenset({"long-ago", "77-1/settled/session-9"})))
    scene.script(build(1), DONE)
    scene.run()
    assert scene.backlog("autocoder/root/session-1").applied == {
        one.id for one in scene.ref.journal if isinstance(one, Booked)
    }


def test_a_change_of_a_feature_that_is_not_there_is_told_and_stops_nothing(scene: Scene) -> None:
    scene.begin()
    write(scene, edited("e1", "gone", "What?"))
    scene.script(build(1), DONE)
    assert scene.run().conclusion is Conclusion.PROGRESSED
    assert any("Not applied: edited gone (journal 1): there is no such feature" in line for line in scene.runner.lines)
    assert "e1" in {one.id for one in scene.ref.journal}


def test_a_run_that_died_blocks_its_features_until_its_lease_ends_and_then_nothing(scene: Scene) -> None:
    scene.begin()
    one = die(scene)
    scene.script(build(2), DONE)
    report = scene.run(max_features="1")
    assert report.outcome
    assert report.outcome.plan.features == (2,)
    assert ledger(scene.ref.journal)[0].settled is None
    assert report.pull
    scene.host.threads[report.pull.number].open = False
    scene.clock.advance(3 * HOUR)
    scene.script(build(1), DONE)
    later = scene.run(max_features="1")
    assert later.outcome
    assert later.outcome.plan.features == (1,)
    settled = ledger(scene.ref.journal)[0].settled
    assert settled
    assert (settled.cost_micro, settled.attempted, settled.assumed) == (one.cost_micro, ("greet",), True)
    assert len([line for line in scene.runner.lines if "died" in line]) == 1


def test_a_second_attempt_of_a_run_settles_the_first_at_once(scene: Scene) -> None:
    scene.begin()
    die(scene, run="50-1")
    scene.script(build(1), DONE)
    report = scene.run(Scheduled(), run_id=50, attempt=2, max_features="1")
    assert report.outcome
    assert report.outcome.plan.features == (1,)
    assert [one.settled is not None for one in ledger(scene.ref.journal)] == [True, True]


def test_neither_a_dry_run_nor_the_gate_settles_anything(scene: Scene) -> None:
    scene.begin()
    die(scene)
    scene.clock.advance(3 * HOUR)
    before = scene.ref.journal
    scene.run(dry_run="true")
    scene.run(scene.command("/autocoder status"), part="gate")
    assert [one for one in scene.ref.journal if one.kind != "answered"] == list(before)


def test_the_journal_of_many_sessions_is_bounded_and_its_sums_are_exact(scene: Scene) -> None:
    scene.begin()
    one = die(scene)
    costs = 0
    for number in range(2, 70):
        booked = replace(one, id=f"{number}-1/booked/session-{number}", run=f"{number}-1", session=f"session-{number}",
                         branch=f"autocoder/root/session-{number}")  # fmt: skip
        settled = Settled(
            id=f"{number}-1/settled/session-{number}", at=1, run=booked.run, session=booked.session,
            conclusion="progressed", turns=1, input_tokens=1, output_tokens=1, cost_micro=number, passed=(),
            attempted=(), commits=(), pull=None,
        )  # fmt: skip
        costs += number
        scene.ref.journal = append(scene.ref.journal, [booked, settled])
    before = len(scene.ref.journal)
    scene.clock.advance(3 * HOUR)
    report = scene.run(scene.command("/autocoder sync"))
    assert report.exit_code == 0
    assert len(scene.ref.journal) < before - 20
    assert spent(scene.ref.journal) == costs + 5_000_000
    assert session_count(scene.ref.journal) == 69
    shown = scene.issues()["autocoder: progress"].body
    assert "In all: **5.00 USD**" in shown
