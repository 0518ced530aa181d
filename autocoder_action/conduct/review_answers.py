"""The agent's answers to a review, written where the remarks stand, when the work is on the remote."""

from autocoder_action.backlog.open_remarks import OpenRemark
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.plan.activity import Activity
from autocoder_action.publish.effects import AnswerRemark, Say
from autocoder_action.publish.reviews import answer_text
from autocoder_action.session.result import Outcome


def answer_remarks(hall: Hall, outcome: Outcome, writer: Writer) -> tuple[str, ...]:
    """Answer what the session addressed; return what a person has to know where that failed.

    What is not answered stays open, and so the next `fix` takes it up; what is, is known by our answer itself.
    """
    review, notes = hall.situation.review, []
    if hall.plan.activity is not Activity.REVIEW or review is None:
        return ()
    for number, text in outcome.answers:
        try:
            writer.do(_effect(hall, outcome, review.open[number - 1], text))
        except AutocoderError as error:
            notes.append(f"Remark R{number} of #{review.pull} has no answer yet; the next `fix` gives one. {error}")
    return tuple(notes)


def _effect(hall: Hall, outcome: Outcome, remark: OpenRemark, text: str) -> AnswerRemark | Say:
    request, pull = hall.world.request, hall.plan.pull
    number = pull.number if pull else 0
    body = answer_text(
        text,
        remark,
        commit=outcome.commits[-1] if outcome.commits else "",
        page=f"{request.host.server_url}/{request.host.repository}/pull/{number}",
        run_url=request.run_url,
    )
    return AnswerRemark(pull=number, remark=remark.id, body=body) if remark.path else Say(issue=number, body=body)
