"""An error in the midst of a session: told to people, and no reason to leave the session unsettled."""

import traceback

from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.world import World
from autocoder_action.errors import AutocoderError, machine_failed
from autocoder_action.publish.outgoing import redact
from autocoder_action.session.outcome import Conversation, Ending, Usage
from autocoder_action.session.result import Outcome


def fault(error: BaseException | None, world: World) -> AutocoderError:
    """Return an error as people are told it; what a bug report needs of any other goes into the log."""
    if isinstance(error, AutocoderError):
        return error
    if isinstance(error, OSError):
        return machine_failed(error)
    with world.runner.group("What happened, for a bug report"):
        world.runner.say(redact("".join(traceback.format_exception(error)), world.secrets))
    what = f"An error that should not happen: {type(error).__name__}: {error}."
    return AutocoderError(what, remedy="Please report it with this run's log.")


def broken(hall: Hall, conversation: Conversation | None, error: Exception) -> Outcome:
    """Return what a session came to in which something failed that should not."""
    why = fault(error, hall.world)
    usage = conversation.usage if conversation else Usage()
    talk = Conversation(ending=Ending.ERROR, usage=usage, detail=why.cause, remedy=why.remedy)
    return Outcome(plan=hall.plan, conversation=talk, backlog=hall.backlog)
