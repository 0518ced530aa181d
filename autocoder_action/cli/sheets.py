"""Features as JSON and as CSV, for other programs and for spreadsheets.

Both are written with everything that is known, and read for what a feature is: its words, its priority, its
check, what it depends on, and whether it is cancelled. How far it is cannot be told by a file that anybody may edit.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from autocoder_action.backlog.draft import Draft, Reference
from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.text import NAME
from autocoder_action.cli.texts import plain
from autocoder_action.errors import BacklogError

COLUMNS = (
    *("id", "uid", "name", "category", "description", "steps", "priority", "status", "built", "depends_on", "check"),
    *("attempts", "last_error", "skip_reason"),
)
MOST = 20_000
"""The most features that one file may hold: a person has read it, so that it may be more than an agent's call."""
_DELIMITERS = (",", ";", "\t")
"""What programs put between cells; where the comma is for decimals, that is a semicolon."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(backlog: Backlog) -> str:
    """Return all features as a JSON object with one list."""
    features = [plain(backlog, one) for one in backlog.features]
    return json.dumps({"features": features}, ensure_ascii=False, indent=2) + "\n"


def as_csv(backlog: Backlog) -> str:
    """Return all features as CSV; steps and dependencies stand on lines of their own within a cell."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for one in backlog.features:
        writer.writerow({name: _cell(value) for name, value in plain(backlog, one).items()})
    return out.getvalue()


def _cell(value: object) -> str:
    r"""Write a value so that a spreadsheet takes it for text and not for a formula.

    >>> _cell("=1+1"), _cell(["a", "b"]), _cell(None), _cell(True)
    ("'=1+1", 'a\nb', '', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return _cell("\n".join(str(one) for one in value))
    text = "" if value is None else str(value)
    return f"'{text}" if _looks_guarded(f"'{text}") else text


def _looks_guarded(text: str) -> bool:
    r"""Return whether a cell begins with ``'`` only so that what follows is not taken for a formula.

    A text that looks like this itself gets one ``'`` more, or it would lose its own.

    >>> [_looks_guarded(text) for text in ("'=1", "''-x' || true", "'twas", "=1", "''")]
    [True, True, False, False, False]
    """
    return text.startswith("'") and text.lstrip("'").startswith(_FORMULA)


def _lines(value: object) -> object:
    """Read a cell of several lines as a list."""
    if isinstance(value, str):
        return [line for line in value.splitlines() if line.strip()]
    return value


def _number(value: object) -> object:
    """Read an empty cell as nothing; true, which Python takes for 1, is no number."""
    if isinstance(value, bool):
        raise ValueError("it is no number")  # noqa: TRY004  # pydantic reports these only
    return None if value == "" else value


_Need = Annotated[int | str, BeforeValidator(_number)]


class _Item(BaseModel):
    """A feature as a file has it; what says how far it is, is passed over, but not that it is no part of the plan."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    id: Annotated[int | None, BeforeValidator(_number)] = None
    uid: str | None = None
    name: str = ""
    category: str | None = None
    description: str | None = None
    steps: Annotated[tuple[str, ...] | None, BeforeValidator(_lines)] = None
    priority: Annotated[int | None, BeforeValidator(_number)] = None
    depends_on: Annotated[tuple[_Need, ...] | None, BeforeValidator(_lines)] = Field(
        default=None, validation_alias=AliasChoices("depends_on", "dependencies")
    )
    check: str | None = None
    status: object = None


_ITEMS: TypeAdapter[list[_Item]] = TypeAdapter(list[_Item])


def read(data: bytes, name: str) -> list[Draft]:
    """Read the features of a JSON or CSV file; raise BacklogError for what is neither."""
    text = _text(data, name)
    rows = _json(text, name) if text.lstrip()[:1] in {"{", "["} else _rows(text, name)
    if isinstance(rows, list) and len(rows) > MOST:  # before anything is made of them, and said of each
        raise _unfit(name, f"it holds {len(rows):,} features, and at most {MOST:,} are taken at once")
    try:
        items = _ITEMS.validate_python(rows)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _unfit(name, f"features {place}: {first['msg']}") from None
    if not items:
        raise _unfit(name, "it holds no feature")
    places = _places(items, name)
    return [_draft(item, places) for item in items]


def _places(items: Sequence[_Item], name: str) -> Mapping[int, int]:
    """Return where each id stands that the file gives to a feature."""
    places: dict[int, int] = {}
    for place, item in enumerate(items):
        if item.id is not None and places.setdefault(item.id, place) != place:
            raise _unfit(name, f"features {places[item.id]} and {place} have the same id, {item.id}")
    return places


def _json(text: str, name: str) -> object:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unfit(name, f"it is no JSON: {error}") from None
    return found.get("features") if isinstance(found, dict) else found


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BacklogError(
            f"{name} cannot be imported: byte {error.start} is not UTF-8.",
            remedy="Save it again in UTF-8; a spreadsheet calls that “CSV UTF-8”.",
        ) from None


def _rows(text: str, name: str) -> list[Mapping[str, object]]:
    """Read CSV, as far as its features may be taken; rows in which nothing stands are passed over."""
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text, name), strict=True)
    try:
        rows = (dict(_cells(row)) for row in reader)
        return list(islice((row for row in rows if any(value.strip() for value in row.values())), MOST + 1))
    except csv.Error as error:
        raise _unfit(name, f"line {reader.line_num} is no CSV: {error}") from None


def _delimiter(text: str, name: str) -> str:
    """Return what stands between the cells: that by which the first line names a column ``name``."""
    for one in _DELIMITERS:
        with suppress(csv.Error):
            columns = next(csv.reader(io.StringIO(text, newline=""), delimiter=one), ())
            if "name" in {column.strip().casefold() for column in columns}:
                return one
    raise _unfit(name, "it is neither JSON nor an SQLite file, and as CSV its first line names no column `name`")


def _cells(row: Mapping[str | None, object]) -> Iterator[tuple[str, str]]:
    """Yield the cells that have a column, without what protected a spreadsheet from them."""
    for column, value in row.items():
        if column is not None and isinstance(value, str):
            yield column.strip().casefold(), value[1:] if _looks_guarded(value) else value


def _draft(item: _Item, places: Mapping[int, int]) -> Draft:
    """Return a draft; a number that it depends on is an id of the same file, where the file has ids.

    What a feature must have cannot be taken away: where it is empty, nothing is said of it.
    """
    description = item.description or ""
    needs = item.depends_on
    return Draft(
        name=_said(item.name) or " ".join(description.split())[:NAME],
        description=_said(description),
        steps=item.steps or None,
        category=_said(item.category),
        priority=item.priority,
        depends_on=None if needs is None else tuple(_reference(need, places) for need in needs),
        check=item.check,
        uid=item.uid,
        cancelled=str(item.status).strip().casefold() == Status.CANCELLED,
    )


def _said(text: str | None) -> str | None:
    """Return a text as it is, or None where nothing stands in it."""
    return text if text and text.strip() else None


def _reference(need: Reference, places: Mapping[int, int]) -> Reference:
    if isinstance(need, int) and need in places:
        return f"features[{places[need]}]"
    return need


def _unfit(name: str, why: str) -> BacklogError:
    return BacklogError(f"{name} cannot be imported: {' '.join(why.split())}.", remedy="Correct it and run it again.")
