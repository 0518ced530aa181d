"""What an agent that builds is told besides its task: what was done before it, and what people said since."""

from collections.abc import Mapping

from autocoder_action.backlog.own_comment import is_command, is_own
from autocoder_action.backlog.progress import parse, union
from autocoder_action.backlog.words import when
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.sessions import PROGRESS
from autocoder_action.errors import AutocoderError
from autocoder_action.intake.people_text import quote
from autocoder_action.publish.commits import KEPT
from autocoder_action.session.bearings import COMMITS, bearings

_COMMENTS, _LONGEST = 5, 2_000
"""Comments on one feature that are told, and characters of each."""


def bearings_of(hall: Hall) -> str:
    """Return what was done before: how the session that is taken up ended, the last sessions, the last commits."""
    workspace, start = hall.world.workspace, hall.plan.start
    known = workspace.read(start, hall.situation.settings.path(PROGRESS)) or b""
    entries = union(parse(known.decode(errors="replace")), hall.situation.past).entries
    return bearings(_interrupted(hall), entries, workspace.subjects(start, COMMITS))


def _interrupted(hall: Hall) -> str:
    """Say how the session that is taken up ended, and where its work is."""
    current = next((one for one in hall.situation.open_sessions if one.name == hall.plan.name), None)
    if current is None or current.interrupted is None:
        return ""
    cut = current.interrupted
    kept = _kept(hall, current.head) if cut.kept is None else cut.kept
    where = f"commit {kept[:10]}, which is in this folder: look at `git show {kept[:10]}` first"
    work = where if kept else "not kept, apart from what it proved"
    return (
        f"The last session ({current.name}) ended as {cut.conclusion} at {when(cut.at)}: its work in progress "
        f"is {work}. Go on from there."
    )


def _kept(hall: Hall, head: str) -> str:
    """Return the head where it looks like work in progress: the session did not live to say what it kept."""
    subjects = hall.world.workspace.subjects(head, 1)
    return head if subjects and subjects[0].startswith(KEPT) else ""


def said_since(hall: Hall) -> Mapping[int, tuple[str, ...]]:
    """Return what writers said on the issues of the session's features since each was last tried, by its id.

    It costs one request for all of them, and one for each person who said something.
    """
    numbers = {uid: number for number, uid in hall.situation.numbers.items()}
    asked = {
        one.id: (numbers[one.uid], hall.situation.tried.get(one.uid, 0)) for one in hall.features if one.uid in numbers
    }
    if not asked:
        return {}
    try:
        return {feature: found for feature, found in _heard(hall, asked).items() if found}
    except AutocoderError as error:
        hall.world.runner.say(f"What people said on the features' issues is not told to the agent. {error}")
        return {}


def _heard(hall: Hall, asked: Mapping[int, tuple[int, int]]) -> dict[int, tuple[str, ...]]:
    tracker, prefix = hall.world.tracker, hall.situation.settings.file.command_prefix
    histories = tracker.histories([number for number, _ in asked.values()], since=min(at for _, at in asked.values()))
    found: dict[int, tuple[str, ...]] = {}
    for feature, (number, since) in asked.items():
        history = histories.get(number)
        said = [
            one
            for one in (history.comments if history else ())
            if one.created_at >= since and not is_own(one.body) and not is_command(one.body, prefix)
        ]
        ours = [one for one in said if tracker.permission(one.author).may_steer]
        found[feature] = tuple(quote(one.author, one.body, _LONGEST) for one in ours[-_COMMENTS:])
    return found
