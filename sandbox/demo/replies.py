"""Making sense of what the feature tools answer: JSON, whatever it is wrapped in."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.demo.recipe import recipes


@dataclass(frozen=True)
class Task:
    """A feature that the model was given."""

    id: int
    name: str


def task_in_reply(text: str) -> Task | None:
    """Find the feature in a tool's reply.

    >>> task_in_reply('Next: {"feature": {"id": "F3", "name": "Search"}}')
    Task(id=3, name='Search')
    >>> task_in_reply('{"feature": null}') is None
    True
    """
    return next((task for value in _json_in(text) for task in _tasks_in(value)), None)


def tasks_in_prompt(text: str) -> list[Task]:
    r"""Find the features that a prompt lists: known names with a number on the same line.

    >>> tasks_in_prompt("- **F2** List bookmarks\n- F5: Search (needs F2)")
    [Task(id=2, name='List bookmarks'), Task(id=5, name='Search')]
    """
    found: dict[int, Task] = {}
    for line in text.splitlines():
        number = re.search(r"\bF(\d+)\b", line)
        names = [recipe.name for recipe in recipes() if recipe.name.casefold() in line.casefold()]
        if number and names:
            found.setdefault(int(number[1]), Task(int(number[1]), max(names, key=len)))
    return list(found.values())


def _json_in(text: str) -> Iterator[object]:
    decoder = json.JSONDecoder()
    place = 0
    while (start := _first_bracket(text, place)) is not None:
        try:
            value, place = decoder.raw_decode(text, start)
            yield value
        except ValueError:
            place = start + 1


def _first_bracket(text: str, place: int) -> int | None:
    match = re.compile(r"[{\[]").search(text, place)
    return match.start() if match else None


def _tasks_in(value: object) -> Iterator[Task]:
    if isinstance(value, list):
        for part in value:
            yield from _tasks_in(part)
    elif isinstance(value, dict):
        number = re.fullmatch(r"F?(\d+)", str(value.get("id", "")))
        if number and isinstance(value.get("name"), str):
            yield Task(int(number[1]), value["name"])
        else:
            yield from _tasks_in(list(value.values()))
