"""Whose words they are: forged issues, hosts that do not tell, a person's token, and what both sides changed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.journal import Accepted, Asked, Cancelled, Change, Edited, Skipped
from tests.unit.backlog.board_world import ANN, EVE, ME, World, a_world, body, feature, settled
from tests.unit.backlog.builders import NOW, a_backlog, a_draft

MARKED = "<!-- autocoder:feature {uid} project=root id=1 -->\nMine."


@pytest.mark.parametrize("by", [ANN, EVE])
def test_a_forged_issue_takes_no_features_place_whoever_puts_the_label_on(by: str) -> None:
    world = World(base=a_backlog(a_draft("Add")))
    number = world.open(EVE, "F1 Add", MARKED.format(uid="add"))
    world.relabel(number, by, put=["autocoder:feature"])
    assert world.sync() == ["create add"]
    assert world.issue("add").author == ME
    assert feature(world, "add").description == "Add, whole."
    assert world.taken is not None
    assert [(one.issue, one.what) for one in world.taken.ignored] == [(number, "a copied marker")]
    settled(world)


def test_a_hidden_marker_in_what_the_tokens_owner_edited_by_hand_takes_no_features_place() -> None:
    world = World(base=a_backlog(a_draft("Add")), me=ANN)
    number = world.open(EVE, "F1 Add", MARKED.format(uid="add"), ["autocoder:feature"])
    world.edit(number, ANN, IssueEdit(body=MARKED.format(uid="add") + " Indeed."))
    assert world.sync() == ["create add"]
    assert feature(world, "add").description == "Add, whole."
    settled(world)


def test_a_label_that_came_with_a_strangers_issue_makes_no_feature() -> None:
    world = a_world()
    number = world.open(EVE, "Mine", MARKED.format(uid="issue-4"), ["autocoder:feature"])
    assert world.sync() == []
    assert len(world.backlog.features) == 3
    assert world.taken is not None
    assert [one.issue for one in world.taken.ignored] == [number]
    settled(world)


@pytest.mark.parametrize("by", [ANN, EVE])
def test_an_adopted_issue_is_known_again_without_the_journal(by: str) -> None:
    world = a_world()
    number = world.open(EVE, "Tag bookmarks", "With tags.")
    world.relabel(number, ANN, put=["autocoder:feature"])
    world.sync()
    world.base, world.journal, world.mark = world.backlog, (), 0
    world.edit(number, by, IssueEdit(body=world.issues[number].body.replace("With tags.", "Other words.")))
    world.sync()
    assert world.number(f"issue-{number}") == number
    assert len(world.issues) == 4
    assert feature(world, f"issue-{number}").description == ("Other words." if by == ANN else "With tags.")
    settled(world)


ACTS: list[Callable[[World], None]] = [
    lambda world: world.edit(1, ANN, IssueEdit(title="F1 Add loudly")),
    lambda world: world.edit(1, ANN, body(world, "add", "Add, whole.", "Her own long words.")),
    lambda world: world.edit(1, ANN, body(world, "add", "- [ ] Look.", "- [ ] Listen.")),
    lambda world: world.edit(1, ANN, IssueEdit(open=False, state_reason="not_planned")),
    lambda world: world.relabel(1, ANN, put=["autocoder:skip"]),
    lambda world: world.relabel(1, ANN, put=["category:ui"]),
]


@pytest.mark.parametrize("act", ACTS)
def test_where_the_host_does_not_tell_who_did_it_nothing_is_taken_in_and_nothing_undone(
    act: Callable[[World], None],
) -> None:
    world = a_world()
    before = feature(world, "add")
    act(world)
    mark, shown = world.mark, world.issue("add")
    world.silent = True
    world.decide(Cancelled(id="c", feature="export", by="bob", at=NOW, run="r"))
    assert world.sync() == ["write 3"], "what nobody touched is written"
    assert world.sync() == []
    assert (world.issue("add"), feature(world, "add"), world.mark) == (shown, before, mark)
    assert world.taken is not None
    assert world.taken.untold == {1}
    assert world.taken.ignored == ()
    world.silent = False
    world.sync()
    assert feature(world, "add") != before
    settled(world)


def test_where_the_host_does_not_tell_who_did_it_a_question_is_shown_all_the_same() -> None:
    world = a_world()
    world.silent = True
    world.decide(Asked(id="q", feature="add", question="Which colour?", at=NOW, run="r"))
    assert world.sync() == ["write 1"]
    number = world.open(ANN, "New", "Words.", ["autocoder:feature"])
    assert world.sync() == []
    assert world.taken is not None
    assert world.taken.untold == {1, number}
    assert "autocoder:needs-human" in world.issue("add").labels


@pytest.mark.parametrize("act", ACTS)
def test_what_a_person_does_under_whose_token_the_runs_write_counts(act: Callable[[World], None]) -> None:
    world = a_world(me=ANN)
    before = feature(world, "add")
    act(world)
    shown = world.issue("add")
    world.sync()
    now = world.issue("add")
    assert feature(world, "add") != before
    assert (now.title, now.open) == (shown.title, shown.open)
    settled(world)


@pytest.mark.parametrize("kill", range(14))
def test_what_runs_write_as_a_person_is_no_decision_of_that_person(kill: int) -> None:
    changes: list[Change] = [
        Accepted(id="a", feature="add", by="bob", at=NOW, run="r"),
        Skipped(id="s", feature="list", why="external", reason="A key.", at=NOW, run="r"),
        Edited(id="e", feature="export", by="bob", description="Reworded.", category="ui", at=NOW, run="r"),
    ]
    world = World(base=a_backlog(a_draft("Add"), a_draft("List", "add"), a_draft("Export")), me=ANN)
    world.sync(kill=kill)
    world.decide(*changes)
    expected = world.backlog.features
    world.sync(kill=kill)
    world.sync()
    settled(world)
    assert world.backlog.features == expected
    assert not [one.id for one in world.journal if one.id.startswith("board/")]


@pytest.mark.parametrize(
    ("theirs", "put", "off", "field"),
    [
        ({"category": "api"}, "category:ui", "category:general", "category"),
        ({"priority": 5}, "priority:2", "priority:1", "priority"),
    ],
)
def test_a_label_that_both_sides_changed_is_decided_for_the_issue_and_reported(
    theirs: dict[str, int | str], put: str, off: str, field: str
) -> None:
    world = a_world()
    change = Edited(id="e", feature="add", by="bob", at=NOW, run="r", **theirs)  # type: ignore[arg-type]  # by field
    world.decide(change)
    world.relabel(1, ANN, put=[put], off=[off])
    world.sync()
    assert str(getattr(feature(world, "add"), field)) == put.partition(":")[2]
    assert world.taken is not None
    assert [(one.feature, one.field) for one in world.taken.conflicts] == [("add", field)]
    settled(world)


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("name", "F1 Add", "F1 Loud"),
        ("description", "Add, whole.", "From the issue."),
        ("steps", "- [ ] Look.", "- [ ] Listen."),
        ("priority", "Priority: 1", "Priority: 7"),
    ],
)
def test_words_that_both_sides_changed_are_reported_and_those_of_one_side_are_not(
    field: str, old: str, new: str
) -> None:
    said = Edited(id="e", feature="add", by="bob", at=NOW, run="r", name="Plus", description="Said.", steps=("Run.",))
    for changes in ([], [replace(said, priority=4)]):
        world = a_world()
        world.decide(*changes)
        world.edit(1, ANN, IssueEdit(title=new) if field == "name" else body(world, "add", old, new))
        world.sync()
        assert world.taken is not None
        assert [(one.feature, one.field) for one in world.taken.conflicts] == [("add", field)] * len(changes)
        settled(world)


def test_a_label_that_only_a_person_changed_is_no_conflict() -> None:
    world = a_world()
    world.relabel(1, ANN, put=["category:ui", "priority:3", "autocoder:skip"], off=["category:general", "priority:1"])
    world.sync()
    assert feature(world, "add").status is Status.SKIPPED
    assert world.taken is not None
    assert world.taken.conflicts == ()


@pytest.mark.parametrize(("by", "told"), [(ANN, True), (EVE, False)])
@pytest.mark.parametrize(
    ("field", "old"),
    [("steps", "- [ ] Look.\n"), ("description", "Add, whole.\n"), ("priority", "Priority: 1\n"), ("title", "")],
)
def test_emptied_words_of_a_writer_come_back_with_a_word_about_it(field: str, old: str, by: str, *, told: bool) -> None:
    world = a_world()
    before = world.issue("add")
    for _ in range(2):
        world.edit(1, by, body(world, "add", old, "") if old else IssueEdit(title="F1"))
        assert world.sync() == (["remark 1", "write 1"] if told else ["write 1"])
        assert (world.issue("add").title, world.issue("add").body) == (before.title, before.body)
        assert not told or f"emptied: {field}" in world.talks[1].comments[-1].body
        settled(world)
