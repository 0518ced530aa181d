"""What stands behind a command's name, read by the command's own line of the grammar."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Literal, NamedTuple

from pydantic import TypeAdapter

from autocoder_action.intake.command_lines import Line
from autocoder_action.intake.grammar import Definition, Number
from autocoder_action.intake.people_text import shows

_REFERENCE = re.compile(r"(#|GH-|F)([0-9]{1,9}),?", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@\[\]-]{0,99}")
_SHOWN = 60


class Reference(NamedTuple):
    """What people call a feature: its issue's number, or its own."""

    kind: Literal["issue", "feature"]
    number: int

    def __str__(self) -> str:
        """Write it as people do: ``#12`` is always an issue, ``F12`` a feature."""
        return f"#{self.number}" if self.kind == "issue" else f"F{self.number}"


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """Everything that can stand behind a command; a command has those that its line of the grammar names."""

    references: tuple[Reference, ...] = ()
    others: tuple[Reference, ...] = ()
    """Those behind the joint, such as ``on``."""
    features: int | None = None
    turns: int | None = None
    budget: float | None = None
    """US dollars."""
    minutes: int | None = None
    model: str | None = None
    json: bool = False
    again: bool = False
    word: str | None = None
    """One of the command's plain words, or a whole number."""
    instruction: str | None = None
    text: str = ""
    body: str = ""

    @property
    def said(self) -> str:
        """Return everything that was said in words, the line and those below it."""
        return f"{self.text}\n{self.body}".strip()

    def plain(self) -> Mapping[str, object]:
        """Return what was given, as JSON can hold it."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != one.default}
        lists = {name: [str(one) for one in given[name]] for name in ("references", "others") if name in given}
        return given | lists


@cache
def _reader() -> TypeAdapter[Arguments]:
    """Make what reads them for the first command: most runs are given none."""
    return TypeAdapter(Arguments)


class Unreadable(Exception):  # noqa: N818  # it is what was found, and never leaves this package
    """The words behind a command fit nothing that it takes."""


def read_references(text: str) -> tuple[Reference, ...]:
    """Return the features that a text names, each once; what names none is passed over.

    >>> [str(one) for one in read_references("#12, f3 and more")]
    ['#12', 'F3']
    """
    found = (_REFERENCE.fullmatch(word) for word in text.replace(",", " ").split())
    return tuple(dict.fromkeys(_reference(one) for one in found if one))


def _reference(found: re.Match[str]) -> Reference:
    return Reference("feature" if found[1].lower() == "f" else "issue", int(found[2]))


def read_arguments(definition: Definition, words: str, line: Line) -> Arguments:
    """Read what stands behind a command's name; raise Unreadable with a sentence that says what does not fit."""
    return _Reading(definition).read(words, line.body if definition.body else "")


def _once(references: list[Reference]) -> tuple[Reference, ...]:
    """Return what is named, each once."""
    return tuple(dict.fromkeys(references))


