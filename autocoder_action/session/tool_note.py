"""The tool with which an agent leaves a note for the session after it."""

from autocoder_action.backlog.feature import Backlog
from autocoder_action.session import tool_arguments as takes
from autocoder_action.session.call import Answer, Reply
from autocoder_action.session.tool_reply import Context, no

NOTE = 1_500
"""Characters of a note."""


def keep(backlog: Backlog, arguments: takes.Note, _: Context) -> Answer:
    """Take a note, in the place of an earlier one."""
    text = arguments.text.strip()
    if not text:
        return no(backlog, "text is empty. Say what you tried, and what comes next.")
    if len(text) > NOTE:
        return no(backlog, f"text has {len(text)} characters; at most {NOTE} are kept. Say it in fewer.")
    return Answer(backlog=backlog, reply=Reply(text="The next session will read it."), note=text)
