"""New features that are proposed: what a writer ticks is created once, and a stranger's tick counts for nothing."""

import re
from contextlib import suppress

import pytest

from autocoder_action.backlog.board import Permission
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Added, Chosen, Proposed
from autocoder_action.backlog.prune import prune
from autocoder_action.errors import UpstreamError
from autocoder_action.intake.thread import unmarked
from autocoder_action.plan.conclusion import Conclusion
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Fuse, Scene, call

DAY = 86_400


def effective(scene: Scene) -> Backlog:
    return fold(scene.backlog(), scene.ref.journal)


def names(scene: Scene) -> list[str]:
    return [one.name for one in effective(scene).features]


def proposes(*features: dict[str, object]) -> Turn:
    return Turn(say="I propose.", calls=(call("propose", features=list(features)),))


def new(name: str, *needs: str) -> dict[str, object]:
    return {"name": name, "description": f"{name}s all. More.", "steps": ["Look."], "depends_on": list(needs)}


def proposed(scene: Scene) -> int:
    """Have features proposed, and return the reply's id."""
    scene.begin()
    sync(scene)
    scene.script(proposes(new("Import", "Greet"), new("Export", "Import"), new("Sync | share")), DONE)
    scene.run(scene.command("/autocoder expand More ways in and out."))
    (one,) = [change for change in scene.ref.journal if isinstance(change, Proposed)]
    return one.comment


def body(scene: Scene, comment: int) -> str:
    thread = scene.host.thread_of(comment)
    assert thread
    return unmarked(thread.comments[comment].body)


def tick(scene: Scene, comment: int, *wanted: str, by: str = "ada") -> None:
    text = body(scene, comment)
    for name in wanted:
        text = text.replace(f"- [ ] **{name}", f"- [x] **{name}")
    scene.host.edit_comment(comment, by=by, body=text)


def sync(scene: Scene) -> None:
    scene.run(mode="sync")


def test_proposals_are_shown_as_a_list_to_tick_and_nothing_is_created(scene: Scene) -> None:
    comment = proposed(scene)
    assert body(scene, comment) == (
        "<!-- autocoder:proposal -->\n"
        "Tick what you want; the next run creates it, and the proposal is closed then. A 👍 on this comment takes "
        "all of it. Only what writers choose counts, within 30 days.\n\n"
        "- [ ] **Import**: Imports all. <!-- autocoder:offer import -->\n"
        "- [ ] **Export**: Exports all. <!-- autocoder:offer export -->\n"
        "- [ ] **Sync \\| share**: Sync \\| shares all. <!-- autocoder:offer sync-share-ddecea50 -->\n"
        "<!-- autocoder:proposal end -->\n\n"
        "session-1: 2 turns, 0.02 USD · [run](https://github.test/octo/app/actions/runs/102)\n"
    )
    sync(scene)
    assert names(scene) == ["Greet", "Part"]


def test_what_a_writer_ticks_is_created_once_and_the_reply_says_so(scene: Scene) -> None:
    comment = proposed(scene)
    tick(scene, comment, "Export")
    sync(scene)
    assert names(scene) == ["Greet", "Part", "Export"]
    assert effective(scene).features[2].depends_on == (), "what was not chosen is nothing to wait for"
    assert body(scene, comment) == (
        "Created, as ada chose:\n\n- F3 Export\n\nNot created: Import, Sync \\| share\n\n"
        "session-1: 2 turns, 0.02 USD · [run](https://github.test/octo/app/actions/runs/102)\n"
    )
    assert "F3 Export" in scene.issues()
    sync(scene)
    assert len([one for one in scene.ref.journal if isinstance(one, Added)]) == 1


def test_a_writers_thumb_takes_all_of_it_in_an_order_that_works(scene: Scene) -> None:
    comment = proposed(scene)
    scene.host.reactions.append((comment, "ada", "+1"))
    sync(scene)
    assert names(scene) == ["Greet", "Part", "Import", "Sync | share", "Export"]
    assert [one.depends_on for one in effective(scene).features[2:]] == [(1,), (), (3,)]


def test_strangers_ticks_and_thumbs_count_for_nothing(scene: Scene) -> None:
    comment = proposed(scene)
    tick(scene, comment, "Export", by="eve")
    scene.host.reactions.append((comment, "eve", "+1"))
    sync(scene)
    assert names(scene) == ["Greet", "Part"]
    scene.host.people["eve"] = Permission.WRITE
    sync(scene)
    assert names(scene) == ["Greet", "Part", "Import", "Sync | share", "Export"]


def test_words_that_a_writer_changes_in_the_list_are_not_what_is_created(scene: Scene) -> None:
    comment = proposed(scene)
    text = body(scene, comment).replace("- [ ] **Import**: Imports all.", "- [x] **Send all to eve**: Now.")
    text += "\n- [x] **Own**: Mine. <!-- autocoder:offer own -->\n"
    scene.host.edit_comment(comment, by="ada", body=text)
    sync(scene)
    assert names(scene) == ["Greet", "Part", "Import"]


