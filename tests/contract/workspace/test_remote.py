"""What a workspace knows of the remote, and what it puts there."""

from autocoder_action.ports import Workspace
from autocoder_action.session.facts import Rejected
from tests.contract.workspace.host import Host


def test_base_is_the_head_that_the_remote_has_now(host: Host, workspace: Workspace) -> None:
    first = host.commit("main", {"a": b"1"})
    assert workspace.base("main") == first
    second = host.commit("main", {"a": b"2"})
    assert workspace.base("main") == second
    assert workspace.contains(second, first)
    assert not workspace.contains(first, second)


def test_the_subjects_of_the_last_commits_are_told_newest_first_without_merges(
    host: Host, workspace: Workspace
) -> None:
    base = host.commit("main", {"a": b"1"})
    assert workspace.base("main") == base
    tree = workspace.tree(base)
    one = workspace.commit(tree, parents=[base], message="feat: one\n\nAnd more.\n")
    other = workspace.commit(tree, parents=[base], message="fix: --another \u00fc")
    merged = workspace.commit(tree, parents=[one, other], message="Merge")
    told = workspace.subjects(merged, 10)
    assert set(told[:2]) == {"feat: one", "fix: --another \u00fc"}
    assert len(told) == 3
    assert workspace.subjects(one, 1) == ("feat: one",)


def test_the_commits_that_changed_a_file_are_told_with_their_whole_messages(host: Host, workspace: Workspace) -> None:
    base = host.commit("main", {"a": b"1", "b": b"1"})
    assert workspace.base("main") == base
    tree = workspace.tree(base)
    words = "feat: one\n\nAnd more \u00fc.\n\nAutocoder-Feature: F1"
    one = workspace.commit(workspace.graft(tree, {"a": b"2"}), parents=[base], message=f"{words}\n")
    other = workspace.commit(workspace.graft(tree, {"b": b"2"}), parents=[base], message="feat: other")
    both = workspace.graft(tree, {"a": b"2", "b": b"2"})
    merged = workspace.commit(both, parents=[other, one], message="Merge")
    told = workspace.messages(merged, "a")
    assert told[0] == (one, words)
    assert [name for name, _ in told] == [one, base]
    assert workspace.messages(merged, "*") == ()


def test_the_newest_commit_of_a_line_is_found_besides_merges_and_some_subjects(
    host: Host, workspace: Workspace
) -> None:
    base = host.commit("main", {"a": b"1"})
    assert workspace.base("main") == base
    tree = workspace.tree(base)
    one = workspace.commit(tree, parents=[base], message="feat: one\n\nAnd more.\n")
    kept = workspace.commit(tree, parents=[one], message="chore: keep it")
    other = workspace.commit(tree, parents=[base], message="feat: other")
    merged = workspace.commit(tree, parents=[kept, other], message="feat: merge")
    assert workspace.newest(merged, base, besides="chore: ") == one
    assert workspace.newest(merged, base, besides="fix: ") == kept
    assert workspace.newest(base, base, besides="chore: ") is None
    alone = workspace.commit(tree, parents=[base], message="chore: keep it")
    assert workspace.newest(alone, base, besides="chore: ") is None


def test_a_branch_that_the_remote_lacks_has_no_base(host: Host, workspace: Workspace) -> None:
    assert workspace.base("main") is None
    host.commit("feature/main", {"a": b"1"})
    assert workspace.base("main") is None


def test_branches_are_found_by_the_beginning_of_their_names(host: Host, workspace: Workspace) -> None:
    host.commit("main", {"a": b"1"})
    one = host.commit("autocoder/app/session-1", {"a": b"2"})
    two = host.commit("autocoder/app/session-2", {"a": b"3"})
    host.commit("autocoder/other/session-1", {"a": b"4"})
    found = workspace.branches("autocoder/app/")
    assert dict(found) == {"autocoder/app/session-1": one, "autocoder/app/session-2": two}
    assert workspace.read(one, "a") == b"2"
    assert workspace.branches("nobody/") == {}


def test_a_branch_is_created_where_there_is_none(host: Host, workspace: Workspace) -> None:
    base = host.commit("main", {"a": b"1"})
    work = _next(workspace, base, b"2")
    assert workspace.push("autocoder/session-1", work, expected=None) is None
    assert host.content("autocoder/session-1") == {"a": b"2"}
    assert host.content("main") == {"a": b"1"}


