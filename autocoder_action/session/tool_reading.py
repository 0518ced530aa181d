"""The feature tools that only look."""

from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.order import blocked, next_features, stats
from autocoder_action.session import tool_arguments as takes
from autocoder_action.session.brief import Activity
from autocoder_action.session.call import Answer
from autocoder_action.session.tool_reply import Context, full, missing, no, yes

_LISTED = 50


def count(backlog: Backlog, _: takes.Nothing, context: Context) -> Answer:
    """Count the features, and name those of this session."""
    counts = stats(backlog)
    shown: dict[str, object] = {
        name: getattr(counts, name)
        for name in ("total", "passing", "pending", "in_progress", "failing", "built", "blocked", "skipped")
    }
    shown |= {"needs_human": counts.needs_human, "cancelled": counts.cancelled, "progress": counts.progress}
    if context.activity is Activity.BUILD:
        shown["yours"] = sorted(context.claimed)
    return yes(backlog, shown)


def offer(backlog: Backlog, _: takes.Nothing, context: Context) -> Answer:
    """Return what to do next; a building session is offered its own claims only, because the run chose them."""
    everything = context.activity is not Activity.BUILD
    others = () if everything else [one.uid for one in backlog.features if one.id not in context.claimed]
    found = next_features(backlog, taken=frozenset(others))
    if found:
        return yes(backlog, {"feature": full(backlog, found[0])})
    waiting = {
        f"F{one}": [f"F{need}" for need in needs]
        for one, needs in blocked(backlog).items()
        if everything or one in context.claimed
    }
    if waiting:
        return yes(backlog, {"feature": None, "waiting": waiting, "hint": "Nothing is ready. Finish here."})
    return yes(backlog, {"feature": None, "hint": "Nothing is left for this session. Finish here."})


def look(backlog: Backlog, arguments: takes.One, context: Context) -> Answer:
    """Return one feature."""
    feature = backlog.get(arguments.id)
    if feature is None:
        return no(backlog, missing(backlog, arguments.id))
    return yes(backlog, full(backlog, feature, context.issues.get(feature.uid)))


def browse(backlog: Backlog, arguments: takes.Listing, context: Context) -> Answer:
    """List features in short, in the order of their ids."""
    words = (arguments.words or "").casefold()
    found = [
        one
        for one in backlog.features
        if one.id > arguments.after
        and arguments.status in {None, one.status.value}
        and words in f"{one.name} {one.category}".casefold()
    ]
    lines = [outline(one, context.issues.get(one.uid)) for one in found[:_LISTED]]
    return yes(backlog, {"features": lines, "more": len(found) - len(lines)})


def outline(feature: Feature, issue: int | None) -> str:
    """Say in one line what a feature is called, where it is shown, and how it stands."""
    where = f" (#{issue})" if issue else ""
    needs = f", needs {' '.join(f'F{one}' for one in feature.depends_on)}" if feature.depends_on else ""
    return f"{feature.code}{where} {feature.name} [{feature.status.value}, priority {feature.priority}{needs}]"


def oldest_proofs(backlog: Backlog, arguments: takes.Several, _: Context) -> Answer:
    """Return what was verified longest ago; looking changes nothing."""
    passing = (one for one in backlog.features if one.status is Status.PASSING)
    oldest = sorted(passing, key=lambda one: (one.proof.at if one.proof else 0, one.id))
    return yes(backlog, {"features": [full(backlog, one) for one in oldest[: arguments.limit]]})
