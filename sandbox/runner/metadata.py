"""What `action.yml` promises: the inputs with their defaults, and the names of the outputs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_EXPRESSION = re.compile(r"\$\{\{\s*github\.(?P<name>[a-z_]+)\s*\}\}")


@dataclass(frozen=True, kw_only=True)
class ActionFile:
    """The part of an action's metadata file that a run of it needs."""

    defaults: Mapping[str, str]
    outputs: tuple[str, ...]

    def inputs(self, given: Mapping[str, str], github: Mapping[str, str]) -> dict[str, str]:
        """Return every input's value: what was given, else the default, else an empty string.

        `github` holds the values of the `github` context that defaults may use.

        Raises:
            KeyError: a default uses a value of the context that is not there.
        """
        defaults = {
            name: _EXPRESSION.sub(lambda found: github[found["name"]], text) for name, text in self.defaults.items()
        }
        return defaults | dict(given)

    def unexpected(self, given: Mapping[str, str]) -> list[str]:
        """Return the names that were given though the action has no such input."""
        return [name for name in given if name not in self.defaults]


def read_action(path: Path) -> ActionFile:
    """Read an action's metadata file."""
    return _parse(path.read_text(encoding="utf-8"))


@cache
def _parse(text: str) -> ActionFile:
    """Read an action's metadata; once for all runs of an action, as it takes longer than the runner's other work."""
    raw: dict[str, Any] = yaml.safe_load(text)
    inputs: dict[str, dict[str, Any]] = raw.get("inputs", {})
    return ActionFile(
        defaults={name: str(field.get("default", "")) for name, field in inputs.items()},
        outputs=tuple(raw.get("outputs", {})),
    )


def input_variable(name: str) -> str:
    """Return the environment variable that carries an input.

    >>> input_variable("max turns")
    'INPUT_MAX_TURNS'
    """
    return "INPUT_" + name.replace(" ", "_").upper()
