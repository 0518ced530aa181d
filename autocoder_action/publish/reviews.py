"""What an answer to a remark of a review says."""

from autocoder_action.backlog.open_remarks import ANSWER, OpenRemark, marker
from autocoder_action.publish.wording import say


def answer_text(text: str, remark: OpenRemark, *, commit: str, page: str, run_url: str) -> str:
    """Return the body of an answer, by which later runs know that there is one; ``page`` is the pull request's."""
    words = {
        "marker": ANSWER if remark.path else marker(remark.id),
        "text": text,
        "author": "" if remark.path else remark.words[-1].author,
        "review_url": f"{page}#pullrequestreview-{remark.id}",
        "commit": commit,
        "run_url": run_url,
    }
    return say("review_answer", words)
