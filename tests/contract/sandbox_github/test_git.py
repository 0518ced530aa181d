"""Git over HTTP: a real client against the real bare repository."""

from __future__ import annotations

import gzip
import socket
import subprocess
from base64 import b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from sandbox.github import GitHub
from sandbox.github.testing import Clone, with_token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from github.Repository import Repository

    from sandbox.github import Repo

JOURNAL = "refs/autocoder/journal/app"


def remote(repo: Repo, token: str) -> str:
    """Return the address with a token in it."""
    return with_token(repo.clone_url, token)


def test_a_public_repository_is_cloned_without_a_credential(repo: Repo, clone: Clone) -> None:
    clone.git("clone", "-q", repo.clone_url, "inner")
    assert (clone.folder / "inner" / "prompts" / "app_spec.txt").read_text("utf-8") == "An app.\n"


def test_a_private_repository_is_hidden_from_strangers_and_the_anonymous(hub: GitHub, repo: Repo, clone: Clone) -> None:
    repo.private = True
    refused = clone.git("ls-remote", repo.clone_url, check=False)
    assert "could not read Username" in refused.stderr
    refused = clone.git("ls-remote", remote(repo, hub.user_token("stranger")), check=False)
    assert "not found" in refused.stderr
    assert clone.git("ls-remote", "origin").returncode == 0


def test_an_unknown_token_cannot_even_read(repo: Repo, clone: Clone) -> None:
    # Given at once, as actions/checkout does: git asks without a credential first, and the public may read.
    basic = b64encode(b"x-access-token:wrong").decode()
    header = f"http.extraHeader=Authorization: Basic {basic}"
    refused = clone.git("-c", header, "ls-remote", repo.clone_url, check=False)
    assert refused.returncode != 0
    assert repo.world.tokens


def test_pushing_needs_the_permission_to_write_contents(hub: GitHub, repo: Repo, clone: Clone) -> None:
    reader = hub.workflow_token(repo, {"contents": "read"})
    for token in (reader, hub.user_token("stranger")):
        refused = clone.git("push", remote(repo, token), "HEAD:refs/heads/x", check=False)
        assert "403" in refused.stderr
    assert repo.head("x") is None


def test_a_push_counts_for_the_api_before_its_client_hears_of_it(repo: Repo, app: Repository, clone: Clone) -> None:
    sha = clone.commit(file="1\n")
    clone.git("push", "-q", "origin", "HEAD:refs/heads/topic/x")
    assert app.get_branch("topic/x").commit.sha == sha
    assert app.get_git_ref("heads/topic/x").object.sha == sha
    assert [one.event for one in repo.deliveries] == ["create", "push"]


def test_a_protected_branch_refuses_pushes_and_says_so(repo: Repo, app: Repository, clone: Clone) -> None:
    repo.protect("main")
    clone.commit(file="1\n")
    refused = clone.git("push", "origin", "HEAD:main", check=False)
    assert "GH006: Protected branch update failed for refs/heads/main" in refused.stderr
    assert app.get_branch("main").protected
    clone.git("push", "-q", "origin", "HEAD:refs/heads/other")
    repo.protect("main", protected=False)
    clone.git("push", "-q", "origin", "HEAD:main")


def test_a_workflow_token_cannot_push_workflows_but_a_person_can(hub: GitHub, repo: Repo, clone: Clone) -> None:
    (clone.folder / ".github/workflows").mkdir(parents=True, exist_ok=True)
    (clone.folder / ".github/workflows/new.yml").write_text("on: push\n", "utf-8")
    clone.commit("Workflow")
    refused = clone.git("push", "origin", "HEAD:refs/heads/x", check=False)
    assert "without `workflows` permission" in refused.stderr
    clone.git("push", "-q", remote(repo, hub.user_token("maintainer")), "HEAD:refs/heads/x")
    clone.commit(on_top="1\n")
    clone.git("push", "-q", "origin", "HEAD:refs/heads/x")


