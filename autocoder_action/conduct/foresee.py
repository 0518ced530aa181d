"""What nearly every run reads first is begun to be fetched while the rest of the program still gets ready."""

from typing import TYPE_CHECKING

from autocoder_action.intake.request import Request
from autocoder_action.intake.settings import Part, read_call
from autocoder_action.plan.wish import deaf

if TYPE_CHECKING:  # all that is behind them would be loaded first
    from collections.abc import Callable

    from autocoder_action.ports import JournalStore, Workspace


def foresee(request: Request, workspace: "Workspace", journal: "Callable[[str], JournalStore]") -> None:
    """Have base fetched, and outside the gate the session branches and the journal; raise ConfigError.

    Nothing is decided by it: what the workflow says and the defaults lead to names, and the configuration may name
    other ones, which are then fetched as if nothing had been begun.
    """
    if deaf(request.trigger):
        return
    call = read_call(request.inputs)
    branch = call.file.base_branch or request.default_branch
    if not branch:
        return
    alone = call.part is Part.GATE or "project" in request.inputs
    workspace.foresee(branch, None if alone else call.branches)
    if not alone:
        journal(call.project_path).foresee()
