"""What every Tracker promises to tell about who did what."""

import pytest

from autocoder_action.backlog.history import Act, History, Turn
from tests.contract.tracker.world import World

BOT = "github-actions[bot]"
NOTHING = History(body=None, title=None, labels={}, turn=None, comments=())


def history(world: World, number: int, *, since: int = 0) -> History:
    """Return the history of one issue."""
    return world.tracker.histories([number], since=since)[number]


def test_what_nobody_touched_has_no_history(world: World) -> None:
    number = world.issue("One", body="Text")
    assert history(world, number, since=world.now() + 1) == NOTHING


def test_the_last_editor_of_a_text_is_told_and_no_earlier_one(world: World) -> None:
    world.person("bob", "read")
    number = world.tracker.create_issue(title="T", body="Ours", labels=[]).number
    world.reword(number, "Ann's")
    world.later(60)
    world.reword(number, "Bob's", by="bob")
    assert history(world, number).body == Act(by="bob", at=world.now())
    assert history(world, number).title is None


def test_the_last_one_who_renamed_is_told(world: World) -> None:
    number = world.tracker.create_issue(title="T", body="Ours", labels=[]).number
    world.retitle(number, "Ann's")
    assert history(world, number).title == Act(by="ann", at=world.now())
    assert history(world, number).body is None


def test_each_label_has_whoever_put_it_on_or_took_it_off_last(world: World) -> None:
    world.person("bob", "triage")
    number = world.tracker.create_issue(title="T", body="", labels=["a", "b", "c"]).number
    world.unlabel(number, "a")
    world.label(number, "a", by="bob")
    world.unlabel(number, "b")
    shown = {name: act.by for name, act in history(world, number).labels.items()}
    assert shown == {"a": "bob", "b": "ann", "c": BOT}


def test_labels_that_were_touched_before_the_moment_are_left_out(world: World) -> None:
    number = world.issue("One", label="old")
    world.later(60)
    world.label(number, "new")
    assert set(history(world, number, since=world.now()).labels) == {"new"}


def test_who_closed_or_reopened_is_told_with_the_reason(world: World) -> None:
    number = world.issue("One")
    world.shut(number, reason="not_planned")
    closed = history(world, number).turn
    assert closed == Turn(by="ann", at=world.now(), open=False, reason="not_planned")
    assert closed.by_hand
    world.later(1)
    world.reopen(number)
    assert history(world, number).turn == Turn(by="ann", at=world.now(), open=True, reason=None)


def test_a_closing_by_a_commit_is_told_apart(world: World) -> None:
    number = world.issue("One")
    commit = world.shut_by_commit(number)
    turn = history(world, number).turn
    assert turn is not None
    assert (turn.commit, turn.pull, turn.by_hand) == (commit, None, False)


def test_a_closing_by_a_pull_request_is_told_apart(world: World) -> None:
    number = world.issue("One")
    pull = world.shut_by_pull(number)
    turn = history(world, number).turn
    assert turn is not None
    assert (turn.commit, turn.pull, turn.by_hand) == (None, pull, False)


def test_comments_since_a_moment_come_oldest_first(world: World) -> None:
    number = world.issue("One")
    world.comment(number, "early")
    world.later(60)
    moment = world.now()
    first = world.comment(number, "first")
    ours = world.tracker.create_comment(number, "ours")
    found = history(world, number, since=moment).comments
    assert [(one.id, one.author, one.body, one.created_at) for one in found] == [
        (first, "ann", "first", moment),
        (ours.id, BOT, "ours", moment),
    ]
    assert found[1] == ours


def test_a_loud_conversation_is_read_to_its_end(world: World) -> None:
    number = world.issue("One")
    world.comment(number, "early")
    world.later(60)
    for count in range(120):
        world.comment(number, f"word {count}")
    found = history(world, number, since=world.now()).comments
    assert [one.body for one in found] == [f"word {count}" for count in range(120)]


def test_of_very_many_events_the_last_ones_are_told(world: World) -> None:
    number = world.issue("One")
    world.label(number, "first")
    for _ in range(60):
        world.label(number, "again")
        world.unlabel(number, "again", by="octo")
    world.shut(number)
    found = history(world, number)
    assert found.labels["again"].by == "octo"
    assert found.turn is not None


def test_a_deleted_account_is_the_ghost(world: World) -> None:
    world.person("bob", "write")
    number = world.issue("One")
    world.reword(number, "Bob's", by="bob")
    world.label(number, "x", by="bob")
    world.shut(number, by="bob")
    world.leave("bob")
    found = history(world, number)
    assert (found.body and found.body.by, found.labels["x"].by, found.turn and found.turn.by) == ("ghost",) * 3
    issue = world.tracker.issue(number)
    assert issue is not None
    assert issue.author == "ann"


def test_many_issues_are_told_at_once_and_what_is_gone_or_none_is_left_out(world: World) -> None:
    numbers = [world.issue(f"Feature {count}") for count in range(60)]
    world.delete_issue(numbers[3])
    world.branch("work")
    pull = world.pull("work")
    found = world.tracker.histories([*numbers, pull, 999], since=0)
    assert sorted(found) == [number for number in numbers if number != numbers[3]]
    assert world.tracker.histories([], since=0) == {}


def test_a_host_that_does_not_say_tells_nothing(world: World) -> None:
    number = world.issue("One")
    world.withhold("histories")
    assert world.tracker.histories([number], since=0) == {}


@pytest.mark.parametrize("name", ["sub_issues", "dependencies"])
def test_what_the_host_lacks_is_found_out(world: World, name: str) -> None:
    number = world.issue("One")
    whole = world.tracker.capabilities(number)
    assert (whole.sub_issues, whole.dependencies) == (True, True)
    world.withhold(name)
    lacking = world.tracker.capabilities(number)
    assert not getattr(lacking, name)
    assert lacking.sub_issues + lacking.dependencies == 1
