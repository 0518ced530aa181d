"""Issues for what only open sessions have, in whole runs: at once, withdrawn with them, and never twice."""

import pytest

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.creation import Created, create
from autocoder_action.backlog.feature import PersonProof, Status
from autocoder_action.backlog.fold import fold
from autocoder_action.intake.event import IssueChanged, PullClosed
from tests.unit.conduct.scene import DONE, Scene, draft, plan

AT_ONCE = b"board:\n  create: session\n"
CHANGED = IssueChanged(number=1, action="edited", by_bot=False)


@pytest.fixture
def planned(scene: Scene) -> Scene:
    """Return a project whose plan waits for approval, with issues at once."""
    scene.remote.commit("main", {".github/autocoder.yml": AT_ONCE})
    scene.script(plan("Greet", "Part"), DONE)
    assert scene.run().pull
    return scene


def one(scene: Scene, name: str) -> Issue:
    """Return the issue of a feature."""
    return next(issue for title, issue in scene.issues().items() if title.endswith(name))


def pull(scene: Scene) -> int:
    """Return the newest pull request."""
    return scene.pulls()[-1].number


def turn_down(scene: Scene) -> None:
    """Close the newest pull request unmerged, which starts a run."""
    number = pull(scene)
    scene.host.edit(number, by="ada", open=False)
    scene.run(PullClosed(number=number, branch=scene.host.threads[number].branch or "", merged=False))


def test_a_plan_that_waits_has_its_issues_at_once(planned: Scene) -> None:
    assert set(planned.issues()) == {"F1 Greet", "F2 Part", "autocoder: progress"}
    assert f"proposed in pull request #{pull(planned)}" in one(planned, "Greet").body
    assert one(planned, "Greet").open
    planned.run(mode="sync")
    assert planned.run(mode="sync").reason == "The board was up to date."


def test_by_default_a_plan_that_waits_has_none(scene: Scene) -> None:
    scene.script(plan("Greet", "Part"), DONE)
    assert scene.run().pull
    assert set(scene.issues()) == {"autocoder: progress"}


def test_once_it_is_merged_nothing_doubles(planned: Scene) -> None:
    before = {title: issue.number for title, issue in planned.issues().items()}
    planned.run(planned.merge(pull(planned)), mode="sync")
    assert {title: issue.number for title, issue in planned.issues().items()} == before
    assert "proposed in" not in one(planned, "Greet").body


def test_the_issues_of_a_plan_that_is_turned_down_are_closed_with_a_word_why(planned: Scene) -> None:
    turn_down(planned)
    found = one(planned, "Greet")
    assert (found.open, found.state_reason) == (False, "not_planned")
    assert "autocoder:cancelled" in found.labels
    assert len(planned.replies()) == 2
    assert "session-1 proposed this feature, and was turned down" in planned.replies()[0]
    planned.run(mode="sync")
    assert planned.run(mode="sync").reason == "The board was up to date."
    assert len(planned.replies()) == 2


def test_what_a_later_plan_proposes_again_has_the_same_issue_opened_again(planned: Scene) -> None:
    number = one(planned, "Greet").number
    turn_down(planned)
    planned.script(plan("Greet", "Wave"), DONE)
    planned.run(planned.command("/autocoder init"))
    assert (one(planned, "Greet").number, one(planned, "Greet").open) == (number, True)
    assert not one(planned, "Part").open
    assert one(planned, "Wave").open
    assert "autocoder:pending" in one(planned, "Greet").labels


def test_what_people_edit_on_a_proposal_is_in_the_plan_when_it_is_merged(planned: Scene) -> None:
    planned.clock.advance(1)
    found = one(planned, "Greet")
    planned.host.edit(found.number, by="ada", body=found.body.replace("Greets.", "Greets in Esperanto."))
    planned.run(CHANGED)
    assert "Greets in Esperanto." in one(planned, "Greet").body
    planned.run(planned.merge(pull(planned)), mode="sync")
    effective = fold(planned.backlog(), planned.ref.journal)
    assert effective.by_uid["greet"].description == "Greets in Esperanto."


def test_a_dry_run_tells_of_an_edit_and_plans_with_base_alone(planned: Scene) -> None:
    planned.clock.advance(1)
    found = one(planned, "Greet")
    planned.host.edit(found.number, by="ada", body=found.body.replace("Greets.", "Greets in Esperanto."))
    report = planned.run(mode="sync", dry_run="true")
    assert report.backlog is not None
    assert report.backlog.features == ()
    assert any("would take over from the issues: edited" in line for line in planned.runner.lines)


def test_a_proposal_whose_number_is_taken_on_base_is_shown_with_another(scene: Scene) -> None:
    scene.remote.commit("main", {".github/autocoder.yml": AT_ONCE})
    scene.begin(draft("Greet"))
    before = scene.backlog()
    for branch, name in (("autocoder/root/session-1", "Wave"), ("autocoder/root/session-2", "Bow")):
        made = create(before, [draft(name, "Greet")], now=1_700_000_000)
        assert isinstance(made, Created)
        scene.remote.heads[branch] = scene.remote.heads["main"]
        scene.put(made.backlog, branch)
    scene.run(mode="sync")
    assert set(scene.issues()) == {"F1 Greet", "F2 Wave", "F3 Bow", "autocoder: progress"}
    assert scene.host.threads[one(scene, "Bow").number].blockers == {one(scene, "Greet").number}


def test_after_the_setting_is_changed_back_no_issue_is_lost(planned: Scene) -> None:
    planned.remote.commit("main", {".github/autocoder.yml": b""})
    planned.run(mode="sync")
    assert one(planned, "Greet").open


def test_what_is_built_in_the_session_that_proposes_it_is_in_review_and_open(scene: Scene) -> None:
    scene.remote.commit("main", {".github/autocoder.yml": AT_ONCE})
    scene.begin(draft("Greet"))
    made = create(scene.backlog(), [draft("Wave")], now=1_700_000_000)
    assert isinstance(made, Created)
    wave = made.backlog.features[1]
    done = wave.replace(status=Status.PASSING, proof=PersonProof(login="ada", at=1))
    branch = "autocoder/root/session-1"
    scene.remote.heads[branch] = scene.remote.heads["main"]
    scene.put(made.backlog.put(done), branch)
    scene.host.add_pull(by="github-actions[bot]", branch=branch, title="session-1")
    scene.run(mode="sync")
    found = one(scene, "Wave")
    assert found.open
    assert {"autocoder:pending", "autocoder:in-review"} <= found.labels
