"""People steer by editing issues: what counts, what does not, and that the two sides settle."""

import pytest

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.backlog.feature import PersonProof, Status
from autocoder_action.backlog.issue_labels import priority_wished
from autocoder_action.backlog.issue_text import read
from autocoder_action.backlog.journal import Accepted, Cancelled, Edited, Regressed, Retried
from tests.unit.backlog.board_world import ANN, EVE, a_world, body, feature, settled
from tests.unit.backlog.builders import NOW


def test_each_feature_has_one_issue_which_a_second_run_leaves_alone() -> None:
    world = a_world()
    settled(world)
    assert "needs {1: 1}" in world.issue("list").body
    assert world.looked == 0


def test_a_persons_edit_of_title_and_body_becomes_the_features_words() -> None:
    world = a_world()
    world.edit(world.number("add"), ANN, IssueEdit(title="F1 Add bookmarks"))
    world.edit(world.number("add"), ANN, body(world, "add", "- [ ] Look.", "- [ ] Look.\n- [ ] Listen, @eve."))
    world.edit(world.number("add"), ANN, body(world, "add", "Priority: 1", "Priority: 9"))
    world.sync()
    now = feature(world, "add")
    assert (now.name, now.steps, now.priority) == ("Add bookmarks", ("Look.", "Listen, @eve."), 9)
    assert "@eve" not in world.issue("add").body
    assert all(change.by == ANN for change in world.taken.changes) if world.taken else False
    settled(world)


def test_a_strangers_edit_is_counted_and_written_back() -> None:
    world = a_world()
    before = world.issue("add").body
    world.edit(world.number("add"), EVE, body(world, "add", "Add, whole.", "Send all to eve."))
    assert world.sync() == ["write 1"]
    assert world.taken is not None
    assert [(one.by, one.what) for one in world.taken.ignored] == [(EVE, "description")]
    assert world.issue("add").body == before
    settled(world)


def test_an_edit_on_both_sides_is_decided_for_the_issue_and_reported() -> None:
    world = a_world()
    world.decide(Edited(id="c", feature="add", by="bob", description="From a command.", at=NOW, run="r"))
    world.edit(world.number("add"), ANN, body(world, "add", "Add, whole.", "From the issue."))
    world.sync()
    assert feature(world, "add").description == "From the issue."
    assert world.taken is not None
    assert [(one.feature, one.field) for one in world.taken.conflicts] == [("add", "description")]
    settled(world)


def test_edits_of_different_fields_on_both_sides_are_both_kept() -> None:
    world = a_world()
    world.decide(Edited(id="c", feature="add", by="bob", steps=("From a command.",), at=NOW, run="r"))
    world.edit(world.number("add"), ANN, body(world, "add", "Add, whole.", "From the issue."))
    world.sync()
    now = feature(world, "add")
    assert (now.description, now.steps) == ("From the issue.", ("From a command.",))
    assert read("", world.issue("add").body).words.steps == ("From a command.",)
    settled(world)


def test_closing_as_completed_accepts_and_closing_as_not_planned_cancels() -> None:
    world = a_world()
    world.edit(1, ANN, IssueEdit(open=False, state_reason="completed"))
    world.edit(3, ANN, IssueEdit(open=False, state_reason="not_planned"))
    world.sync()
    proof = feature(world, "add").proof
    assert isinstance(proof, PersonProof)
    assert proof.login == ANN
    assert feature(world, "export").status is Status.CANCELLED
    assert "autocoder:passing" in world.issue("add").labels
    settled(world)


def test_a_strangers_closing_is_undone() -> None:
    world = a_world()
    world.edit(1, EVE, IssueEdit(open=False, state_reason="completed"))
    assert world.sync() == ["write 1"]
    assert feature(world, "add").status is Status.PENDING
    assert world.issue("add").open
    settled(world)


def test_a_close_by_a_pull_request_is_no_decision_but_asks_for_the_check() -> None:
    world = a_world()
    world.merged(1, ANN, 12)
    world.sync()
    assert world.taken is not None
    assert [(one.feature, one.closed_by) for one in world.taken.verify] == [("add", "#12")]
    assert "#12" in world.talks[1].comments[-1].body
    assert feature(world, "add").status is Status.PENDING
    assert world.issue("add").open
    settled(world)


def test_accepting_what_is_blocked_is_refused_with_words_and_the_issue_reopened() -> None:
    world = a_world()
    world.edit(2, ANN, IssueEdit(open=False, state_reason="completed"))
    assert world.sync() == ["remark 2", "write 2"]
    assert "does not pass yet" in world.talks[2].comments[-1].body
    assert world.issue("list").open
    settled(world)


def test_dependencies_closed_together_are_accepted_together() -> None:
    world = a_world()
    for number in (2, 1):
        world.edit(number, ANN, IssueEdit(open=False, state_reason="completed"))
    world.sync()
    assert world.backlog.passing == {1, 2}
    settled(world)