def test_the_journals_ref_is_accepted_and_starts_nothing(repo: Repo, clone: Clone) -> None:
    clone.git("push", "-q", f"--force-with-lease={JOURNAL}:", "origin", f"HEAD:{JOURNAL}")
    assert repo.git.refs("refs/autocoder/") == {JOURNAL: repo.head()}
    assert repo.deliveries == []


def test_a_lease_that_is_out_of_date_is_refused(clone: Clone) -> None:
    known = clone.git("rev-parse", "HEAD").stdout.strip()
    clone.git("push", "-q", "origin", f"HEAD:{JOURNAL}")
    clone.commit(file="1\n")
    clone.git("push", "-q", f"--force-with-lease={JOURNAL}:{known}", "origin", f"HEAD:{JOURNAL}")
    clone.commit(file="2\n")
    stale = clone.git("push", f"--force-with-lease={JOURNAL}:{known}", "origin", f"HEAD:{JOURNAL}", check=False)
    assert "stale info" in stale.stderr


def test_an_atomic_push_moves_all_refs_or_none(repo: Repo, clone: Clone) -> None:
    repo.protect("main")
    clone.commit(file="1\n")
    refused = clone.git("push", "--atomic", "origin", "HEAD:main", f"HEAD:{JOURNAL}", check=False)
    assert refused.returncode != 0
    assert repo.git.refs("refs/autocoder/") == {}
    clone.git("push", "-q", "--atomic", "origin", "HEAD:refs/heads/x", f"HEAD:{JOURNAL}")
    assert repo.head("x") == repo.git.refs(JOURNAL)[JOURNAL]


def test_githubs_own_refs_of_pull_requests_cannot_be_pushed(clone: Clone) -> None:
    refused = clone.git("push", "origin", "HEAD:refs/pull/1/head", check=False)
    assert "deny updating a hidden ref" in refused.stderr


def test_a_large_push_in_chunks_and_a_shallow_partial_clone_work(repo: Repo, clone: Clone) -> None:
    (clone.folder / "large.bin").write_bytes(bytes(index * index % 251 for index in range(3_000_000)))
    clone.commit("Large")
    clone.git("-c", "http.postBuffer=65536", "push", "-q", "origin", "HEAD:main")
    clone.git("clone", "-q", "--depth=1", "--filter=blob:none", "--no-checkout", repo.clone_url, "inner")
    clone.git("-C", "inner", "fsck")
    assert clone.git("-C", "inner", "rev-list", "--count", "HEAD").stdout == "1\n"
    assert clone.git("-C", "inner", "cat-file", "-s", "HEAD:large.bin").stdout == "3000000\n", "fetched when asked for"


def test_a_client_that_goes_away_mid_push_leaves_the_server_well(repo: Repo, clone: Clone, token: str) -> None:
    host, port = repo.world.server_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        credential = b64encode(f"x-access-token:{token}".encode()).decode()
        line.sendall(
            f"POST /octo/app.git/git-receive-pack HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {credential}\r\n"
            "Content-Type: application/x-git-receive-pack-request\r\nTransfer-Encoding: chunked\r\n\r\n"
            "4\r\n0000\r\n".encode()
        )
    assert clone.git("ls-remote", "origin").returncode == 0


def test_repositories_stay_in_a_folder_that_is_given(tmp_path: Path) -> None:
    with GitHub(validate=False, folder=tmp_path / "kept") as hub:
        made = hub.add_repo("octo", "kept", files={"a": b"1\n"}, default_branch="trunk", owner_type="User")
        head = made.head()
    assert (made.git_dir / "HEAD").read_text("utf-8").strip() == "ref: refs/heads/trunk"
    assert made.git.resolve("refs/heads/trunk") == head
    assert made.role_of(made.owner) == "admin"


def test_a_repository_without_files_is_empty(hub: GitHub, clone: Clone) -> None:
    empty = hub.add_repo("octo", "empty")
    assert empty.head() is None
    token = hub.workflow_token(empty, {"contents": "write"})
    clone.git("push", "-q", remote(empty, token), "HEAD:refs/heads/main", check=False)
    assert [one.event for one in empty.deliveries] == []
    clone.git("push", "-q", remote(empty, hub.user_token("octo")), "HEAD:refs/heads/main")
    assert empty.head() == clone.git("rev-parse", "HEAD").stdout.strip()


