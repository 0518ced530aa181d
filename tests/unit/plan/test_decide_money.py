"""No plan spends what is not there, whoever asks for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.decide import decide
from autocoder_action.plan.plan import Rest, Session
from autocoder_action.plan.situation import Situation
from autocoder_action.plan.wish import Intent, Wish
from tests.unit.backlog.builders import backlogs
from tests.unit.plan.situations import ASKED, PLAN, an_open, at
from tests.unit.plan.test_decide import session


@pytest.mark.parametrize(
    ("today", "total", "config", "cap"),
    [
        (0, 0, "", 5_000_000),
        (16_000_000, 16_000_000, "", 4_000_000),
        (19_000_000, 19_000_000, "", 1_000_000),
        (0, 0, "max_budget_usd: 200", 20_000_000),
        (0, 28_000_000, "total_budget_usd: 30", 2_000_000),
        (18_000_000, 29_000_000, "total_budget_usd: 30", 1_000_000),
        (0, 0, "max_budget_usd: 50", 20_000_000),
        (0, 0, "max_budget_usd: 50\nday_budget_usd: 100", 50_000_000),
        (0, 0, "max_budget_usd: 0.07", 70_000),
    ],
)
def test_a_session_may_spend_what_is_left_at_most(today: int, total: int, config: str, cap: int) -> None:
    assert session(at(config=config, spent_today_micro=today, spent_micro=total)).caps.cost_micro == cap


@pytest.mark.parametrize(
    ("today", "total", "config", "said"),
    [
        (19_010_000, 19_010_000, "", "0.99 USD are left of today's budget"),
        (0, 29_100_000, "total_budget_usd: 30", "0.90 USD are left of the project's budget"),
        (16_010_000, 0, "max_budget_usd: 200", "3.99 USD are left of today's budget"),
    ],
)
def test_no_session_begins_by_itself_with_a_remnant_and_one_that_is_asked_for_does(
    today: int, total: int, config: str, said: str
) -> None:
    now = at(PLAN, config=config, spent_today_micro=today, spent_micro=total)
    found = decide(now)
    assert isinstance(found, Rest)
    assert found.conclusion is Conclusion.BUDGET
    assert found.reason.startswith(said)
    assert "less than a fifth of what a session may cost" in found.reason
    assert ("midnight UTC" in found.reason) is ("today" in said)
    asked_for = at(PLAN, ASKED, config=config, spent_today_micro=today, spent_micro=total)
    assert session(asked_for).caps.cost_micro < 5_000_000


def test_a_person_may_say_that_more_is_spent_though_nobody_knows_how_much_was() -> None:
    assert session(at(PLAN, ASKED, unknown_spend=True)).features == (1, 3)


situations = st.builds(
    lambda backlog, wish, config, spent, numbers, busy: at(
        backlog,
        wish,
        config=config,
        spent_today_micro=spent,
        spent_micro=spent,
        open_sessions=tuple(an_open(number, backlog) for number in numbers),
        busy=busy,
        last_number=5,
    ),
    backlogs(25),
    st.builds(Wish, intent=st.sampled_from(Intent), commanded=st.booleans(), command=st.none()),
    st.sampled_from(["", "delivery: push", "max_features: 7"]),
    st.integers(0, 30_000_000),
    st.lists(st.integers(1, 5), max_size=2, unique=True).map(sorted),
    st.frozensets(st.sampled_from("abc")),
)


@given(situations)
def test_no_plan_spends_more_than_is_left_or_works_on_what_is_taken(situation: Situation) -> None:
    plan = decide(situation)
    assert plan.reason
    if not isinstance(plan, Session):
        return
    assert situation.wish.intent not in {Intent.SYNC, Intent.NOTHING}
    assert 0 < plan.caps.cost_micro <= 20_000_000 - situation.spent_today_micro
    assert len(plan.features) <= plan.caps.features
    worked = [one.uid for feature in plan.features if (one := situation.backlog.get(feature))]
    assert situation.busy.isdisjoint(worked)
    if plan.activity.talks:
        assert (plan.branch, plan.features) == ("", ())
        return
    assert situation.wish.commanded or not situation.open_sessions
    assert plan.fresh == (plan.branch not in {"main", *(one.branch for one in situation.open_sessions)})
