"""What was said on an issue before a command, as far as a model may know of it."""

from autocoder_action.conduct.write import Writer
from autocoder_action.intake.commands import parse_comment
from autocoder_action.intake.event import Commented
from autocoder_action.intake.people_text import quote
from autocoder_action.intake.thread import Turn, read_mark, thread
from autocoder_action.plan.situation import Situation

_ROOM = 40_000
"""Characters of a conversation that a model is given."""
_LONGEST = 20_000
"""Characters of the words that are to be answered."""
_NOTHING = "Nothing."


def question(situation: Situation, trigger: Commented) -> str:
    """Return what is asked, quoted with its author: the event's own words, whatever the comment says by now."""
    return quote(trigger.author, situation.wish.arguments.said or "(no words)", _LONGEST)


def said_before(situation: Situation, writer: Writer) -> str:
    """Return the conversation since it began, or began anew; only writers' words and our own are in it."""
    trigger = writer.world.request.trigger
    forget = any(one.name == "new-chat" for one in situation.wish.before)
    if not isinstance(trigger, Commented) or forget:
        return _NOTHING
    turns = _turns(trigger, writer)
    anew = [one.comment for one in turns if one.may_write and not one.ours and _begins_anew(one.text, situation)]
    return "\n\n".join(thread(turns, limit=_ROOM, since=max(anew, default=None))) or _NOTHING


def _turns(trigger: Commented, writer: Writer) -> list[Turn]:
    tracker = writer.world.tracker
    found = [one for one in tracker.comments(trigger.issue) if one.id not in {trigger.comment, writer.reply}]
    if trigger.place == "conversation":  # the numbers of other kinds of comment say nothing about the order
        found = [one for one in found if one.id < trigger.comment]
    me = tracker.me() if found else ""
    return [
        Turn(
            comment=one.id,
            author=one.author,
            ours=one.author == me and read_mark(one.body) is not None,
            may_write=tracker.permission(one.author).may_steer,
            text=one.body,
        )
        for one in found
    ]


def _begins_anew(text: str, situation: Situation) -> bool:
    """Return whether a comment was obeyed that says so: with a line that cannot be read, nothing of it was."""
    file = situation.settings.file
    parsed = parse_comment(text, file.command_prefix, projects=tuple(file.projects))
    return not parsed.problems and any(one.name == "new-chat" for one in parsed.commands)
