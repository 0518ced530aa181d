"""A lost backlog comes back from its issues."""

from dataclasses import replace

from hypothesis import given

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.from_issues import contained, rebuild
from autocoder_action.backlog.issue_text import words_of
from autocoder_action.backlog.journal import Attempted, Skipped, Synced, append
from tests.unit.backlog.board_world import EVE, ME, World
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, backlogs, passed
from tests.unit.backlog.journals import booked, settled


def carried(feature: Feature) -> Feature:
    """Return a feature as far as an issue carries it."""
    words = words_of(feature)
    return replace(
        feature, name=words.name, description=words.description, steps=words.steps, last_error=None, updated_at=NOW
    )


@given(backlogs())
def test_what_the_issues_carry_comes_back_as_it_was(lost: Backlog) -> None:
    world = World(base=lost)
    world.sync()
    found = rebuild(list(world.issues.values()), project="root", me=ME, initialized=lost.initialized)
    assert found.doubts == ()
    assert [replace(one, updated_at=NOW) for one in found.backlog.features] == [carried(one) for one in lost.features]
    assert found.backlog.initialized == lost.initialized


def test_issues_of_others_and_of_other_projects_do_not_count() -> None:
    world = World(base=a_backlog(a_draft("Add")))
    world.sync()
    world.open(EVE, "F2 Mine", world.issues[1].body.replace("feature add", "feature mine"), ["autocoder"])
    other = replace(world.issues[1], number=9, body=world.issues[1].body.replace("project=root", "project=web"))
    found = rebuild([*world.issues.values(), other], project="root", me=ME)
    assert [one.uid for one in found.backlog.features] == ["add"]


def test_a_feature_without_its_facts_passes_no_more() -> None:
    world = World(base=passed(a_backlog(a_draft("Add")), 1))
    world.sync()
    issue = world.issues[1]
    cut = replace(issue, body=issue.body.partition("<!-- autocoder:facts")[0])
    found = rebuild([cut], project="root", me=ME)
    only = found.backlog.features[0]
    assert (only.status, only.built, only.proof) == (Status.PENDING, True, None)
    assert len(found.doubts) == 2


def test_a_proposal_that_was_turned_down_comes_back_as_cancelled() -> None:
    world = World(base=a_backlog(a_draft("Add"), a_draft("List")))
    world.sync()
    labels = world.issues[2].labels - {"autocoder:pending"} | {"autocoder:cancelled"}
    world.edit(2, ME, IssueEdit(labels=labels, open=False, state_reason="not_planned"))
    found = rebuild(list(world.issues.values()), project="root", me=ME)
    assert [one.status for one in found.backlog.features] == [Status.PENDING, Status.CANCELLED]


def test_what_the_issues_show_of_the_journal_counts_as_contained() -> None:
    def skipped(name: str, uid: str) -> Skipped:
        return Skipped(id=name, at=NOW, run="r", feature=uid, why="external", reason="A key.")

    def synced(name: str, uid: str) -> Synced:
        return Synced(id=name, at=NOW, run="r", feature=uid, issue=1, fields=(), seen=NOW)

    journal = append(
        (),
        [
            skipped("a", "one"),
            settled(booked(1), 5, "one", "two"),
            Attempted(id="b", at=NOW, run="r", features=("two",)),
            synced("c", "one"),
            skipped("d", "one"),
            skipped("e", "two"),
        ],
    )
    assert contained(journal) == {"a", settled(booked(1), 5).id}