def test_a_run_asks_once_for_all_open_proposals_and_never_without_one(scene: Scene) -> None:
    scene.begin()
    sync(scene)
    sync(scene)
    assert "marked" not in scene.fuse.seen
    for words in ("More.", "Even more."):
        scene.script(proposes(new(words.strip("."))), DONE)
        scene.run(scene.command(f"/autocoder expand {words}"))
    sync(scene)
    sync(scene)
    assert scene.fuse.seen.count("marked") == 1
    assert "permission" not in scene.fuse.seen, "nobody chose"


def test_after_thirty_days_a_proposal_is_closed(scene: Scene) -> None:
    comment = proposed(scene)
    scene.clock.advance(31 * DAY)
    tick(scene, comment, "Export")
    sync(scene)
    assert names(scene) == ["Greet", "Part"]
    assert "marked" not in scene.fuse.seen
    kept = prune(scene.ref.journal, (), now=scene.clock.now())
    assert not [one for one in kept if isinstance(one, Proposed)], "nor does the journal keep it"


def test_the_journal_keeps_a_proposal_while_it_is_open_and_then_what_became_of_it(scene: Scene) -> None:
    comment = proposed(scene)
    now = scene.clock.now()
    assert [one for one in prune(scene.ref.journal, (), now=now) if isinstance(one, Proposed)]
    tick(scene, comment, "Export")
    sync(scene)
    kept = prune(scene.ref.journal, (), now=now)
    assert [type(one) for one in kept if isinstance(one, Proposed | Chosen)] == [Chosen]


def test_what_exists_by_then_is_left_as_it_is(scene: Scene) -> None:
    comment = proposed(scene)
    scene.run(scene.command("/autocoder add Import\nMy own words.\n- Look."))
    tick(scene, comment, "Import")
    sync(scene)
    assert [one.description for one in effective(scene).features if one.name == "Import"] == ["My own words."]
    assert "ada chose what exists already; nothing was created." in body(scene, comment)


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("at", range(1, 10))
def test_a_run_that_dies_anywhere_creates_nothing_twice(scene: Scene, at: int, lost: bool) -> None:
    comment = proposed(scene)
    tick(scene, comment, "Export", "Import")
    scene.fuse = Fuse(at=at, lost=lost)
    for _ in range(2):
        with suppress(UpstreamError):
            sync(scene)
        scene.fuse = Fuse()
    assert names(scene) == ["Greet", "Part", "Import", "Export"]
    assert len([one for one in scene.ref.journal if isinstance(one, Chosen)]) == 1


def test_a_comment_that_was_deleted_offers_nothing(scene: Scene) -> None:
    comment = proposed(scene)
    scene.host.delete_comment(comment)
    sync(scene)
    assert names(scene) == ["Greet", "Part"]


@pytest.mark.parametrize(
    ("features", "told"),
    [
        ([], "from 1 to 20 are possible"),
        ([new(f"N{number}") for number in range(21)], "from 1 to 20 are possible"),
        ([new("Greet")], "F1 exist already; propose what is missing"),
        ([new("A", "B"), new("B", "A")], "circle"),
        ([{**new("A"), "steps": []}], "steps is empty"),
    ],
)
def test_what_is_no_proposal_is_refused(scene: Scene, features: list[dict[str, object]], told: str) -> None:
    scene.begin()
    scene.script(proposes(*features), DONE)
    report = scene.run(scene.command("/autocoder expand More."))
    assert told in scene.agent.replies[0].text
    assert report.conclusion is Conclusion.BLOCKED
    assert not re.search(r"\[ \]", scene.replies()[0])
    assert not [one for one in scene.ref.journal if isinstance(one, Proposed)]


def test_an_agent_that_proposes_changes_nothing_itself(scene: Scene) -> None:
    scene.begin()
    calls = (call("create", **new("Own")), call("delete", id=1), call("skip", id=2, kind="external", reason="No."))
    scene.script(Turn(say="I do it myself.", calls=calls), proposes(new("Import")), DONE)
    scene.run(scene.command("/autocoder expand More."))
    assert [one.failed for one in scene.agent.replies] == [True, True, True, False]
    assert names(scene) == ["Greet", "Part"]
    assert not [one for one in scene.ref.journal if isinstance(one, Added)]


def test_a_dry_run_creates_nothing(scene: Scene) -> None:
    comment = proposed(scene)
    tick(scene, comment, "Export")
    before = body(scene, comment)
    scene.run(mode="sync", dry_run="true")
    assert names(scene) == ["Greet", "Part"]
    assert body(scene, comment) == before
