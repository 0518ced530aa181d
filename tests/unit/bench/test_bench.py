"""The benchmarks run and say what they found in the agreed form; how fast anything is depends on the machine."""

import json
import os
from itertools import count

import pytest

from autocoder_action.backlog.soundness import problems
from sandbox.bench.__main__ import BENCHMARKS, main
from sandbox.bench.figures import Figure, Scale, apart, milliseconds, table
from sandbox.bench.plans import stored
from sandbox.bench.prose import drafts

SHAPE: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "value": (int, float),
    "unit": str,
    "bound": (int, float, type(None)),
    "plain": (int, float, type(None)),
    "ratio": (int, float, type(None)),
    "beside": dict,
}


def figures(printed: str) -> list[dict[str, object]]:
    """Return the figures of one line of JSON."""
    document = json.loads(printed)
    assert list(document) == ["figures"]
    found: list[dict[str, object]] = document["figures"]
    return found


@pytest.mark.parametrize("name", BENCHMARKS)
def test_each_benchmark_gives_its_figures_as_json_and_meets_what_no_machine_can_slow_down(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--json", "--repeats", "1", "--sizes", "7", "12"]) == 0
    found = figures(capsys.readouterr().out)
    assert found
    for figure in found:
        assert list(figure) == list(SHAPE)
        assert all(isinstance(figure[key], kind) for key, kind in SHAPE.items()), figure
        value, bound = figure["value"], figure["bound"]
        if isinstance(value, int | float) and isinstance(bound, int | float) and figure["unit"] not in {"s", "ms"}:
            assert value <= bound, figure
    assert len({figure["name"] for figure in found}) == len(found)


def test_the_backlog_is_measured_at_every_size_and_beside_its_ancestor(capsys: pytest.CaptureFixture[str]) -> None:
    main(["backlog", "--json", "--repeats", "1", "--sizes", "12", "7"])
    pace, first, *_ = figures(capsys.readouterr().out)
    assert pace["name"] == "a million additions"
    assert first["name"] == "next feature, 12 features"
    assert first["bound"] == 10
    assert isinstance(first["beside"], dict)
    assert first["beside"]["AutoCoder"] == 597
    assert "at 7" in first["beside"]
    assert first["beside"]["lowest"] <= first["value"] <= first["beside"]["highest"]


def test_a_plain_program_is_measured_in_the_same_run(capsys: pytest.CaptureFixture[str]) -> None:
    main(["backlog", "--json", "--repeats", "1", "--sizes", "7", "12"])
    found = {str(one["name"]).partition(",")[0]: one["plain"] for one in figures(capsys.readouterr().out)}
    measured = {name for name, plain in found.items() if isinstance(plain, float) and plain > 0}
    assert measured == {"next feature", "add a dependency", "create all", "stats", "save", "open"}


def test_the_table_shows_how_many_times_as_long_a_plain_program_takes() -> None:
    lines = table([Figure(name="open", value=2, unit="ms", plain=5), Figure(name="merge", value=1, unit="ms")])
    head, first, second = lines.splitlines()
    assert head.split() == ["figure", "asked", "plain", "ratio"]
    assert first.split() == ["open", "2", "ms", "5", "2.5x"]
    assert second.split() == ["merge", "1", "ms"]


def test_the_stored_plan_is_whole_and_of_the_size_that_is_asked_about() -> None:
    backlog = stored()
    assert len(backlog.features) == 200
    assert list(problems(backlog)) == []
    assert sum(bool(one.depends_on) for one in backlog.features) > 100


def test_help_lists_the_benchmarks(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed for name in BENCHMARKS)


def test_the_table_says_what_was_missed() -> None:
    good = Figure(name="good", value=1, unit="ms", bound=2)
    bad = Figure(name="bad", value=3, unit="ms", bound=2, beside={"before": 9})
    lines = table([good, bad]).splitlines()
    assert [("met" in line, "MISSED" in line) for line in lines] == [(False, False), (True, False), (False, True)]
    assert lines[2].endswith("9")


def test_what_is_measured_apart_runs_in_a_process_that_holds_nothing_else() -> None:
    assert apart(os.getpid) not in {os.getpid(), apart(os.getpid)}


def test_each_repetition_has_a_fresh_subject_and_the_first_is_not_counted() -> None:
    numbers = count()
    seen: list[int] = []
    milliseconds(seen.append, lambda: next(numbers), 3)
    assert seen == [0, 1, 2, 3]


def test_the_text_is_the_same_every_time_and_depends_on_what_comes_before() -> None:
    some = list(drafts(20))
    assert some == list(drafts(20))
    assert len({one.name for one in some}) == 20
    before: set[object] = set()
    for one in some:
        assert one.depends_on is not None
        assert before.issuperset(one.depends_on)
        before.add(one.name)
    assert len(some[-1].depends_on or ()) == 5


def test_the_full_scale_is_the_one_that_something_is_asked_of() -> None:
    assert Scale().sizes == (200, 2_000, 10_000)
