"""What a run costs that has nothing to do on the board, whatever strangers and questions stand there."""

from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Asked
from autocoder_action.backlog.ledger import tracked
from tests.unit.conduct.scene import Scene, draft


def asked(scene: Scene) -> list[str]:
    """Sync, two minutes later, and return what was asked of the host."""
    scene.clock.advance(120)
    scene.run(mode="sync")
    return [one for one in scene.fuse.seen if one not in {"base", "branches", "read", "allowance", "append"}]


def question(scene: Scene) -> int:
    """Have a feature wait for an answer on a board that is up to date; return its issue."""
    scene.begin(draft("Greet"), draft("Part"))
    scene.run(mode="sync")
    words = {"feature": "greet", "question": "Which?", "at": scene.clock.now(), "run": "r", "n": 9_000}
    scene.ref.journal += (Asked(id="q", **words),)  # type: ignore[arg-type]
    asked(scene)
    return next(one.number for title, one in scene.issues().items() if title.endswith("Greet"))


def test_an_issue_of_a_stranger_costs_nothing(scene: Scene) -> None:
    scene.begin(draft("Greet"))
    scene.run(mode="sync")
    scene.clock.advance(5)
    scene.host.add_issue(by="eve", title="It crashes", body="Always.")
    assert [asked(scene) for _ in range(2)] == [["repository", "issues"]] * 2


def test_an_open_question_costs_nothing_once_its_conversation_was_read(scene: Scene) -> None:
    issue = question(scene)
    assert asked(scene) == ["repository", "issues", "me", "histories"]
    assert [asked(scene) for _ in range(2)] == [["repository", "issues"]] * 2
    scene.host.add_comment(issue, by="eve", body="Hm.")
    assert asked(scene) == ["repository", "issues", "me", "histories", "permission"]
    assert asked(scene) == ["repository", "issues"]


def test_an_answer_within_the_second_of_the_last_look_is_heard(scene: Scene) -> None:
    issue = question(scene)
    asked(scene)
    asked(scene)
    scene.host.add_comment(issue, by="eve", body="Hm.")
    scene.run(mode="sync")
    thread = scene.host.threads[issue]
    comment = scene.host.add_comment(issue, by="ada", body="That one.")
    thread.changed -= 1  # as if it had come within the second of the comment before
    assert comment.id in thread.comments
    asked(scene)
    assert fold(scene.backlog(), scene.ref.journal).features[0].status.value == "pending"


def marks(scene: Scene) -> list[int]:
    """Return up to when the journal says that the board was seen, run by run."""
    found = tracked(scene.ref.journal)
    return [found.seen] if found else []


def test_many_changed_pull_requests_are_looked_at_once_and_a_few_are_not_noted(scene: Scene) -> None:
    scene.begin(draft("Greet"))
    for _ in range(2):
        scene.run(mode="sync")
    seen = marks(scene)
    assert seen[0] > 0
    scene.clock.advance(100)
    for count in (3, 60):
        for number in range(count):
            scene.host.add_branch(f"work-{count}-{number}")
            scene.host.add_pull(by="ada", branch=f"work-{count}-{number}", title="Work")
        assert asked(scene) == ["repository", "issues"]
        assert (marks(scene) == seen) == (count == 3), "a note in the journal for nothing is dear, too"
    assert marks(scene)[0] == max(one.changed for one in scene.host.threads.values())
    assert len(scene.tracker.issues(since=marks(scene)[0]).issues) == 0


def test_the_mark_stays_before_what_people_did_while_the_run_wrote(scene: Scene) -> None:
    scene.begin(*(draft(f"Part {n}") for n in range(60)))

    def write(name: str) -> None:
        scene.clock.advance(1 if name == "create_issue" else 0)

    scene.fuse.before = write
    scene.run(mode="sync")
    first = min(one.changed for one in scene.host.threads.values())
    assert marks(scene)[0] < first
    assert asked(scene) == ["repository", "issues"]
    assert marks(scene)[0] == max(one.changed for one in scene.host.threads.values())
