"""Every situation has exactly one plan, with its reason, before anything is done."""

from dataclasses import replace

import pytest

from autocoder_action.backlog import transitions
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import NotBefore
from autocoder_action.backlog.transitions import SkipKind
from autocoder_action.errors import BacklogError
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.decide import decide, waiting
from autocoder_action.plan.plan import Plan, Rest, Session, Sync
from autocoder_action.plan.situation import NoSpec, Situation
from autocoder_action.plan.wish import Intent, Wish
from tests.unit.backlog.builders import NOW, changed, passed
from tests.unit.plan.situations import ASKED, PLAN, UNASKED, an_open, at

INIT = Wish(intent=Intent.INITIALIZE, commanded=True)
DONE = passed(PLAN, 1, 2, 3)
EMPTY = Backlog()
WAIT = NotBefore(id="w", at=NOW, run="1-1", until=NOW + 3_600, reason="Slow.")


def session(situation: Situation) -> Session:
    plan = decide(situation)
    assert isinstance(plan, Session), plan
    return plan


RESTS = [
    (
        at(PLAN, UNASKED, open_sessions=(an_open(1),)),
        Conclusion.SKIPPED,
        "session-1 waits for review in pull request #7",
    ),
    (
        at(PLAN, UNASKED, open_sessions=(an_open(1, pull=None),)),
        Conclusion.SKIPPED,
        "in branch autocoder/root/session-1",
    ),
    (
        at(PLAN, UNASKED, open_sessions=(an_open(1), an_open(2, pull=9))),
        Conclusion.SKIPPED,
        "session-2 waits for review",
    ),
    (
        at(EMPTY, ASKED, open_sessions=(an_open(1),)),
        Conclusion.SKIPPED,
        "The plan waits for approval in pull request #7",
    ),
    (at(EMPTY, INIT, open_sessions=(an_open(1),)), Conclusion.SKIPPED, "The plan waits for approval"),
    (at(DONE, UNASKED, open_sessions=(an_open(1),)), Conclusion.SKIPPED, "waits for review"),
    (
        at(EMPTY, UNASKED, open_sessions=(replace(an_open(1), goes_on=True, plans=True),)),
        Conclusion.SKIPPED,
        "The plan waits for approval in pull request #7; its merge is what approves it.",
    ),
    (
        at(PLAN, UNASKED, open_sessions=(replace(an_open(1), plans=True),)),
        Conclusion.SKIPPED,
        "The plan waits for approval in pull request #7; its merge is what approves it.",
    ),
    (at(PLAN, INIT), Conclusion.SKIPPED, "The project is initialized"),
    (
        at(PLAN, UNASKED, not_before=WAIT),
        Conclusion.RATE_LIMITED,
        "begins before 2026-01-02 04:04 UTC: Slow.",
    ),
    (at(PLAN, ASKED, not_before=WAIT), Conclusion.RATE_LIMITED, "No session begins before"),
    (at(EMPTY, INIT, not_before=WAIT), Conclusion.RATE_LIMITED, "No session begins before"),
    (at(DONE, UNASKED), Conclusion.COMPLETE, "Every feature passes: 3 of 3 features pass."),
    (at(DONE, ASKED), Conclusion.COMPLETE, "Every feature passes"),
    (at(PLAN, ASKED, open_sessions=(an_open(1, DONE),)), Conclusion.COMPLETE, "Every feature passes"),
    (
        at(PLAN, UNASKED, busy=frozenset({"add", "list", "sort"})),
        Conclusion.SKIPPED,
        "Another run works on what is left",
    ),
    (
        at(PLAN, UNASKED, spent_today_micro=20_000_000, spent_micro=20_000_000),
        Conclusion.BUDGET,
        "20.00 USD of today's",
    ),
    (at(PLAN, ASKED, spent_today_micro=19_990_001, spent_micro=19_990_001), Conclusion.BUDGET, "ends at midnight UTC"),
    (at(PLAN, UNASKED, spent_today_micro=99_000_000, spent_micro=99_000_000), Conclusion.BUDGET, "99.00 USD"),
    (
        at(PLAN, config="total_budget_usd: 30", spent_micro=30_000_000),
        Conclusion.BUDGET,
        "30.00 USD of the project's budget of 30.00 USD (`total_budget_usd`)",
    ),
    (
        at(PLAN, ASKED, config="day_sessions: 2", sessions_today=2, sessions=9),
        Conclusion.BUDGET,
        "2 of 2 sessions of today (`day_sessions`) are held; the day ends at midnight UTC.",
    ),
    (
        at(EMPTY, config="total_sessions: 1", sessions_today=1, sessions=1),
        Conclusion.BUDGET,
        "1 of 1 session of the project (`total_sessions`) are held",
    ),
    (
        at(PLAN, config="day_sessions: 1", sessions_today=1, spent_today_micro=20_000_000),
        Conclusion.BUDGET,
        "`day_budget_usd`) are spent; the day ends at midnight UTC; 1 of 1 session of today",
    ),
    (at(PLAN, UNASKED, paused="3 sessions proved nothing", paused_itself=True), Conclusion.SKIPPED, "proved nothing"),
    (at(PLAN, ASKED, paused="Until the release."), Conclusion.SKIPPED, "Until the release."),
    (at(EMPTY, spent_today_micro=20_000_000), Conclusion.BUDGET, "are spent"),
    (at(PLAN, UNASKED, unknown_spend=True), Conclusion.BLOCKED, "what was spent is not known"),
]


@pytest.mark.parametrize(("situation", "conclusion", "words"), RESTS)
def test_where_nothing_is_to_be_done_the_reason_says_why(
    situation: Situation, conclusion: Conclusion, words: str
) -> None:
    plan = decide(situation)
    assert isinstance(plan, Rest)
    assert plan.conclusion is conclusion
    assert words in plan.reason


