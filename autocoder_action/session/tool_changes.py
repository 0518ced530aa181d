"""The feature tools that change the backlog, or ask trusted code for a checkpoint."""

from dataclasses import replace

from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.creation import Created, Edit
from autocoder_action.backlog.draft import Draft, check_problems, slug
from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.backlog.text import REASON, line, text_problems
from autocoder_action.backlog.transitions import SkipKind
from autocoder_action.session import tool_arguments as takes
from autocoder_action.session.brief import Activity
from autocoder_action.session.call import Answer, Checkpoint, Reply
from autocoder_action.session.tool_reply import Context, change, missing, no, yes

_OWN = frozenset({Activity.BUILD, Activity.REVIEW})
_ROOM = 100
"""Characters that stand before a reason when it is kept."""


def mark_passing(backlog: Backlog, arguments: takes.Pass, context: Context) -> Answer:
    """Ask trusted code for a checkpoint, where a proof would make the feature pass."""
    feature = transitions.provable(backlog, arguments.id, claimed=context.claimed)
    if isinstance(feature, Refusal):
        return no(backlog, feature)
    check = (arguments.check or "").strip() or None
    if check and (wrong := list(check_problems(check))):
        return no(backlog, f"{'; '.join(wrong)}. Nothing was changed; correct this and call again.")
    note = " ".join((arguments.note or "").split())[:500] or None
    effect = Checkpoint(feature=feature.id, check=check, note=note)
    return Answer(backlog=backlog, reply=Reply(text=f"{feature.code} is being checked."), effect=effect)


def mark_failing(backlog: Backlog, arguments: takes.Fail, context: Context) -> Answer:
    """Set a passing feature back, or keep what went wrong on one of this session's own."""
    feature = backlog.get(arguments.id)
    if not arguments.reason.strip():
        return no(backlog, "reason is empty. Say what you did and what you saw.")
    if feature and feature.status is Status.IN_PROGRESS and feature.id in context.claimed:
        after = transitions.note_error(backlog, feature.id, arguments.reason, now=context.now)
        return change(backlog, after, arguments.id)
    after = transitions.regress(backlog, arguments.id, arguments.reason, now=context.now)
    return change(backlog, after, arguments.id)


def skip(backlog: Backlog, arguments: takes.Skip, context: Context) -> Answer:
    """Leave a feature out, for a reason that a person can read."""
    if wrong := _unfit("reason", arguments.reason) or _foreign(backlog, arguments.id, context):
        return no(backlog, wrong)
    if arguments.kind == "needs_human":
        after = transitions.ask(backlog, arguments.id, arguments.reason, now=context.now)
    else:
        kind = SkipKind(arguments.kind)
        after = transitions.skip(backlog, arguments.id, kind=kind, reason=arguments.reason, now=context.now)
    return change(backlog, after, arguments.id)


def ask(backlog: Backlog, arguments: takes.Ask, context: Context) -> Answer:
    """Leave a feature until a person has answered."""
    if not all(one.strip() for one in arguments.options):
        return no(backlog, "options has an empty entry. Say each answer in a few words, or leave options out.")
    question = "\n".join((arguments.question.strip(), *(f"- {line(one)}" for one in arguments.options)))
    if wrong := _unfit("question", question) or _foreign(backlog, arguments.id, context):
        return no(backlog, wrong)
    return change(backlog, transitions.ask(backlog, arguments.id, question, now=context.now), arguments.id)


def create_bulk(backlog: Backlog, arguments: takes.Plan, context: Context) -> Answer:
    """Add many features, or none of them; a plan with fewer or more than agreed is refused, whole."""
    drafts = [draft(one) for one in arguments.features]
    created = creation.create(backlog, drafts, now=context.now)
    if isinstance(created, Refusal):
        return no(backlog, created)
    count = len(created.backlog.features)
    if count > context.most_features:
        return no(backlog, f"That would make {count} features; {_most(context)}")
    if count < context.least_features and not arguments.more:
        lack = context.least_features - count
        return no(
            backlog,
            f"That would make {count} features, and at least {context.least_features} are agreed. Nothing was changed; "
            f"hand over all of this call again, with {lack} more: split large ones where each part can be proved.",
        )
    shown: dict[str, object] = {"ids": list(created.ids), "updated": sorted(created.known)}
    answer = yes(created.backlog, shown | ({"so_far": count} if arguments.more else {}))
    return replace(answer, partial=arguments.more)


