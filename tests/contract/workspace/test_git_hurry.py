"""A remote that does not answer is waited for, but not by a run that is about to be taken away."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from autocoder_action.adapters.git import GitJournal, GitWorkspace, Hurry
from autocoder_action.errors import UpstreamError

IDENTITY = ("bot", "bot@example.com")


@pytest.fixture
def silent() -> Iterator[str]:
    """Give the address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/octo/app.git"


def hurried() -> Hurry:
    hurry = Hurry(short=0.2)
    hurry.begin()
    return hurry


def test_in_a_hurry_a_silent_remote_is_given_up_at_once(silent: str, tmp_path: Path) -> None:
    workspace = GitWorkspace(folder=tmp_path, remote=silent, token="t", user=None, identity=IDENTITY)
    workspace.heed(hurried())
    with pytest.raises(UpstreamError, match=r"127\.0\.0\.1 cannot be reached"):
        workspace.base("main")


def test_a_hurry_that_begins_while_the_remote_is_silent_ends_the_waiting(silent: str, tmp_path: Path) -> None:
    hurry = Hurry(short=0.2)
    workspace = GitWorkspace(folder=tmp_path, remote=silent, token="t", user=None, identity=IDENTITY)
    workspace.heed(hurry)
    begin = threading.Timer(0.5, hurry.begin)
    begin.start()
    with pytest.raises(UpstreamError):
        workspace.base("main")
    begin.join()


def test_what_was_foreseen_is_given_up_where_nobody_asks_for_it(silent: str, tmp_path: Path) -> None:
    workspace = GitWorkspace(folder=tmp_path, remote=silent, token="t", user=None, identity=IDENTITY)
    workspace.heed(Hurry(short=0.2))
    workspace.foresee("main", "autocoder/")
    workspace.close()  # or it would take five minutes
    with pytest.raises(UpstreamError):
        workspace.base("main")


def test_in_a_hurry_the_journal_is_given_up_too(silent: str, tmp_path: Path) -> None:
    journal = GitJournal(folder=tmp_path, remote=silent, token="t", project=".", run="7-1")
    journal.heed(hurried())
    with pytest.raises(UpstreamError):
        journal.read()


@pytest.mark.parametrize(
    ("begun", "started", "end"),
    [(None, 100.0, 400.0), (150.0, 100.0, 152.0), (90.0, 100.0, 102.0), (399.5, 100.0, 400.0)],
    ids=["none", "while it runs", "before it", "at its end"],
)
def test_a_command_has_its_usual_time_or_a_short_one_from_the_hurry_s_begin(
    begun: float | None, started: float, end: float
) -> None:
    assert Hurry(usual=300, short=2, begun=begun).end(started) == end
