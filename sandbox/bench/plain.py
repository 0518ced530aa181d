"""The yardstick: the same work as a plain program does it, with an ORM, a table and lists kept as JSON.

It is measured in the same run on the same machine, so that a slow machine can be told from slow code. It is what one
writes first, and no straw man: one session for each piece of work, one query where one is enough, bulk insertion.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import JSON, Engine, Text, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from autocoder_action.backlog.feature import Feature
from sandbox.bench.figures import milliseconds
from sandbox.bench.plans import NEEDS, plan


class _Base(DeclarativeBase):
    """All tables."""


class _Row(_Base):
    """A feature, as such programs keep it."""

    __tablename__ = "features"

    id: Mapped[int] = mapped_column(primary_key=True)
    priority: Mapped[int] = mapped_column(index=True)
    category: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    steps: Mapped[list[str]] = mapped_column(JSON)
    dependencies: Mapped[list[int]] = mapped_column(JSON)
    passes: Mapped[bool] = mapped_column(index=True)
    in_progress: Mapped[bool] = mapped_column(default=False)


def choose_next(size: int, repeats: int) -> float:
    """Return the milliseconds of choosing what to work on: all rows, those that are ready, the best of them."""

    def choose(engine: Engine) -> int:
        with Session(engine) as session:
            rows = session.scalars(select(_Row)).all()
            passing = {row.id for row in rows if row.passes}
            waiting: dict[int, int] = {}
            for row in rows:
                for need in row.dependencies:
                    waiting[need] = waiting.get(need, 0) + 1
            ready = [row for row in rows if not row.passes and passing.issuperset(row.dependencies)]
            return min(ready, key=lambda row: (row.priority, -waiting.get(row.id, 0), row.id)).id

    return _on_file(size, repeats, choose)


def depend(size: int, repeats: int) -> float:
    """Return the milliseconds of adding a dependency to the last feature, unless that makes a circle."""

    def add(engine: Engine) -> None:
        with Session(engine) as session:
            needs = {row.id: row.dependencies for row in session.scalars(select(_Row))}
            row = session.get_one(_Row, size)
            fresh = next(one for one in range(1, NEEDS + 2) if one not in row.dependencies)
            if not _leads_to(needs, fresh, size):
                row.dependencies = sorted([*row.dependencies, fresh])
            session.flush()  # and no commit, so that each repetition finds the same

    return _on_file(size, repeats, add)


def create_all(size: int, repeats: int) -> float:
    """Return the milliseconds of creating all features in one transaction."""

    def create(folder: Path) -> None:
        engine = create_engine(f"sqlite:///{folder / 'fresh.db'}")
        _Base.metadata.drop_all(engine)
        _fill(engine, size)
        engine.dispose()

    with tempfile.TemporaryDirectory() as folder:
        _values(size)  # writing the features themselves is not measured, neither there nor here
        return milliseconds(create, lambda: Path(folder), min(repeats, 3))


def count(size: int, repeats: int) -> float:
    """Return the milliseconds of counting all, those that pass and those in work; what is blocked is not counted."""

    def counted(engine: Engine) -> list[int | None]:
        with Session(engine) as session:
            everything = select(func.count()).select_from(_Row)
            asked = (everything, everything.where(_Row.passes), everything.where(_Row.in_progress))
            return [session.scalar(one) for one in asked]

    return _on_file(size, repeats, counted)


def save(size: int, repeats: int) -> float:
    """Return the milliseconds of changing one feature in the middle, and of committing that."""
    turns = iter(range(1, 1_000_000))

    def change(engine: Engine) -> None:
        with Session(engine) as session:
            session.get_one(_Row, size // 2 + 1).description = f"Changed {next(turns)}."
            session.commit()

    return _on_file(size, repeats, change)


def open_all(size: int, repeats: int) -> float:
    """Return the milliseconds of opening the file and loading all rows as objects."""

    def load(url: str) -> int:
        engine = create_engine(url)
        with Session(engine) as session:
            rows = session.scalars(select(_Row).order_by(_Row.id)).all()
        engine.dispose()
        return len(rows)

    with _filled(size) as engine:
        return milliseconds(load, lambda: str(engine.url), repeats)


def _on_file(size: int, repeats: int, do: Callable[[Engine], object]) -> float:
    with _filled(size) as engine:
        return milliseconds(do, lambda: engine, repeats)


@contextmanager
def _filled(size: int) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/plain.db")
        _fill(engine, size)
        yield engine
        engine.dispose()


def _fill(engine: Engine, size: int) -> None:
    _Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(_Row(**values) for values in _values(size))
        session.commit()


@cache
def _values(size: int) -> tuple[Mapping[str, object], ...]:
    return tuple(map(_columns, plan(size).features))


def _columns(feature: Feature) -> Mapping[str, object]:
    return {
        "id": feature.id,
        "priority": feature.priority,
        "category": feature.category,
        "name": feature.name,
        "description": feature.description,
        "steps": list(feature.steps),
        "dependencies": list(feature.depends_on),
        "passes": feature.proof is not None,
    }


def _leads_to(needs: Mapping[int, list[int]], start: int, goal: int) -> bool:
    """Return whether a feature waits for another one, directly or through others."""
    todo, seen = [start], {start}
    while todo:
        one = todo.pop()
        if one == goal:
            return True
        fresh = [need for need in needs[one] if need not in seen]
        seen.update(fresh)
        todo += fresh
    return False
