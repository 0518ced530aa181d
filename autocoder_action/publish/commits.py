"""What the program's own commits say; what proves nothing begins with the same word, by which it is found again."""

from collections.abc import Sequence

from autocoder_action.backlog.feature import Feature
from autocoder_action.publish.outgoing import quiet

OURS = "chore: "
"""What the subjects of our commits begin with that prove nothing."""
KEPT = f"{OURS}keep work in progress"
"""What the subject of a commit begins with that holds work which nothing proves."""
_TAKEN = "Autocoder-Took-Up"


def commit_message(
    feature: Feature, *, session: str, check: str | None, note: str | None, verified: Sequence[str] = ()
) -> str:
    """Write the commit of one feature: what it is, and trailers that say what proves it.

    ``verified`` are the names of what succeeded under ``verify:``.
    """
    kind = "feat" if check else "feat(unproved)"
    # Words behind the first colon of a paragraph could be read as a trailer.
    body = f"\nThe agent notes: {quiet(note)}\n" if note else ""
    trailers = [f"Autocoder-Feature: {feature.code}", f"Autocoder-Session: {session}"]
    trailers += [f"Autocoder-Check: {quiet(check)}"] if check else []
    trailers += [f"Autocoder-Verify: {quiet(', '.join(verified))}"] if verified else []
    return f"{kind}: {quiet(feature.name)[:100]}\n{body}\n" + "\n".join(trailers) + "\n"


def taking_up(message: str, kept: str) -> str:
    r"""Add to a commit's message which commit's work it holds, that was kept and that nothing proved.

    >>> taking_up("feat: Add\n\nAutocoder-Session: session-2\n", "0a1b").splitlines()[-1]
    'Autocoder-Took-Up: 0a1b'
    """
    return f"{message}{_TAKEN}: {kept}\n"


def took_up(message: str, kept: str) -> bool:
    r"""Return whether a commit says that it holds what was kept in another one.

    >>> took_up(taking_up("feat: Add\n\n", "0a1b"), "0a1b"), took_up("feat: Add", "0a1b")
    (True, False)
    """
    return f"{_TAKEN}: {kept}" in message.splitlines()


def kept_message(session: str) -> str:
    """Write the commit of work that nothing proves."""
    return f"{KEPT}, which nothing proves\n\nAutocoder-Session: {session}\n"


def backlog_message(session: str) -> str:
    """Write the commit of what a session learned about features, and nothing else."""
    return f"{OURS}keep the backlog\n\nAutocoder-Session: {session}\n"


def merge_message(base: str, branch: str) -> str:
    """Write the commit that brings a branch up to date."""
    return f"{OURS}merge {base} into {branch}\n"


def review_message(pull: int, *, session: str, regressed: Sequence[str], whole: bool) -> str:
    """Write the commit of a session that addressed a review; ``regressed`` are the codes of what passes no more."""
    subject = f"fix: address the review of #{pull}" if whole else f"{OURS}keep work on the review of #{pull}"
    trailers = [f"Autocoder-Session: {session}", *(f"Autocoder-Regressed: {one}" for one in regressed)]
    return f"{subject}\n\n" + "\n".join(trailers) + "\n"


def taken_back_message(session: str, regressed: Sequence[str]) -> str:
    """Write the commit that takes back what does not hold on what was pushed; ``regressed`` are codes."""
    trailers = [f"Autocoder-Session: {session}", *(f"Autocoder-Regressed: {one}" for one in regressed)]
    return f"{OURS}take back what fails on what was pushed\n\n" + "\n".join(trailers) + "\n"


def unproved_message(session: str, doubted: Sequence[str]) -> str:
    """Write the commit that leaves unproved what could not be believed at the end; ``doubted`` are codes."""
    trailers = [f"Autocoder-Session: {session}", *(f"Autocoder-Unproved: {one}" for one in doubted)]
    return f"{OURS}leave unproved what could not be seen again\n\n" + "\n".join(trailers) + "\n"
