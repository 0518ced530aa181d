"""What every Tracker promises about issues, comments, reactions and labels."""

import pytest

from autocoder_action.backlog.board import IssueEdit, Listing
from autocoder_action.errors import ConfigError, GoneError, UpstreamError
from tests.contract.tracker.world import World

TEXT = "Line one\nünïcode 🎉 <!-- marker -->\n- [ ] `code`"


def test_a_created_issue_can_be_read_again(world: World) -> None:
    created = world.tracker.create_issue(title="Add a list", body=TEXT, labels=["autocoder", "feature"])
    assert created == world.tracker.issue(created.number)
    assert (created.title, created.body, created.open) == ("Add a list", TEXT, True)
    assert created.labels == {"autocoder", "feature"}
    assert created.author == "github-actions[bot]"
    assert created.updated_at == world.now()
    assert created.url.endswith(f"/octo/app/issues/{created.number}")


def test_an_issue_that_a_person_opened_has_that_author(world: World) -> None:
    found = world.tracker.issue(world.issue("Mine"))
    assert found is not None
    assert found.author == "ann"


def test_an_issue_without_text_has_an_empty_one(world: World) -> None:
    found = world.tracker.issue(world.issue("Mine", body=""))
    assert found is not None
    assert found.body == ""


def test_an_edit_changes_what_it_names_and_leaves_the_rest(world: World) -> None:
    before = world.tracker.create_issue(title="Old", body="Text", labels=["a", "b"])
    world.later(60)
    after = world.tracker.update_issue(before.number, IssueEdit(title="New"))
    assert (after.title, after.body, after.labels, after.open) == ("New", "Text", frozenset({"a", "b"}), True)
    assert after.updated_at == before.updated_at + 60
    assert world.tracker.update_issue(before.number, IssueEdit(body="")).body == ""


def test_an_edit_of_labels_replaces_all_of_them(world: World) -> None:
    number = world.tracker.create_issue(title="T", body="", labels=["a", "b"]).number
    assert world.tracker.update_issue(number, IssueEdit(labels=frozenset({"b", "c"}))).labels == {"b", "c"}
    assert world.tracker.update_issue(number, IssueEdit(labels=frozenset())).labels == set()


def test_an_edit_that_names_nothing_changes_nothing(world: World) -> None:
    before = world.tracker.create_issue(title="T", body="B", labels=["a"])
    after = world.tracker.update_issue(before.number, IssueEdit())
    assert (after.title, after.body, after.labels) == ("T", "B", frozenset({"a"}))


@pytest.mark.parametrize("reason", ["completed", "not_planned"])
def test_an_issue_is_closed_with_a_reason_and_opened_again(world: World, reason: str) -> None:
    number = world.issue("Done soon")
    closed = world.tracker.update_issue(number, IssueEdit(open=False, state_reason=reason))
    assert (closed.open, closed.state_reason) == (False, reason)
    opened = world.tracker.update_issue(number, IssueEdit(open=True))
    assert (opened.open, opened.state_reason) == (True, "reopened")


def test_an_issue_that_nobody_opened_is_none(world: World) -> None:
    assert world.tracker.issue(77) is None


def test_a_deleted_issue_is_none_and_in_no_list(world: World) -> None:
    number = world.issue("Away")
    world.delete_issue(number)
    assert world.tracker.issue(number) is None
    assert world.tracker.issues().issues == ()


def test_writing_to_a_deleted_issue_is_told_and_safe_to_run_again(world: World) -> None:
    number = world.issue("Away")
    world.delete_issue(number)
    with pytest.raises(UpstreamError, match=f"#{number} is gone"):
        world.tracker.update_issue(number, IssueEdit(title="T"))
    with pytest.raises(UpstreamError, match=f"#{number} is gone"):
        world.tracker.create_comment(number, "hello")
    with pytest.raises(UpstreamError, match=f"#{number} is gone"):
        world.tracker.comments(number)


def test_a_pull_request_is_no_issue(world: World) -> None:
    world.branch("work")
    assert world.tracker.issue(world.pull("work")) is None


def test_issues_are_listed_open_and_closed_in_order(world: World) -> None:
    first, second = world.issue("One"), world.issue("Two", label="other")
    world.tracker.update_issue(first, IssueEdit(open=False))
    listed = world.tracker.issues().issues
    assert [(issue.number, issue.open) for issue in listed] == [(first, False), (second, True)]