class _Reading:
    """One pass over the words, from left to right."""

    def __init__(self, definition: Definition) -> None:
        """Begin with nothing."""
        self._takes = definition
        self._given: dict[str, object] = {}
        self._references: list[Reference] = []
        self._others: list[Reference] = []
        self._joined = False

    def read(self, words: str, body: str) -> Arguments:
        """Read all words, and see that nothing is missing."""
        words = self._instruction(words)
        tokens = _WORD.finditer(words)
        for token in tokens:
            if not self._take(token.group(), tokens):
                self._rest(words[token.start() :])
                break
        named = {"references": _once(self._references), "others": _once(self._others), "body": body}
        got = _reader().validate_python(self._given | named)
        self._complete(got)
        return got

    def _instruction(self, words: str) -> str:
        """Take away what follows ``--``, which is for the agent."""
        parts = re.split(r"(?:^|\s)--(?:\s|$)", words, maxsplit=1)
        if not self._takes.instruction or len(parts) == 1:
            return words
        self._given["instruction"] = parts[1].strip() or None
        return parts[0]

    def _take(self, word: str, tokens: Iterator[re.Match[str]]) -> bool:
        """Take one word, and what belongs to it; return whether it is anything but text."""
        if word.startswith("--") and (self._takes.numbers or self._takes.flags or self._takes.model):
            self._option(word, tokens)
            return True
        if found := _REFERENCE.fullmatch(word):
            return self._name(_reference(found))
        if self._takes.joint and word.casefold() == self._takes.joint and not self._joined and self._references:
            self._joined = True
            return True
        return self._plain_word(word.casefold())

    def _option(self, word: str, tokens: Iterator[re.Match[str]]) -> None:
        given, sign, value = word.removeprefix("--").partition("=")
        name = given.casefold()
        if name in self._takes.flags and not sign:
            self._given[name] = True
            return
        numbers = {one.name: one for one in self._takes.numbers}
        if name not in numbers and not (name == "model" and self._takes.model):
            raise Unreadable(_no_option(self._takes, name))
        if not sign:
            value = following.group() if (following := next(tokens, None)) else ""
        self._given[name] = _number(numbers[name], value) if name in numbers else _model(value)

    def _name(self, reference: Reference) -> bool:
        if self._joined:
            self._others.append(reference)
            return True
        most = self._takes.references[1]
        if len(self._references) < most:
            self._references.append(reference)
            return True
        if most > 1:
            raise Unreadable(f"{self._takes.name} takes at most {most} features.")
        return False

    def _plain_word(self, word: str) -> bool:
        if self._joined and word == "nothing" and not self._others:
            return True
        takes = self._takes.words
        is_number = "n" in takes and re.fullmatch(r"[0-9]{1,7}", word) is not None
        if "word" not in self._given and (word in set(takes) - {"n"} or is_number):
            self._given["word"] = word
            return True
        return False

    def _rest(self, rest: str) -> None:
        """Take what is left as the command's text, where it has one."""
        takes = self._takes
        if takes.text and len(self._references) >= takes.references[0]:
            self._given["text"] = rest.strip()
            return
        self._named()
        what = rest.split(maxsplit=1)[0][:_SHOWN]
        has_any = takes.references[1] or takes.numbers or takes.flags or takes.model
        raise Unreadable(
            f"{takes.name} has no place for {what!r}." if has_any else f"{takes.name} takes nothing behind it."
        )

    def _named(self) -> None:
        if len(self._references) < self._takes.references[0]:
            raise Unreadable(f"{self._takes.name} has to name a feature, by its issue (#12) or its number (F12).")

    def _complete(self, got: Arguments) -> None:
        """Say what is missing."""
        takes = self._takes
        self._named()
        if takes.joint and not self._joined:
            raise Unreadable(f"Behind the feature say `{takes.joint}`, and what follows it.")
        optional = not takes.text or takes.text.startswith("[")
        if not optional and not shows(got.text if takes.text == "title" else got.said):
            raise Unreadable(f"{takes.name} has to be followed by its {takes.text}.")
        if takes.text == "[title]" and not shows(got.said):
            raise Unreadable(f"{takes.name} has to be followed by a new title, or by lines below it.")


def _no_option(takes: Definition, name: str) -> str:
    known = [*(one.name for one in takes.numbers), *takes.flags, *(["model"] if takes.model else [])]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean --{near[0]}?" if near else f"There are: {', '.join(f'--{one}' for one in known)}."
    return f"{takes.name} has no option --{name[:_SHOWN]}. {hint}"


def _number(takes: Number, value: str) -> float:
    try:
        number = float(value.removeprefix("$")) if re.fullmatch(r"\$?[0-9]{1,9}(\.[0-9]{1,6})?", value) else -1
    except ValueError:
        number = -1
    if not takes.least <= number <= takes.most or (takes.whole and number != int(number)):
        kind = "a whole number" if takes.whole else "a number"
        raise Unreadable(f"--{takes.name} has to be {kind} from {takes.least:g} to {takes.most:,g}.")
    return int(number) if takes.whole else number


def _model(value: str) -> str:
    if not _MODEL.fullmatch(value):
        raise Unreadable("--model has to be the name of a model, such as opus.")
    return value
