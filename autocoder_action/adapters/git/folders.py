"""Folders that are given to the agent's user, and taken away whatever was done to them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autocoder_action.adapters.git.repository import Repository
from autocoder_action.session.confine import AgentUser


def give(folder: Path, user: AgentUser | None) -> None:
    """Make the agent's user the owner of a folder that nobody else has reached yet, with all in it."""
    if user is None:
        return
    for parent, _, names in os.walk(folder):
        os.chown(parent, user.uid, user.gid, follow_symlinks=False)
        for name in names:
            os.chown(Path(parent, name), user.uid, user.gid, follow_symlinks=False)


def remove(folder: Path) -> None:
    """Delete a folder as far as that is possible; a process of the agent's may still write into it."""
    if os.geteuid() != 0:
        _unlock(folder)
    # Symbolic links are not followed, even where one is put in the place of a folder meanwhile.
    shutil.rmtree(folder, ignore_errors=True)


def _unlock(folder: Path) -> None:
    """Make folders writable again that this very user closed.

    Never as root, for whom closed folders are no hindrance: a link put in a folder's place at the
    right moment would turn this against any file of the machine.
    """
    for parent, names, _ in os.walk(folder):
        for path in (Path(parent, name) for name in names):
            if not path.is_symlink():
                with suppress(OSError):
                    path.chmod(0o700)


@contextmanager
def checkout(repository: Repository, tree: str, parent: Path, user: AgentUser | None) -> Iterator[Path]:
    """Lend a checkout of a tree without git's folder, the agent's user its owner; it is deleted at the end.

    Not by `git archive`, which leaves out and rewrites what `.gitattributes` says. No filter is
    configured, so that the tree's attributes can start no program.
    """
    parent.mkdir(parents=True, exist_ok=True)
    # Closed until all is in it; the agent cannot rename or replace what lies in a folder of ours.
    holder = Path(tempfile.mkdtemp(dir=parent))
    folder = holder / repository.remote.folder_name
    try:
        folder.mkdir()
        with repository.index() as index:
            work_tree = index | {"GIT_WORK_TREE": str(folder)}
            repository.git("read-tree", "--reset", "-u", tree, extra=work_tree)
        give(folder, user)
        holder.chmod(0o755)
        yield folder
    finally:
        remove(holder)
