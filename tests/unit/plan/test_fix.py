"""Where a review is addressed, and why not."""

import pytest

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import NotBefore
from autocoder_action.backlog.open_remarks import Asked, OpenRemark, Words
from autocoder_action.intake.commands import Command
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.decide import decide
from autocoder_action.plan.plan import Rest, Session
from autocoder_action.plan.situation import Situation
from autocoder_action.plan.wish import Intent, Wish
from tests.unit.plan.situations import PLAN, an_open, at

FIX = Wish(intent=Intent.FIX, commanded=True, command=Command(name="fix"))
REMARK = OpenRemark(id=5, words=(Words(author="ann", text="Rename this."),), path="a.py", line=3)
OPEN = Asked(pull=7, open=(REMARK,))


def asked(review: Asked | None = OPEN, backlog: Backlog = PLAN, *, config: str = "", **changes: object) -> Situation:
    """Return a situation in which somebody wants a review addressed, and one session is open as #7."""
    known: dict[str, object] = {"open_sessions": (an_open(1),), "review": review}
    return at(backlog, FIX, config=config, **(known | changes))


RESTS = [
    (asked(None), Conclusion.SKIPPED, "`fix` belongs on the pull request of an open session"),
    (asked(Asked(pull=8)), Conclusion.SKIPPED, "#8 is not the pull request of an open session"),
    (asked(open_sessions=()), Conclusion.SKIPPED, "#7 is not the pull request of an open session"),
    (asked(open_sessions=(an_open(1, pull=None),)), Conclusion.SKIPPED, "#7 is not the pull request"),
    (asked(backlog=Backlog()), Conclusion.SKIPPED, "#7 holds the plan, which its spec makes"),
    (asked(Asked(pull=7)), Conclusion.SKIPPED, "Nothing in the review of #7 waits for an answer."),
    (asked(Asked(pull=7, unread=2)), Conclusion.SKIPPED, "2 by people without write access were not read."),
    (asked(paused="Holidays."), Conclusion.SKIPPED, "The project is paused: Holidays."),
    (
        asked(not_before=NotBefore(id="1", at=1, run="1-1", until=1_767_326_640, reason="Slow.")),
        Conclusion.RATE_LIMITED,
        "No session begins before",
    ),
    (asked(spent_today_micro=20_000_000), Conclusion.BUDGET, "are spent"),
    (asked(Asked(pull=7), paused="Holidays."), Conclusion.SKIPPED, "Nothing in the review"),
]


@pytest.mark.parametrize(("situation", "conclusion", "words"), RESTS)
def test_where_nothing_is_to_be_fixed_the_reason_says_why(
    situation: Situation, conclusion: Conclusion, words: str
) -> None:
    plan = decide(situation)
    assert isinstance(plan, Rest)
    assert plan.conclusion is conclusion
    assert words in plan.reason


def test_a_review_is_addressed_in_the_branch_of_its_own_session() -> None:
    first, second = an_open(1), an_open(2, pull=9)
    plan = decide(asked(open_sessions=(first, second), unknown_spend=True))
    assert isinstance(plan, Session)
    assert (plan.activity, plan.features, plan.fresh) == (Activity.REVIEW, (), False)
    assert (plan.name, plan.branch, plan.start, plan.pull) == ("session-1", first.branch, first.head, first.pull)
    assert plan.reason == "Addressing the review of #7: 1 open remark."


def test_it_costs_at_most_what_the_budgets_leave() -> None:
    plan = decide(asked(config="max_turns: 9", spent_today_micro=19_000_000))
    assert isinstance(plan, Session)
    assert (plan.caps.turns, plan.caps.cost_micro) == (9, 1_000_000)
