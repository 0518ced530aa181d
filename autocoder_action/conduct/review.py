"""A review before anything is decided: what is open in it, and whose words count."""

from dataclasses import replace
from typing import assert_never

from autocoder_action.backlog.discussion import Discussion, Remark
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
    review = _read(trigger, reading, writer) if ours else Asked(pull=trigger.issue)
    return replace(reading, situation=replace(situation, review=review))


def _read(trigger: Commented, reading: Reading, writer: Writer) -> Asked:
    number, tracker, file = trigger.issue, writer.world.tracker, reading.situation.settings.file
    discussion = _as_told(tracker.discussion(number), trigger)
    people = authors(discussion)
    ears = Ears(
        me=tracker.me(),
        writers={one for one in people if one in file.allowed_bots or tracker.permission(one).may_steer},
        prefix=file.command_prefix,
    )
    return asked(number, discussion, tracker.comments(number) if people else (), ears)


def _as_told(discussion: Discussion, trigger: Commented) -> Discussion:
    """Return a discussion with the event's own words where they stand, whatever was made of them since."""

    def told(remark: Remark) -> Remark:
        return replace(remark, body=trigger.body) if remark.id == trigger.comment else remark

    match trigger.place:
        case "review":
            mine = (replace(one, body=trigger.body) if one.id == trigger.comment else one for one in discussion.reviews)
            return replace(discussion, reviews=tuple(mine))
        case "line":
            threads = (replace(one, remarks=tuple(map(told, one.remarks))) for one in discussion.threads)
            return replace(discussion, threads=tuple(threads))
        case "conversation":
            return discussion
        case _:
            assert_never(trigger.place)
