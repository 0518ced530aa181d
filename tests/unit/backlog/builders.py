"""Backlogs for tests: some by hand, and all that a series of ordinary changes can lead to."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.creation import Created, Edit
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.evidence import keep_evidence
from autocoder_action.backlog.feature import Backlog, CheckProof, Evidence, PersonProof
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.backlog.transitions import SkipKind

NOW = 1_767_323_045
Change = Callable[[Backlog], "Backlog | Refusal"]

LETTERS = "abcdefghijklmnopqrstuvwxyz ÄÖñ書🙂'-\"<>`#[]!*_"


def a_draft(name: str, *needs: str | int, priority: int | None = None, check: str | None = None) -> Draft:
    """Return a draft of which only the name and what it depends on matter."""
    return Draft(
        name=name, description=f"{name}, whole.", steps=("Look.",), depends_on=needs, priority=priority, check=check
    )


def a_backlog(*drafts: Draft) -> Backlog:
    """Return a backlog that holds these drafts, F1 first."""
    return made(creation.create(Backlog(), drafts, now=NOW)).backlog


def made(created: Created | Refusal) -> Created:
    """Return what was created; a refusal is a mistake of the test."""
    assert isinstance(created, Created), created
    return created


def changed(after: Backlog | Refusal) -> Backlog:
    """Return the backlog after a change; a refusal is a mistake of the test."""
    assert isinstance(after, Backlog), after
    return after


def refused(after: object) -> str:
    """Return the words of a refusal; anything else is a mistake of the test."""
    assert isinstance(after, Refusal), after
    return str(after)


def a_proof(*, exit_code: int = 0, at: int = NOW) -> CheckProof:
    """Return the proof of a check that succeeded."""
    return CheckProof(
        command="pytest -q",
        exit_code=exit_code,
        duration_ms=812,
        at=at,
        run="77-1",
        session="session-3",
        tree="a" * 40,
    )


def a_run(*, exit_code: int | None = 1, at: int = NOW, output: str = "1 failed") -> Evidence:
    """Return a run of a check that failed."""
    return Evidence(
        command="pytest -q",
        exit_code=exit_code,
        duration_ms=944,
        at=at,
        run="77-1",
        session="session-3",
        tree="b" * 40,
        output=output,
    )


def passed(backlog: Backlog, *ids: int) -> Backlog:
    """Return the backlog with features claimed and proved, one after the other."""
    for one in ids:
        backlog = changed(transitions.claim(backlog, one, now=NOW))
        backlog = changed(transitions.prove(backlog, one, a_proof(), claimed={one}))
    return backlog


def drafts() -> st.SearchStrategy[Draft]:
    """Draw drafts that are right by themselves; what they depend on may not exist."""
    words = st.text(LETTERS, min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
    return st.builds(
        Draft,
        name=words,
        category=words,
        description=st.text(LETTERS + "\n", min_size=1, max_size=40).filter(lambda text: bool(text.strip())),
        steps=st.lists(words, min_size=1, max_size=3).map(tuple),
        priority=st.none() | st.integers(0, 5),
        depends_on=st.lists(st.integers(1, 9), max_size=3).map(tuple),
        check=st.none() | st.just("pytest -q"),
        uid=st.none() | st.sampled_from("abcdef"),
    )


def _creation(batch: Sequence[Draft]) -> Change:
    def change(backlog: Backlog) -> Backlog | Refusal:
        created = creation.create(backlog, [_possible(one, backlog) for one in batch], now=NOW)
        return created.backlog if isinstance(created, Created) else created

    return change


def _possible(draft: Draft, backlog: Backlog) -> Draft:
    """Leave out what there is not to depend on: a call is refused whole, and of many drawn so little would be left."""
    return replace(
        draft, depends_on=tuple(one for one in draft.depends_on or () if isinstance(one, int) and backlog.get(one))
    )


def changes() -> st.SearchStrategy[Change]:
    """Draw one change that a run, a person or an agent can make."""
    ids = st.integers(1, 9)
    times = st.integers(NOW, NOW + 9)

    def on(change: Callable[[Backlog, int, int], Backlog | Refusal]) -> st.SearchStrategy[Change]:
        return st.tuples(ids, times).map(lambda drawn: lambda backlog: change(backlog, *drawn))

    claimed = frozenset(range(1, 10))
    return st.one_of(
        st.lists(drafts(), min_size=1, max_size=4).map(_creation),
        on(lambda backlog, one, at: transitions.claim(backlog, one, now=at)),
        on(lambda backlog, one, at: transitions.release(backlog, one, now=at, attempted=bool(at % 2))),
        on(lambda backlog, one, at: transitions.prove(backlog, one, a_proof(at=at), claimed=claimed)),
        on(lambda backlog, one, at: transitions.accept(backlog, one, PersonProof(login="ada", at=at))),
        on(lambda backlog, one, at: keep_evidence(backlog, one, a_run(exit_code=at % 3 or None, at=at))),
        on(lambda backlog, one, at: transitions.regress(backlog, one, f"exit {at % 3}", now=at)),
        on(lambda backlog, one, at: transitions.mark_built(backlog, one, now=at)),
        on(lambda backlog, one, at: transitions.skip(backlog, one, kind=SkipKind.EXTERNAL, reason="key", now=at)),
        on(lambda backlog, one, at: transitions.ask(backlog, one, "Which?", now=at)),
        on(lambda backlog, one, at: transitions.retry(backlog, one, now=at)),
        on(lambda backlog, one, at: transitions.reopen(backlog, one, now=at)),
        on(lambda backlog, one, at: transitions.cancel(backlog, one, now=at)),
        on(lambda backlog, one, at: creation.update(backlog, one, Edit(steps=(f"Step {at % 3}.",)), now=at)),
        on(lambda backlog, one, at: creation.set_dependencies(backlog, one, [at % 9 + 1], now=at)),
    )


def apply(backlog: Backlog, series: Sequence[Change]) -> Backlog:
    """Make one change after the other; a refused one changes nothing."""
    for change in series:
        after = change(backlog)
        backlog = after if isinstance(after, Backlog) else backlog
    return backlog


def backlogs(most: int = 25) -> st.SearchStrategy[Backlog]:
    """Draw backlogs that a series of changes leads to, with some of the journal's changes applied; few are empty."""
    planned = st.tuples(st.lists(st.integers(1, 5), max_size=3), st.sampled_from(FATES))
    return st.builds(
        lambda plan, series, seal, ids: replace(apply(_planned(plan), series), initialized=seal, applied=ids),
        st.lists(planned, max_size=5),
        st.lists(changes(), max_size=most),
        st.none() | st.just("sha256:1"),
        st.frozensets(st.sampled_from(["77-1-a", "77-1-b", "80-2-c"])),
    )


