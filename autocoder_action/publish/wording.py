"""Everything that the bot can say to people on the host, from the templates beside this module."""

from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from autocoder_action.backlog.feature import CheckProof, Feature, PersonProof, Proof, Status
from autocoder_action.backlog.ledger import Entry
from autocoder_action.intake.commands import COMMANDS, PREFIX, Problem
from autocoder_action.plan.deeds import Said
from autocoder_action.publish.links import spoken
from autocoder_action.publish.outgoing import cell, code, ended, line, plain, quiet, sentence

NAME = "autocoder"
_ERROR = 300
"""Characters of what went wrong on a feature."""


def dollars(micro: int) -> str:
    """Write millionths of a dollar for people.

    >>> dollars(1_234_567)
    '1.23 USD'
    """
    return f"{micro / 1e6:.2f} USD"


def seconds(milliseconds: int) -> str:
    """Write a duration for people.

    >>> seconds(1_540)
    '1.5 s'
    """
    return f"{milliseconds / 1000:.1f} s"


def unbuilt(feature: Feature) -> str:
    """Say behind a feature's name why a session left it undone; empty where that is not known."""
    why = feature.skip_reason or ""
    if feature.status is Status.NEEDS_HUMAN:
        return f" waits for an answer: {sentence(why)}"
    if feature.status is Status.SKIPPED:
        return f" is left out: {sentence(why)}"
    error = feature.last_error or ""
    return f": {line(error if len(error) <= _ERROR else error[: _ERROR - 1] + '…')}" if error else ""


def _environment() -> Environment:
    loader = PackageLoader("autocoder_action.publish")
    environment = Environment(loader=loader, undefined=StrictUndefined, autoescape=False)  # noqa: S701  # Markdown; `plain`, `line` and `code` take the effect from outside words
    environment.filters.update(
        spoken=spoken,
        plain=plain,
        line=line,
        ended=ended,
        sentence=sentence,
        code=code,
        cell=cell,
        seconds=seconds,
        dollars=dollars,
        unbuilt=unbuilt,
    )
    return environment


_ENVIRONMENT = _environment()


def say(template: str, words: Mapping[str, object]) -> str:
    """Fill one of the templates; every word that it uses has to be given."""
    return _ENVIRONMENT.get_template(f"{template}.md.j2").render(words).strip() + "\n"


def usage(prefix: str = PREFIX) -> str:
    """Return the table of all commands, with examples."""
    return say("commands", {"commands": COMMANDS, "prefix": prefix})


def misunderstood(problems: tuple[Problem, ...], prefix: str = PREFIX) -> str:
    """Answer a comment that could not be read."""
    return say("problem", {"problems": problems, "prefix": prefix})


def deed_words(command: str, said: Sequence[Said]) -> str:
    """Say what came of a command."""
    return say("deed", {"command": command, "said": said})


def of_project(text: str, project: str) -> str:
    r"""Put a project's name before what is said of it, where several speak in one answer.

    >>> of_project("No session is at work.", "web")
    '**web**\n\nNo session is at work.'
    """
    return f"**{project}**\n\n{text.strip()}" if project and text.strip() else text


def bar(percent: int) -> str:
    """Draw a share as twenty signs.

    >>> bar(50)
    '██████████░░░░░░░░░░'
    """
    filled = percent * 20 // 100
    return "█" * filled + "░" * (20 - filled)


def proof_words(proof: Proof | None, run_link: str, commit: str = "") -> str:
    """Say what proves a feature; empty where nothing does. ``run_link`` ends where a run's number follows.

    ``commit`` is the address of the commit on base that the proof is about; empty where it is not known.
    """
    match proof:
        case None:
            return ""
        case CheckProof():
            run = "".join(one for one in proof.run.partition("-")[0] if one.isdigit())
            where = f", {line(proof.session)}" if proof.session else ", on what is merged"
            made = f", commit [{code(commit.rpartition('/')[2][:10])}]({commit})" if commit else ""
            return (
                f"Proved by {code(proof.command)}: exit code {proof.exit_code} in {seconds(proof.duration_ms)}, "
                f"run by the action in [run {run}]({run_link}{run}){where}{made}."
            )
        case PersonProof():
            return f"Accepted by {line(proof.login)}."


def session_title(session: str, names: tuple[str, ...]) -> str:
    """Write a pull request's title, at most 120 characters.

    >>> session_title("session-2", ("Add", "List"))
    'session-2: Add; List'
    """
    title = f"{session}: {'; '.join(quiet(name) for name in names)}"
    return title if len(title) <= 120 else title[:119] + "…"


def entry_words(entry: Entry) -> dict[str, object]:
    """Return the words of one line of the table of sessions."""
    settled = entry.settled
    return {
        "name": entry.booked.session,
        "activity": entry.booked.activity,
        "conclusion": settled.conclusion if settled else "not settled",
        "proved": len(settled.passed) if settled else 0,
        "turns": settled.turns if settled else "",
        "cost": dollars(entry.cost_micro) + ("" if settled else " booked"),
        "pull": f"#{settled.pull}" if settled and settled.pull else "",
    }
