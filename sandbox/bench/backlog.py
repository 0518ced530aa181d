"""The backlog: how long what happens to it takes, and how much it costs to keep and to show.

Everything is measured on 200, 2,000 and 10,000 features, so that the table shows how it grows, and large backlogs in
several rounds: a machine that others use, too, is slow for seconds at a time.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from autocoder_action.adapters.sqlite_store import SqliteStore, files, load, save
from autocoder_action.backlog.creation import set_dependencies
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.merge import merge
from autocoder_action.backlog.order import next_features, stats
from sandbox.bench import plain, sizes
from sandbox.bench.figures import Figure, Scale, apart, milliseconds
from sandbox.bench.plans import NEEDS, NOW, created, plan, written
from sandbox.bench.tool_call import above_the_function

_CHANGES = 100
"""Changes on each of two branches that are merged."""
_LARGE = 1_000
"""Features from which on it matters what else a process holds, and what else the machine does."""
_ROUNDS = 3
"""So often everything is measured with large backlogs, all of it before anything is measured again."""
_Times = Mapping[tuple[str, int], float]
"""Milliseconds of a piece of work, at a size."""


def figures(scale: Scale) -> Iterator[Figure]:
    """Measure the backlog's work at every size, then what is kept and shown at the smallest."""
    last = scale.sizes[-1]
    rounds = [_round(scale) for _ in range(_ROUNDS if last >= _LARGE else 1)]
    for work in _WORK:
        times = {size: [one[work.name, size] for one in rounds] for size in scale.sizes}
        beside = {} if work.ancestor is None else {"AutoCoder": work.ancestor}
        beside |= {f"at {size:,}": median(some) for size, some in times.items() if size != last}
        yield Figure(
            name=f"{work.name}, {last:,} features" if work.sized else work.name,
            value=median(times[last]),
            unit="ms",
            bound=work.bound,
            plain=median(one[_plain_name(work), last] for one in rounds) if work.plain else None,
            beside=beside | {"lowest": min(times[last]), "highest": max(times[last])},
        )
    yield from sizes.figures(scale)


def _round(scale: Scale) -> _Times:
    """Measure everything once, which is the median of some repetitions that follow each other."""
    times: dict[tuple[str, int], float] = {}
    for place, work in enumerate(_WORK):
        for size in scale.sizes:
            times[work.name, size] = _apart(_measured, place, size, scale.repeats)
        if work.plain:
            last = scale.sizes[-1]
            times[_plain_name(work), last] = _apart(_plain, place, last, scale.repeats)
    return times


def _plain_name(work: "_Work") -> str:
    return f"{work.name}, plain"


def _apart(measure: Callable[[int, int, int], float], place: int, size: int, repeats: int) -> float:
    """Measure large backlogs in a process of their own, as each command and each run is one.

    What other figures leave in memory would decide where new objects find room, and reading them takes up to half as
    long again where that is here and there.
    """
    return apart(measure, place, size, repeats) if size >= _LARGE else measure(place, size, repeats)


def _measured(place: int, size: int, repeats: int) -> float:
    return _WORK[place].measure(size, repeats)


def _plain(place: int, size: int, repeats: int) -> float:
    plain = _WORK[place].plain
    return plain(size, repeats) if plain else 0


@dataclass(frozen=True, kw_only=True)
class _Work:
    """Something that happens to a backlog."""

    name: str
    measure: Callable[[int, int], float]
    """The milliseconds it takes, of a number of features and of repetitions."""
    bound: float | None = None
    """At the largest size."""
    plain: Callable[[int, int], float] | None = None
    """The same for a plain program; it is measured at the largest size only."""
    ancestor: float | None = None
    sized: bool = True
    """Whether it is done with a backlog."""


def _count(number: int) -> int:
    """Add up some numbers, which says how fast the machine is while it is asked."""
    total = 0
    for one in range(number):
        total += one
    return total


def _on_fresh(do: Callable[[Backlog], object]) -> Callable[[int, int], float]:
    """Measure something on a backlog of which nothing has been asked yet."""
    return lambda size, repeats: milliseconds(do, lambda: replace(plan(size)), repeats)


def _depend(backlog: Backlog) -> object:
    """Add the first feature to what the last one depends on."""
    last = backlog.features[-1]
    return set_dependencies(backlog, last.id, [*last.depends_on, _first_free(last)], now=NOW)


def _first_free(feature: Feature) -> int:
    return next(one for one in range(1, NEEDS + 2) if one not in feature.depends_on)


def _create(size: int, repeats: int) -> float:
    return milliseconds(created, lambda: written(size), min(repeats, 3))


def _save(size: int, repeats: int) -> float:
    """Save a backlog that was read, over its file, after one feature in the middle was changed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "features.db"

        def changed() -> Backlog:
            save(path, plan(size))
            backlog = load(path) or Backlog()
            return _touched(backlog, size // 2, size // 2 + 1, "changed")

        return milliseconds(lambda backlog: save(path, backlog), changed, repeats)


def _open(size: int, repeats: int) -> float:
    """Open a file as a run does: by a store that holds no other backlog, which would be cleared away meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "features.db"
        save(path, plan(size))
        return milliseconds(lambda store: store.decode(files.read(path) or b""), SqliteStore, repeats)


def _merge(size: int, repeats: int) -> float:
    return milliseconds(lambda three: merge(*three), lambda: tuple(map(replace, _branches(size))), repeats)


def _merge_files(size: int, repeats: int) -> float:
    """Read three files, merge them and write one, as git's merge driver does."""
    files = [SqliteStore().encode(one) for one in _branches(size)]

    def driver(store: SqliteStore) -> bytes:
        return store.encode(merge(*map(store.decode, files)).backlog, files[1])

    return milliseconds(driver, SqliteStore, min(repeats, 3))


def _branches(size: int) -> tuple[Backlog, Backlog, Backlog]:
    """Return a base and two branches that changed a hundred features each, half of them the same ones."""
    base, count = plan(size), min(_CHANGES, size // 2)
    return base, _touched(base, 0, count, "ours"), _touched(base, count // 2, count // 2 + count, "theirs")


def _touched(backlog: Backlog, first: int, last: int, word: str) -> Backlog:
    """Return a backlog in which the description of some features has another end."""
    some = backlog.features[first:last]
    return backlog.put(*(one.replace(description=f"{one.description} {word}", updated_at=NOW + 1) for one in some))


def _tool(size: int, repeats: int) -> float:
    return asyncio.run(above_the_function(plan(size), repeats))


_WORK = (
    _Work(name="a million additions", measure=lambda _, times: milliseconds(_count, lambda: 10**6, times), sized=False),
    _Work(name="next feature", measure=_on_fresh(next_features), bound=10, plain=plain.choose_next, ancestor=597),
    _Work(name="add a dependency", measure=_on_fresh(_depend), bound=10, plain=plain.depend, ancestor=474),
    _Work(name="create all", measure=_create, bound=1_000, plain=plain.create_all, ancestor=1_500),
    _Work(name="stats", measure=_on_fresh(stats), bound=2, plain=plain.count, ancestor=2.8),
    _Work(name="save", measure=_save, bound=150, plain=plain.save),
    _Work(name="open", measure=_open, bound=50, plain=plain.open_all),
    _Work(name="merge 100 and 100 changes", measure=_merge, bound=300),
    _Work(name="the same, from three files to one", measure=_merge_files),
    _Work(name="tool call, above its function", measure=_tool, bound=2),
)