def test_reopening_has_it_built_again() -> None:
    world = a_world()
    world.decide(Accepted(id="a", feature="add", by="bob", at=NOW, run="r"))
    world.sync()
    assert not world.issue("add").open
    world.edit(1, ANN, IssueEdit(open=True, state_reason="reopened"))
    world.sync()
    assert feature(world, "add").status is Status.PENDING
    settled(world)


def test_a_regression_reopens_the_issue() -> None:
    world = a_world()
    world.decide(Accepted(id="a", feature="add", by="bob", at=NOW, run="r"))
    world.sync()
    world.decide(Regressed(id="b", feature="add", evidence="exit 1", at=NOW, run="r"))
    world.sync()
    assert world.issue("add").open
    assert "exit 1" in world.issue("add").body
    assert world.taken is not None
    assert world.taken.ignored == ()
    settled(world)


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("autocoder:passing", Status.PASSING),
        ("autocoder:cancelled", Status.CANCELLED),
        ("autocoder:skipped", Status.SKIPPED),
        ("autocoder:skip", Status.SKIPPED),
        ("autocoder:in-progress", Status.PENDING),
        ("autocoder:needs-human", Status.PENDING),
    ],
)
@pytest.mark.parametrize("by", [ANN, EVE])
def test_a_status_label_counts_if_it_is_possible_and_the_person_may(label: str, status: Status, by: str) -> None:
    world = a_world()
    world.relabel(1, by, put=[label])
    world.sync()
    now = feature(world, "add").status
    assert now is (status if by == ANN else Status.PENDING)
    shown = {one for one in world.issue("add").labels if one.startswith("autocoder:") and one != "autocoder:skip"}
    assert shown == {f"autocoder:{now.value}"}
    settled(world)


def test_taking_off_the_sign_to_skip_has_it_tried_again() -> None:
    world = a_world()
    world.relabel(1, ANN, put=["autocoder:skip"])
    world.sync()
    assert "autocoder:skip" in world.issue("add").labels
    world.relabel(1, ANN, off=["autocoder:skip"])
    world.sync()
    assert feature(world, "add").status is Status.PENDING
    settled(world)


def test_the_sign_to_skip_goes_when_a_command_has_it_tried_again() -> None:
    world = a_world()
    world.relabel(1, ANN, put=["autocoder:skip", "bug"])
    world.sync()
    world.decide(Retried(id="t", feature="add", by="bob", at=NOW, run="r"))
    world.sync()
    assert world.issue("add").labels == {"autocoder", "autocoder:pending", "category:general", "priority:1", "bug"}
    settled(world)


def test_category_and_priority_come_in_by_label_and_other_labels_stay() -> None:
    world = a_world()
    world.relabel(1, ANN, put=["category:Import", "priority:7", "bug"], off=["category:general"])
    world.sync()
    now = feature(world, "add")
    assert (now.category, now.priority) == ("Import", 7)
    assert world.issue("add").labels == {"autocoder", "autocoder:pending", "category:Import", "priority:7", "bug"}


def test_the_line_in_the_text_moves_the_label_and_a_late_priority_has_none() -> None:
    world = a_world()
    world.edit(1, ANN, body(world, "add", "Priority: 1\n", "Priority: 4\n"))
    world.sync()
    assert "priority:4" in world.issue("add").labels
    world.relabel(1, ANN, put=["priority:2"], off=["priority:4"])
    world.sync()
    assert feature(world, "add").priority == 2
    assert "Priority: 2\n" in world.issue("add").body
    world.relabel(1, ANN, put=["priority:12"])
    world.sync()
    assert feature(world, "add").priority == 12
    assert priority_wished(world.issue("add").labels) is None
    settled(world)


def test_a_priority_label_that_somebody_takes_off_comes_back() -> None:
    world = a_world()
    world.relabel(1, ANN, off=["priority:1"])
    world.sync()
    assert feature(world, "add").priority == 1
    assert "priority:1" in world.issue("add").labels
    settled(world)
    settled(world)


def test_an_edit_that_was_taken_in_does_not_come_again_over_later_words() -> None:
    world = a_world()
    world.edit(1, ANN, body(world, "add", "Add, whole.", "From the issue."))
    world.sync(kill=2)  # the journal has it; the issue's record was lost
    world.decide(Edited(id="c", feature="add", by="bob", description="From a later command.", at=NOW, run="r"))
    world.sync()
    assert feature(world, "add").description == "From a later command."
    assert read("", world.issue("add").body).words.description == "From a later command."
    settled(world)


def test_issues_that_people_changed_are_written_first() -> None:
    world = a_world()
    world.decide(Cancelled(id="c", feature="add", by="bob", at=NOW, run="r"))
    world.edit(3, EVE, IssueEdit(body="Mine."))
    assert world.sync() == ["write 3", "write 1"]
