"""A command does all of what it says or nothing, and does it once however often it is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog import transitions
from autocoder_action.backlog.feature import Backlog, PersonProof, Status
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import append
from autocoder_action.intake.commands import COMMANDS, parse_comment
from autocoder_action.plan.deeds import Deed, Place, do, knows
from tests.unit.backlog.builders import NOW, changed, passed
from tests.unit.plan.situations import PLAN

NUMBERS = {11: "add", 12: "list", 13: "sort"}
BACKLOG_COMMANDS = [one for one in COMMANDS if one.changes and one.name != "verify"]


def place(backlog: Backlog = PLAN, *, done: frozenset[str] = frozenset(), paused: bool = False) -> Place:
    return Place(
        name="comment/7/0", by="ada", at=NOW + 9, run="1-1", backlog=backlog, numbers=NUMBERS, done=done, paused=paused
    )


def obeyed(words: str, where: Place | None = None) -> Deed:
    (command,) = parse_comment(f"/autocoder {words}").commands
    return do(command, where or place())


def test_every_command_that_changes_the_backlog_is_known_here() -> None:
    assert len(BACKLOG_COMMANDS) == 10
    for one in BACKLOG_COMMANDS:
        (command,) = parse_comment(f"/autocoder {one.example}").commands
        assert knows(command), one.name


def test_a_feature_is_added_with_the_words_below_its_title() -> None:
    deed = obeyed(
        "add Export as HTML\nFor other programs.\n\n- Run it.\n- [ ] Open it.\nPriority: 2\nCategory: files\n"
    )
    feature = deed.backlog.by_uid["export-as-html"]
    assert (feature.name, feature.description) == ("Export as HTML", "For other programs.")
    assert feature.steps == ("Run it.", "Open it.")
    assert (feature.priority, feature.category) == (2, "files")


def test_a_feature_can_be_added_with_its_check_and_its_dependencies() -> None:
    feature = obeyed("add Export\nCheck: `make export`\nDepends on: #11, F3").backlog.by_uid["export"]
    assert (feature.check, feature.depends_on) == ("make export", (1, 3))
    assert (feature.description, feature.steps) == ("Export", ("It works as described.",))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("add Add", "There is a feature of that name already"),
        ("add Export\nDepends on: #99", "#99 is no feature's issue."),
        (f"add {'x' * 200}", "at most 120"),
        ("remove #11 #99", "#99 is no feature's issue."),
        ("edit F9 New", "There is no feature F9."),
        ("depends #11 on #12", "The dependencies go in a circle"),
        ("accept #12", "Not yet: what it depends on does not pass yet."),
        ("resume", "The project is not paused."),
        ("retry F1 F9", "There is no feature F9."),
        ("prioritize #99", "#99 is no feature's issue."),
    ],
)
def test_what_cannot_be_done_is_not_done_at_all_and_says_why(words: str, reason: str) -> None:
    deed = obeyed(words)
    assert deed.refused
    assert (deed.backlog, deed.changes) == (PLAN, ())
    assert reason in deed.said[0].words


def test_a_feature_is_edited_in_what_is_given_and_keeps_the_rest() -> None:
    feature = obeyed("edit #11 Add a thing").backlog.by_uid["add"]
    assert (feature.name, feature.steps) == ("Add a thing", PLAN.by_uid["add"].steps)
    feature = obeyed("edit F1\nOther words.\nPriority: 7").backlog.by_uid["add"]
    assert (feature.name, feature.description, feature.priority) == ("Add", "Other words.", 7)


def test_an_edit_can_change_what_a_feature_depends_on() -> None:
    deed = obeyed("edit F3 Sort all\nDepends on: #12")
    feature = deed.backlog.by_uid["sort"]
    assert (feature.name, feature.depends_on) == ("Sort all", (2,))
    assert len({one.id for one in deed.changes}) == len(deed.changes) == 2


def test_whoever_depends_on_what_is_cancelled_is_named() -> None:
    deed = obeyed("remove #11")
    assert deed.backlog.by_uid["add"].status is Status.CANCELLED
    assert [(one.about, one.words) for one in deed.said] == [("removed", ""), ("dependents", "F2 List")]


def test_dependencies_are_replaced_and_can_be_taken_away() -> None:
    assert obeyed("depends F3 on #11 F2").backlog.by_uid["sort"].depends_on == (1, 2)
    assert obeyed("depends #12 on nothing").backlog.by_uid["list"].depends_on == ()


def test_a_feature_can_be_put_before_all_others_again_and_again() -> None:
    first = obeyed("prioritize #13").backlog
    assert min(first.features, key=lambda one: one.priority).uid == "sort"
    second = obeyed("prioritize #12 top", place(first)).backlog
    assert min(second.features, key=lambda one: one.priority).uid == "list"
    assert obeyed("prioritize #13 42").backlog.by_uid["sort"].priority == 42


def test_people_decide_about_features() -> None:
    skipped = obeyed("skip #11 No key yet.").backlog
    assert skipped.by_uid["add"].skip_reason == "external: No key yet."
    assert obeyed("retry #11", place(skipped)).backlog.by_uid["add"].status is Status.PENDING
    accepted = obeyed("accept #11").backlog.by_uid["add"]
    assert accepted.proof == PersonProof(login="ada", at=NOW + 9)
    assert obeyed("retry F1", place(passed(PLAN, 1))).backlog.by_uid["add"].status is Status.PENDING


def test_a_pause_names_who_wanted_it_and_why() -> None:
    (change,) = obeyed("pause Until Monday.").changes
    assert (change.kind, getattr(change, "by", ""), getattr(change, "reason", "")) == ("paused", "ada", "Until Monday.")
    assert [one.kind for one in obeyed("resume", place(paused=True)).changes] == ["resumed"]


def test_a_new_chat_changes_nothing() -> None:
    assert obeyed("new-chat").changes == ()


@given(st.sampled_from(BACKLOG_COMMANDS))
def test_a_command_that_is_read_twice_is_done_once(definition: object) -> None:
    words = str(getattr(definition, "example", ""))
    paused = words == "resume"
    first = obeyed(words, place(paused=paused))
    journal = append((), first.changes)
    after = fold(PLAN, journal)
    again = obeyed(words, place(after, done=frozenset(one.id for one in journal)))
    assert (again.refused, again.changes) == (first.refused, ())
    assert [one.about for one in again.said if not first.refused] == [
        one.about for one in first.said if not first.refused
    ]


@given(st.sampled_from(BACKLOG_COMMANDS))
def test_what_a_command_shows_is_what_its_changes_come_to(definition: object) -> None:
    waiting = changed(transitions.ask(PLAN, 1, "Which?", now=NOW))
    deed = obeyed(str(getattr(definition, "example", "")), place(waiting))
    folded = fold(waiting, append((), deed.changes))
    assert folded.features == deed.backlog.features
