"""A run that is stopped, at whatever moment, leaves what it has, whole, and the next one goes on."""

import os
import shutil
from pathlib import Path
from signal import SIGINT, SIGTERM

import pytest

from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.ledger import ledger
from sandbox.github import Gate
from sandbox.stage import Stage
from tests.e2e.clocks import as_it_is, put_forward_when_written
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import backlog, bash, branches, feature, git, journal
from tests.e2e.stopping import BRANCH, FILES, STEPS, Director, Session, assert_sound, passing, plan, steps_kept, twelve


@pytest.mark.parametrize("request_number", range(1, 13))
def test_a_signal_after_any_request_of_a_session_loses_nothing(make_stage: MakeStage, request_number: int) -> None:
    director = Director(twelve(1, 2), at=request_number)
    stage = make_stage(director, content=files(plan()))
    session = Session(stage)
    director.act = lambda: session.stop(SIGTERM if request_number % 2 else SIGINT)
    run = session.start().wait()
    assert director.asked >= request_number
    whole = ("cancelled", "complete") if request_number > 11 else ("cancelled",)
    assert_sound(session, run, conclusions=whole)
    before = request_number - 1
    assert steps_kept(stage, 1) >= min(before, STEPS)
    assert steps_kept(stage, 2) >= min(max(before - STEPS - 1, 0), STEPS)
    assert not stage.repo.pulls() or run.outputs["conclusion"] == "complete", "the next run opens it"
    assert_goes_on(session, director)


def assert_goes_on(session: Session, director: Director) -> None:
    """Check that the next run builds what is left, in the stopped run's branch, and publishes all of it."""
    repo = session.stage.repo
    branch = BRANCH if BRANCH in branches(repo) else "autocoder/root/session-2"
    held = backlog(repo, branch if branch == BRANCH else "main")
    left = [one.id for one in held.features if one.uid not in passing(held)]
    steps = "for i in 1 2 3 4; do echo step; done"
    director.play([turn for one in left for turn in feature(one, f"{steps} > {FILES[one]}")])
    again = session.start().wait()
    assert_sound(session, again, conclusions=("complete",) if left else ("complete", "skipped"))
    assert again.outputs["branch"] == (branch if left else "")
    assert passing(backlog(repo, branch)) == ["greet", "part"]
    assert len(repo.pulls()) == 1


_ALL_STEPS = "for i in 1 2 3 4; do echo step; done > greet.txt"
_SLOW_HOOK = """#!/bin/sh
read -r _ _ ref
case $ref in refs/heads/*)
    [ -e {held} ] || {{ touch {held}; echo > {begun}; }}
    read -r _ < {go}
    exit 1
esac
"""


def fifo(stage: Stage, name: str) -> Path:
    """Make a pipe that everybody may open, beside the run's folders."""
    pipe = stage.runner.root.parent / name
    os.mkfifo(pipe)
    pipe.chmod(0o666)
    return pipe


def goes_on(session: Session, director: Director) -> None:
    """Check that the next run is told what was interrupted, builds what is left in the same branch, and ends well."""
    model, repo = session.stage.model, session.stage.repo
    assert model
    before, there = len(model.requests), BRANCH in branches(repo)
    head = git(repo, "rev-parse", BRANCH)[:10] if there else ""
    director.play([*feature(1, _ALL_STEPS), *feature(2, "cp greet.txt part.txt")])
    assert_sound(session, session.start().wait(), conclusions=("complete",))
    told = "".join(str(request.body.get("messages")) for request in model.requests[before:])
    assert (f"its work in progress is commit {head}" in told) is there
    assert len(repo.pulls()) == 1


def test_a_command_that_runs_is_ended_and_what_it_wrote_is_kept(make_stage: MakeStage) -> None:
    director = Director([])
    stage = make_stage(director, content=files(plan()))
    session, begun = Session(stage), fifo(stage, "begun")
    director.play([bash(f"echo step > greet.txt; echo > {begun}; (setsid tail -f /dev/null &); tail -f /dev/null")])
    step = session.start()
    begun.read_text()
    step.signal(SIGINT)
    assert_sound(session, step.wait())
    assert steps_kept(stage, 1) == 1
    goes_on(session, director)


def test_an_answer_that_never_ends_holds_nothing_up(make_stage: MakeStage) -> None:
    director = Director(twelve(1), at=3)
    stage = make_stage(director, content=files(plan()))
    session = Session(stage)
    assert stage.model
    stage.model.fault(nth=3, hang=True, after_events=2)
    director.act = lambda: session.stop(SIGTERM)
    assert_sound(session, session.start().wait())
    assert steps_kept(stage, 1) == 2


def test_an_edit_that_the_host_does_not_answer_holds_no_stop_up(make_stage: MakeStage) -> None:
    director, gate = Director(twelve(1), at=4), Gate()
    stage = make_stage(director, content=files(plan()))
    stage.env["AUTOCODER_SHOW_SECONDS"] = "0"
    stage.hub.fault(method="PATCH", path="/issues/comments/", gate=gate)
    session, number = Session(stage), stage.repo.open_issue(by="maintainer", title="Go").number
    stage.repo.comment(number, by="maintainer", body="/autocoder continue")

    def stop() -> None:
        gate.reached.wait(60)
        session.stop(SIGTERM)

    director.act = stop
    run = session.start(stage.repo.deliveries[-1]).wait()
    assert not gate.opened.is_set()
    assert "could not be shown" not in run.log, "nobody waited until it was given up"
    assert "so its end is shown nowhere but here" in run.outputs["reason"] + run.summary
    assert_sound(session, run)
    assert steps_kept(stage, 1) == 3
    gate.opened.set()


