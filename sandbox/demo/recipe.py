"""What the demo's model knows about building the application: one recipe for each feature.

A recipe is a Markdown document, so that the application's code can be read as code: a heading with the name, facts
(`uid:`, `check:` …), the description, the steps, and then sections with code: `Write PATH`, `Edit PATH` (the old and
the new text) and `Repair PATH on SIGN` (an edit that occurs to the model when SIGN is in a failure's output).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "features"
_CODE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One place in a file that changes; `sign` is what calls for it, empty where the feature itself does."""

    path: str
    old: str
    new: str
    sign: str = ""

    def fits(self, text: str) -> bool:
        """Say whether the change can be made and was not made yet."""
        return self.new not in text and self.old in text

    def applied_to(self, text: str) -> str:
        """Make the change where it fits."""
        return text.replace(self.old, self.new, 1) if self.fits(text) else text


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One feature: what the backlog says about it, the files it brings and the edits it makes."""

    name: str
    uid: str
    category: str
    description: str
    steps: tuple[str, ...]
    depends_on: tuple[str, ...]
    check: str
    trial: str
    """What the model runs before it claims success; usually the check itself."""
    files: Mapping[str, str]
    edits: tuple[Edit, ...]
    repairs: tuple[Edit, ...]


@cache
def recipes() -> tuple[Recipe, ...]:
    """Read all recipes, in the order in which the spec suggests to build them."""
    return tuple(read_recipe(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.md")))


def read_recipe(text: str) -> Recipe:
    """Read one recipe."""
    opening, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    title, facts, description, steps = (part.strip() for part in opening.strip().split("\n\n", 3))
    fact = dict(line.split(": ", 1) for line in facts.splitlines())
    edits = [edit for section in sections for edit in _edits_in(section)]
    return Recipe(
        name=title.removeprefix("# "),
        uid=fact["uid"],
        category=fact["category"],
        description=description,
        steps=tuple(line.removeprefix("- ") for line in steps.splitlines()),
        depends_on=tuple(fact.get("depends_on", "").split()),
        check=fact["check"],
        trial=fact.get("trial", fact["check"]),
        files=dict(_file_in(section) for section in sections if section.startswith("Write ")),
        edits=tuple(edit for edit in edits if not edit.sign),
        repairs=tuple(edit for edit in edits if edit.sign),
    )


def _file_in(section: str) -> tuple[str, str]:
    return section.splitlines()[0].removeprefix("Write ").strip(), _CODE.findall(section)[0]


def _edits_in(section: str) -> list[Edit]:
    heading = re.match(r"(?:Edit|Repair) (\S+)(?: on (\S+))?\n", section)
    if heading is None:
        return []
    old, new = (code.rstrip("\n") for code in _CODE.findall(section))
    return [Edit(path=heading[1], old=old, new=new, sign=heading[2] or "")]
