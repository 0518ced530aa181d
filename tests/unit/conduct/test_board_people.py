"""The board in whole runs: hosts that do not tell who did what, a person's token, and answers."""

import pytest

from autocoder_action.backlog.feature import Feature
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Asked
from autocoder_action.backlog.ledger import tracked
from autocoder_action.intake.event import IssueChanged
from tests.unit.conduct.scene import Scene, draft

CHANGED = IssueChanged(number=1, action="edited", by_bot=False)


def begun(scene: Scene) -> int:
    """Put a feature on a board that is up to date, let a while pass, and return its issue."""
    scene.begin(draft("Greet"))
    scene.run(mode="sync")
    scene.run(mode="sync")
    scene.clock.advance(5)
    return next(one.number for title, one in scene.issues().items() if title.endswith("Greet"))


def only(scene: Scene) -> Feature:
    """Return the feature as it counts."""
    return fold(scene.backlog(), scene.ref.journal).features[0]


def ask(scene: Scene) -> None:
    """Have the feature wait for an answer."""
    asked = Asked(id="q", feature="greet", question="Which path?", at=scene.clock.now(), run="r", n=9_999)
    scene.ref.journal += (asked,)
    scene.run(mode="sync")
    scene.clock.advance(5)


def test_where_the_host_does_not_tell_who_did_it_an_edit_stays_and_is_told_and_counts_as_soon_as_it_does(
    scene: Scene,
) -> None:
    number = begun(scene)
    issue, mark = scene.host.threads[number], tracked(scene.ref.journal)
    scene.host.edit(number, by="ada", body=issue.body.replace("Greets.", "Her own long words."))
    scene.host.tells_histories = False
    for _ in range(2):
        notes = scene.run(CHANGED).notes
        assert [f"did not tell who changed issue {number}," in note for note in notes] == [True]
        assert "Her own long words." in issue.body
        assert only(scene).description == "Greets."
    seen = tracked(scene.ref.journal)
    assert mark
    assert seen
    assert seen.seen == mark.seen
    scene.host.tells_histories = True
    assert scene.run(CHANGED).notes == ()
    assert only(scene).description == "Her own long words."


def test_where_the_host_does_not_tell_who_paused_the_label_is_left_alone(scene: Scene) -> None:
    begun(scene)
    tracking = next(one.number for title, one in scene.issues().items() if "progress" in title)
    thread = scene.host.threads[tracking]
    scene.host.edit(tracking, by="ada", labels=thread.labels | {"autocoder:paused"})
    scene.host.tells_histories = False
    scene.run(CHANGED)
    assert "autocoder:paused" in thread.labels
    scene.host.tells_histories = True
    scene.run(CHANGED)
    assert "autocoder:paused" in thread.labels
    assert "paused: ada put the label" in scene.run().reason


def test_what_a_person_does_under_whose_token_the_runs_write_is_not_undone(scene: Scene) -> None:
    scene.tracker.login = "ada"
    number = begun(scene)
    issue = scene.host.threads[number]
    scene.host.edit(number, by="ada", title="F1 Greet loudly", body=issue.body.replace("Greets.", "Shouts."))
    scene.run(CHANGED)
    assert (only(scene).name, only(scene).description) == ("Greet loudly", "Shouts.")
    scene.clock.advance(5)
    scene.host.edit(number, by="ada", open=False, state_reason="not_planned")
    scene.run(CHANGED)
    assert (only(scene).status.value, issue.open) == ("cancelled", False)


@pytest.mark.parametrize(
    ("prefix", "words", "counts"),
    [
        ("/autocoder", "/var/lib/app is the path.", True),
        ("/autocoder", "/autocoder help", False),
        ("/bot", "/bot help", False),
        ("/bot", "/bottles is the path.", True),
    ],
)
def test_a_comment_with_a_slash_is_an_answer_unless_it_is_a_command(
    scene: Scene, prefix: str, words: str, *, counts: bool
) -> None:
    scene.remote.commit("main", {".github/autocoder.yml": f"command_prefix: {prefix}\n".encode()})
    number = begun(scene)
    ask(scene)
    scene.host.add_comment(number, by="ada", body=words)
    scene.run(mode="sync")
    assert (f"Answer of ada: {words}" in only(scene).description) == counts


def test_an_answer_that_does_not_fit_is_told_on_the_issue_and_loses_nothing(scene: Scene) -> None:
    number = begun(scene)
    ask(scene)
    scene.host.add_comment(number, by="ada", body="x" * 6_000)
    scene.run(mode="sync")
    assert (only(scene).status.value, only(scene).description) == ("needs_human", "Greets.")
    assert [one for one in scene.replies() if "6,000 characters" in one and "still open" in one]