def test_pull_requests_are_left_out_of_the_list(world: World) -> None:
    number = world.issue("One")
    world.branch("work")
    world.pull("work", label="autocoder")
    assert [issue.number for issue in world.tracker.issues().issues] == [number]


def test_a_list_of_more_than_a_page_is_whole(world: World) -> None:
    numbers = [world.issue(f"Feature {count}") for count in range(130)]
    assert [issue.number for issue in world.tracker.issues().issues] == numbers


def test_the_list_can_be_of_what_changed_since_a_moment(world: World) -> None:
    old, touched = world.issue("Old"), world.issue("Touched")
    world.later(60)
    moment = world.now()
    world.retitle(touched, "Touched now")
    world.later(60)
    fresh = world.issue("Fresh")
    assert [issue.number for issue in world.tracker.issues(since=moment).issues] == [touched, fresh]
    assert [issue.number for issue in world.tracker.issues(since=moment + 1).issues] == [fresh]
    assert [issue.number for issue in world.tracker.issues().issues] == [old, touched, fresh]


def test_a_list_tells_how_far_it_was_seen_pull_requests_among_it(world: World) -> None:
    assert world.tracker.issues() == Listing(issues=(), seen=0, entries=0)
    world.branch("work")
    number = world.issue("One")
    world.later(60)
    world.pull("work")
    listed = world.tracker.issues()
    assert ([issue.number for issue in listed.issues], listed.seen, listed.entries) == ([number], world.now(), 2)
    world.later(60)
    assert world.tracker.issues(since=world.now()) == Listing(issues=(), seen=0, entries=0)
    assert world.tracker.issues(since=listed.seen).entries == 1, "what changed within that second may not be whole"


def test_what_is_known_to_have_changed_changes_nothing_in_the_list(world: World) -> None:
    numbers = [world.issue(f"Feature {count}", body=TEXT) for count in range(102)]
    world.shut(numbers[0], reason="not_planned")
    world.shut(numbers[1])
    world.reopen(numbers[1])
    world.person("eve", "write")
    world.reword(world.tracker.create_issue(title="Ours", body="", labels=[]).number, "By eve.", by="eve")
    world.branch("work")
    pull = world.pull("work")
    world.delete_issue(numbers[2])
    world.later(60)
    moment = world.now()
    world.later(60)
    for number in numbers[3:]:
        world.retitle(number, f"Feature {number} anew")
    for since in (None, moment):
        listed = world.tracker.issues(since=since)
        assert len(listed.issues) == (102 if since is None else 99)
        assert world.tracker.issues(since=since, known=[*numbers, pull, 999]).issues == listed.issues
        assert world.tracker.issues(since=since, known=numbers[:100]).issues == listed.issues


def test_comments_are_read_oldest_first(world: World) -> None:
    number = world.issue("Talk")
    theirs = world.comment(number, "a question")
    ours = world.tracker.create_comment(number, TEXT)
    assert [(one.id, one.author, one.body) for one in world.tracker.comments(number)] == [
        (theirs, "ann", "a question"),
        (ours.id, "github-actions[bot]", TEXT),
    ]
    assert f"#issuecomment-{ours.id}" in ours.url


def test_an_issue_without_comments_has_none(world: World) -> None:
    assert world.tracker.comments(world.issue("Quiet")) == ()


def test_more_comments_than_a_page_are_all_read(world: World) -> None:
    number = world.issue("Loud")
    for count in range(103):
        world.comment(number, f"word {count}")
    assert [one.body for one in world.tracker.comments(number)] == [f"word {count}" for count in range(103)]


def test_a_comment_can_be_replaced(world: World) -> None:
    number = world.issue("Talk")
    comment = world.tracker.create_comment(number, "working")
    changed = world.tracker.update_comment(comment.id, "done")
    assert (changed.id, changed.body, changed.url) == (comment.id, "done", comment.url)
    assert world.texts(number) == ["done"]


def test_a_pull_requests_conversation_takes_comments_too(world: World) -> None:
    world.branch("work")
    number = world.pull("work")
    world.tracker.create_comment(number, "result")
    assert [one.body for one in world.tracker.comments(number)] == ["result"]


