"""How things stand, for whoever asks."""

import json

from autocoder_action.backlog.order import next_features, stats
from autocoder_action.conduct.board import Board
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import BacklogError
from autocoder_action.plan.budgets import spending
from autocoder_action.plan.decide import decide, waiting
from autocoder_action.plan.situation import Situation
from autocoder_action.plan.wish import Intent, Wish
from autocoder_action.publish.tracking import status_text


def status_of(reading: Reading, writer: Writer, *, as_json: bool = False) -> str:
    """Say what is done, what is next and why, what was spent against the caps, and what blocks."""
    situation = reading.situation
    if as_json:
        return f"```json\n{json.dumps(_plain(situation), indent=2)}\n```\n"
    board = Board(writer, reading, reading.journal)
    board.know()
    return status_text(
        board.state(), spending=spending(situation), reason=_next(situation), blocks=tuple(waiting(situation))
    )


def _next(situation: Situation) -> str:
    """Return what a run that nobody commanded would do now, with its reason."""
    unasked = Wish(intent=Intent.CONTINUE, commanded=False)
    try:
        return decide(situation.as_wished(unasked)).reason
    except BacklogError as error:
        return str(error)


def _plain(situation: Situation) -> dict[str, object]:
    """Return the same as JSON can hold it; money in US dollars."""
    count, file = stats(situation.backlog), situation.settings.file
    return {
        "project": situation.settings.project,
        "progress": count.progress,
        "features": {name: getattr(count, name) for name in count.__dataclass_fields__},
        "next": [{"id": one.code, "name": one.name} for one in next_features(situation.backlog, 5)],
        "why": _next(situation),
        "spent_today_usd": situation.spent_today_micro / 1e6,
        "day_budget_usd": file.day_budget_usd,
        "spent_usd": situation.spent_micro / 1e6,
        "total_budget_usd": file.total_budget_usd,
        "sessions_today": situation.sessions_today,
        "day_sessions": file.day_sessions,
        "sessions": situation.sessions,
        "total_sessions": file.total_sessions,
        "open_sessions": [
            {
                "name": one.name,
                "branch": one.branch,
                "pull_request": one.pull.number if one.pull else None,
                "in_review": not one.shelved,
            }
            for one in situation.open_sessions
        ],
        "paused": situation.paused or None,
        "blocks": list(waiting(situation)),
    }
