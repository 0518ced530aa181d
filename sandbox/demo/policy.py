"""The demo's model: decides from the tools that it is offered which part it plays."""

import re

from sandbox.demo.answer import answer
from sandbox.demo.build import build
from sandbox.demo.initialize import initialize
from sandbox.demo.story import tell
from sandbox.demo.tools import BULK, DELETE, PASSING
from sandbox.model import Conversation, Turn

_WRAP_UP = re.compile(
    r"wrap(ping)?[ -]?up|finish (now|up|soon|what)|stop (now|here|working)|(bring|come).{0,30} to an end|time is up",
    re.IGNORECASE,
)


def policy(conversation: Conversation) -> Turn:
    """Write a plan where one is wanted, build where features can be passed, answer, and end where it is told to."""
    if _told_to_end(conversation):
        return Turn(text="I stop here, as told. What is finished has been marked; the rest is untouched or unproved.")
    if conversation.offers(PASSING):
        return tell(build(conversation), conversation)
    if conversation.offers(BULK):
        return tell(initialize(conversation), conversation)
    if conversation.offers(DELETE):
        return tell(answer(conversation), conversation)
    return Turn(text="I am the demo's model: I plan and build the bookmark manager, and nothing else.")


def _told_to_end(conversation: Conversation) -> bool:
    later = (*conversation.user_texts[1:], *conversation.reminders)
    return any(_WRAP_UP.search(text) for text in later)
