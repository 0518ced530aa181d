"""Sessions that talk: answers that change the backlog, and what bounds them."""

import pytest

from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Added, Booked, NotBefore, Settled
from autocoder_action.backlog.ledger import only
from autocoder_action.errors import MachineError, UpstreamError
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.report.report import outputs
from autocoder_action.session.brief import READING
from autocoder_action.session.call import Call
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import Turn
from tests.fakes.journal import FakeJournal
from tests.unit.conduct.scene import SECRET, Fuse, Scene, call


def effective(scene: Scene) -> Backlog:
    return fold(scene.backlog(), scene.ref.journal)


def does(*calls: Call) -> Turn:
    return Turn(say="I change that.", calls=calls)


def login(**more: object) -> Call:
    return call("create", name="Login", description="Logs in.", steps=["Log in."], **more)


ANSWER = Turn(say="Two features wait; see `a.py:1`.")


def test_a_question_is_answered_from_a_clone_that_can_only_be_read(scene: Scene) -> None:
    scene.begin()
    scene.script(ANSWER)
    report = scene.run(scene.command("/autocoder ask What waits?"))
    assert report.conclusion is Conclusion.PROGRESSED
    (brief,) = scene.agent.briefs
    assert brief.hands == READING
    assert (brief.caps.turns, brief.caps.cost_micro, brief.caps.minutes) == (30, 1_000_000, 10)
    assert "- F1 Greet [pending, priority 1]\n- F2 Part [pending, priority 2]" in brief.prompt
    (reply,) = scene.replies()
    assert reply == (
        "Two features wait; see `a.py:1`.\n\n"
        "session-1: 1 turn, 0.01 USD · [run](https://github.test/octo/app/actions/runs/101)\n"
    )
    kinds = [(one.kind, one.session) for one in scene.ref.journal if isinstance(one, Booked | Settled)]
    assert kinds == [("booked", "session-1"), ("settled", "session-1")]
    assert list(scene.remote.heads) == ["main"], "it has no branch"


def test_what_was_changed_is_listed_from_facts_and_the_answer_has_no_effect(scene: Scene) -> None:
    scene.begin()
    scene.run()
    scene.script(
        does(login(), call("prioritize", id="F3"), call("skip", id=2, kind="external", reason="Later.")),
        does(call("delete", id=1), call("set_dependencies", id=3, depends_on=["F2"])),
        Turn(say="I deleted nothing, @octocat.\n/autocoder continue\n[Look](https://x.test)"),
    )
    scene.run(scene.command("/autocoder ask Put a login first."))
    assert scene.replies()[-1].replace("\N{ZERO WIDTH SPACE}", "·") == (
        "I deleted nothing, @·octocat.\n·/autocoder continue\n[Look]·(https:·//x.test)\n\n"
        "**Changed by this answer:**\n\n"
        "- Added F3 Login, with priority 3. Its issue follows.\n"
        "- F3 Login has priority 0; lower is sooner.\n"
        "- F2 Part is left out: Later. `/autocoder retry` brings it back.\n"
        "- Cancelled F1 Greet. Reopening its issue, or `/autocoder retry`, brings it back.\n"
        "- F3 Login depends on F2 from now on.\n\n"
        "session-2: 3 turns, 0.03 USD · [run](https://github.test/octo/app/actions/runs/102)\n"
    )
    one, two, three = effective(scene).features
    assert (one.status, two.status, three.depends_on) == (Status.CANCELLED, Status.SKIPPED, (2,))
    assert {change.by for change in scene.ref.journal if isinstance(change, Added)} == {"ada"}
    assert "F3 Login" in scene.issues()