def test_a_push_that_hangs_is_given_up_and_the_session_is_settled_all_the_same(make_stage: MakeStage) -> None:
    director = Director([*feature(1, _ALL_STEPS)])
    stage = make_stage(director, content=files(plan()))
    session, begun, go = Session(stage), fifo(stage, "begun"), fifo(stage, "go")
    usual = Path(git(stage.repo, "config", "core.hooksPath").strip())
    hooks = stage.runner.root.parent / "hooks"
    shutil.copytree(usual, hooks)
    (hooks / "pre-receive").write_text(_SLOW_HOOK.format(held=hooks / "held", begun=begun, go=go))
    (hooks / "pre-receive").chmod(0o755)
    git(stage.repo, "config", "core.hooksPath", str(hooks))
    step = session.start()
    begun.read_text()
    step.signal(SIGINT)
    run = step.wait()
    git(stage.repo, "config", "core.hooksPath", str(usual))
    assert_sound(session, run)
    assert "It was ended, because this run is." in run.log
    with go.open("r+b", buffering=0) as gate:
        gate.write(b"\n" * 4)  # whoever still waits there goes on, and refuses
        goes_on(session, director)


def test_what_is_pushed_to_base_is_proved_and_the_rest_waits_beside_it_for_the_next_run(make_stage: MakeStage) -> None:
    director = Director(twelve(1, 2), at=8)
    stage = make_stage(director, content=files(plan()))
    session, repo = Session(stage), stage.repo
    director.act = lambda: session.stop(SIGTERM)
    run = session.start(delivery="push").wait()
    assert run.outputs["conclusion"] == "cancelled", run.log
    assert passing(backlog(repo, "main")) == ["greet"]
    assert "part.txt" not in git(repo, "ls-tree", "--name-only", "main")
    assert steps_kept(stage, 2) == 2
    proved = git(repo, "rev-parse", "main").strip()
    last = ledger(journal(repo))[-1].settled
    assert last
    assert last.kept == git(repo, "rev-parse", BRANCH).strip()
    director.play([*feature(2, "echo step >> part.txt; echo step >> part.txt")])
    again = session.start(delivery="push").wait()
    assert again.outputs["conclusion"] == "complete", again.log
    assert f"Taking up {BRANCH}, whose last session ended as cancelled. Next: F2 Part" in again.log
    assert branches(repo) == ["main"]
    assert git(repo, "rev-list", f"{proved}..main").split() == [git(repo, "rev-parse", "main").strip()]
    assert git(repo, "show", "main:part.txt").count("step") == STEPS
    assert not repo.pulls()
    assert session.processes() == []


_FIVE_MINUTES, _SECONDS_OF_WORK = {"timeout_minutes": "5"}, 240
"""The last of them is kept for the end; a check has five of its own."""


def test_a_deadline_ends_a_command_as_a_signal_does(make_stage: MakeStage) -> None:
    director = Director([])
    stage = make_stage(director, content=files(plan()))
    session, begun = Session(stage), fifo(stage, "begun")
    put_forward_when_written(stage, begun, _SECONDS_OF_WORK)
    director.play([bash(f"echo step > greet.txt; echo > {begun}; (setsid tail -f /dev/null &); tail -f /dev/null")])
    run = session.start(**_FIVE_MINUTES).wait()
    assert_sound(session, run, conclusions=("timeout",))
    assert run.outputs["reason"].endswith("Raise timeout_minutes, or run again.")
    assert steps_kept(stage, 1) == 1
    assert len(stage.repo.pulls()) == 1
    as_it_is(stage)
    goes_on(session, director)


def test_a_check_that_never_ends_is_ended_with_the_minutes_and_the_next_run_goes_on_with_what_is_left(
    make_stage: MakeStage,
) -> None:
    director = Director([*feature(1, _ALL_STEPS), *feature(2, "touch part.txt")])
    stage = make_stage(director, content=files(None))
    session, begun = Session(stage), fifo(stage, "begun")
    slow = f"test -f x || {{ echo > {begun}; tail -f /dev/null; }}"
    content = planned(
        Draft(name="Greet", description="Greets.", steps=("Run it.",), check="test -f greet.txt"),
        Draft(name="Part", description="Says goodbye.", steps=("Run it.",), check=slow),
    )
    stage.repo.commit(files(content), by="maintainer", message="Plan")
    put_forward_when_written(stage, begun, _SECONDS_OF_WORK)
    run = session.start(**_FIVE_MINUTES).wait()
    assert_sound(session, run, conclusions=("progressed",))
    assert "The session used all its minutes." in run.outputs["reason"]
    assert "was ended, because the session's minutes are over" in run.log
    assert passing(backlog(stage.repo, BRANCH)) == ["greet"]
    assert "part.txt" in git(stage.repo, "ls-tree", "--name-only", BRANCH)
    as_it_is(stage)
    director.play([*feature(2, "touch x")])
    again = session.start().wait()
    assert_sound(session, again, conclusions=("complete",))
    assert again.outputs["branch"] == BRANCH
    assert "Taking up autocoder/root/session-1, whose last session ended as timeout. Next: F2 Part" in again.log
    assert len(stage.repo.pulls()) == 1