def test_equal_worlds_make_equal_commits(tmp_path: Path) -> None:
    heads = []
    for name in ("one", "two"):
        with GitHub(validate=False, folder=tmp_path / name) as hub:
            hub.now = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
            heads.append(hub.add_repo("octo", "app", files={"a": "1"}).head())
    assert heads[0] == heads[1]


def test_a_gzipped_request_body_is_understood(repo: Repo, token: str) -> None:
    head = repo.head() or ""
    want = f"want {head} no-progress ofs-delta\n"
    body = f"{len(want) + 4:04x}{want}00000009done\n".encode()
    answer = httpx.post(
        f"{repo.clone_url}/git-upload-pack",
        content=gzip.compress(body),
        headers={"Content-Encoding": "gzip", "Content-Type": "application/x-git-upload-pack-request"},
        auth=("x-access-token", token),
    )
    assert answer.status_code == 200
    assert b"PACK" in answer.content


def test_two_pushes_at_once_are_both_attributed(hub: GitHub, repo: Repo, clone: Clone, tmp_path: Path) -> None:
    clone.commit(file="1\n")
    people = {"one": hub.user_token("maintainer"), "two": hub.workflow_token(repo, {"contents": "write"})}

    def pushes() -> Iterator[subprocess.Popen[bytes]]:
        for branch, token in people.items():
            command = ["git", "push", "-q", remote(repo, token), f"HEAD:refs/heads/{branch}"]
            yield subprocess.Popen(command, cwd=clone.folder)

    assert [process.wait(60) for process in list(pushes())] == [0, 0]
    found = {one.payload["ref"]: (one.by, one.started) for one in repo.deliveries if one.event == "push"}
    assert found == {"refs/heads/one": ("maintainer", True), "refs/heads/two": ("github-actions[bot]", False)}
    assert tmp_path.is_dir()


@pytest.mark.parametrize("way", ["create", "force", "delete"])
def test_refs_are_moved_by_the_api_too(repo: Repo, app: Repository, way: str) -> None:
    first = repo.head() or ""
    second = repo.commit({"a": "1"}, by="maintainer", message="A", branch="topic")
    if way == "create":
        app.create_git_ref("refs/heads/made", first)
        assert repo.head("made") == first
    elif way == "force":
        app.get_git_ref("heads/topic").edit(first, force=True)
        assert repo.head("topic") == first
        assert repo.deliveries[-1].payload["forced"]
    else:
        app.get_git_ref("heads/topic").delete()
        assert repo.head("topic") is None
        assert [one.event for one in repo.deliveries[-2:]] == ["delete", "push"]
    assert second


def test_files_commits_and_comparisons_are_read_from_git(repo: Repo, app: Repository) -> None:
    base = repo.head() or ""
    repo.commit({"docs/a.md": "Ä\n"}, by="maintainer", message="Add docs", branch="topic")
    repo.commit({"docs/a.md": "B\n"}, by="maintainer", message="Change docs", branch="topic")
    file = app.get_contents("docs/a.md", ref="topic")
    assert not isinstance(file, list)
    assert file.decoded_content == b"B\n"
    folder = app.get_contents("", ref="topic")
    assert isinstance(folder, list)
    assert {one.path: one.type for one in folder} == {".github": "dir", "docs": "dir", "prompts": "dir"}
    compared = app.compare("main", "topic")
    assert (compared.status, compared.ahead_by, compared.behind_by) == ("ahead", 2, 0)
    assert [one.filename for one in compared.files] == ["docs/a.md"]
    commit = app.get_commit("topic")
    assert commit.commit.message == "Change docs"
    assert commit.author.login == "maintainer"
    assert commit.stats.total == 2
    assert app.get_commits(sha="topic").totalCount == 3
    assert app.get_git_commit(base).parents == []
    assert {one.name for one in app.get_branches()} == {"main", "topic"}
    assert [one.ref for one in app.get_git_matching_refs("heads/to")] == ["refs/heads/topic"]
