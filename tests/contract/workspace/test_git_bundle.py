"""Only sound objects come in from a bundle, and only what its ref names."""

import tempfile
from pathlib import Path

import pytest

from autocoder_action.adapters.git.bundle import absorb, can_be_listed
from autocoder_action.adapters.git.remote import Remote
from autocoder_action.adapters.git.repository import Repository

REF = "refs/autocoder/taken"


@pytest.fixture
def agent(tmp_path: Path) -> Repository:
    """Return a repository in which the agent may do what it likes."""
    return Repository(tmp_path / "agent.git", Remote("/nowhere", None), identity=("a", "a@example.org"))


@pytest.fixture
def private(tmp_path: Path) -> Repository:
    """Return an empty private clone."""
    return Repository(tmp_path / "private.git", Remote("/nowhere", None), identity=("t", "t@example.org"))


def test_a_sound_bundle_gives_its_tree(agent: Repository, private: Repository) -> None:
    tree = _tree(agent, b"100644 file")
    assert _taken(private, _bundle(agent, tree)) == tree
    assert private.git("ls-tree", "--name-only", tree) == b"file\n"


@pytest.mark.parametrize(
    "entry",
    [b"100644 .git", b"100644 .GIT", b"100644 git~1", b"100644 ..", b"100644 .", b"100644 a/b", b"100644 ", b"40000 x"],
)
def test_a_tree_that_would_harm_a_checkout_is_not_taken(agent: Repository, private: Repository, entry: bytes) -> None:
    assert _taken(private, _bundle(agent, _tree(agent, entry))) is None
    assert private.git("cat-file", "--batch-all-objects", "--batch-check") == b""


def test_a_tree_with_a_name_twice_is_not_taken(agent: Repository, private: Repository) -> None:
    assert _taken(private, _bundle(agent, _tree(agent, b"100644 file", b"120000 file"))) is None


def test_a_bundle_that_lacks_what_it_names_is_not_taken(agent: Repository, private: Repository) -> None:
    commit = agent.name("commit-tree", _tree(agent, b"100644 file"), data=b"x")
    pack = agent.git("pack-objects", "--stdout", "-q", data=f"{commit}\n".encode())
    header = f"# v2 git bundle\n{commit} {REF}\n\n".encode()
    assert _taken(private, header + pack) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"# v2 git bundle\n",
        b"# v2 git bundle\n\n",
        b"# v2 git bundle\n\nPACK",
        b"# v3 git bundle\n@object-format=sha1\n" + b"1" * 40 + b" refs/autocoder/taken\n\nPACK",
        b"# v2 git bundle\n" + b"1" * 40 + b" refs/autocoder/taken\n\n",
        b"# v2 git bundle\n" + b"1" * 40 + b" refs/autocoder/taken\n\n" + b"\x00" * 1000,
        b"# v2 git bundle\n--help refs/autocoder/taken\n\nPACK",
        b"# v2 git bundle\n" + b"x" * 100_000,
        b"\xff" * 1000,
    ],
)
def test_garbage_is_not_taken(private: Repository, data: bytes) -> None:
    assert _taken(private, data) is None


def test_a_bundle_of_another_ref_is_not_taken(agent: Repository, private: Repository) -> None:
    assert _taken(private, _bundle(agent, _tree(agent, b"100644 file")), "refs/heads/main") is None


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_half_a_bundle_is_not_taken(agent: Repository, private: Repository, share: float) -> None:
    whole = _bundle(agent, _tree(agent, b"100644 file"))
    assert _taken(private, whole[: int(len(whole) * share)]) is None


def test_a_tree_that_names_another_again_and_again_is_not_taken(agent: Repository, private: Repository) -> None:
    folder = _tree(agent, b"100644 file")
    for _ in range(8):  # a hundred million files in nine trees
        folder = agent.name("mktree", data=b"".join(b"040000 tree %s\td%d\n" % (folder.encode(), n) for n in range(10)))
    assert _taken(private, _bundle(agent, folder)) is None


def test_as_many_files_as_are_possible_are_taken(agent: Repository) -> None:
    tree = _tree(agent, *(b"100644 %d" % n for n in range(10, 20)))
    assert can_be_listed(agent, tree, most=10)
    assert not can_be_listed(agent, tree, most=9)


def _tree(agent: Repository, *entries: bytes) -> str:
    """Write a tree as it is told, sound or not."""
    blob = bytes.fromhex(agent.name("hash-object", "-w", "--stdin", data=b"content"))
    data = b"".join(entry + b"\0" + blob for entry in entries)
    return agent.name("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=data)


def _bundle(agent: Repository, tree: str) -> bytes:
    """Return a bundle of a commit of this tree, made without git's own checks of trees."""
    commit = agent.name("commit-tree", tree, data=b"x")
    names = agent.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    pack = agent.git("pack-objects", "--stdout", "-q", data=names)
    return f"# v2 git bundle\n{commit} {REF}\n\n".encode() + pack


def _taken(private: Repository, data: bytes, ref: str = REF) -> str | None:
    """Have a file with these bytes taken in."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return absorb(private, file, ref)
