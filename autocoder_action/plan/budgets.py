"""What the budgets of a day and of the whole project leave: dollars and sessions, decided here alone."""

from collections.abc import Iterator

from autocoder_action.intake.caps import Caps
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.plan import Rest
from autocoder_action.plan.situation import Situation

_CENT = 10_000
_LEAST = 5
"""A session begins by itself with no less than this part of what it may cost."""
_MIDNIGHT = "the day ends at midnight UTC"


def afford(situation: Situation) -> Rest | None:
    """Stop where a budget has nothing left, and name each that has not; a cent is the least that a session can use."""
    gone = list(_spent(situation))
    return Rest(conclusion=Conclusion.BUDGET, reason=f"{'; '.join(gone)}.") if gone else None


def suffice(situation: Situation) -> Rest | None:
    """Stop where too little is left for a session that nobody asked for: it would end before it came to anything."""
    file, left = situation.settings.file, left_micro(situation)
    budgets = [file.day_budget_usd, *([] if file.total_budget_usd is None else [file.total_budget_usd])]
    wanted = min(situation.settings.caps.cost_micro, *(round(one * 1e6) for one in budgets))
    if situation.wish.commanded or left * _LEAST >= wanted:
        return None
    today = _left_today(situation) <= _left_in_all(situation)
    which = "today's budget (`day_budget_usd`)" if today else "the project's budget (`total_budget_usd`)"
    reason = f"{_dollars(left)} are left of {which}, less than a fifth of what a session may cost"
    more = f"{reason}; {_MIDNIGHT}" if today else reason
    return Rest(conclusion=Conclusion.BUDGET, reason=f"{more}. `/autocoder continue` holds one all the same.")


def outbid(situation: Situation, caps: Caps) -> Rest | None:
    """Stop where another run has booked meanwhile what a session was to cost; the situation knows of its booking."""
    gone, left = afford(situation), left_micro(situation)
    if gone or caps.cost_micro <= left:
        return gone
    reason = f"Another run has booked a session meanwhile: {_dollars(left)} are left of the budget"
    more = f"less than the {_dollars(caps.cost_micro)} that this one might cost"
    return Rest(conclusion=Conclusion.BUDGET, reason=f"{reason}, {more}. Later runs hold smaller ones, or wait.")


def spending(situation: Situation) -> tuple[str, ...]:
    """Say what was spent, in dollars and in sessions, against each cap that is set."""
    file = situation.settings.file
    total = "" if file.total_budget_usd is None else f" of {file.total_budget_usd:.2f} USD"
    today = f"{_dollars(situation.spent_today_micro)} of {file.day_budget_usd:.2f} USD"
    sessions = [
        f"{when} {_of(count, most)}"
        for when, count, most in (
            ("today (UTC)", situation.sessions_today, file.day_sessions),
            ("in all", situation.sessions, file.total_sessions),
        )
        if most is not None
    ]
    dollars = f"Spent today (UTC): {today}; in all: {_dollars(situation.spent_micro)}{total}."
    return (dollars, *([f"Held {'; '.join(sessions)}."] if sessions else []))


def left_micro(situation: Situation) -> int:
    """Return what a session may cost at most, in millionths of a US dollar."""
    return min(_left_today(situation), _left_in_all(situation))


def session_caps(situation: Situation) -> Caps:
    """Bound a session by the settings, by what its command says instead, and always by what the budgets leave."""
    caps, said = situation.settings.caps, situation.wish.arguments
    cost = caps.cost_micro if said.budget is None else round(said.budget * 1e6)
    return Caps(
        turns=said.turns or caps.turns,
        cost_micro=min(cost, left_micro(situation)),
        minutes=said.minutes or caps.minutes,
        features=said.features or caps.features,
    )


def _spent(situation: Situation) -> Iterator[str]:
    """Yield the budgets that are used up, each in words."""
    file = situation.settings.file
    if _left_today(situation) < _CENT:
        today = _dollars(situation.spent_today_micro)
        yield f"{today} of today's budget of {file.day_budget_usd:.2f} USD (`day_budget_usd`) are spent; {_MIDNIGHT}"
    if file.total_budget_usd is not None and _left_in_all(situation) < _CENT:
        spent = _dollars(situation.spent_micro)
        yield f"{spent} of the project's budget of {file.total_budget_usd:.2f} USD (`total_budget_usd`) are spent"
    if file.day_sessions is not None and situation.sessions_today >= file.day_sessions:
        yield f"{_of(situation.sessions_today, file.day_sessions)} of today (`day_sessions`) are held; {_MIDNIGHT}"
    if file.total_sessions is not None and situation.sessions >= file.total_sessions:
        yield f"{_of(situation.sessions, file.total_sessions)} of the project (`total_sessions`) are held"


def _left_today(situation: Situation) -> int:
    return round(situation.settings.file.day_budget_usd * 1e6) - situation.spent_today_micro


def _left_in_all(situation: Situation) -> int:
    total = situation.settings.file.total_budget_usd
    return _left_today(situation) if total is None else round(total * 1e6) - situation.spent_micro


def _of(count: int, most: int) -> str:
    return f"{count} of {most} session{'s' * (most != 1)}"


def _dollars(micro: int) -> str:
    return f"{micro / 1e6:.2f} USD"
