"""What the documents say about the code, made from the code: tables in Markdown, and action.yml's two lists.

The action with a browser, and its image, are made from those without.

A document has a place for a table between two comments; the first one names the table:
``<!-- script/docs: inputs -->`` and ``<!-- script/docs end -->``.
"""

import argparse
import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel

from autocoder_action.intake.commands import COMMANDS, PREFIX
from autocoder_action.intake.file import File
from autocoder_action.intake.inputs import INPUTS, OUTPUTS, Field
from autocoder_action.plan.activity import Activity
from autocoder_action.session.tool_specs import TALKING, TOOLS, names

CHECKOUT = Path(__file__).resolve().parents[1]
_PLACE = re.compile(r"(<!-- script/docs: (\w+) -->\n).*?(<!-- script/docs end -->)", re.DOTALL)
_LISTS = re.compile(r"^(inputs:\n).*?^(outputs:\n).*?^(?=runs:)", re.DOTALL | re.MULTILINE)
_WIDTH = 120
_MADE = "# Made by script/docs from the file without a browser: change that one.\n"
_BEFORE = "# The program in an environment of its own"
"""What changes more seldom comes first, so that it need not be built again."""
_CHROMIUM = """\
# A browser, which Debian keeps secure, and Playwright's tools for it as they are locked; nothing is loaded at run time.
# hadolint ignore=DL3008
RUN apt-get update \\
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-liberation \\
    && rm -rf /var/lib/apt/lists/*
COPY browser/package.json browser/package-lock.json /opt/browser/
RUN npm ci --prefix /opt/browser --ignore-scripts --no-audit --no-fund && rm -rf /root/.npm

"""
"""What the image with a browser has besides."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write what is out of date and return 0; with ``--check`` write nothing, and return 1 where anything is."""
    parser = argparse.ArgumentParser(prog="script/docs", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where something is out of date")
    options = parser.parse_args(arguments)
    old = {path: wanted for path, wanted in documents(CHECKOUT).items() if path.read_text(encoding="utf-8") != wanted}
    for path, wanted in old.items():
        if not options.check:
            path.write_text(wanted, encoding="utf-8")
        print(f"{'out of date' if options.check else 'written'}: {path.relative_to(CHECKOUT)}")
    if old and options.check:
        print("script/docs brings these up to date.")
    return 1 if old and options.check else 0


def documents(checkout: Path) -> Mapping[Path, str]:
    """Return what each document with a place for a table, and action.yml, has to be."""
    written = [checkout / "README.md", *sorted((checkout / "docs").rglob("*.md"))]
    action = checkout / "action.yml"
    made = _LISTS.sub(_lists, action.read_text(encoding="utf-8"))
    image = (checkout / "Dockerfile").read_text(encoding="utf-8")
    return {path: fill(path.read_text(encoding="utf-8")) for path in written} | {
        action: made,
        checkout / "browser/action.yml": f"{_MADE}{made.replace('image: Dockerfile', 'image: ../browser.Dockerfile')}",
        checkout / "browser.Dockerfile": f"{_MADE}{image.replace(_BEFORE, _CHROMIUM + _BEFORE)}",
    }


def fill(text: str) -> str:
    """Put the tables into a document; raise KeyError for a name that no table has."""
    return _PLACE.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}{found[3]}", text)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _inputs() -> str:
    rows = ((f"`{one.name}`", one.description, f"`{one.default}`" if one.default else "") for one in INPUTS)
    return _table(["input", "what it does", "set by action.yml"], rows)


def _outputs() -> str:
    return _table(["output", "what it holds"], ((f"`{one.name}`", one.description) for one in OUTPUTS))


def _commands() -> str:
    rows = ((f"`{PREFIX} {one.usage}`", one.does, "yes" if one.spends else "", one.role) for one in COMMANDS)
    return _table(["command", "what it does", "costs money", "who"], rows)


def _settings() -> str:
    return _table(["key", "what it does", "accepts", "default", "also an input"], _keys(File))


