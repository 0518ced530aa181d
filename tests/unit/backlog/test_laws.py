"""What stays true of a backlog whatever happens to it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog import creation, features_md, transitions
from autocoder_action.backlog.actions import TABLE
from autocoder_action.backlog.creation import Created
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.order import blocked, next_features, stats
from autocoder_action.backlog.soundness import problems
from autocoder_action.backlog.transitions import SkipKind
from tests.unit.backlog.builders import NOW, Change, apply, backlogs, changes, drafts


@given(st.lists(changes(), max_size=40))
def test_every_change_leaves_a_sound_backlog_and_gives_no_id_twice(series: list[Change]) -> None:
    backlog = Backlog()
    owner: dict[int, str] = {}
    for change in series:
        after = apply(backlog, [change])
        assert list(problems(after)) == []
        assert after.next_id >= backlog.next_id
        for feature in after.features:
            assert owner.setdefault(feature.id, feature.uid) == feature.uid
        assert {one.id for one in backlog.features} <= {one.id for one in after.features}
        backlog = after


@given(st.lists(changes(), max_size=40))
def test_no_status_follows_another_without_the_table_saying_so(series: list[Change]) -> None:
    ways = {(old, new) for table in TABLE.values() for old, new in table.items()}
    ways |= {(old, Status.FAILING) for old, new in ways if new is Status.PENDING}
    ways |= {(Status.PASSING, Status.PENDING)}  # its words changed
    for before, after in pairwise([Backlog(), *(apply(Backlog(), series[:n]) for n in range(1, len(series) + 1))]):
        for old in before.features:
            new = after.get(old.id)
            assert new is not None
            assert new.status is old.status or (old.status, new.status) in ways


@given(backlogs(), st.lists(drafts(), min_size=1, max_size=5))
def test_creating_twice_is_creating_once(backlog: Backlog, batch: list[Draft]) -> None:
    once = creation.create(backlog, batch, now=NOW)
    if isinstance(once, Created):
        twice = creation.create(once.backlog, batch, now=NOW + 60)
        assert isinstance(twice, Created)
        assert twice.backlog == once.backlog
        assert twice.ids == once.ids


@given(backlogs(), st.integers(1, 9))
def test_the_order_offers_only_what_may_be_worked_on_and_always_the_same(backlog: Backlog, count: int) -> None:
    found = next_features(backlog, count)
    assert found == next_features(backlog, count)
    assert len({one.id for one in found}) == len(found) <= count
    done = set(backlog.passing)
    for feature in found:
        assert done.issuperset(feature.depends_on)
        assert not feature.built
        assert feature.status in {Status.PENDING, Status.IN_PROGRESS, Status.FAILING}
        done.add(feature.id)


def all_who_wait(backlog: Backlog, feature: Feature) -> frozenset[int]:
    """Return whom one feature keeps waiting, directly or through others, of all that shall still be built."""
    open_ = [one for one in backlog.features if one.status not in {Status.PASSING, Status.CANCELLED}]
    found = {feature.id}
    while more := {one.id for one in open_ if not found.isdisjoint(one.depends_on)} - found:
        found |= more
    return frozenset(found - {feature.id})


@given(backlogs())
def test_what_comes_next_is_what_the_rules_say_when_each_is_applied_by_itself(backlog: Backlog) -> None:
    workable = {Status.PENDING, Status.IN_PROGRESS, Status.FAILING}
    ready = [
        one
        for one in backlog.features
        if one.status in workable and not one.built and not set(one.depends_on) - backlog.passing
    ]
    ready.sort(key=lambda one: (not one.regressed, one.priority, -len(all_who_wait(backlog, one)), one.id))
    found = next_features(backlog, len(ready))
    assert found == tuple(ready)
    if ready:
        skipped = transitions.skip(backlog, ready[0].id, kind=SkipKind.EXTERNAL, reason="Key.", now=NOW)
        assert isinstance(skipped, Backlog)
        assert ready[0].id not in {one.id for one in next_features(skipped, 99)}


@given(backlogs(), st.integers(1, 9))
def test_asking_for_more_does_not_change_who_comes_first(backlog: Backlog, count: int) -> None:
    first = next_features(backlog, 1)
    assert next_features(backlog, count)[:1] == first


@given(backlogs())
def test_every_feature_is_in_exactly_one_figure(backlog: Backlog) -> None:
    figures = stats(backlog)
    parts = (figures.passing, figures.pending, figures.in_progress, figures.failing, figures.built)
    waits = (figures.blocked, figures.skipped, figures.needs_human)
    assert sum(parts) + sum(waits) == figures.total == len(backlog.features) - figures.cancelled
    assert len(blocked(backlog)) >= figures.blocked


@given(backlogs())
def test_the_page_is_the_same_for_the_same_backlog_and_names_every_feature(backlog: Backlog) -> None:
    page = features_md.render(backlog)
    assert page == features_md.render(Backlog(features=backlog.features, next_id=backlog.next_id))
    headings = [line.split()[1] for line in page.splitlines() if line.startswith("## ")]
    assert headings == [feature.code for feature in backlog.features]
