"""The boundary between trusted code and an agent that is hostile: what only real git can show."""

import os
import time
from pathlib import Path

import pytest

from autocoder_action.adapters.git import GitWorkspace
from autocoder_action.adapters.git.clone import AgentClone
from autocoder_action.adapters.git.command import Bounds
from autocoder_action.adapters.git.remote import Remote
from autocoder_action.adapters.git.repository import Repository
from autocoder_action.session.facts import Unusable
from tests.contract.workspace.host import AGENT, GitHost

ALARM = "id -u > {place}/ran-as; chmod 666 {place}/ran-as"
HOOKS = (
    "mkdir -p {0}; for hook in pre-commit post-commit reference-transaction post-index-change post-checkout; do"
    " printf '#!/bin/sh\\n%s\\n' '{{alarm}}' > {0}/$hook; chmod +x {0}/$hook; done"
)


def test_the_clone_has_its_own_history_and_no_way_out(git_host: GitHost) -> None:
    workspace = git_host.workspace()
    first = git_host.commit("main", {"a": b"1"})
    second = git_host.commit("main", {"a": b"2"})
    git_host.commit("secret", {"a": b"of another branch"})
    assert workspace.base("secret")
    folder = _open(workspace, second)
    git_host.as_the_agent(
        folder,
        f"""
        test -z "$(git remote)"; test -z "$(git status --porcelain)"; test "$(git branch --show-current)" = work
        test "$(git rev-list HEAD | tr '\\n' ' ')" = "{second} {first} "
        test "$(git cat-file --batch-all-objects --batch-check='%(objecttype)' | grep -c commit)" = 2
        test "$(git config user.email)" = autocoder@example.org
        git commit --quiet --allow-empty -m 'I can commit'
        """,
    )


def test_the_agents_own_commits_stay_and_its_status_is_clean_after_a_take(git_host: GitHost) -> None:
    workspace, folder = _opened(git_host)
    git_host.as_the_agent(folder, "echo 2 > a; git commit -q -a -m 'mine'; echo 3 > a; echo new > b")
    assert isinstance(workspace.take(), str)
    git_host.as_the_agent(
        folder, 'test -z "$(git status --porcelain)"; test "$(git log --format=%s | head -2 | tail -1)" = mine'
    )
    assert isinstance(workspace.take(), str)
    git_host.as_the_agent(folder, 'test "$(git rev-list --count HEAD)" = 3')


def test_ignored_files_stay_behind(git_host: GitHost) -> None:
    workspace, folder = _opened(git_host)
    git_host.as_the_agent(folder, "echo 'build/' > .gitignore; mkdir build; echo x > build/x")
    tree = workspace.take()
    assert isinstance(tree, str)
    assert workspace.files(tree) == (".gitignore", "a")


def test_the_agent_reaches_neither_the_private_clone_nor_the_place_around_its_own(confined: GitHost) -> None:
    workspace, folder = _opened(confined)
    run = folder.parents[1]
    confined.refused_to_the_agent(folder, f"ls {run}/repository.git", f"cat {run}/repository.git/config")
    confined.refused_to_the_agent(folder, f"touch {run}/x", f"touch {folder.parent}/x", f"mv {folder} {folder}2")
    with workspace.unpack(_tree(workspace.take())) as checkout:
        confined.as_the_agent(checkout, "touch mine a")
        confined.refused_to_the_agent(checkout, "touch ../x", f"mv {checkout} {checkout.parent}/x")
        assert {path.stat().st_uid for path in (checkout, checkout / "a")} == {AGENT}
    assert not checkout.parent.exists()


@pytest.mark.parametrize(
    "sabotage",
    [
        "rm -rf .git",
        "rm -rf .git; ln -s /nonexistent .git",
        "rm -rf .git; ln -s .. .git",
        "rm -rf .git; echo 'gitdir: /etc' > .git",
        "rm -rf .git; mkfifo .git",
        "rm -rf .git; mkdir .git",
        "rm -rf .git/objects",
        "rm -rf .git/objects; ln -s /proc .git/objects",
        "echo garbage > .git/HEAD",
        "echo '[garbage' > .git/config",
        "echo garbage > .git/index",
        "rm -f .git/index; mkdir -p .git/index/x",
        "mkdir -p .git/index.lock/x",
        "mkdir -p .git/refs/autocoder/taken.lock/x",
        "rm -rf .git/refs; touch .git/refs",
        "git init -q nested",
        "chmod 000 .git",
        "git config core.repositoryFormatVersion 99",
    ],
)
def test_a_ruined_repository_is_unusable_and_the_next_one_is_whole(git_host: GitHost, sabotage: str) -> None:
    workspace, folder = _opened(git_host)
    git_host.as_the_agent(folder, f"echo 2 > a; {sabotage}")
    if git_host.user is None and os.geteuid() == 0 and sabotage == "chmod 000 .git":
        pytest.skip("no permission stops root")
    answer = workspace.take()
    assert isinstance(answer, Unusable), answer
    assert answer.reason
    again = _open(workspace, git_host.commit("main", {"a": b"9"}))
    assert again == folder
    assert isinstance(workspace.take(), str)


