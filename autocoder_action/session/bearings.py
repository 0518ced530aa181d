"""What an agent that builds learns of the work before it: an interruption, the last sessions, the last commits."""

from collections.abc import Iterator, Sequence

from autocoder_action.backlog.progress import Entry, written

FILE = "claude-progress.txt"
COMMITS = 10
_SESSIONS, _NOTES, _SUBJECT = 2, 1_200, 72
"""Sessions that are told, characters of all of them, and of one commit's subject."""


def bearings(interrupted: str, entries: Sequence[Entry], commits: Sequence[str]) -> str:
    """Write it within a bound, the most urgent first."""
    return "\n\n".join(_parts(interrupted, entries, commits)) or "Nothing yet."


def _parts(interrupted: str, entries: Sequence[Entry], commits: Sequence[str]) -> Iterator[str]:
    if interrupted:
        yield interrupted
    if entries:
        told = "\n".join(written(one) for one in entries[:_SESSIONS]).replace("## ", "")
        short = told if len(told) <= _NOTES else f"{told[:_NOTES].rstrip()}…"
        yield f"The last sessions; {FILE} has more:\n\n{short.strip()}"
    if commits:
        yield "\n".join(["The last commits:", *(f"- {_subject(one)}" for one in commits[:COMMITS])])


def _subject(text: str) -> str:
    """Write a commit's subject in one line, whatever it holds: anybody who may push chose it."""
    plain = "".join(one if one.isprintable() else "?" for one in " ".join(text.split()))
    return plain if len(plain) <= _SUBJECT else f"{plain[: _SUBJECT - 1]}…"
