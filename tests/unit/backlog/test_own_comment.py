"""Whatever this action comments is known as its own, also under a person's name."""

import pytest

from autocoder_action.backlog.open_remarks import OpenRemark, Words
from autocoder_action.backlog.own_comment import is_own
from autocoder_action.intake.thread import marked
from autocoder_action.publish.reviews import answer_text
from autocoder_action.publish.wording import say

REVIEW = OpenRemark(id=3, words=(Words(author="ada", text="Rename it."),))
LINE = OpenRemark(id=3, words=REVIEW.words, path="greet.py", line=1)
PLACE = {"commit": "", "page": "https://github.test/pull/1", "run_url": "https://github.test/run"}


@pytest.mark.parametrize(
    "body",
    [
        marked("Done.", to=-3, run="7"),
        say("remark", {"key": "words-1", "about": "gone", "reason": "x", "detail": ""}),
        answer_text("Done.", REVIEW, **PLACE),
        answer_text("Done.", LINE, **PLACE),
    ],
)
def test_each_form_of_our_comments_is_known(body: str) -> None:
    assert is_own(body)


@pytest.mark.parametrize("body", ["", "Done.", "Look: <!-- autocoder:reply to=3 run=7 -->", "<!-- autocoder -->x"])
def test_nothing_else_is(body: str) -> None:
    assert not is_own(body)
