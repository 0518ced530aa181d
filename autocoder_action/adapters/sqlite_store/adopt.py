"""A features.db that AutoCoder made, read as a backlog.

Nothing proves what it says passes, so such a feature is *built, unproved*: a check or a person decides.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import chain, count

from autocoder_action.adapters.sqlite_store.their_rows import Row, read
from autocoder_action.backlog.draft import DEPENDENCIES, slug
from autocoder_action.backlog.feature import PRIORITY, Backlog, Feature, Status
from autocoder_action.backlog.fit import Words, fit, one_line, shortened
from autocoder_action.backlog.graph import closing
from autocoder_action.backlog.text import REASON, UID, spotless


def adopt(connection: sqlite3.Connection) -> Backlog:
    """Make a backlog of AutoCoder's rows; raise BacklogError for a row that is none of its features."""
    rows = read(connection)
    needs = _needs(rows)
    taken: set[str] = set()
    made: list[Feature] = []
    beyond: list[tuple[Row, Words]] = []
    for row in rows:
        whole = _words(row, needs[row.id])
        first, *others = fit(whole)
        made.append(_feature(row, first, _uid(whole.name, row.id, taken), needs[row.id]))
        beyond += ((row, one) for one in others)
    fresh = max((row.id for row in rows), default=0) + 1
    made += (_further(row, one, number, taken) for number, (row, one) in enumerate(beyond, fresh))
    # AutoCoder took any features for a whole plan, and so does who brings them along.
    return Backlog(features=tuple(made), next_id=fresh + len(beyond), initialized="adopted" if made else None)


def _further(row: Row, words: Words, number: int, taken: set[str]) -> Feature:
    """Return a feature with what the first one of a row has no room for."""
    feature = _feature(row, words, _uid(words.name, number, taken), (row.id,))
    return feature.replace(id=number, status=Status.PENDING, skip_reason=None)


def _needs(rows: Sequence[Row]) -> Mapping[int, Sequence[int]]:
    """Return what each row can depend on: other rows, not too many of them, and never in a circle."""
    ids = frozenset(row.id for row in rows)
    edges = {row.id: sorted(ids.intersection(row.dependencies) - {row.id})[:DEPENDENCIES] for row in rows}
    back = closing(edges)
    return {one: tuple(need for need in needs if need not in back.get(one, ())) for one, needs in edges.items()}


def _words(row: Row, needs: Sequence[int]) -> Words:
    """Return all that a row says in words, with what it depends on beyond what it can."""
    possible = {*needs, row.id}
    beyond = dict.fromkeys(one for one in row.dependencies if one not in possible)
    named = ", ".join(f"F{one}" if isinstance(one, int) else one for one in beyond)
    question = row.human_input_request
    parts = (
        row.description,
        f"AutoCoder has it depend on these, too, and here it cannot: {named}." if named else "",
        f"Asked: {question}" if question and (not _asks(row) or len(question) > REASON) else "",
        f"Answered: {row.human_input_response}" if row.human_input_response else "",
    )
    return Words(
        name=one_line(row.name) or f"Feature {row.id}",
        category=row.category,
        description="\n\n".join(filter(None, parts)),
        steps=row.steps,
    )


def _asks(row: Row) -> bool:
    return bool(row.needs_human_input) and not row.passes


def _uid(name: str, number: int, taken: set[str]) -> str:
    """Return a uid that no other feature has, and take it."""
    uid = slug(name)
    others = (f"{uid[: UID - 24].rstrip('-')}-{number}-{more}" for more in count(2))
    free = next(one for one in chain((uid, f"{uid[: UID - 12].rstrip('-')}-{number}"), others) if one not in taken)
    taken.add(free)
    return free


def _feature(row: Row, words: Words, uid: str, needs: Sequence[int]) -> Feature:
    """Return a feature with all that the row says."""
    asks = _asks(row)
    question = spotless(row.human_input_request).strip() or "AutoCoder waits for an answer."
    return Feature(
        id=row.id,
        uid=uid,
        name=words.name,
        category=words.category,
        description=words.description,
        steps=words.steps,
        priority=min(max(row.priority, 0), PRIORITY),
        depends_on=tuple(needs),
        status=Status.NEEDS_HUMAN if asks else Status.PENDING,
        skip_reason=shortened(question, REASON) if asks else None,
        built=bool(row.passes),
        created_at=0,
        updated_at=0,
    )