@pytest.mark.parametrize(
    "sabotage",
    [
        "rm -rf .git; git init -q",
        "git checkout -q --detach; git branch -q -D work",
        "git checkout -q --orphan other; git commit -q -m other",
        "touch .git/index.lock .git/HEAD.lock .git/refs/heads/work.lock",
        "git update-ref -d HEAD",
        "chmod -R +w .git/objects; for pack in .git/objects/pack/*.pack; do echo x > $pack; done",
        "git replace HEAD $(git commit-tree HEAD^{tree} -m replaced)",
        "git config core.worktree /; git config core.bare true",
        "git config transfer.hideRefs refs; git config core.sparseCheckout true",
        "git config commit.gpgSign true; git config gpg.program false",
        "git config core.safecrlf true; git config core.autocrlf input",
    ],
)
def test_a_repository_that_was_turned_over_still_gives_the_files(git_host: GitHost, sabotage: str) -> None:
    workspace, folder = _opened(git_host)
    git_host.as_the_agent(folder, f"{sabotage}; echo 2 > a; echo new > b")
    tree = _tree(workspace.take())
    assert workspace.files(tree) == ("a", "b")
    assert workspace.read(tree, "a") == b"2\n"


@pytest.mark.parametrize(
    "trap",
    [
        HOOKS.format(".git/hooks"),
        HOOKS.format("hooks") + "; git config core.hooksPath hooks",
        "git config core.fsmonitor '{alarm}; true'",
        "for way in clean smudge; do git config filter.x.$way '{alarm}; cat'; done; echo '* filter=x' > .gitattributes",
        "git config core.sshCommand '{alarm}'; git config uploadpack.packObjectsHook '{alarm}'",
        "git config core.alternateRefsCommand '{alarm}'; git config gc.recentObjectsHook '{alarm}'",
        "git config diff.external '{alarm}'; git config core.editor '{alarm}'; git config core.pager '{alarm}'",
    ],
)
def test_what_the_agent_plants_never_runs_with_our_powers(confined: GitHost, trap: str) -> None:
    workspace, folder = _opened(confined)
    alarm = ALARM.format(place=confined.place)
    confined.place.chmod(0o777)
    confined.as_the_agent(folder, "echo 2 > a;" + trap.replace("{alarm}", alarm))
    tree = _tree(workspace.take())
    with workspace.unpack(tree) as checkout:
        assert (checkout / "a").read_bytes() == b"2\n"
    head = workspace.base("main")
    assert head is not None
    merged = workspace.merge(workspace.commit(tree, parents=[head], message="x"), head)
    assert isinstance(merged, str)
    workspace.differences(head, tree)
    witness = confined.place / "ran-as"
    assert not witness.exists() or witness.read_text().split() == [str(AGENT)]


def test_a_filter_of_the_tree_starts_nothing_in_a_checkout(git_host: GitHost) -> None:
    workspace = git_host.workspace()
    attributes = b"* export-ignore export-subst filter=lfs diff=x merge=x\n*.txt ident eol=crlf\n"
    head = git_host.commit("main", {".gitattributes": attributes, "a": b"$Format:%H$\n", "b.txt": b"1\n"})
    assert workspace.base("main") == head
    with workspace.unpack(workspace.tree(head)) as folder:
        assert (folder / "a").read_bytes() == b"$Format:%H$\n"
        assert sorted(path.name for path in folder.iterdir()) == [".gitattributes", "a", "b.txt"]


def test_a_reason_is_one_line_of_plain_text_whatever_the_agent_wrote(git_host: GitHost) -> None:
    workspace, folder = _opened(git_host)
    name = "$(printf '\\033[31m::error::\\r\\n::set-output')"
    git_host.as_the_agent(
        folder, f"git config filter.x.clean \"echo '{name}' >&2; false\"; git config filter.x.required true"
    )
    git_host.as_the_agent(folder, "echo 'b filter=x' > .gitattributes; echo 1 > b")
    answer = workspace.take()
    assert isinstance(answer, Unusable)
    assert "::set-output" in answer.reason
    assert answer.reason.isprintable()


def test_a_nested_repository_is_one_entry_and_no_crash(git_host: GitHost) -> None:
    workspace, folder = _opened(git_host)
    git_host.as_the_agent(folder, "git init -q nested; cd nested; git commit -q --allow-empty -m x; echo 1 > file")
    tree = _tree(workspace.take())
    head = workspace.base("main")
    assert head is not None
    (change,) = workspace.differences(head, tree)
    assert (change.path, change.mode, change.size) == ("nested", "160000", 0)
    assert workspace.files(tree) == ("a",)
    with workspace.unpack(tree) as checkout:
        assert list((checkout / "nested").iterdir()) == []


