"""A measured figure, how it is measured, and how it is shown."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from statistics import median
from typing import ParamSpec, TypeVar

_T = TypeVar("_T")
_P = ParamSpec("_P")


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How much is measured."""

    sizes: tuple[int, ...] = (200, 2_000, 10_000)
    """Features in a backlog, ascending: the last is the one that something is asked of."""
    repeats: int = 7
    container: bool = False
    """Whether the action's image is measured, too, which is built where it is missing."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure; lower is better."""

    name: str
    value: float
    unit: str
    bound: float | None = None
    """What is asked for, at most; None where nothing is."""
    plain: float | None = None
    """What a plain program takes for the same, in the same run and unit; None where none was written."""
    beside: Mapping[str, float] = field(default_factory=dict)
    """What the value is compared with, in the same unit."""

    @property
    def ratio(self) -> float | None:
        """Return how many times as long the plain program takes; below 1 it is the faster one."""
        return self.plain / self.value if self.plain is not None and self.value else None

    def as_json(self) -> dict[str, object]:
        """Return the figure for programs."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "bound": self.bound,
            "plain": None if self.plain is None else round(self.plain, 3),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "beside": {name: round(value, 3) for name, value in self.beside.items()},
        }


def milliseconds(do: Callable[[_T], object], make: Callable[[], _T], repeats: int) -> float:
    """Return the median time that something takes, each time on something freshly made; the first is not counted."""
    return median([_once(do, make()) for _ in range(repeats + 1)][1:])


def _once(do: Callable[[_T], object], subject: _T) -> float:
    began = time.perf_counter()
    result = do(subject)
    took = (time.perf_counter() - began) * 1_000
    del result  # to clear away what was made is not part of making it
    return took


def apart(do: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
    """Return what a function returns in a process of its own, which holds nothing else."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(do, *arguments, **named).result()


def table(figures: Sequence[Figure]) -> str:
    """Lay figures out in columns, those that are compared with side by side.

    >>> for line in table([Figure(name="open", value=41.23, unit="ms", bound=50, beside={"before": 338})]).splitlines():
    ...     print(line.split())
    ['figure', 'asked', 'before']
    ['open', '41.2', 'ms', '50', 'met', '338']
    """
    others = list(dict.fromkeys(name for figure in figures for name in figure.beside))
    plain = any(figure.plain is not None for figure in figures)
    rows = [["", "figure", "asked", *(("plain", "ratio") if plain else ()), *others]]
    rows += [_row(figure, others, plain=plain) for figure in figures]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def _row(figure: Figure, others: Sequence[str], *, plain: bool) -> list[str]:
    asked = ""
    if figure.bound is not None:
        asked = f"{_number(figure.bound)} {'met' if figure.value <= figure.bound else 'MISSED'}"
    beside = (_number(figure.beside[name]) if name in figure.beside else "" for name in others)
    measured = figure.plain is not None and figure.ratio is not None
    yardstick = (_number(figure.plain or 0), f"{figure.ratio or 0:.1f}x") if measured else ("", "")
    return [figure.name, f"{_number(figure.value)} {figure.unit}", asked, *(yardstick if plain else ()), *beside]


def _number(value: float) -> str:
    """Write a number with as many digits as it deserves.

    >>> _number(0.1234), _number(41.23), _number(16896)
    ('0.12', '41.2', '16,896')
    """
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