def test_an_issues_number_is_understood_and_one_that_is_none_is_refused(scene: Scene) -> None:
    scene.begin()
    scene.run()
    number = scene.issues()["F2 Part"].number
    scene.script(
        does(call("get", id=f"#{number}"), login(depends_on=[f"#{number}"]), call("delete", id="#99")),
        does(call("update", id=f"#{number}", name="Say goodbye"), call("skip", id=2, kind="external", reason=" ")),
        ANSWER,
    )
    scene.run(scene.command(f"/autocoder ask Rename #{number}."))
    got, created, refused, _, empty = scene.agent.replies
    assert f'"issue":"#{number}"' in got.text
    assert not created.failed
    assert (refused.failed, refused.text) == (True, "#99 is no feature's issue.")
    assert (empty.failed, empty.text) == (True, "The reason is empty.")
    assert [(one.name, one.depends_on) for one in effective(scene).features[1:]] == [
        ("Say goodbye", ()),
        ("Login", (2,)),
    ]


@pytest.mark.parametrize("ending", [Ending.TURNS, Ending.BUDGET, Ending.TIMEOUT, Ending.CANCELLED, Ending.ERROR])
def test_an_answer_that_did_not_end_well_has_changed_nothing(scene: Scene, ending: Ending) -> None:
    scene.begin()
    scene.script(does(login()), ending)
    report = scene.run(scene.command("/autocoder ask Add a login."))
    assert report.conclusion is not Conclusion.PROGRESSED
    assert len(effective(scene).features) == 2
    assert report.reason in scene.replies()[-1].replace("\\", "")
    assert [one.cost_micro for one in scene.ref.journal if isinstance(one, Settled)] == [10_000]


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("at", range(1, 16))
def test_a_run_that_dies_anywhere_has_changed_nothing_twice_after_a_rerun(scene: Scene, at: int, lost: bool) -> None:
    scene.begin()
    event = scene.command("/autocoder ask Add a login, and skip F1.")
    scene.fuse = Fuse(at=at, lost=lost)
    for attempt in (1, 2):
        scene.script(does(login(), call("skip", id=1, kind="external", reason="Later.")), ANSWER)
        try:
            scene.run(event, run_id=7, attempt=attempt)
        except UpstreamError:
            assert attempt == 1
        scene.fuse = Fuse()
    backlog = effective(scene)
    assert [one.name for one in backlog.features] == ["Greet", "Part", "Login"]
    assert backlog.features[0].status is Status.SKIPPED
    assert "Added F3 Login" in scene.replies()[-1]


@pytest.mark.parametrize("lost", [False, True])
def test_an_answer_that_the_journal_does_not_take_at_once_is_told_and_settled_at_the_run_s_end(
    scene: Scene, lost: bool
) -> None:
    scene.begin()
    scene.fuse = Fuse(only="append", at=2, lost=lost)
    scene.script(does(login()), ANSWER)
    report = scene.run(scene.command("/autocoder ask Add a login."))
    assert scene.fuse.seen.count("append") > 2
    assert report.conclusion is Conclusion.ERROR
    assert report.reason.startswith("The question was answered. What the session came to could not be written")
    assert outputs(report, seconds=1)["cost_usd"] == "0.020000"
    assert [one.name for one in effective(scene).features] == ["Greet", "Part", "Login"]
    assert [one.cost_micro for one in only(scene.ref.journal, Settled)] == [20_000]
    reply = scene.replies()[-1].replace("\\", "")
    assert "Two features wait" in reply
    assert "- Added F3 Login" in reply
    assert "**Not in the journal yet.** What the session came to could not be written to the journal." in reply
    assert reply.rstrip().endswith("What this answer changes counts only then: where nothing comes of it, ask again.")


def test_a_pause_that_the_journal_does_not_take_at_once_is_not_lost(scene: Scene) -> None:
    scene.begin()
    scene.fuse = Fuse(only="append", at=2)
    scene.script(Ending.RATE_LIMITED)
    report = scene.run(scene.command("/autocoder ask Who?"))
    assert "could not be written to the journal" in report.reason
    assert len(only(scene.ref.journal, NotBefore)) == 1
    assert "Not in the journal yet" not in scene.replies()[-1], "the usual words say why already"