def _keys(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, ...]]:
    """Yield a row for each key, and for each key under another one, written with a dot."""
    properties, words = model.model_json_schema()["properties"], _docstrings(model)
    given = {one.name for one in INPUTS}
    for name, field in model.model_fields.items():
        if isinstance(field.default, BaseModel):
            yield from _keys(type(field.default), f"{above}{name}.")
            continue
        default = "" if field.default is None else f"`{_plain(field.default)}`"
        also = "yes" if f"{above}{name}" in given else ""
        yield f"`{above}{name}`", words[name], _accepts(properties[name]), default, also


def _docstrings(model: type[BaseModel]) -> Mapping[str, str]:
    """Return what stands below each key."""
    (class_,) = ast.parse(inspect.getsource(model)).body
    body = class_.body if isinstance(class_, ast.ClassDef) else []
    return {
        key.target.id: inspect.cleandoc(below.value.value)
        for key, below in pairwise(body)
        if isinstance(key, ast.AnnAssign)
        and isinstance(key.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }


def _plain(value: object) -> str:
    """Write a default as people would in YAML.

    >>> _plain(5.0), _plain(0.8), _plain("sonnet")
    ('5', '0.8', 'sonnet')
    >>> _plain(("knowledge/*.md",)), _plain(())
    ('[knowledge/*.md]', '[]')
    """
    if isinstance(value, tuple):
        return f"[{', '.join(map(_plain, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _accepts(schema: Mapping[str, object]) -> str:
    """Say in words what a JSON schema allows.

    >>> _accepts({"type": "integer", "minimum": 1, "maximum": 50})
    'a whole number from 1 to 50'
    >>> _accepts({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "null"}]})
    'a number above 0'
    """
    if words := schema.get("accepts"):
        return str(words)
    if schema.get("type") == "array":
        each = schema.get("items")
        return "a text, or a list" if isinstance(each, dict) and "$ref" in each else "a list of texts"
    if schema.get("type") == "object":
        return "a mapping"
    choices = schema.get("anyOf")
    if isinstance(choices, list):
        return " or ".join(_accepts(one) for one in choices if one != {"type": "null"})
    values = schema.get("enum")
    if isinstance(values, list):
        return " or ".join(f"`{one}`" for one in values)
    kind = {"integer": "a whole number", "number": "a number", "string": "text", "boolean": "`true` or `false`"}[
        str(schema["type"])
    ]
    bounds = (
        ("exclusiveMinimum", "above"),
        ("minimum", "from"),
        ("maximum", "to" if "minimum" in schema else "and at most"),
        ("maxLength", "of at most"),
    )
    words = [kind, *(f"{word} {schema[name]:,}" for name, word in bounds if name in schema)]
    return " ".join(words) + (" characters" if "maxLength" in schema else "")


def _tools() -> str:
    users = {kind: names(kind) for kind in Activity}
    rows = (
        (f"`{name}`", description, ", ".join(kind.value for kind, theirs in users.items() if name in theirs))
        for name, (_, description) in {**TOOLS, **TALKING}.items()
        if any(name in theirs for theirs in users.values())
    )
    return _table(["tool", "what it does", "in sessions that"], rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "inputs": _inputs,
    "outputs": _outputs,
    "commands": _commands,
    "settings": _settings,
    "tools": _tools,
}
"""Every table, by the name that a document calls it."""


def _lists(found: re.Match[str]) -> str:
    return f"{found[1]}{_yaml(INPUTS, required=True)}\n{found[2]}{_yaml(OUTPUTS, required=False)}\n"


def _yaml(fields: Sequence[Field], *, required: bool) -> str:
    lines: list[str] = []
    for one in fields:
        lines += [f"  {one.name}:", *_described(one.description)]
        lines += ["    required: false"] if required else []
        lines += [f"    default: {one.default}"] if one.default is not None else []
    return "\n".join(lines) + "\n"


def _described(text: str) -> list[str]:
    """Write a description in one line where YAML takes it so, else folded."""
    plain = f"    description: {text}"
    if len(plain) <= _WIDTH and text[0].isalpha() and ": " not in text and " #" not in text:
        return [plain]
    indent = " " * 6
    folded = textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return ["    description: >-", *folded]


if __name__ == "__main__":
    sys.exit(main())