def test_a_comment_that_does_not_exist_cannot_be_changed(world: World) -> None:
    with pytest.raises(GoneError, match="4711 is gone"):
        world.tracker.update_comment(4711, "text")
    with pytest.raises(GoneError, match="4711 is gone"):
        world.tracker.react(4711, "eyes")
    with pytest.raises(GoneError, match="4711 is gone"):
        world.tracker.react_on_line(4711, "eyes")
    world.tracker.react_to_review("PRR_4711", "eyes")


def test_what_was_said_on_a_deleted_issue_is_gone_too(world: World) -> None:
    comment = world.comment(number := world.issue("Talk"), "Here.")
    world.delete_issue(number)
    with pytest.raises(GoneError):
        world.tracker.react(comment, "eyes")
    with pytest.raises(GoneError):
        world.tracker.update_comment(comment, "There.")
    with pytest.raises(GoneError):
        world.tracker.create_comment(number, "There.")


@pytest.mark.parametrize("content", ["eyes", "rocket", "-1", "confused"])
def test_reacting_twice_is_reacting_once(world: World, content: str) -> None:
    comment = world.comment(world.issue("Talk"), "/autocoder continue")
    world.tracker.react(comment, content)
    world.tracker.react(comment, content)
    assert world.reactions(comment) == [("github-actions[bot]", content)]


@pytest.mark.parametrize("content", ["eyes", "rocket", "-1", "confused"])
def test_remarks_on_lines_and_reviews_take_reactions_too(world: World, content: str) -> None:
    world.branch("work")
    number = world.pull("work")
    remark, review = (
        world.remark(number, "work", "Why?"),
        world.review(number, by="ann", state="commented", body="Hm."),
    )
    for _ in range(2):
        world.tracker.react_on_line(remark, content)
        world.tracker.react_to_review(f"PRR_{review}", content)
    assert world.reactions(remark) == world.reactions(review) == [("github-actions[bot]", content)]


def test_a_token_that_may_not_write_reviews_cannot_react_to_them(world: World) -> None:
    world.branch("work")
    number = world.pull("work")
    remark, review = (
        world.remark(number, "work", "Why?"),
        world.review(number, by="ann", state="commented", body="Hm."),
    )
    tracker = world.tracker_with({"contents": "write", "issues": "write", "pull-requests": "read"})
    with pytest.raises(ConfigError, match="pull-requests: write"):
        tracker.react_on_line(remark, "eyes")
    tracker.react_to_review(f"PRR_{review}", "eyes")
    assert world.reactions(remark) == world.reactions(review) == []


def test_missing_labels_are_created_and_those_that_are_there_stay(world: World) -> None:
    world.issue("One", label="Ready")
    before = dict(world.labels())
    world.tracker.ensure_labels({"ready": ("00ff00", "Ours"), "autocoder:passing": ("0e8a16", "Proved by a check")})
    world.tracker.ensure_labels({"autocoder:passing": ("ffffff", "Again")})
    assert world.labels() == before | {"autocoder:passing": ("0e8a16", "Proved by a check")}


def test_texts_longer_than_the_host_takes_are_mistakes_of_the_program(world: World) -> None:
    number = world.issue("One")
    comment = world.comment(number, "text")
    for write in (
        lambda text: world.tracker.create_issue(title="T", body=text, labels=[]),
        lambda text: world.tracker.update_issue(number, IssueEdit(body=text)),
        lambda text: world.tracker.create_comment(number, text),
        lambda text: world.tracker.update_comment(comment, text),
        lambda text: world.tracker.create_pull(branch="b", base="main", title="T", body=text),
        lambda text: world.tracker.update_pull(number, title="T", body=text),
        lambda text: world.tracker.create_issue(title=text[:257], body="", labels=[]),
        lambda text: world.tracker.ensure_labels({text[:51]: ("ffffff", "")}),
        lambda text: world.tracker.ensure_labels({"a": ("ffffff", text[:101])}),
    ):
        with pytest.raises(ValueError, match="characters"):
            write("x" * 65_537)
    assert world.titles() == ["One"]


def test_the_longest_text_that_the_host_takes_arrives(world: World) -> None:
    text = "ü" * 65_536
    assert world.tracker.create_issue(title="t" * 256, body=text, labels=["l" * 50]).body == text
