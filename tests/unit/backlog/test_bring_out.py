"""An issue that would come out as it is, is not made: what it is made of decides."""

from collections.abc import Mapping

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.backlog.bring_out import Step, bring_out
from autocoder_action.backlog.card import Card
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.reconcile import take_in
from tests.unit.backlog.board_world import ANN, World, a_world, body, show, sign


def made(world: World, form: str = "") -> tuple[list[str], list[Step]]:
    """Return the uids of the issues that were made in thought, and the steps that were asked for."""
    scene, uids = world.scene(), []

    def counted(feature: Feature, backlog: Backlog, numbers: Mapping[str, int]) -> Card:
        uids.append(feature.uid)
        return show(feature, backlog, numbers)

    def signed(feature: Feature, backlog: Backlog, numbers: Mapping[str, int]) -> str:
        return sign(feature, backlog, numbers) + form

    return uids, list(bring_out(scene, take_in(scene), counted, signed))


def settled() -> World:
    """Return a world in which nothing happened since the last run."""
    world = a_world()
    world.sync()
    world.tick()
    world.mark = world.clock
    return world


def test_where_nothing_happened_nothing_is_made() -> None:
    assert made(settled()) == ([], [])


def test_what_somebody_touched_is_made_and_nothing_else() -> None:
    world = settled()
    world.edit(2, ANN, IssueEdit(labels=world.issues[2].labels | {"bug"}))
    assert made(world)[0] == ["list"]


def test_a_feature_that_changed_is_made() -> None:
    world = settled()
    world.edit(1, ANN, body(world, "add", "Add, whole.", "All of it."))
    world.sync()
    assert "All of it." in world.issue("add").body
    world.mark = world.tick()
    assert made(world)[0] == []


def test_a_new_form_has_all_made_again_and_what_comes_out_the_same_is_only_noted() -> None:
    uids, steps = made(settled(), "2")
    assert sorted(uids) == ["add", "export", "list"]
    assert {type(one).__name__ for one in steps} == {"Synced"}
