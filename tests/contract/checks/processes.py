"""Finds processes by a mark in their command line."""

from pathlib import Path


def alive(mark: str) -> list[str]:
    """Return the command lines of the processes that hold this mark."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                line = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue  # it has ended meanwhile
            if mark in line:
                found.append(line)
    return found
