"""What was there before a session's work: without that, nobody can say that there is any."""

from autocoder_action.conduct.branch import Branch
from autocoder_action.conduct.merge_trees import merge_trees


def before(branch: Branch, base: str) -> str:
    """Return the tree, without the generated files, that the work of a session is laid over.

    It is the last checkpoint's, or base's, with what base (a commit) has got since then. Work in progress that an
    earlier session left is not in it: it counts as work. Where the two cannot be merged, the last checkpoint's counts.
    """
    workspace, last = branch.world.workspace, branch.untouched
    alone = branch.bare(workspace.tree(last))
    met = None if workspace.contains(last, base) else workspace.meeting(last, base)
    if met is None:
        return alone
    merged = merge_trees(workspace, *(branch.bare(workspace.tree(one)) for one in (met, last, base)))
    return merged if isinstance(merged, str) else alone
