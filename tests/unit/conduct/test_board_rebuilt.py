"""A backlog that is made anew from a board on which people were at work."""

from dataclasses import replace

from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.from_issues import FromIssues, contained, rebuild, survey, to_ask
from autocoder_action.backlog.journal import Accepted, Noted
from autocoder_action.backlog.ledger import only
from autocoder_action.intake.event import IssueChanged
from tests.unit.conduct.scene import Scene, draft

CHANGED = IssueChanged(number=1, action="edited", by_bot=False)


def number(scene: Scene, name: str) -> int:
    """Return the issue of a feature."""
    return next(one.number for title, one in scene.issues().items() if title.endswith(name))


def rebuilt(scene: Scene, *, journal: bool = True) -> tuple[FromIssues, Backlog]:
    """Make the backlog anew, and return what was found with what then counts."""
    issues = [scene.host.issue(one) for one in scene.host.threads.values() if not one.deleted]
    known = scene.ref.journal if journal else ()
    seen = survey(issues, project="root", me=scene.tracker.login, journal=known)
    ours, claims = to_ask(seen)
    histories = scene.tracker.histories(ours | claims, since=0)
    found = rebuild(replace(seen, histories=histories, writers=frozenset({"ada"})), initialized="0" * 64)
    return found, fold(replace(found.backlog, applied=contained(known, found.unsure)), known)


def replaced_and_accepted(scene: Scene) -> None:
    """Have ada replace all of an issue by words that are too long, and accept its feature afterwards."""
    scene.begin(draft("Greet"), draft("Part"))
    scene.run(mode="sync")
    scene.run(mode="sync")
    scene.clock.advance(5)
    scene.host.edit(number(scene, "Part"), by="ada", body="y" * 5_000)
    scene.run(CHANGED)
    scene.clock.advance(5)
    scene.host.edit(number(scene, "Part"), by="ada", open=False, state_reason="completed")
    scene.run(CHANGED)


def test_a_feature_whose_issue_lost_its_marker_comes_back_by_the_journal(scene: Scene) -> None:
    replaced_and_accepted(scene)
    found, now = rebuilt(scene)
    assert [(one.id, one.uid, one.status) for one in now.features] == [
        (1, "greet", Status.PENDING),
        (2, "part", Status.PENDING),  # with other words it was accepted, and those are lost
    ]
    assert now.features[1].built
    assert not any(one.id in contained(scene.ref.journal, found.unsure) for one in only(scene.ref.journal, Accepted))
    assert any("lost what it carried" in one for one in found.doubts)
    assert any("too long" in one for one in found.doubts)


def test_without_a_journal_it_comes_back_by_the_code_in_its_title_and_is_doubted(scene: Scene) -> None:
    replaced_and_accepted(scene)
    found, now = rebuilt(scene, journal=False)
    assert [(one.id, one.name) for one in now.features] == [(1, "Greet"), (2, "Part")]
    assert any("by its title alone" in one for one in found.doubts)


def test_a_feature_that_no_issue_shows_is_doubted_and_its_number_is_not_given_again(scene: Scene) -> None:
    scene.begin(draft("Greet"), draft("Part"))
    scene.run(mode="sync")
    gone = number(scene, "Part")
    scene.host.delete_issue(gone)
    found, _ = rebuilt(scene)
    assert f"No issue shows part, which was issue #{gone}." in found.doubts
    scene.host.add_issue(by=scene.tracker.login, title="F9 Of old", body="")
    found, _ = rebuilt(scene)
    assert found.backlog.next_id == 10


def test_nothing_is_taken_by_the_journal_where_none_of_the_issues_is_of_the_author_who_was_named(scene: Scene) -> None:
    scene.begin(draft("Greet"))
    scene.run(mode="sync")
    issues = [scene.host.issue(one) for one in scene.host.threads.values()]
    seen = survey(issues, project="root", me="somebody-else[bot]", journal=scene.ref.journal)
    assert rebuild(seen).backlog.features == ()


def test_what_went_wrong_last_comes_back(scene: Scene) -> None:
    scene.begin(draft("Greet"))
    error = "It said @bob #3:\n\n</details> <b>no</b> https://x.test"
    scene.ref.journal += (Noted(id="x", at=scene.clock.now(), run="r", n=9_000, feature="greet", error=error),)
    scene.run(mode="sync")
    found, _ = rebuilt(scene, journal=False)
    assert found.backlog.features[0].last_error == error