def create(backlog: Backlog, arguments: takes.New, context: Context) -> Answer:
    """Add one feature; a building session cannot reword another feature by giving its uid."""
    wanted = draft(arguments)
    known = backlog.by_uid.get(wanted.uid or slug(wanted.name))
    if known and known.status is not Status.CANCELLED and context.activity is Activity.BUILD:
        return yes(backlog, {"id": known.id, "existing": True, "status": known.status.value})
    created = creation.create(backlog, [wanted], now=context.now)
    if isinstance(created, Created) and len(created.backlog.features) > context.most_features:
        return no(backlog, f"The backlog is full; {_most(context)}")
    if isinstance(created, Refusal):
        return no(backlog, created)
    return change(backlog, created.backlog, created.ids[0])


def update(backlog: Backlog, arguments: takes.Change, context: Context) -> Answer:
    """Change a feature's words."""
    edit = Edit(
        name=arguments.name,
        category=arguments.category,
        description=arguments.description,
        steps=arguments.steps,
        priority=arguments.priority,
        check=arguments.check,
    )
    return change(backlog, creation.update(backlog, arguments.id, edit, now=context.now), arguments.id)


def delete(backlog: Backlog, arguments: takes.One, context: Context) -> Answer:
    """Cancel a feature, and name those that now wait for something that never comes."""
    after = transitions.cancel(backlog, arguments.id, now=context.now)
    if isinstance(after, Refusal):
        return no(backlog, after)
    waiting = [
        one.code for one in after.features if arguments.id in one.depends_on and one.status is not Status.CANCELLED
    ]
    shown: dict[str, object] = {"id": arguments.id, "status": Status.CANCELLED.value}
    if waiting:
        shown |= {"blocked": waiting, "hint": "These depend on it; change their dependencies, or delete them too."}
    return yes(after, shown)


def depend(backlog: Backlog, arguments: takes.Needs, context: Context) -> Answer:
    """Replace what a feature depends on."""
    after = creation.set_dependencies(backlog, arguments.id, arguments.depends_on, now=context.now)
    return change(backlog, after, arguments.id)


def prioritize(backlog: Backlog, arguments: takes.Priority, context: Context) -> Answer:
    """Give a feature a priority; without one it comes before all others."""
    first = min((one.priority for one in backlog.features if one.id != arguments.id), default=1)
    priority = max(0, first - 1) if arguments.priority is None else arguments.priority
    after = creation.update(backlog, arguments.id, Edit(priority=priority), now=context.now)
    return change(backlog, after, arguments.id)


def draft(new: takes.New) -> Draft:
    """Return what a call describes as a draft."""
    return Draft(**dict(new))


def _foreign(backlog: Backlog, feature_id: int, context: Context) -> str | None:
    """Say that a session may give up its own features only, or those of the pull request that it works in."""
    if context.activity not in _OWN or feature_id in context.claimed:
        return None
    if backlog.get(feature_id) is None:
        return str(missing(backlog, feature_id))
    mine = ", ".join(f"F{one}" for one in sorted(context.claimed)) or "no feature"
    return f"F{feature_id} is not claimed by this session, which works on {mine}. Leave it as it is."


def _unfit(field: str, text: str) -> str | None:
    """Say why a text cannot be shown to a person as a reason or a question."""
    wrong = "; ".join(text_problems(field, text, REASON - _ROOM))
    return f"{wrong}. Say it in a sentence or two that a person understands." if wrong else None


def _most(context: Context) -> str:
    return f"at most {context.most_features} are possible. Nothing was changed; merge small ones into larger ones."
