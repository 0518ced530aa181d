"""A run of its own that appends to the journal again and again: ``writer.py FOLDER REMOTE NAME ROUNDS``."""

import sys
from pathlib import Path

from autocoder_action.adapters.git import GitJournal
from autocoder_action.backlog.journal import Tracked


def main(folder: str, remote: str, name: str, rounds: str) -> None:
    """Append one change a round."""
    journal = GitJournal(folder=Path(folder), remote=remote, token=None, project=".", run=f"{name}-1")
    for number in range(int(rounds)):
        journal.append([Tracked(id=f"{name}/{number}", at=1, run=f"{name}-1", issue=number, digest=name)])


if __name__ == "__main__":
    main(*sys.argv[1:])
