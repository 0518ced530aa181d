"""Two trees that grew from one, merged; what their commits hold besides does not matter."""

from autocoder_action.ports import Workspace


def merge_trees(workspace: Workspace, origin: str, ours: str, theirs: str) -> str | tuple[str, ...]:
    """Return the merged tree, or the paths where both changed the same; all are trees."""
    both = workspace.commit(origin, parents=[], message="what both had")
    one, other = (workspace.commit(tree, parents=[both], message="what became of it") for tree in (ours, theirs))
    return workspace.merge(one, other)