def test_a_branch_moves_on_from_the_head_that_was_expected(host: Host, workspace: Workspace) -> None:
    base = host.commit("main", {"a": b"1"})
    work = _next(workspace, base, b"2")
    assert workspace.push("main", work, expected=base) is None
    assert host.content("main") == {"a": b"2"}


def test_pushing_what_is_there_already_is_no_error(host: Host, workspace: Workspace) -> None:
    base = host.commit("main", {"a": b"1"})
    work = _next(workspace, base, b"2")
    for _ in range(2):
        assert workspace.push("main", work, expected=base) is None


def test_a_push_over_somebody_elses_is_stale_and_changes_nothing(host: Host, workspace: Workspace) -> None:
    base = host.commit("main", {"a": b"1"})
    work = _next(workspace, base, b"2")
    host.commit("main", {"a": b"theirs"})
    assert _stale(workspace.push("main", work, expected=base))
    assert host.content("main") == {"a": b"theirs"}


def test_a_branch_that_should_be_absent_but_is_there_is_stale(host: Host, workspace: Workspace) -> None:
    base = host.commit("main", {"a": b"1"})
    host.commit("main", {"a": b"2"})
    assert workspace.base("main")
    assert _stale(workspace.push("main", base, expected=None))
    assert host.content("main") == {"a": b"2"}


def test_a_branch_that_was_deleted_in_between_is_stale(host: Host, workspace: Workspace) -> None:
    base = host.commit("main", {"a": b"1"})
    work = _next(workspace, base, b"2")
    assert _stale(workspace.push("autocoder/gone", work, expected=base))
    assert workspace.base("autocoder/gone") is None


def test_a_rule_of_the_host_is_told_with_the_hosts_own_reason(host: Host, workspace: Workspace) -> None:
    base = host.commit("main", {"a": b"1"})
    work = _next(workspace, base, b"2")
    host.refuse("GH006: Protected branch update failed")
    answer = workspace.push("main", work, expected=base)
    assert isinstance(answer, Rejected)
    assert not answer.stale
    assert "GH006: Protected branch update failed" in answer.reason
    assert host.content("main") == {"a": b"1"}


def test_a_branch_is_deleted_where_its_head_is_the_expected_one(host: Host, workspace: Workspace) -> None:
    base = host.commit("main", {"a": b"1"})
    work = _next(workspace, base, b"2")
    assert workspace.push("autocoder/session-1", work, expected=None) is None
    assert _stale(workspace.drop("autocoder/session-1", expected=base))
    assert host.content("autocoder/session-1") == {"a": b"2"}
    assert workspace.drop("autocoder/session-1", expected=work) is None
    assert workspace.base("autocoder/session-1") is None


def test_deleting_a_branch_that_is_gone_is_no_error(host: Host, workspace: Workspace) -> None:
    base = host.commit("main", {"a": b"1"})
    assert workspace.drop("autocoder/gone", expected=base) is None


def test_a_branch_that_a_rule_protects_is_not_deleted(host: Host, workspace: Workspace) -> None:
    base = host.commit("main", {"a": b"1"})
    work = _next(workspace, base, b"2")
    assert workspace.push("autocoder/session-1", work, expected=None) is None
    host.refuse("GH013: Cannot delete this branch")
    answer = workspace.drop("autocoder/session-1", expected=work)
    assert isinstance(answer, Rejected)
    assert not answer.stale
    assert "GH013: Cannot delete this branch" in answer.reason
    assert host.content("autocoder/session-1") == {"a": b"2"}


def test_two_runs_see_each_others_pushes(host: Host) -> None:
    base = host.commit("main", {"a": b"1"})
    first, second = host.workspace(), host.workspace()
    assert first.base("main") == second.base("main") == base
    assert first.push("main", _next(first, base, b"first"), expected=base) is None
    assert _stale(second.push("main", _next(second, base, b"second"), expected=base))
    head = second.base("main")
    assert head is not None
    assert second.read(head, "a") == b"first"


def _next(workspace: Workspace, parent: str, content: bytes) -> str:
    """Return a commit with one changed file on top of another commit."""
    workspace.base("main")
    tree = workspace.graft(workspace.tree(parent), {"a": content})
    return workspace.commit(tree, parents=[parent], message="feat: change a")


def _stale(answer: Rejected | None) -> bool:
    return isinstance(answer, Rejected) and answer.stale
