"""The tool with which an agent answers the remarks of a review."""

from autocoder_action.backlog.feature import Backlog
from autocoder_action.session import tool_arguments as takes
from autocoder_action.session.call import Answer, Reply, Said
from autocoder_action.session.tool_reply import Context, no

LONGEST = 2_000
"""Characters of an answer."""


def respond(backlog: Backlog, arguments: takes.Respond, context: Context) -> Answer:
    """Take an answer to one of the remarks that the agent was shown."""
    text = arguments.text.strip()
    if not 1 <= arguments.thread <= context.remarks:
        return no(backlog, f"There is no remark R{arguments.thread}. There are R1 to R{context.remarks}.")
    if not text:
        return no(backlog, "text is empty. Say what you did about it, or why not.")
    if len(text) > LONGEST:
        return no(backlog, f"text has {len(text)} characters, and {LONGEST} are read. Say it in a few sentences.")
    said = Said(remark=arguments.thread, text=text)
    return Answer(backlog=backlog, reply=Reply(text=f"R{said.remark} has your answer."), said=said)
