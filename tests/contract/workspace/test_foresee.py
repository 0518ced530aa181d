"""What is begun to be fetched early is what is read later, once; and nobody minds where that fails."""

import pytest

from autocoder_action.ports import Workspace
from tests.contract.workspace.host import GitHost, Host

SESSIONS = "autocoder/root/session-"


def test_what_was_foreseen_is_there_when_it_is_asked_for(host: Host, workspace: Workspace) -> None:
    main, work = host.commit("main", {"a": b"1"}), host.commit(f"{SESSIONS}1", {"a": b"2"})
    workspace.foresee("main", SESSIONS)
    assert workspace.base("main") == main
    assert workspace.branches(SESSIONS) == {f"{SESSIONS}1": work}
    assert workspace.read(work, "a") == b"2"


def test_it_is_given_out_once_as_it_stood_and_then_fetched_again(git_host: GitHost) -> None:
    workspace = git_host.workspace()
    before = git_host.commit("main", {"a": b"1"})
    workspace.foresee("main", SESSIONS)
    assert workspace.branches(SESSIONS) == {}  # from here on the fetch has ended
    after, work = git_host.commit("main", {"a": b"2"}), git_host.commit(f"{SESSIONS}1", {"b": b""})
    assert workspace.base("main") == before
    assert workspace.base("main") == after
    assert workspace.branches(SESSIONS) == {f"{SESSIONS}1": work}


def test_another_name_than_the_one_foreseen_is_fetched_as_ever(host: Host, workspace: Workspace) -> None:
    host.commit("main", {"a": b"1"})
    other, work = host.commit("dev", {"a": b"2"}), host.commit("bot/root/session-1", {"a": b"3"})
    workspace.foresee("main", SESSIONS)
    assert workspace.base("dev") == other
    assert workspace.branches("bot/root/session-") == {"bot/root/session-1": work}


@pytest.mark.parametrize("branch", ["gone", "a..b", "-x", ""])
def test_a_branch_that_is_not_there_hinders_nobody(host: Host, workspace: Workspace, branch: str) -> None:
    main, work = host.commit("main", {"a": b"1"}), host.commit(f"{SESSIONS}1", {"a": b"2"})
    workspace.foresee(branch, SESSIONS)
    assert workspace.base("gone") is None
    assert workspace.base("main") == main
    assert workspace.branches(SESSIONS) == {f"{SESSIONS}1": work}
