"""Where a session's change has to be reviewed first, from the difference between base and what was pushed."""

from collections.abc import Sequence

from autocoder_action.backlog.feature import Backlog
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.sessions import DATABASE, LISTING
from autocoder_action.errors import AutocoderError
from autocoder_action.session.mark import Mark
from autocoder_action.session.scrutiny import Edit, matters, read_by, scrutinize

_MOST = 300
"""Files that are looked into."""


def look_first(hall: Hall, head: str) -> tuple[Mark, ...]:
    """Return what a reviewer should look at first; what could not be looked into is a mark, too."""
    try:
        return _marks(hall, head)
    except AutocoderError as error:
        return (Mark(path="every test", reason=f"could not be compared with base: {error.cause}"),)


def _marks(hall: Hall, head: str) -> tuple[Mark, ...]:
    workspace, situation = hall.world.workspace, hall.situation
    settings = situation.settings
    start = workspace.meeting(situation.base.commit, head) or hall.plan.start
    named = read_by(_commands(hall, situation.approved), settings.project_path)
    generated = {settings.path(DATABASE), settings.path(LISTING)}
    changed = [one.path for one in workspace.differences(start, head) if one.path not in generated]
    wanted = [path for path in changed if matters(path, named)]
    edits = [
        Edit(path=path, before=workspace.read(start, path), after=workspace.read(head, path)) for path in wanted[:_MOST]
    ]
    left = len(wanted) - len(edits)
    more = (Mark(path=f"{left} more files", reason="not looked into, they are too many"),) if left else ()
    return (*scrutinize(edits, named), *more)


def _commands(hall: Hall, approved: Backlog) -> Sequence[str]:
    """Return the commands that people decided on: those of `verify:`, and the checks that base holds."""
    checks = (one.check for one in approved.features if one.check)
    return [*(one.run for one in hall.situation.settings.file.verify), *checks]


def told_first(marks: Sequence[Mark]) -> tuple[str, ...]:
    """Say it in a sentence, or not at all where there is nothing to look at."""
    if not marks:
        return ()
    shown = "; ".join(f"{one.path} ({one.reason})" for one in marks[:5])
    return (f"Look at these first: {shown}{f'; and {len(marks) - 5} more' if len(marks) > 5 else ''}.",)