@pytest.mark.parametrize("error", [MachineError("git push did not end.", remedy="Run again."), OSError(28, "No space")])
def test_an_answer_that_the_journal_never_takes_is_told_and_nothing_is_shown_of_what_it_changes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    append = FakeJournal.append

    def refuse(journal: FakeJournal, changes: object, **more: object) -> object:
        if any(isinstance(one, Settled) for one in changes):  # type: ignore[attr-defined]
            raise error
        return append(journal, changes, **more)  # type: ignore[arg-type]

    scene.begin()
    scene.run()
    monkeypatch.setattr(FakeJournal, "append", refuse)
    scene.script(does(login()), ANSWER)
    report = scene.run(scene.command("/autocoder ask Add a login."))
    assert (report.conclusion, outputs(report, seconds=1)["cost_usd"]) == (Conclusion.ERROR, "0.020000")
    assert "Two features wait" in scene.replies()[-1]
    assert "Not in the journal yet" in scene.replies()[-1]
    assert "F3 Login" not in scene.issues()


def test_no_secret_gets_into_the_backlog(scene: Scene) -> None:
    scene.begin()
    scene.script(does(call("create", name="Key", description=f"It is {SECRET}.", steps=["Look."])), ANSWER)
    scene.run(scene.command("/autocoder ask What is the key?"))
    assert "credential" in scene.agent.replies[0].text
    assert len(effective(scene).features) == 2


def test_a_tool_of_another_kind_of_session_is_not_there(scene: Scene) -> None:
    scene.begin()
    spec = Call(name="spec_write", arguments={"text": "Mine."})
    scene.script(does(call("mark_passing", id=1, check="true"), spec, call("create_bulk", features=[])), ANSWER)
    scene.run(scene.command("/autocoder ask Are we done?"))
    assert all(one.failed and "There is no tool" in one.text for one in scene.agent.replies)


def test_a_pause_does_not_stop_a_talk_and_an_empty_budget_does(scene: Scene) -> None:
    scene.begin()
    scene.script(ANSWER, ANSWER)
    scene.run(scene.command("/autocoder pause Holiday."))
    assert scene.run(scene.command("/autocoder ask Who?")).conclusion is Conclusion.PROGRESSED
    report = scene.run(scene.command("/autocoder ask Who?"), day_budget_usd="0.01")
    assert report.conclusion is Conclusion.BUDGET
    assert len(scene.agent.briefs) == 1
    assert "of today's budget" in scene.replies()[-1]


def test_the_budget_of_the_day_bounds_an_answer(scene: Scene) -> None:
    scene.begin()
    scene.script(ANSWER)
    scene.run(scene.command("/autocoder ask Who?"), day_budget_usd="0.5")
    assert scene.agent.briefs[0].caps.cost_micro == 500_000


def test_the_configuration_bounds_an_answer_and_names_its_model(scene: Scene) -> None:
    scene.begin()
    text = b"models: {assist: haiku}\nassistant: {max_turns: 5, max_budget_usd: 0.25, max_minutes: 3}"
    scene.remote.commit("main", {".github/autocoder.yml": text})
    scene.script(ANSWER)
    scene.run(scene.command("/autocoder ask Who?"))
    (brief,) = scene.agent.briefs
    assert (brief.model, brief.caps.turns, brief.caps.cost_micro, brief.caps.minutes) == ("haiku", 5, 250_000, 3)
    assert [one.model for one in scene.ref.journal if isinstance(one, Booked)] == ["haiku"]


def test_what_somebody_else_changed_meanwhile_stays_and_is_told(scene: Scene) -> None:
    scene.begin()
    event, other = scene.command("/autocoder ask Skip F1."), scene.command("/autocoder remove F1")

    def meddle(_: object) -> None:
        scene.run(other, part="gate")

    skip = call("skip", id=1, kind="external", reason="Later.")
    scene.script(does(skip, login()), Turn(work=meddle, say="Wait."), ANSWER)
    scene.run(event)
    first, _, last = effective(scene).features
    assert (first.status, last.name) == (Status.CANCELLED, "Login")
    reply = scene.replies()[0]
    assert "- Added F3 Login" in reply
    assert "Not done, because it was overtaken meanwhile: F1 Greet" in reply
    assert "left out" not in reply
