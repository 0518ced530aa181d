"""What proves a feature: its own check and the project's ``verify:`` commands, and what they come to together."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from autocoder_action.backlog.feature import Backlog
from autocoder_action.intake.verify_keys import VerifyKeys
from autocoder_action.session.facts import CheckRun


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One command that is to be run on a result."""

    command: str
    seconds: int
    """The most that it may take."""
    name: str = ""
    """The name that it has under ``verify:``; empty for a feature's own check."""
    waived: bool = False
    """Whether it fails on untouched base as well, so that a failure is not held against a feature."""

    @property
    def called(self) -> str:
        """Return what people and the agent call it, at the beginning of a sentence."""
        return f"The project's command {self.name}" if self.name else "The check"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a command showed."""

    trial: Trial
    run: CheckRun

    @property
    def against(self) -> bool:
        """Return whether it speaks against a feature."""
        return not self.run.succeeded and not self.trial.waived


def trials(check: str | None, seconds: int, verify: Sequence[VerifyKeys], waived: Collection[str]) -> tuple[Trial, ...]:
    """Return what has to be run, the feature's own check first, and last what is not held against it.

    ``seconds`` is for the check, and ``waived`` are names under ``verify:``.
    """
    own = [Trial(command=check, seconds=seconds)] if check else []
    rest = [
        Trial(command=one.run, seconds=one.timeout, name=one.name, waived=one.name in waived)
        for one in sorted(verify, key=lambda one: one.name in waived)
    ]
    return (*own, *rest)


def first_against(seen: Iterable[Seen]) -> Seen | None:
    """Return the first result that speaks against a feature, or None."""
    return next((one for one in seen if one.against), None)


def proved_by(seen: Sequence[Seen]) -> str | None:
    """Return what a feature is proved by when nothing speaks against it, or None where nothing proves it.

    >>> fine = CheckRun(command="npm test", exit_code=0, duration_ms=1, output="")
    >>> proved_by([Seen(trial=Trial(command="npm test", seconds=1, name="test"), run=fine)])
    'verify: test'
    """
    own = next((one.trial.command for one in seen if not one.trial.name), None)
    if own or not seen or not all(one.run.succeeded for one in seen):
        return own
    return f"verify: {', '.join(one.trial.name for one in seen)}"


def shows_nothing(check: str) -> str:
    """Say to the agent that a check which it proposes shows nothing about its work."""
    return (
        f"The check `{check}` succeeds without your work, so it proves nothing. Propose one that fails on the "
        "session's start. Without any, what you built is saved as built, unproved."
    )


def idle(since: str | None) -> str:
    """Say to the agent why the commands under ``verify:`` prove nothing where its files are what they were.

    ``since`` is the code of the feature for which the very same files were saved; None where they are the start's.
    """
    when = f"{since} was saved" if since else "the session's start"
    return (
        f"Nothing was changed since {when}, so it proves nothing that the project's commands succeed. Build it; where "
        "it is built already, propose a `check` that fails on the session's start."
    )


def succeeded(seen: Iterable[Seen]) -> tuple[str, ...]:
    """Return the names under ``verify:`` of what succeeded."""
    return tuple(one.trial.name for one in seen if one.trial.name and one.run.succeeded)


def known_good(backlog: Backlog, tree: str) -> frozenset[str]:
    """Return the commands that were seen to succeed on this very tree, as far as the backlog tells."""
    runs = (run for feature in backlog.features for run in feature.evidence)
    return frozenset(run.command for run in runs if run.tree == tree and run.exit_code == 0)


def told_verify(verify: Sequence[VerifyKeys], waived: Collection[str]) -> str:
    """Say to the agent which commands are run besides a feature's own check; empty where there are none."""
    if not verify:
        return ""
    lines = [f"  - {one.name}: `{one.run}`{_WAIVED if one.name in waived else ''}" for one in verify]
    return "\n".join(["- These commands of the project have to succeed as well:", *lines])


_WAIVED = " (fails on the base branch already; not held against you until it succeeds once)"
