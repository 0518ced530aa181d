"""What a push really did is what the remote holds afterwards, whatever was said."""

from pathlib import Path

import pytest

from autocoder_action.errors import UpstreamError
from autocoder_action.ports import Workspace
from tests.contract.workspace.host import GitHost


def test_a_push_that_was_accepted_and_is_gone_is_no_success(place: Path) -> None:
    host = GitHost(place, None)
    workspace, base, work = _work(host)
    host.hook("post-receive", "while read old new ref; do git update-ref $ref $old; done")
    with pytest.raises(UpstreamError):
        workspace.push("main", work, expected=base)
    host.hook("post-receive", "while read old new ref; do git update-ref -d $ref; done")
    with pytest.raises(UpstreamError):
        workspace.push("autocoder/session-1", work, expected=None)


def test_a_push_that_somebody_built_on_at_once_is_a_success(place: Path) -> None:
    host = GitHost(place, None)
    workspace, base, work = _work(host)
    more = "git -c user.name=x -c user.email=x@example.org commit-tree -p $new -m more $new^{tree}"
    host.hook("post-receive", f"while read old new ref; do git update-ref $ref $({more}); done")
    assert workspace.push("main", work, expected=base) is None
    head = workspace.base("main")
    assert head not in {None, work}
    assert workspace.contains(head or "", work)


def _work(host: GitHost) -> tuple[Workspace, str, str]:
    """Return a run's workspace, base, and a commit on top of it."""
    workspace = host.workspace()
    base = host.commit("main", {"a": b"1"})
    workspace.base("main")
    tree = workspace.graft(workspace.tree(base), {"a": b"2"})
    return workspace, base, workspace.commit(tree, parents=[base], message="feat: x")
