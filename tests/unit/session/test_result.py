"""The conclusion follows from facts: each row of its table, and who has to act on it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog import transitions
from autocoder_action.backlog.feature import Backlog
from autocoder_action.intake.caps import Caps
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.plan import Session
from autocoder_action.session.outcome import Conversation, Ending, Usage
from autocoder_action.session.result import Outcome, Proved, conclude
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, changed, passed

PLAN = a_backlog(a_draft("Add"), a_draft("List"))
ASKED = changed(transitions.ask(PLAN, 1, "Which?", now=NOW))
CAPS = Caps(turns=9, cost_micro=9, minutes=9, features=2)


def outcome(  # noqa: PLR0913  # what a row of the table differs in
    ending: Ending | None,
    backlog: Backlog = PLAN,
    *,
    proved: tuple[int, ...] = (),
    built: tuple[int, ...] = (),
    trouble: str = "",
    activity: Activity = Activity.BUILD,
    planned: int = 0,
    again: tuple[int, ...] = (),
) -> Outcome:
    plan = Session(
        activity=activity,
        reason="Next.",
        name="session-1",
        branch="autocoder/root/session-1",
        start="0" * 40,
        fresh=True,
        features=(1, 2) if activity is Activity.BUILD else (),
        pull=None,
        caps=CAPS,
    )
    good = ending in {None, Ending.FINISHED}
    detail, remedy = ("", "") if good else ("The cause.", "The remedy.")
    talk = Conversation(ending=ending, usage=Usage(turns=3), detail=detail, remedy=remedy) if ending else None
    done = tuple(Proved(feature=one, check="x", duration_ms=1, commit="c", proposed=False) for one in proved)
    plain = Outcome(
        plan=plan, conversation=talk, backlog=backlog, proved=done, built=built, trouble=trouble, again=again
    )
    return replace(plain, planned=planned)


SEALED = Backlog(features=PLAN.features, next_id=3, initialized="0" * 64)
INIT = Activity.INITIALIZE
CASES = [
    (outcome(None, trouble="No network."), Conclusion.BLOCKED, "No network."),
    (outcome(None), Conclusion.BLOCKED, "could not begin"),
    (outcome(Ending.FINISHED), Conclusion.NO_PROGRESS, "without proving a feature; 0 of 2 features pass"),
    (outcome(Ending.FINISHED, passed(PLAN, 1), proved=(1,), again=(1,)), Conclusion.PROGRESSED, "1 feature proved; 1 "),
    (
        outcome(Ending.FINISHED, passed(PLAN, 1, 2), proved=(1, 2), again=(1,), trouble="Late."),
        Conclusion.COMPLETE,
        "Every feature passes: 2 of 2 features pass. Not checked again as it was pushed: F2. Late.",
    ),
    (
        outcome(Ending.FINISHED, passed(PLAN, 1, 2), proved=(1, 2), again=(1, 2)),
        Conclusion.COMPLETE,
        "Every feature passes: 2 of 2 features pass.",
    ),
    (
        outcome(Ending.TURNS, passed(PLAN, 1), proved=(1, 2), again=(2,)),
        Conclusion.PROGRESSED,
        "1 feature proved, 1 feature proved at its checkpoint alone; 1 of 2",
    ),
    (
        outcome(Ending.CANCELLED, passed(PLAN, 1, 2), proved=(1, 2)),
        Conclusion.CANCELLED,
        "2 features proved at their checkpoints alone.",
    ),
    (outcome(Ending.FINISHED, built=(1,)), Conclusion.PROGRESSED, "1 built but unproved"),
    (
        outcome(Ending.FINISHED, passed(PLAN, 1), proved=(1,), built=(2,), again=(1,)),
        Conclusion.PROGRESSED,
        "1 feature proved, 1 b",
    ),
    (outcome(Ending.FINISHED, ASKED), Conclusion.BLOCKED, "a question for a person"),
    (outcome(Ending.FINISHED, trouble="Refused."), Conclusion.BLOCKED, "Refused."),
    (outcome(Ending.FINISHED, passed(PLAN, 1), proved=(1,), trouble="Late."), Conclusion.PROGRESSED, "pass. Late."),
    (outcome(Ending.FINISHED, built=(1,), trouble="Late."), Conclusion.PROGRESSED, "Late."),
    (outcome(Ending.TURNS), Conclusion.BUDGET, "used all its turns and proved no feature"),
    (outcome(Ending.BUDGET), Conclusion.BUDGET, "used all its money"),
    (outcome(Ending.TIMEOUT), Conclusion.TIMEOUT, "used all its minutes"),
    (outcome(Ending.TIMEOUT, passed(PLAN, 1), proved=(1,)), Conclusion.PROGRESSED, "1 feature proved"),
    (outcome(Ending.BUDGET, passed(PLAN, 1, 2), proved=(1, 2)), Conclusion.COMPLETE, "Every feature passes"),
    (outcome(Ending.TURNS, ASKED), Conclusion.BUDGET, "used all its turns"),
    (outcome(Ending.RATE_LIMITED), Conclusion.RATE_LIMITED, "The cause. The remedy."),
    (outcome(Ending.CANCELLED), Conclusion.CANCELLED, "The cause."),
    (outcome(Ending.REFUSED), Conclusion.ERROR, "The cause. The remedy."),
    (
        outcome(Ending.ERROR, passed(PLAN, 1), proved=(1,)),
        Conclusion.ERROR,
        "is kept: 1 feature proved at its checkpoint alone.",
    ),
    (outcome(Ending.ERROR, trouble="Refused."), Conclusion.ERROR, "The cause. The remedy. Refused."),
    (outcome(Ending.CANCELLED, trouble="Refused."), Conclusion.CANCELLED, "Refused."),
    (outcome(Ending.FINISHED, SEALED, activity=INIT, planned=2), Conclusion.PROGRESSED, "The spec became 2 features."),
    (outcome(Ending.FINISHED, SEALED, activity=INIT, planned=1), Conclusion.PROGRESSED, "The plan lacked 1 feature."),
    (outcome(Ending.FINISHED, SEALED, activity=INIT), Conclusion.SKIPPED, "nothing in the spec that the plan lacks"),
    (outcome(Ending.TURNS, SEALED, activity=INIT), Conclusion.BUDGET, "nothing was written"),
    (outcome(Ending.FINISHED, Backlog(), activity=INIT), Conclusion.ERROR, "without handing over a plan"),
    (outcome(Ending.TIMEOUT, Backlog(), activity=INIT), Conclusion.TIMEOUT, "before the plan was whole"),
    (outcome(Ending.BUDGET, Backlog(), activity=INIT), Conclusion.BUDGET, "nothing was written"),
    (outcome(Ending.REFUSED, Backlog(), activity=INIT), Conclusion.ERROR, "The cause."),
    (outcome(Ending.FINISHED, Backlog(), activity=INIT, trouble="Refused."), Conclusion.BLOCKED, "Refused."),
]


@pytest.mark.parametrize(("done", "conclusion", "words"), CASES)
def test_every_end_has_its_conclusion_and_its_reason(done: Outcome, conclusion: Conclusion, words: str) -> None:
    found, reason = conclude(done)
    assert found is conclusion
    assert words in reason


@pytest.mark.parametrize("ending", [Ending.TURNS, Ending.BUDGET, Ending.TIMEOUT])
@pytest.mark.parametrize("activity", [Activity.BUILD, INIT, Activity.REVIEW, Activity.ASSIST])
def test_a_cap_that_is_met_in_vain_is_told_with_what_to_change(ending: Ending, activity: Activity) -> None:
    backlog = Backlog() if activity is INIT else PLAN
    _, reason = conclude(outcome(ending, backlog, activity=activity))
    assert reason.endswith(" The remedy.")


def test_every_ending_is_in_the_table() -> None:
    seen = {done.conversation.ending for done, _, _ in CASES if done.conversation}
    assert seen == set(Ending)


@given(
    st.sampled_from([None, *Ending]),
    st.sampled_from([PLAN, ASKED, passed(PLAN, 1), passed(PLAN, 1, 2), SEALED, Backlog()]),
    st.sampled_from(Activity),
    st.sampled_from(["", "Trouble."]),
)
def test_trouble_is_never_hidden_and_failure_never_green(
    ending: Ending | None, backlog: Backlog, activity: Activity, trouble: str
) -> None:
    done = outcome(
        ending, backlog, proved=tuple(backlog.passing), trouble=trouble, activity=activity if backlog.features else INIT
    )
    conclusion, reason = conclude(done)
    assert reason.strip() == reason != ""
    assert trouble in reason or done.plan.activity is INIT
    if ending in {Ending.REFUSED, Ending.ERROR, None}:
        assert conclusion.needs_a_person


@pytest.mark.parametrize("conclusion", Conclusion)
def test_a_run_is_red_where_a_person_has_to_act(conclusion: Conclusion) -> None:
    red = {Conclusion.ERROR, Conclusion.BLOCKED, Conclusion.NO_PROGRESS}
    assert conclusion.needs_a_person == (conclusion in red)


def test_what_is_open_is_neither_proved_nor_built() -> None:
    done = outcome(Ending.FINISHED, passed(PLAN, 1), proved=(1,))
    assert [one.id for one in done.open] == [2]
    assert not outcome(Ending.FINISHED, passed(PLAN, 1), proved=(1,), built=(2,)).open
