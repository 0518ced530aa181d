"""Reading, comparing, changing and merging trees in the private clone."""

from autocoder_action.ports import Workspace
from autocoder_action.session.facts import FileChange
from tests.contract.workspace.host import Host

ODD = {"-rf": b"1", "name\nwith\tboth": b"2", "ünïcödé/日本": b"3", 'quo"te \\ $(x)': b"4", ":(glob)*": b"5"}


def test_a_file_is_read_from_a_commit_and_from_its_tree(host: Host, workspace: Workspace) -> None:
    head = _base(host, workspace, {"a/b.txt": b"\x00binary\r\n"})
    assert workspace.read(head, "a/b.txt") == b"\x00binary\r\n"
    assert workspace.read(workspace.tree(head), "a/b.txt") == b"\x00binary\r\n"


def test_what_is_no_regular_file_is_not_read(host: Host, workspace: Workspace) -> None:
    head = _base(host, workspace, {"a/b.txt": b"x"})
    (workspace.open(head) / "link").symlink_to("/etc/passwd")
    tree = workspace.take()
    assert isinstance(tree, str)
    assert workspace.read(tree, "link") is None
    elsewhere = ("a", "a/", "missing", "", ".", "..", "../a", "/etc/passwd", "a/../a/b.txt", "a/b.txt\0", "a/b.txt/c")
    assert [workspace.read(tree, path) for path in elsewhere] == [None] * len(elsewhere)


def test_names_that_tools_stumble_over_are_names_like_any_other(host: Host, workspace: Workspace) -> None:
    head = _base(host, workspace, {**ODD, "plain": b"6"})
    assert workspace.files(head) == tuple(sorted([*ODD, "plain"]))
    assert {path: workspace.read(head, path) for path in ODD} == ODD
    without = workspace.graft(workspace.tree(head), dict.fromkeys(ODD))
    assert workspace.files(without) == ("plain",)
    assert [change.path for change in workspace.differences(without, head)] == sorted(ODD)


def test_a_difference_has_mode_size_and_whether_it_is_new(host: Host, workspace: Workspace) -> None:
    head = _base(host, workspace, {"kept": b"x", "changed": b"old", "moved": b"content of a file"})
    folder = workspace.open(head)
    (folder / "changed").write_bytes(b"longer")
    (folder / "moved").rename(folder / "elsewhere")
    (folder / "tool.sh").write_bytes(b"#!/bin/sh\n")
    (folder / "tool.sh").chmod(0o755)
    tree = workspace.take()
    assert isinstance(tree, str)
    changes = workspace.differences(head, tree)
    assert [(change.path, change.mode, change.size, change.added) for change in changes] == [
        ("changed", "100644", 6, False),
        ("elsewhere", "100644", 17, True),
        ("moved", "000000", 0, False),
        ("tool.sh", "100755", 10, True),
    ]
    assert workspace.blob(changes[0].blob) == b"longer"
    named = [one.blob for one in changes if one.size]
    assert workspace.blobs(named) == {name: workspace.blob(name) for name in named}
    assert workspace.blobs([]) == {}


def test_equal_trees_have_no_differences(host: Host, workspace: Workspace) -> None:
    head = _base(host, workspace, {"a": b"1"})
    assert workspace.differences(head, workspace.tree(head)) == ()


def test_grafting_the_same_content_gives_the_same_tree(host: Host, workspace: Workspace) -> None:
    tree = workspace.tree(_base(host, workspace, {"a": b"1", "b": b"2"}))
    assert workspace.graft(tree, {}) == tree
    assert workspace.graft(tree, {"a": b"1", "missing": None}) == tree
    changed = workspace.graft(tree, {"deep/er/features.db": b"\x00", "b": None})
    assert workspace.files(changed) == ("a", "deep/er/features.db")
    assert workspace.files(tree) == ("a", "b")


def test_a_commit_keeps_its_parents_in_its_history(host: Host, workspace: Workspace) -> None:
    base = _base(host, workspace, {"a": b"1"})
    left = workspace.commit(workspace.graft(workspace.tree(base), {"l": b""}), parents=[base], message="left")
    right = workspace.commit(workspace.graft(workspace.tree(base), {"r": b""}), parents=[base], message="right")
    both = workspace.commit(workspace.tree(left), parents=[left, right], message="both\n\nFeature: F1\n")
    assert all(workspace.contains(both, commit) for commit in (base, left, right, both))
    assert not workspace.contains(left, right)


def test_two_histories_meet_in_the_last_commit_that_both_have(host: Host, workspace: Workspace) -> None:
    base = _base(host, workspace, {"a": b"1"})
    left = workspace.commit(workspace.graft(workspace.tree(base), {"l": b""}), parents=[base], message="left")
    right = workspace.commit(workspace.graft(workspace.tree(base), {"r": b""}), parents=[base], message="right")
    lonely = workspace.commit(workspace.tree(base), parents=[], message="lonely")
    assert workspace.meeting(left, right) == base
    assert workspace.meeting(left, base) == base
    assert workspace.meeting(left, lonely) is None


def test_a_name_that_is_no_commit_here_is_not_in_any_history(host: Host, workspace: Workspace) -> None:
    head = _base(host, workspace, {"a": b"1"})
    assert not workspace.contains(head, "0123456789" * 4)
    assert not workspace.contains(head, "--help")


def test_changes_to_different_files_merge(host: Host, workspace: Workspace) -> None:
    base = _base(host, workspace, {"a": b"1", "b": b"1"})
    ours = workspace.commit(workspace.graft(workspace.tree(base), {"a": b"2"}), parents=[base], message="ours")
    theirs = workspace.commit(
        workspace.graft(workspace.tree(base), {"b": None, "c": b"3"}), parents=[base], message="theirs"
    )
    merged = workspace.merge(ours, theirs)
    assert isinstance(merged, str)
    assert {path: workspace.read(merged, path) for path in workspace.files(merged)} == {"a": b"2", "c": b"3"}


def test_changes_to_the_same_lines_conflict_by_path(host: Host, workspace: Workspace) -> None:
    base = _base(host, workspace, {"a": b"1\n", "b": b"1\n", "ü\n": b"1\n"})
    ours, theirs = (
        workspace.commit(workspace.graft(workspace.tree(base), changed), parents=[base], message="x")
        for changed in ({"a": b"2\n", "b": b"2\n", "ü\n": b"2\n"}, {"a": b"3\n", "ü\n": b"3\n"})
    )
    assert workspace.merge(ours, theirs) == ("a", "ü\n")


def test_merging_a_commit_that_is_contained_changes_nothing(host: Host, workspace: Workspace) -> None:
    base = _base(host, workspace, {"a": b"1"})
    ours = workspace.commit(workspace.graft(workspace.tree(base), {"a": b"2"}), parents=[base], message="ours")
    assert workspace.merge(ours, base) == workspace.tree(ours)


def test_a_change_is_a_value(host: Host, workspace: Workspace) -> None:
    head = _base(host, workspace, {"a": b"1"})
    changed = workspace.graft(workspace.tree(head), {"a": None})
    assert workspace.differences(head, changed) == (
        FileChange(path="a", mode="000000", size=0, blob="0" * 40, added=False),
    )


def _base(host: Host, workspace: Workspace, files: dict[str, bytes]) -> str:
    """Return the commit of a fetched branch that holds these files."""
    host.commit("main", files)
    head = workspace.base("main")
    assert head is not None
    return head