def test_a_command_holds_a_session_in_a_project_that_paused_itself() -> None:
    assert isinstance(decide(at(PLAN, ASKED, paused="3 sessions proved nothing", paused_itself=True)), Session)


def test_a_session_is_held_while_a_budget_of_sessions_has_one_left() -> None:
    situation = at(PLAN, config="day_sessions: 2\ntotal_sessions: 9", sessions_today=1, sessions=8)
    assert isinstance(decide(situation), Session)


def test_what_is_left_for_people_blocks() -> None:
    waiting = changed(transitions.ask(PLAN, 1, "Which?", now=NOW))
    waiting = changed(transitions.skip(waiting, 3, kind=SkipKind.EXTERNAL, reason="key", now=NOW))
    plan = decide(at(waiting))
    assert isinstance(plan, Rest)
    assert plan.conclusion is Conclusion.BLOCKED
    assert "1 waiting for others, 1 waiting for an answer, 1 skipped" in plan.reason


@pytest.mark.parametrize(("intent", "kind"), [(Intent.NOTHING, Rest), (Intent.SYNC, Sync)])
def test_what_is_free_waits_for_nothing(intent: Intent, kind: type[Plan]) -> None:
    worst = at(
        EMPTY,
        Wish(intent=intent, commanded=False),
        spec=None,
        open_sessions=(an_open(1),),
        spent_today_micro=10**12,
        unknown_spend=True,
    )
    assert isinstance(decide(worst), kind)


def test_the_next_features_are_built_in_a_new_session_on_base() -> None:
    plan = session(at(last_number=4))
    assert (plan.activity, plan.features) == (Activity.BUILD, (1, 3))
    assert (plan.name, plan.branch) == ("session-5", "autocoder/root/session-5")
    assert (plan.start, plan.fresh, plan.pull) == ("b" * 40, True, None)
    assert plan.reason == "Next: F1 Add, F3 Sort (0 of 3 features pass, 1 waiting for others)."


@pytest.mark.parametrize(
    ("backlog", "paths", "kind"),
    [
        (PLAN, {"prompts/app_spec.txt"}, Sync),
        (PLAN, {".github/autocoder.yml"}, Sync),
        (PLAN, {"src/app.py"}, Rest),
        (EMPTY, {"prompts/app_spec.txt"}, Session),
        (EMPTY, {"src/app.py"}, Rest),
    ],
)
def test_a_push_counts_where_it_changes_the_spec_or_the_configuration(
    backlog: Backlog, paths: set[str], kind: type[Plan]
) -> None:
    wish = Wish(intent=Intent.CONTINUE, commanded=False, pushed=frozenset(paths))
    assert isinstance(decide(at(backlog, wish)), kind)


def test_what_keeps_a_project_from_going_on_is_named() -> None:
    waiting_for = list(waiting(at(changed(transitions.ask(PLAN, 1, "Which?", now=NOW)), paused="Holiday.")))
    assert waiting_for == ["The project is paused: Holiday.", "Waiting for a person's answer: F1."]
    assert list(waiting(at())) == []


def test_features_that_another_run_holds_are_left_to_it() -> None:
    assert session(at(busy=frozenset({"add"}))).features == (3,)


def test_a_command_goes_on_in_the_newest_open_session() -> None:
    ahead = passed(PLAN, 1)
    plan = session(at(PLAN, ASKED, open_sessions=(an_open(1), an_open(2, ahead, pull=9)), last_number=2))
    assert (plan.name, plan.start, plan.fresh) == ("session-2", "c" * 40, False)
    assert plan.features == (2, 3), "what its branch has proved is not built again"
    assert plan.pull
    assert plan.pull.number == 9
    assert "Going on in autocoder/root/session-2." in plan.reason


def test_work_that_is_pushed_goes_to_base_and_the_plan_never_does() -> None:
    assert session(at(config="delivery: push")).branch == "main"
    assert not session(at(config="delivery: push")).fresh
    assert session(at(config="delivery: push")).shelf == "autocoder/root/session-1"
    first = session(at(EMPTY, config="delivery: push"))
    assert (first.activity, first.branch, first.fresh) == (Activity.INITIALIZE, "autocoder/root/session-1", True)
    assert (first.features, first.shelf) == ((), "")


def test_initializing_is_what_any_wish_to_work_leads_to_at_first() -> None:
    for wish in (UNASKED, ASKED, INIT):
        plan = session(at(EMPTY, wish))
        assert plan.activity is Activity.INITIALIZE
        assert plan.reason == "The spec prompts/app_spec.txt has no features yet."


def test_features_without_a_seal_are_no_plan_yet() -> None:
    assert session(at(replace(PLAN, initialized=None))).activity is Activity.INITIALIZE


@pytest.mark.parametrize(
    "no_spec", [NoSpec(cause="There is no spec at prompts/app_spec.txt on main.", remedy="Write one."), None]
)
def test_no_money_is_spent_without_a_spec(no_spec: NoSpec | None) -> None:
    with pytest.raises(BacklogError) as caught:
        decide(at(EMPTY, spec=None, no_spec=no_spec))
    assert caught.value.cause == (no_spec.cause if no_spec else "There is no spec.")
    assert caught.value.remedy


def test_a_built_project_needs_no_spec() -> None:
    assert session(at(spec=None)).activity is Activity.BUILD


def test_what_is_free_is_done_also_while_the_models_service_wants_a_pause() -> None:
    assert isinstance(decide(at(PLAN, Wish(intent=Intent.SYNC, commanded=True), not_before=WAIT)), Sync)
    assert "No session begins before" in next(waiting(at(PLAN, not_before=WAIT)))
