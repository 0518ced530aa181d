"""The workspace against a GitHub: tokens, permissions, failures of the network."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pytest

from autocoder_action.adapters.git import GitWorkspace
from autocoder_action.errors import ConfigError, UpstreamError
from autocoder_action.session.facts import Rejected
from sandbox.github import GitHub, Repo
from tests.contract.workspace.host import GitHost

WRITER = {"contents": "write"}


@pytest.fixture
def hub() -> Iterator[GitHub]:
    """Return a GitHub; its schemas say nothing about git."""
    with GitHub(validate=False) as hub:
        yield hub


@pytest.fixture
def repo(hub: GitHub) -> Repo:
    """Return a private repository with one file."""
    return hub.add_repo("octo", "app", files={"a": "1"}, private=True)


def workspace(hub: GitHub, token: str | None, folder: Path, name: str = "octo/app") -> GitWorkspace:
    """Return the workspace of a run that has this token."""
    remote = f"{hub.server_url}/{name}.git"
    identity = ("AutoCoder", "autocoder@example.org")
    return GitWorkspace(folder=folder, remote=remote, token=token, user=None, identity=identity)


@pytest.fixture
def writer(hub: GitHub, repo: Repo, tmp_path: Path) -> GitWorkspace:
    """Return the workspace of a run that may write."""
    return workspace(hub, hub.workflow_token(repo, WRITER), tmp_path)


def test_work_goes_to_github_and_comes_back(repo: Repo, writer: GitWorkspace) -> None:
    base, work = _work(writer, "a")
    assert writer.push("autocoder/session-1", work, expected=None) is None
    assert repo.git.branch("autocoder/session-1") == work
    assert dict(writer.branches("")) == {"main": base, "autocoder/session-1": work}


def test_much_work_goes_to_github_in_one_piece(repo: Repo, writer: GitWorkspace) -> None:
    base, work = _work(writer, "big", os.urandom(3_000_000))
    assert writer.push("main", work, expected=base) is None
    assert repo.git.branch("main") == work


def test_a_token_that_may_only_read_is_told_what_it_lacks(hub: GitHub, repo: Repo, tmp_path: Path) -> None:
    token = hub.workflow_token(repo, {"contents": "read"})
    reader = workspace(hub, token, tmp_path)
    _, work = _work(reader, "a")
    with pytest.raises(ConfigError) as caught:
        reader.push("autocoder/session-1", work, expected=None)
    for words in ("127.0.0.1", "octo/app", "403", "`permissions: contents: write`"):
        assert words in str(caught.value)
    assert token not in str(caught.value)
    assert repo.git.branch("autocoder/session-1") is None


@pytest.mark.parametrize("token", ["made-up", None])
def test_a_token_that_nobody_knows_is_named_as_the_cause(
    hub: GitHub, repo: Repo, tmp_path: Path, token: str | None
) -> None:
    assert repo.private
    with pytest.raises(ConfigError, match="does not let this token read the repository octo/app"):
        workspace(hub, token, tmp_path).base("main")


def test_a_repository_that_is_not_there_is_named(hub: GitHub, repo: Repo, tmp_path: Path) -> None:
    token = hub.workflow_token(repo, WRITER)
    with pytest.raises(ConfigError, match=r"knows no repository octo/missing .*404"):
        workspace(hub, token, tmp_path, "octo/missing").base("main")


def test_a_host_that_is_gone_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:  # Bound but not listening: nobody else can take the port, nobody answers.
        taken.bind(("127.0.0.1", 0))
        remote = f"http://127.0.0.1:{taken.getsockname()[1]}/octo/app.git"
        gone = GitWorkspace(folder=tmp_path, remote=remote, token="secret", user=None, identity=("a", "a@b"))
        with pytest.raises(UpstreamError, match=r"127\.0\.0\.1 cannot be reached"):
            gone.base("main")


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 429}, {"drop": True}, {"status": 503, "times": 2}])
def test_a_moments_failure_of_the_server_is_not_the_end(
    hub: GitHub, repo: Repo, writer: GitWorkspace, fault: dict[str, Any]
) -> None:
    hub.fault(path="git-upload-pack|info/refs", **fault)
    assert writer.base("main") == repo.git.branch("main")
    hub.fault(path="git-upload-pack|info/refs", **fault)
    assert list(writer.branches("")) == ["main"]


def test_a_server_that_always_fails_is_named_with_its_status(hub: GitHub, writer: GitWorkspace) -> None:
    hub.fault(path="info/refs", status=503, times=None)
    with pytest.raises(UpstreamError, match=r"127\.0\.0\.1 did not serve git \(503\)"):
        writer.base("main")


def test_a_push_whose_answer_is_lost_was_done(hub: GitHub, repo: Repo, writer: GitWorkspace) -> None:
    _, work = _work(writer, "a")
    hub.fault(method="POST", path="git-receive-pack$", after=True, drop=True, times=None)
    assert writer.push("autocoder/session-1", work, expected=None) is None
    assert repo.git.branch("autocoder/session-1") == work


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 500}])
def test_a_push_that_never_arrived_is_made_again(
    hub: GitHub, repo: Repo, writer: GitWorkspace, fault: dict[str, Any]
) -> None:
    _, work = _work(writer, "a")
    hub.fault(method="POST", path="git-receive-pack$", **fault)
    assert writer.push("autocoder/session-1", work, expected=None) is None
    assert repo.git.branch("autocoder/session-1") == work


def test_a_push_that_never_arrives_is_nobodys_success(hub: GitHub, repo: Repo, writer: GitWorkspace) -> None:
    _, work = _work(writer, "a")
    hub.fault(method="POST", path="git-receive-pack$", status=500, times=None)
    with pytest.raises(UpstreamError):
        writer.push("autocoder/session-1", work, expected=None)
    assert repo.git.branch("autocoder/session-1") is None


def test_a_workflow_file_is_refused_in_githubs_words(repo: Repo, writer: GitWorkspace) -> None:
    _, work = _work(writer, ".github/workflows/ci.yml")
    answer = writer.push("autocoder/session-1", work, expected=None)
    assert isinstance(answer, Rejected)
    assert not answer.stale
    assert "without `workflows` permission" in answer.reason
    assert repo.git.branch("autocoder/session-1") is None


def test_the_token_is_in_no_argument_no_file_and_nothing_that_the_agent_sees(
    hub: GitHub, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness, token = tmp_path / "witness", hub.workflow_token(repo, WRITER)
    _wrap_git(tmp_path, witness, monkeypatch)
    writer = workspace(hub, token, tmp_path / "run")
    base, work = _work(writer, "a")
    writer.open(base)
    assert isinstance(writer.take(), str)
    assert writer.push("autocoder/session-1", work, expected=None) is None
    seen = witness.read_text()
    assert " push " in seen
    assert "agent's environment: " in seen
    files = [path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()]
    for secret in (token, "Authorization", "eC1hY2Nlc3MtdG9rZW4"):
        assert secret not in seen
        assert not any(secret.encode() in content for content in files)


def test_the_token_does_not_follow_a_redirect_to_another_server(tmp_path: Path) -> None:
    with _Recorder() as other, _Recorder(redirect=f"http://localhost:{other.port}") as server:
        remote = f"http://127.0.0.1:{server.port}/octo/app.git"
        run = GitWorkspace(folder=tmp_path, remote=remote, token="secret", user=None, identity=("a", "a@b"))
        with pytest.raises(ConfigError):
            run.base("main")
    assert set(server.authorizations) == {"Basic eC1hY2Nlc3MtdG9rZW46c2VjcmV0"}
    assert set(other.authorizations) == {None}


def test_a_name_that_git_would_take_for_something_else_is_refused(writer: GitWorkspace) -> None:
    for name in ("main:other", "--mirror", "a..b", "*", "a b", "", "a.lock", "/a", "a/", "a\n", "@{1}", "HEAD~1"):
        with pytest.raises(ConfigError, match="cannot be the name of a branch"):
            writer.base(name)
    assert writer.base("+main") is None


def test_a_path_is_a_remote_too_and_a_missing_one_is_named(place: Path) -> None:
    host = GitHost(place, None)
    head = host.commit("main", {"a": b"1"})
    for remote in (str(host.bare), host.bare.as_uri(), os.path.relpath(host.bare)):
        local = GitWorkspace(folder=place / "x", remote=remote, token=None, user=None, identity=("a", "a@b"))
        assert local.base("main") == head
    lost = GitWorkspace(folder=place / "y", remote="/nowhere/app.git", token=None, user=None, identity=("a", "a@b"))
    with pytest.raises(ConfigError, match=r"There is no repository at /nowhere/app\.git"):
        lost.base("main")


class _Recorder:
    """A server that knows no repository, and notes the authorization that it is shown."""

    def __init__(self, redirect: str | None = None) -> None:
        authorizations: list[str | None] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                authorizations.append(self.headers.get("Authorization"))
                self.send_response(302 if redirect else 404)
                if redirect:
                    self.send_header("Location", redirect + self.path)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self.authorizations = authorizations
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.port = self._server.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _work(run: GitWorkspace, path: str, content: bytes = b"2") -> tuple[str, str]:
    """Return base and a commit on top of it that changes one file."""
    base = run.base("main")
    assert base is not None
    return base, run.commit(run.graft(run.tree(base), {path: content}), parents=[base], message="feat: x")


def _wrap_git(folder: Path, witness: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program before git that writes down each command, and the environment of the agent's."""
    real = shutil.which("git")
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    (bin_folder / "git").write_text(
        f'#!/bin/sh\necho " $* " >> {witness}\n'
        f'test "$GIT_DIR" = .git && {{ echo "agent\'s environment: "; env; }} >> {witness}\n'
        f'exec {real} "$@"\n'
    )
    (bin_folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_folder}:{os.environ['PATH']}")
    monkeypatch.setenv("GITHUB_TOKEN", "Authorization of the supervisor")
