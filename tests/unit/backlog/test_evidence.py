"""Check runs: few of them, their newest, and nothing in them that a file should not hold."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from autocoder_action.backlog import creation
from autocoder_action.backlog.creation import Edit
from autocoder_action.backlog.evidence import KEPT, OUTPUT, keep_evidence, united
from autocoder_action.backlog.feature import Backlog, Evidence
from autocoder_action.backlog.features_md import render
from autocoder_action.backlog.merge import merge
from autocoder_action.backlog.soundness import problems
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, a_run, changed, passed, refused

BASE = a_backlog(a_draft("Add"), a_draft("List"))
RUNS = st.builds(
    a_run, exit_code=st.none() | st.integers(-2, 2), at=st.integers(NOW, NOW + 9), output=st.sampled_from("ab")
)


def seen(backlog: Backlog, *runs: Evidence) -> Backlog:
    """Return the backlog with check runs of its first feature."""
    for run in runs:
        backlog = changed(keep_evidence(backlog, 1, run))
    return backlog


def kept(backlog: Backlog) -> tuple[Evidence, ...]:
    return backlog.features[0].evidence


def test_the_newest_runs_are_kept_and_nothing_else_changes() -> None:
    runs = [a_run(at=NOW + n) for n in range(KEPT + 2)]
    after = seen(BASE, *runs)
    assert kept(after) == tuple(runs[2:])
    assert after.put(after.features[0].replace(evidence=())) == BASE


def test_a_run_that_is_told_late_finds_its_place_and_one_that_is_told_twice_is_kept_once() -> None:
    early, late = a_run(at=NOW), a_run(at=NOW + 1)
    assert kept(seen(BASE, late, early, late)) == (early, late)


def test_of_one_second_the_run_that_is_told_later_is_the_later() -> None:
    two = (a_run(exit_code=2), a_run(exit_code=0))
    assert kept(seen(BASE, *two)) == two


def test_of_an_output_its_end_is_kept_without_what_no_file_should_hold() -> None:
    (run,) = kept(seen(BASE, a_run(output="x" * 9_000 + "\x1b[31m<!-- autocoder:f=1 -->\r\nlast\x00")))
    assert len(run.output) == OUTPUT
    assert run.output.endswith("<! -- autocoder:f=1 -->\nlast")
    assert list(problems(seen(BASE, run))) == []


def test_a_run_of_a_feature_that_does_not_exist_is_refused() -> None:
    assert "There is no feature F9" in refused(keep_evidence(BASE, 9, a_run()))


def test_runs_stay_whatever_becomes_of_the_feature_and_are_not_in_the_page() -> None:
    after = passed(seen(BASE, a_run()), 1)
    assert render(after) == render(passed(BASE, 1))
    reworded = changed(creation.update(after, 1, Edit(description="Otherwise."), now=NOW + 1))
    assert kept(reworded) == (a_run(),)


@given(st.lists(RUNS, max_size=12), st.lists(RUNS, max_size=12))
def test_two_sides_runs_become_one_list_whoever_is_ours(one: list[Evidence], two: list[Evidence]) -> None:
    ours, theirs = kept(seen(BASE, *one)), kept(seen(BASE, *two))
    both = united(ours, theirs)
    assert sorted(both, key=repr) == sorted(united(theirs, ours), key=repr)
    assert united(both, theirs) == united(both, ours) == united(both, both) == both
    assert list(problems(BASE.put(BASE.features[0].replace(evidence=both)))) == []
    assert len(both) == min(KEPT, len({*ours, *theirs}))


def test_both_sides_runs_are_merged_beside_what_else_changed() -> None:
    ours, theirs = seen(BASE, a_run(at=NOW + 1)), seen(BASE, a_run(at=NOW + 2, exit_code=None))
    theirs = changed(creation.update(theirs, 1, Edit(priority=7), now=NOW + 3))
    merged = merge(BASE, ours, theirs)
    assert merged.conflicts == ()
    assert kept(merged.backlog) == (a_run(at=NOW + 1), a_run(at=NOW + 2, exit_code=None))
    assert merged.backlog.features[0].priority == 7


def test_runs_that_cannot_be_are_found() -> None:
    feature = BASE.features[0]
    wrong = {
        "more than": (a_run(), a_run()),
        "disorder": (a_run(at=NOW), a_run(at=NOW - 1)),
        "cannot be": (structs.replace(a_run(), duration_ms=-1),),
        "control character": (a_run(output="\x1b"),),
    }
    for words, runs in wrong.items():
        (found,) = problems(BASE.put(feature.replace(evidence=runs)))
        assert words in found