def test_a_name_that_is_no_text_survives_the_way_in_and_out(git_host: GitHost) -> None:
    workspace, folder = _opened(git_host)
    git_host.as_the_agent(folder, "printf 1 > \"$(printf 'caf\\351')\"")
    tree = _tree(workspace.take())
    name = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert workspace.files(tree) == ("a", name)
    assert workspace.read(tree, name) == b"1"
    assert workspace.files(workspace.graft(tree, {name: None})) == ("a",)


def test_links_out_of_the_tree_are_taken_as_links_and_lead_no_writer_astray(confined: GitHost) -> None:
    workspace, folder = _opened(confined)
    target = confined.place / "target"
    target.mkdir()
    confined.as_the_agent(folder, f"ln -s {target} out; ln -s /etc/shadow shadow; rm a; ln -s {target}/file a")
    tree = _tree(workspace.take())
    assert workspace.read(tree, "shadow") is None
    grafted = workspace.graft(tree, {"out/features.db": b"x", "a": b"y"})
    with workspace.unpack(grafted) as checkout:
        assert (checkout / "out/features.db").read_bytes() == b"x"
        assert not (checkout / "a").is_symlink()
    assert list(target.iterdir()) == []
    with workspace.unpack(tree):
        pass
    assert target.stat().st_uid == 0
    assert Path("/etc/shadow").stat().st_uid == 0


def test_work_that_is_too_much_to_hand_over_is_unusable(git_host: GitHost) -> None:
    clone, folder = _bounded(git_host, Bounds(size=1 << 20, seconds=60))
    git_host.as_the_agent(folder, "head -c 2000000 /dev/urandom > huge")
    answer = clone.take()
    assert isinstance(answer, Unusable)
    git_host.as_the_agent(folder, "rm huge")
    assert isinstance(clone.take(), str)


def test_work_that_takes_for_ever_to_hand_over_is_unusable(git_host: GitHost) -> None:
    clone, folder = _bounded(git_host, Bounds(size=1 << 20, seconds=0.5))
    git_host.as_the_agent(
        folder, "git config filter.x.clean 'sleep 600'; echo 'b filter=x' > .gitattributes; echo 1 > b"
    )
    answer = clone.take()
    assert isinstance(answer, Unusable)
    assert "too long" in answer.reason


def test_a_link_in_the_place_of_a_closed_folder_is_not_followed_at_the_end(confined: GitHost) -> None:
    workspace, folder = _opened(confined)
    outside = confined.place / "outside"
    outside.mkdir(mode=0o711)
    (outside / "file").write_bytes(b"x")
    with workspace.unpack(_tree(workspace.take())) as checkout:
        confined.as_the_agent(checkout, f"mkdir -p b/c; touch b/c/d; chmod 0 b/c b; ln -s {outside} e; chmod 0 .")
    assert not checkout.parent.exists()
    confined.as_the_agent(folder, f"mkdir b; touch b/c; chmod 0 b; ln -s {outside} e")
    _open(workspace, confined.commit("main", {"a": b"9"}))
    assert (outside / "file").read_bytes() == b"x"
    assert outside.stat().st_mode & 0o777 == 0o711


def test_a_process_that_stays_behind_does_not_hold_the_take(git_host: GitHost) -> None:
    clone, folder = _bounded(git_host, Bounds(size=1 << 20, seconds=60))
    stays = "sleep 30 > /dev/null & cat"  # Its error stream is our pipe; the program that git waits for ends.
    git_host.as_the_agent(
        folder, f"git config filter.x.clean '{stays}'; echo 'b filter=x' > .gitattributes; echo 1 > b"
    )
    before = time.monotonic()
    assert isinstance(clone.take(), str)
    assert time.monotonic() - before < 15


def _opened(host: GitHost) -> tuple[GitWorkspace, Path]:
    """Return a run's workspace and the agent's clone in it, which holds the file ``a``."""
    workspace = host.workspace()
    return workspace, _open(workspace, host.commit("main", {"a": b"1\n"}))


def _open(workspace: GitWorkspace, commit: str) -> Path:
    """Return the agent's clone at the head of main."""
    assert workspace.base("main") == commit
    return workspace.open(commit)


def _tree(answer: str | Unusable) -> str:
    """Return what was taken, which must be a tree."""
    assert isinstance(answer, str), answer
    return answer


def _bounded(host: GitHost, bounds: Bounds) -> tuple[AgentClone, Path]:
    """Return an open clone whose bundle has these bounds."""
    commit = host.commit("main", {"a": b"1"})
    identity = ("AutoCoder", "autocoder@example.org")
    repository = Repository(host.place / "private.git", Remote(str(host.bare), None), identity=identity)
    repository.fetch("refs/heads/main")
    clone = AgentClone(repository, host.place / "agent", host.user, bounds=bounds)
    return clone, clone.open(commit, identity)
