"""The ids of features that two backlogs have, of which each may have given one id to a feature of its own."""

from collections.abc import Mapping
from dataclasses import replace

from autocoder_action.backlog.feature import Backlog, Feature


def merged_ids(base: Backlog, ours: Backlog, theirs: Backlog) -> tuple[Mapping[str, int], int]:
    """Return the id of every uid, and the next one; an id that two new features have goes to the older."""
    ids = {feature.uid: feature.id for feature in base.features}
    fresh: dict[str, list[Feature]] = {}
    for side in (ours, theirs):
        for feature in side.features:
            if feature.uid not in ids:
                fresh.setdefault(feature.uid, []).append(feature)
    taken = set(ids.values())
    next_id = max(base.next_id, ours.next_id, theirs.next_id)
    for uid in sorted(fresh, key=lambda uid: (min(one.created_at for one in fresh[uid]), uid)):
        wanted = max(one.id for one in fresh[uid])
        if wanted in taken:
            wanted, next_id = next_id, next_id + 1
        taken.add(wanted)
        ids[uid] = wanted
    return ids, next_id


def renumbered(side: Backlog, ids: Mapping[str, int]) -> Backlog:
    """Return a side in which every feature has its merged id."""
    moved = {one.id: ids[one.uid] for one in side.features if ids[one.uid] != one.id}
    if not moved:
        return side
    features = (
        one.replace(
            id=moved.get(one.id, one.id),
            depends_on=tuple(sorted(moved.get(need, need) for need in one.depends_on)),
        )
        for one in side.features
    )
    return replace(side, features=tuple(sorted(features, key=lambda one: one.id)))
