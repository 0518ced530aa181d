"""Whose an event is, where one repository has several projects, and whose turn comes first."""

from collections.abc import Sequence

from autocoder_action.intake.commands import Command, Parsed, Problem
from autocoder_action.plan.wish import Intent, Unclear, Wish
from autocoder_action.value import Value

_FOR_ONE = frozenset({"add", "ask", "expand", "spec"})
"""Commands that make no sense for all projects at once."""
_FOR_ANY = frozenset({"fix", "help", "new-chat"})
"""Commands to which it does not matter whose they are."""


class Home(Value, frozen=True, kw_only=True):
    """One project, as far as it decides what belongs to it."""

    name: str
    numbers: frozenset[int] = frozenset()
    """Its issues and pull requests."""
    last: int = 0
    """When its last session was booked, in seconds since the epoch; 0 before the first."""


class Turn(Value, frozen=True, kw_only=True):
    """What one project is asked for."""

    project: str
    """Its name; empty in a repository without a registry."""
    wish: Wish


def share(wish: Wish, homes: Sequence[Home], here: str) -> tuple[Turn, ...] | Unclear:
    """Give each project what is its own, in the order of their turns.

    ``homes`` stand in the registry's order; ``here`` is the project that the event's issue or pull request belongs
    to, empty where it belongs to none. Where a session may be held, the project comes first whose last one is
    longest ago.
    """
    if not wish.commands:
        return tuple(Turn(project=one.name, wish=wish) for one in _order(wish, homes) if here in {"", one.name})
    problems: list[Problem] = []
    theirs: dict[str, list[Command]] = {one.name: [] for one in homes}
    for command in wish.commands:
        found = _owners(command, homes, here)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        for name in found & theirs.keys():
            theirs[name].append(command)
    if problems:
        return Unclear(parsed=Parsed(problems=tuple(problems)))
    own = {name: wish.only(tuple(commands)) for name, commands in theirs.items() if commands}
    return tuple(Turn(project=one.name, wish=own[one.name]) for one in _order(wish, homes) if one.name in own)


def _order(wish: Wish, homes: Sequence[Home]) -> Sequence[Home]:
    if wish.intent not in {Intent.CONTINUE, Intent.INITIALIZE}:
        return homes
    return sorted(homes, key=lambda one: one.last)  # it is stable: the registry's order decides among equals


def _owners(command: Command, homes: Sequence[Home], here: str) -> frozenset[str] | Problem:
    """Return the projects that a command is for: those that it names, or whose features, or where it was written."""
    if command.project:
        return frozenset({command.project})
    said = command.arguments
    numbers = {one.number for one in (*said.references, *said.others) if one.kind == "issue"}
    owners = frozenset(one.name for one in homes if numbers & one.numbers)
    if len(owners) > 1:
        return _problem(command, f"It names features of {' and '.join(sorted(owners))}; a command is for one project.")
    if owners or here:
        return owners or frozenset({here})
    if command.name in _FOR_ANY:
        return frozenset(one.name for one in homes[:1])
    if command.name in _FOR_ONE or said.references:
        names = ", ".join(one.name for one in homes)
        return _problem(command, f"Say for which project, by its name before the command: {names}.", homes[0].name)
    return frozenset(one.name for one in homes)


def _problem(command: Command, reason: str, example: str = "") -> Problem:
    line = f"/autocoder {command.name}"
    return Problem(line=line, reason=reason, did_you_mean=f"{example} {command.name} …" if example else None)
