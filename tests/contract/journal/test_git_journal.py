"""The journal's ref on real git: two writers at once, lost answers, refusals and damage."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autocoder_action.adapters.git import GitJournal
from autocoder_action.adapters.git.journal import journal_ref
from autocoder_action.backlog.journal import Change, Tracked
from autocoder_action.errors import BacklogError, ConfigError, UpstreamError
from sandbox.github import GitHub, Repo

ROUNDS = 200
REF = "refs/autocoder/journal/root"


@pytest.fixture
def hub() -> Iterator[GitHub]:
    """Return a GitHub; its schemas say nothing about git."""
    with GitHub(validate=False) as hub:
        yield hub


@pytest.fixture
def repo(hub: GitHub) -> Repo:
    """Return a repository with one file."""
    return hub.add_repo("octo", "app", files={"a": "1"}, private=True)


def on_github(hub: GitHub, token: str, folder: Path) -> GitJournal:
    """Return the journal of a run that has this token."""
    return GitJournal(folder=folder, remote=f"{hub.server_url}/octo/app.git", token=token, project=".", run="1-1")


@pytest.fixture
def journal(hub: GitHub, repo: Repo, tmp_path: Path) -> GitJournal:
    """Return the journal of a run that may write."""
    return on_github(hub, hub.workflow_token(repo, {"contents": "write"}), tmp_path)


def test_a_journal_that_was_foreseen_is_read_as_it_stood_and_then_anew(bare: Path, tmp_path: Path) -> None:
    reader, writer = (
        local(bare, tmp_path),
        GitJournal(folder=tmp_path / "writer", remote=str(bare), token=None, project=".", run="8-1"),
    )
    first = writer.append([Tracked(id="a", at=1, run="8-1", issue=1, digest="")])
    reader.foresee()
    reader.close()  # which waits for a fetch that nobody has asked for
    second = writer.append([Tracked(id="b", at=2, run="8-1", issue=2, digest="")])
    assert reader.read() == first
    assert reader.read() == second


def test_a_journal_that_is_not_there_yet_can_be_foreseen(bare: Path, tmp_path: Path) -> None:
    journal = local(bare, tmp_path)
    journal.foresee()
    assert journal.read() == ()


def test_two_processes_that_append_at_once_lose_and_double_nothing(bare: Path, tmp_path: Path, checkout: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    script = Path(__file__).with_name("writer.py")
    writers = [
        subprocess.Popen([sys.executable, script, tmp_path / name, bare.as_uri(), name, str(ROUNDS)], env=environment)
        for name in ("left", "right")
    ]
    assert [writer.wait(200) for writer in writers] == [0, 0]
    found = local(bare, tmp_path).read()
    assert [change.n for change in found] == list(range(1, 2 * ROUNDS + 1))
    for name in ("left", "right"):
        mine = [change.id for change in found if change.run == f"{name}-1"]
        assert mine == [f"{name}/{number}" for number in range(ROUNDS)]
    # Every push was one commit on top of the one before it: none was overwritten.
    assert len(git(bare, "rev-list", REF).splitlines()) == 2 * ROUNDS


def test_two_commits_of_the_same_changes_are_never_equal(bare: Path, tmp_path: Path) -> None:
    heads = set()
    for number in range(2):
        local(bare, tmp_path / str(number)).append([change("a")])
        heads.add(git(bare, "rev-parse", REF))
        git(bare, "update-ref", "-d", REF)
    assert len(heads) == 2


def test_an_answer_that_is_lost_doubles_nothing(hub: GitHub, repo: Repo, journal: GitJournal) -> None:
    hub.fault(method="POST", path="git-receive-pack$", after=True, drop=True, times=2)
    journal.append([change("a")])
    journal.append([change("b"), change("c")])
    assert [one.id for one in journal.read()] == ["a", "b", "c"]
    assert len(repo.git.run("rev-list", REF).splitlines()) == 2


def test_a_push_that_never_arrived_is_made_again(hub: GitHub, repo: Repo, journal: GitJournal) -> None:
    hub.fault(method="POST", path="git-receive-pack$", status=502, times=2)
    journal.append([change("a")])
    assert [one.id for one in journal.read()] == ["a"]
    assert len(repo.git.run("rev-list", REF).splitlines()) == 1


def test_a_token_that_may_not_write_is_told_what_it_lacks(hub: GitHub, repo: Repo, tmp_path: Path) -> None:
    reader = on_github(hub, hub.workflow_token(repo, {"contents": "read"}), tmp_path)
    assert reader.read() == ()
    with pytest.raises(ConfigError, match="contents: write"):
        reader.append([change("a")])


def test_a_host_that_fails_at_reading_is_named(hub: GitHub, journal: GitJournal) -> None:
    hub.fault(path="info/refs", status=500, times=None)
    with pytest.raises(UpstreamError, match=r"127\.0\.0\.1"):
        journal.append([change("a")])


def test_a_host_that_refuses_the_ref_is_not_asked_for_ever(bare: Path, tmp_path: Path) -> None:
    hook = bare / "hooks" / "update"
    hook.write_text("#!/bin/sh\necho 'refs/autocoder is not for you'\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(ConfigError, match=r"does not accept the ref refs/autocoder/journal/root.*is not for you"):
        local(bare, tmp_path).append([change("a")])


@pytest.mark.parametrize("content", [b"not json\n", b'{"kind":"tracked"}\n', b"\xff\xfe"])
def test_a_journal_that_somebody_damaged_is_not_written_over(bare: Path, tmp_path: Path, content: bytes) -> None:
    rewrite(bare, "journal.jsonl", content)
    head = git(bare, "rev-parse", REF)
    for step in (local(bare, tmp_path).read, lambda: local(bare, tmp_path).append([change("a")])):
        with pytest.raises(BacklogError):
            step()
    assert git(bare, "rev-parse", REF) == head


def test_a_ref_that_holds_no_journal_is_not_written_over(bare: Path, tmp_path: Path) -> None:
    rewrite(bare, "something-else", b"x")
    with pytest.raises(BacklogError, match=r"holds no journal\.jsonl"):
        local(bare, tmp_path).read()


def test_a_journal_that_was_deleted_meanwhile_is_begun_anew(bare: Path, tmp_path: Path) -> None:
    journal = local(bare, tmp_path)
    journal.append([change("a")])
    git(bare, "update-ref", "-d", REF)
    assert [one.id for one in journal.append([change("b")])] == ["b"]


def test_a_journal_that_was_rewritten_by_force_is_taken_as_it_is(bare: Path, tmp_path: Path) -> None:
    journal = local(bare, tmp_path)
    journal.append([change("a")])
    rewrite(bare, "journal.jsonl", b"")
    assert journal.read() == ()
    assert [one.id for one in journal.append([change("b")])] == ["b"]


def test_projects_have_journals_of_their_own(bare: Path, tmp_path: Path) -> None:
    for project in (".", "apps/web", "apps-web", "apps", "root", "Äpps/web", "a" * 300):
        folder = tmp_path / str(len(project)) / project.replace("/", "_")[:20]
        journal = GitJournal(folder=folder, remote=str(bare), token=None, project=project, run="1-1")
        assert [one.id for one in journal.append([change(project)])] == [project]


def test_a_project_has_one_ref_however_its_path_is_written() -> None:
    assert len({journal_ref(path) for path in ("apps/web", "apps/web/", "./apps/web", "apps//web")}) == 1
    assert {journal_ref(path) for path in (".", "./", "", "/")} == {REF}


def local(bare: Path, folder: Path) -> GitJournal:
    """Return the journal of a run on this machine."""
    return GitJournal(folder=folder / "reader", remote=str(bare), token=None, project=".", run="9-1")


def change(name: str) -> Change:
    """Return some change with this id."""
    return Tracked(id=name, at=1, run="1-1", issue=1, digest=name)


def rewrite(bare: Path, path: str, content: bytes) -> None:
    """Have somebody put another commit in the place of the journal."""
    blob = git(bare, "hash-object", "-w", "--stdin", data=content)
    tree = git(bare, "mktree", data=f"100644 blob {blob}\t{path}\n".encode())
    person = [word for key in ("name", "email") for word in ("-c", f"user.{key}=x@example.org")]
    git(bare, "update-ref", REF, git(bare, *person, "commit-tree", tree, data=b"x"))


def git(bare: Path, *arguments: str, data: bytes = b"") -> str:
    """Run git in the remote and return what it prints."""
    return (
        subprocess.run(["git", "-C", bare, *arguments], check=True, capture_output=True, input=data)
        .stdout.decode()
        .strip()
    )
