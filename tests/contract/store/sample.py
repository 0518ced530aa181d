"""A backlog with something in every column, and the command that stores it as the current version's file.

Run ``python -m tests.contract.store.sample`` once for a new version of the schema, before it is released, and
never for one that was: such a file stands for all those that lie in people's repositories.
"""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from msgspec import convert

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.adapters.sqlite_store.schema import VERSION
from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.evidence import keep_evidence
from autocoder_action.backlog.feature import Backlog, CheckProof, Evidence, Feature, PersonProof, named
from autocoder_action.backlog.transitions import SkipKind
from tests.unit.backlog.builders import NOW, changed, made

STORED = Path(__file__).parent / "stored"
_CHECK = "npm test -- 'Lesezeichen anlegen' # 書签"

_WORDS = "Zwei\n\nAbsätze – ‹genau›."  # noqa: RUF001  # that these are not the usual marks is the point


def sample() -> Backlog:
    """Return features of every status, proved in both ways, with dependencies and letters of many kinds."""
    backlog = made(creation.create(Backlog(), _drafts(), now=NOW)).backlog
    for one in (1, 2, 3, 4):
        backlog = changed(transitions.claim(backlog, one, now=NOW + 1))
    backlog = changed(transitions.prove(backlog, 1, _proof(), claimed={1}))
    backlog = changed(transitions.accept(backlog, 2, PersonProof(login="ada-löve", at=NOW + 3)))
    backlog = changed(transitions.mark_built(backlog, 4, now=NOW + 4))
    backlog = changed(transitions.accept(backlog, 5, PersonProof(login="bob", at=NOW + 5)))
    backlog = changed(transitions.regress(backlog, 5, "1 failed\n  expected “two”, got «one»", now=NOW + 6))
    backlog = changed(transitions.skip(backlog, 6, kind=SkipKind.EXTERNAL, reason="A key of Straße™", now=NOW + 7))
    backlog = changed(transitions.ask(backlog, 7, "Which of the two?\n1. 🙂\n2. 🙃", now=NOW + 8))
    backlog = changed(transitions.cancel(backlog, 8, now=NOW + 9))
    backlog = changed(transitions.claim(backlog, 9, now=NOW + 10))
    backlog = changed(transitions.release(backlog, 9, now=NOW + 11, attempted=True))
    for at, ending in enumerate((1, None, 0), NOW):
        backlog = changed(keep_evidence(backlog, 1, _run(at, ending)))
    backlog = changed(keep_evidence(backlog, 9, _run(NOW + 10, 1)))
    applied = frozenset({"77-1-a", "77-1-b", "80-2-c"})
    return replace(backlog, next_id=backlog.next_id + 3, initialized="5" * 64, applied=applied)


def _drafts() -> list[Draft]:
    usual = Draft(name="", description="", steps=("Open the page.", "See it: “done” ✓"))
    return [
        replace(usual, name="Create a bookmark", description="One line.", check=_CHECK, priority=0),
        replace(usual, name="Ein Lesezeichen über alles", description=_WORDS, category="Stil"),
        replace(usual, name="书签 list", description="<b>No</b> tag, | no table.", depends_on=("F1", "F2")),
        replace(usual, name="Search", description="'Quoted' \"twice\" \\ back.", depends_on=("F1",)),
        replace(usual, name="Sort", description="By name.", priority=1_000_000),
        replace(usual, name="Pay", description="With money.", uid="pay.v2"),
        replace(usual, name="Ask", description="A person.", depends_on=("pay.v2",)),
        replace(usual, name="Never", description="Not at all.", depends_on=("F10", "F3")),
        replace(usual, name="Try", description="Again.", depends_on=("F10",), check="true"),
        replace(usual, name="Last", description="Of all: \t a tab inside."),
    ]


def _proof() -> CheckProof:
    return CheckProof(
        command=_CHECK,
        exit_code=0,
        duration_ms=1_234,
        at=NOW + 2,
        run="9000000001-2",
        session="session-7",
        tree="0123456789abcdef0123456789abcdef01234567",
    )


def _run(at: int, ending: int | None) -> Evidence:
    return Evidence(
        command=_CHECK,
        exit_code=ending,
        duration_ms=900_000,
        at=at,
        run="9000000001-2",
        session="session-7",
        tree="fedcba9876543210fedcba9876543210fedcba98",
        output="" if ending == 0 else "✗ Lesezeichen\n  expected «1»\n\n1 failed",
    )


def as_written(text: bytes) -> Backlog:
    """Return the backlog that ``main`` wrote down by names."""
    words = json.loads(text)
    features = [_row(one) for one in words["features"]]
    return convert(words | {"features": features}, Backlog)


def _row(words: dict[str, Any]) -> list[object]:
    """Return a feature's values without their names; a person's proof keeps its own."""
    proof, runs = words["proof"], words.get("evidence", ())
    ran = {
        "proof": [*proof.values()] if proof and "login" not in proof else proof,
        "evidence": [[*run.values()] for run in runs],
    }
    return [(words | ran)[name] for name in Feature.__struct_fields__]


def main() -> None:
    """Store the sample as a file of the current version, with what it must be read as beside it."""
    backlog = sample()
    words = {name: value for name, value in vars(backlog).items() if name in {one.name for one in fields(Backlog)}}
    words |= {"features": [named(one) for one in backlog.features], "applied": sorted(backlog.applied)}
    (STORED / f"version_{VERSION}.db").write_bytes(SqliteStore().encode(backlog))
    text = json.dumps(words, indent=1, ensure_ascii=False)
    (STORED / f"version_{VERSION}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
