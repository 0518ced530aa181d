"""How a session's work arrives: its pull request, opened or kept current."""

from dataclasses import replace

from autocoder_action.backlog.board import Pull, Refused
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.review_answers import answer_remarks
from autocoder_action.conduct.write import Writer, place_of
from autocoder_action.errors import AutocoderError
from autocoder_action.publish.apply import Receipt
from autocoder_action.publish.effects import EditPull, OpenPull
from autocoder_action.publish.pulls import pull_text
from autocoder_action.session.result import Outcome


def deliver(hall: Hall, outcome: Outcome, writer: Writer) -> tuple[Pull | None, tuple[str, ...]]:
    """Return the session's pull request, and what a person has to know of it or of its lack."""
    from autocoder_action.conduct.look_first import look_first, told_first  # noqa: PLC0415  # most runs deliver nothing

    marks = look_first(hall, outcome.commits[-1]) if outcome.commits else ()
    pull, notes = _deliver(hall, replace(outcome, marks=marks), writer)
    return pull, (*told_first(marks), *notes)


def _deliver(hall: Hall, outcome: Outcome, writer: Writer) -> tuple[Pull | None, tuple[str, ...]]:
    plan, situation = outcome.plan, hall.situation
    if plan.branch == situation.base.branch or not (outcome.commits or plan.pull):
        return plan.pull, ()
    try:
        receipt = _write(hall, outcome, writer)
    except AutocoderError as error:
        # The work is on the remote, and the session has to be settled whatever the host says.
        behind = f"The pull request of {plan.branch} is behind, and the next run tries again. {error}"
        return plan.pull, (behind, *answer_remarks(hall, outcome, writer))
    if isinstance(receipt, Refused):
        return None, (by_hand(hall, plan.branch, receipt),)
    return (receipt if isinstance(receipt, Pull) else plan.pull), answer_remarks(hall, outcome, writer)


def _write(hall: Hall, outcome: Outcome, writer: Writer) -> Receipt:
    plan, situation = outcome.plan, hall.situation
    title, body = pull_text(
        outcome,
        situation.backlog,
        place_of(hall.world, situation.settings),
        run_url=hall.world.request.run_url,
        spec=situation.spec.path if situation.spec else "the spec",
    )
    if plan.pull:
        return writer.do(EditPull(number=plan.pull.number, title=title, body=body))
    return writer.do(OpenPull(branch=plan.branch, base=situation.base.branch, title=title, body=body))


def by_hand(hall: Hall, branch: str, refused: Refused) -> str:
    """Say how a person opens the pull request of a branch that this token may not open one for."""
    host = hall.world.request.host
    where = f"{host.server_url}/{host.repository}/compare/{hall.situation.base.branch}...{branch}?expand=1"
    return (
        f"The branch {branch} is pushed, but the host did not let this token open a pull request "
        f"({refused.reason}). Open it by hand: {where} . "
        "To have it opened next time, allow it under Settings, Actions, General, Workflow permissions."
    )
