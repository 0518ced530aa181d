"""The agent's clone: how it is given out, and what is taken from it."""

import os
from pathlib import Path

import pytest

from autocoder_action.ports import Workspace
from autocoder_action.session.facts import Unusable
from tests.contract.workspace.host import FakeHost, GitHost, Host


@pytest.fixture(params=["fake", "git", "git as the agent's user"])
def host(request: pytest.FixtureRequest, place: Path) -> Host:
    """Return each host in turn, and the real one also with an agent that is another user."""
    match request.param:
        case "fake":
            return FakeHost(place)
        case "git":
            return GitHost(place, None)
        case _:
            confined: GitHost = request.getfixturevalue("confined")
            return confined


def test_the_clone_holds_the_files_of_the_commit(host: Host, workspace: Workspace) -> None:
    folder = _open(host, workspace, {"a/b.txt": b"1", "c": b"2\r\n"})
    assert (folder / "a/b.txt").read_bytes() == b"1"
    assert (folder / "c").read_bytes() == b"2\r\n"


def test_an_untouched_clone_gives_the_tree_that_it_was_opened_at(host: Host, workspace: Workspace) -> None:
    _open(host, workspace, {"a/b.txt": b"1"})
    head = workspace.base("main")
    assert head is not None
    assert workspace.take() == workspace.tree(head)


def test_what_the_agent_did_is_taken_with_links_and_modes(host: Host, workspace: Workspace) -> None:
    folder = _open(host, workspace, {"kept": b"1", "gone": b"2", "changed": b"3"})
    (folder / "gone").unlink()
    (folder / "changed").write_bytes(b"33")
    (folder / "new").mkdir()
    (folder / "new/tool").write_bytes(b"#!/bin/sh\n")
    (folder / "new/tool").chmod(0o755)
    (folder / "link").symlink_to("../../outside")
    (folder / "-rf\nü").write_bytes(b"4")
    tree = _taken(workspace)
    assert workspace.files(tree) == ("-rf\nü", "changed", "kept", "link", "new/tool")
    assert workspace.read(tree, "changed") == b"33"
    head = workspace.base("main")
    assert head is not None
    modes = {change.path: change.mode for change in workspace.differences(head, tree)}
    assert modes["new/tool"] == "100755"
    assert modes["link"] == "120000"
    assert workspace.tree(head) != tree


def test_work_is_taken_again_and_again(host: Host, workspace: Workspace) -> None:
    folder = _open(host, workspace, {"a": b"1"})
    for content in (b"2", b"3", b"3", b"1"):
        (folder / "a").write_bytes(content)
        assert workspace.read(_taken(workspace), "a") == content


def test_opening_again_begins_anew_in_the_same_place(host: Host, workspace: Workspace) -> None:
    folder = _open(host, workspace, {"a": b"1"})
    (folder / "a").write_bytes(b"unwanted")
    (folder / "b").write_bytes(b"unwanted")
    again = _open(host, workspace, {"a": b"2"})
    assert again == folder
    assert list(again.parent.iterdir()) == [again]
    assert [path.name for path in again.iterdir() if path.name != ".git"] == ["a"]
    assert workspace.read(_taken(workspace), "a") == b"2"


def test_a_clone_may_be_opened_at_a_commit_that_was_never_pushed(host: Host, workspace: Workspace) -> None:
    _open(host, workspace, {"a": b"1"})
    head = workspace.base("main")
    assert head is not None
    tree = workspace.graft(workspace.tree(head), {"a": b"2"})
    folder = workspace.open(workspace.commit(tree, parents=[head], message="x"))
    assert (folder / "a").read_bytes() == b"2"
    (folder / "a").write_bytes(b"3")
    assert workspace.read(_taken(workspace), "a") == b"3"


def test_what_was_taken_can_be_pushed(host: Host, workspace: Workspace) -> None:
    folder = _open(host, workspace, {"a": b"1"})
    head = workspace.base("main")
    assert head is not None
    (folder / "a").write_bytes(b"2")
    commit = workspace.commit(_taken(workspace), parents=[head], message="feat: two")
    assert workspace.push("main", commit, expected=head) is None
    assert host.content("main") == {"a": b"2"}


def test_a_clone_whose_git_folder_is_gone_is_unusable(host: Host, workspace: Workspace) -> None:
    folder = _open(host, workspace, {"a": b"1"})
    (folder / ".git").rename(folder.parent / "elsewhere")
    answer = workspace.take()
    assert isinstance(answer, Unusable)
    assert answer.reason
    assert "\n" not in answer.reason


def test_a_checkout_holds_the_tree_and_nothing_of_git(host: Host, workspace: Workspace) -> None:
    _open(host, workspace, {"a/b.txt": b"1", "ü": b"2"})
    head = workspace.base("main")
    assert head is not None
    with workspace.unpack(workspace.tree(head)) as folder:
        found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
        assert found == ["a", "a/b.txt", "ü"]
        assert (folder / "a/b.txt").read_bytes() == b"1"


def test_a_checkout_is_gone_afterwards_whatever_was_done_in_it(host: Host, workspace: Workspace) -> None:
    _open(host, workspace, {"a/b.txt": b"1"})
    head = workspace.base("main")
    assert head is not None
    with workspace.unpack(workspace.tree(head)) as folder:
        (folder / "closed/deep").mkdir(parents=True)
        (folder / "closed/deep/file").write_bytes(b"x")
        (folder / "closed/deep").chmod(0o000)
        (folder / "closed").chmod(0o000)
        (folder / "more").symlink_to(folder)
    assert not os.path.lexists(folder)


def test_checkouts_do_not_see_each_other(host: Host, workspace: Workspace) -> None:
    _open(host, workspace, {"a": b"1"})
    head = workspace.base("main")
    assert head is not None
    with workspace.unpack(workspace.tree(head)) as one, workspace.unpack(workspace.tree(head)) as two:
        (one / "a").write_bytes(b"changed")
        assert (two / "a").read_bytes() == b"1"
    with workspace.unpack(workspace.tree(head)) as three:
        assert (three / "a").read_bytes() == b"1"


def _open(host: Host, workspace: Workspace, files: dict[str, bytes]) -> Path:
    """Return the agent's clone at a commit of main that holds these files."""
    host.commit("main", files)
    head = workspace.base("main")
    assert head is not None
    return workspace.open(head)


def _taken(workspace: Workspace) -> str:
    """Take the work, which must be possible."""
    tree = workspace.take()
    assert isinstance(tree, str), tree
    return tree
