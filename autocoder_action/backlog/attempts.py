"""Features that were tried in vain too often: a person is asked, and told what was tried."""

from collections.abc import Iterable, Iterator

from autocoder_action.backlog.decided import Stamp
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.journal import Asked
from autocoder_action.backlog.order import workable
from autocoder_action.backlog.text import clean

_SHOWN = 500
"""Characters of an error, and of a check's output, that a person is shown."""


def given_up(backlog: Backlog, tried: Iterable[Feature], most: int, stamp: Stamp) -> Iterator[Asked]:
    """Yield the questions about features that were tried ``most`` times or more and can still be worked on.

    ``backlog`` counts the attempts; ``tried`` are the features as the last session saw them, with its errors.
    """
    for seen in tried:
        feature = backlog.by_uid.get(seen.uid)
        if feature and workable(feature) and feature.attempts >= most:
            name = f"{stamp.run}/given_up/{stamp.session}/{seen.uid}"
            question = what_was_tried(feature.attempts, seen)
            yield Asked(id=name, at=stamp.at, run=stamp.run, feature=seen.uid, question=question)


def what_was_tried(attempts: int, seen: Feature) -> str:
    """Sum up in a few sentences what came of a feature's sessions, the newest last."""
    words = [f"{attempts} session{'s' * (attempts != 1)} tried this in vain."]
    if seen.last_error:
        words.append(f"The last error: {clean(seen.last_error, _SHOWN)}")
    if seen.evidence:
        run = seen.evidence[-1]
        ending = "ran out of time" if run.exit_code is None else f"ended with exit code {run.exit_code}"
        output = f": {clean(run.output, _SHOWN)}" if run.output else "."
        words.append(f"The last check `{clean(run.command, _SHOWN)}` {ending}{output}")
    if len(words) == 1:
        words.append("None of them came as far as a check.")
    words.append("What should be different? An answer here, or `/autocoder retry`, has it tried again.")
    return "\n".join(words)