def _accept(backlog: Backlog, one: int) -> Backlog | Refusal:
    return transitions.accept(backlog, one, PersonProof(login="ada", at=NOW))


_Fate = tuple[Callable[[Backlog, int], Backlog | Refusal], ...]
FATES: tuple[_Fate, ...] = (
    (),
    (),
    (lambda backlog, one: transitions.claim(backlog, one, now=NOW),),
    (_accept,),
    (_accept,),
    (_accept, lambda backlog, one: transitions.regress(backlog, one, "exit 1", now=NOW)),
    (_accept, lambda backlog, one: transitions.doubt(backlog, one, "Nobody can tell.", now=NOW)),
    (lambda backlog, one: transitions.skip(backlog, one, kind=SkipKind.ENVIRONMENT, reason="GPU", now=NOW),),
    (lambda backlog, one: transitions.ask(backlog, one, "Which?", now=NOW),),
    (lambda backlog, one: transitions.cancel(backlog, one, now=NOW),),
)
"""What may have become of a feature; each way to a status of its own."""


def _planned(plan: Sequence[tuple[Sequence[int], _Fate]]) -> Backlog:
    """Return a backlog of features that depend on those of the given ids that come before them."""
    backlog = Backlog()
    for number, (needs, fate) in enumerate(plan, 1):
        before = (one for one in needs if one < number)
        draft = a_draft(f"Part {number}", *before, priority=number % 2 + 1, check="pytest -q")
        backlog = made(creation.create(backlog, [draft], now=NOW)).backlog
        for step in fate:
            after = step(backlog, number)
            backlog = after if isinstance(after, Backlog) else backlog
    return backlog
