"""What a sync asks of the host, however much changed on the board, and whoever changed it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import PersonProof, Status
from autocoder_action.backlog.fold import fold
from sandbox.bench.run import IMPORTS
from sandbox.model.policies import script
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import backlog, journal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autocoder_action.backlog.feature import Backlog
    from sandbox.stage import Stage

HOUR = 3_600
USELESS = {
    "asyncio",
    "claude_agent_sdk",
    "github",
    "httpx",
    "markdown_it",
    "mcp",
    "rich",
    "sqlalchemy",
    "tomllib",
    "yaml",
}


def asked(stage: Stage) -> int:
    """Sync, an hour later by the host's clock, and return how many requests that took."""
    stage.hub.advance(HOUR)
    before = len(stage.hub.requests)
    event = stage.hub.event("workflow_dispatch", stage.repo, by="maintainer")
    run = stage.job("session", event, part="session", mode="sync")
    assert run.exit_code == 0, run.log
    return sum(".git/" not in one.path for one in stage.hub.requests[before:])


def large(make_stage: MakeStage, size: int) -> tuple[Stage, Backlog]:
    """Return a project whose plan is on the board, written at the pace that GitHub asks for."""
    names = [f"Part {n}" for n in range(1, size + 1)]
    plan = planned(*(Draft(name=one, description=f"{one}.", steps=("Run it.",), check="true") for one in names))
    stage = make_stage(script([]), content=files(plan))
    stage.hub.slow_down(1)
    asked(stage)
    return stage, plan


def accept(stage: Stage, plan: Backlog, ids: Iterable[int]) -> Backlog:
    """Merge that some features pass."""
    found = [one for one in map(plan.get, ids) if one]
    done = (one.replace(status=Status.PASSING, proof=PersonProof(login="m", at=1)) for one in found)
    after = plan.put(*done)
    stage.repo.commit(files(after), by="maintainer", message="Merge")
    return after


def test_however_many_features_a_run_changes_it_asks_three_times_more_and_the_next_one_twice(
    make_stage: MakeStage,
) -> None:
    stage, plan = large(make_stage, 190)
    assert asked(stage) == 2, "after a first sync"
    start = 1
    for count in (10, 60, 120):
        plan = accept(stage, plan, range(start, start + count))
        start += count
        assert asked(stage) <= count + 3, count
        assert asked(stage) == 2, count


def test_a_sync_with_nothing_to_do_loads_no_library_that_it_has_no_use_for(make_stage: MakeStage) -> None:
    stage, _ = large(make_stage, 3)
    stage.hub.advance(HOUR)
    stage.command = IMPORTS
    event = stage.hub.event("workflow_dispatch", stage.repo, by="maintainer")
    log = stage.job("session", event, part="session", mode="sync").log
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in log.splitlines() if "| " in line}
    assert {"autocoder_action", "msgspec", "jinja2"} <= loaded
    assert sorted(loaded & USELESS) == []
    assert "autocoder_action.session.scrutiny" not in log


def test_what_people_did_in_the_midst_of_a_large_runs_writes_is_taken_in_by_the_next(make_stage: MakeStage) -> None:
    stage, _ = large(make_stage, 101)
    now = stage.hub.now
    stage.hub.now = stage.repo.issue(60).updated_at
    body = stage.repo.issue(5).body or ""  # which this run had written by then
    stage.repo.edit_issue(5, by="maintainer", body=body.replace("Part 5.", "Sings."))
    mine = stage.repo.open_issue(by="maintainer", title="Mine", body="Please.")
    stage.repo.label(mine.number, "autocoder:feature", by="maintainer")
    stage.hub.now = now
    asked(stage)
    counted = fold(backlog(stage.repo), journal(stage.repo)).features
    assert (counted[4].description, counted[-1].name) == ("Sings.", "Mine")


def test_changed_pull_requests_are_listed_once(make_stage: MakeStage) -> None:
    stage, _ = large(make_stage, 3)
    asked(stage)
    stage.repo.commit({"work.txt": "Done.\n"}, by="maintainer", message="Work", branch="work")
    work = stage.repo.open_pull(by="maintainer", head="work", title="Work")
    for number in range(work.number, work.number + 250):
        stage.hub.advance(1)
        stage.repo.issues[number] = replace(work, id=work.id + number, number=number, updated_at=stage.hub.now)
    assert asked(stage) == 4, "the repository and three pages, once"
    assert [asked(stage) for _ in range(2)] == [2, 2]
