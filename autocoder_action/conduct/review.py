"""A review before anything is decided: what is open in it, and whose words count."""

from dataclasses import replace

from autocoder_action.backlog.open_remarks import Asked, Ears, asked, authors
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.write import Writer
from autocoder_action.intake.event import Commented
from autocoder_action.plan.wish import Intent


def look_at_review(reading: Reading, writer: Writer) -> Reading:
    """Return the reading with what waits in the review that a command is about; any other needs no request.

    It costs two requests, and one for each person who said something there.
    """
    trigger, situation = writer.world.request.trigger, reading.situation
    if situation.wish.intent is not Intent.FIX or not isinstance(trigger, Commented) or not trigger.on_pull:
        return reading
    ours = any(one.pull and one.pull.number == trigger.issue for one in situation.open_sessions)
    review = _read(trigger.issue, reading, writer) if ours else Asked(pull=trigger.issue)
    return replace(reading, situation=replace(situation, review=review))


def _read(number: int, reading: Reading, writer: Writer) -> Asked:
    tracker, file = writer.world.tracker, reading.situation.settings.file
    discussion = tracker.discussion(number)
    people = authors(discussion)
    ears = Ears(
        me=tracker.me(),
        writers={one for one in people if one in file.allowed_bots or tracker.permission(one).may_steer},
        prefix=file.command_prefix,
    )
    return asked(number, discussion, tracker.comments(number) if people else (), ears)
