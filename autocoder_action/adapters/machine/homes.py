"""Homes for the project's commands, and what the agent's user left outside of them."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from autocoder_action.session.confine import AgentUser
from autocoder_action.value import Value


class Home(Value, frozen=True, kw_only=True):
    """Where a command finds what belongs to its user, and where it puts what it does not keep."""

    home: Path
    temporary: Path


@contextmanager
def new_home(user: AgentUser | None) -> Iterator[Home]:
    """Lend an empty home and an empty temporary folder that the user owns; both are deleted at the end.

    They lie in a folder of ours, so that this user cannot put another in their place. The path is short: a socket's
    may have 107 characters.
    """
    with TemporaryDirectory(prefix="clean-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        made = Home(home=place / "home", temporary=place / "tmp")
        for one in (made.home, made.temporary):
            one.mkdir(mode=0o700)
            if user is not None:
                os.chown(one, user.uid, user.gid)
        place.chmod(0o711)
        yield made


def delete_left(places: Iterable[Path], user: AgentUser) -> None:
    """Delete what the user owns directly in folders that everybody may write to.

    Call it when none of the user's processes is left. A link is deleted itself, and none is followed.
    """
    for place in places:
        with suppress(OSError):
            for entry in list(os.scandir(place)):
                _delete(entry, user)


def _delete(entry: "os.DirEntry[str]", user: AgentUser) -> None:
    with suppress(OSError):
        if entry.stat(follow_symlinks=False).st_uid != user.uid:
            return
        if entry.is_dir(follow_symlinks=False):
            rmtree(entry.path, ignore_errors=True)
        else:
            Path(entry.path).unlink()
