"""A backlog made anew from its issues alone, where features.db and journal are lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.draft import PRIORITY
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.issue_facts import Facts, read_facts
from autocoder_action.backlog.issue_labels import categories, statuses
from autocoder_action.backlog.issue_text import Text, Words, read
from autocoder_action.backlog.journal import Attempted, Journal, Line, OneFeature, Settled, Synced
from autocoder_action.backlog.ledger import only
from autocoder_action.backlog.recognise import recognise
from autocoder_action.backlog.sighting import Scene
from autocoder_action.backlog.soundness import problems

_STEP = "It works as described."


@dataclass(frozen=True, kw_only=True)
class FromIssues:
    """What the issues carry, and what of it could not be taken."""

    backlog: Backlog
    doubts: tuple[str, ...]
    """Each in one sentence; a person should look at them before the backlog is used."""


def survey(issues: Sequence[Issue], *, project: str, me: str) -> Scene:
    """Return a scene in which only the issues are known; histories and writers are for the caller to ask for."""
    return Scene(
        backlog=Backlog(),
        project=project,
        me=me,
        synced={},
        issues=tuple(issues),
        histories={},
        writers=frozenset(),
        done=frozenset(),
        now=0,
        run="",
    )


def to_ask(scene: Scene) -> tuple[frozenset[int], frozenset[int]]:
    """Return the issues of which it has to be known who wrote the text last, and those that others wrote at first."""
    known = recognise(scene)
    return frozenset(one.number for one in known.features.values()), frozenset(one.number for one in known.claims)


def rebuild(scene: Scene, *, initialized: str | None = None) -> FromIssues:
    """Return the backlog that the issues show: all that they carry, and nothing that they do not.

    They do not carry what went wrong last, when a feature was changed, and the seal of the initialized plan,
    which the caller may know. Only issues that the program wrote, or adopted, count. The words are those that
    stand there now, whoever edited them, so the caller sees to it that a person approves the result. Everything
    else is believed only where the program wrote the text last: whoever may edit it can forge a proof and a check.
    """
    known = recognise(scene)
    found = known.features
    others = [(one.number, one.author) for one in known.claims] + [(one.issue, one.by) for one in known.copies]
    doubts = [
        f"Issue #{number} of {author} bears a feature's marker, and nothing shows that it became one: it is left out."
        for number, author in sorted(others)
    ]
    texts = {uid: read(issue.title, issue.body) for uid, issue in found.items()}
    ids = _ids(texts)
    facts = {uid: _facts(issue, texts[uid], scene, doubts) for uid, issue in found.items()}
    made = [_feature((uid, issue), texts[uid].words, facts[uid], ids, doubts) for uid, issue in found.items()]
    features = tuple(sorted(made, key=lambda one: one.id))
    backlog = Backlog(
        features=features, next_id=max((one.id for one in features), default=0) + 1, initialized=initialized
    )
    return FromIssues(backlog=backlog, doubts=(*doubts, *problems(backlog)))


def contained(journal: Journal) -> frozenset[str]:
    """Return the ids of the journal's changes that the issues show: made before their issue was written last."""
    shown = {record.feature: record.n for record in only(journal, Synced)}

    def is_shown(uids: Iterable[str], n: int) -> bool:
        return any(n < shown.get(uid, 0) for uid in uids)

    return frozenset(change.id for change in journal if is_shown(_about(change), change.n))


def _about(change: Line) -> tuple[str, ...]:
    """Return the uids of the features that a change changes."""
    match change:
        case Settled():
            return change.attempted
        case Attempted():
            return change.features
        case _ if isinstance(change, get_args(OneFeature)):
            return (change.feature,)
        case _:
            return ()


def writers(issues: Iterable[Issue], *, project: str) -> tuple[str, ...]:
    """Return who wrote issues that bear the marker of a project's feature, whoever may write such a thing."""
    marked = (issue.author for issue in issues if (text := read(issue.title, issue.body)).marker and _is(text, project))
    return tuple(dict.fromkeys(marked))


def _is(text: Text, project: str) -> bool:
    return text.marker is not None and text.marker.project == project


def _ids(texts: Mapping[str, Text]) -> Mapping[str, int]:
    """Return the id of each uid; of two that claim the same, the later issue gets a new one."""
    ids: dict[str, int] = {}
    taken: set[int] = set()
    last = max((text.marker.id or 0 for text in texts.values() if text.marker), default=0)
    for uid, text in texts.items():
        claimed = text.marker.id if text.marker else None
        if not claimed or claimed in taken:
            last += 1
            claimed = last
        ids[uid] = claimed
        taken.add(claimed)
    return ids


def _facts(issue: Issue, text: Text, scene: Scene, doubts: list[str]) -> Facts:
    """Return what is believed of a feature beside its words."""
    facts, by = read_facts(text.facts), _writer(issue, scene)
    if facts is None:
        doubts.append(f"Issue #{issue.number} lost what it carried beside its words.")
    elif by != scene.me:
        who = f"was last written by {by}" if by else "was last written by nobody knows whom"
        doubts.append(f"The text of issue #{issue.number} {who}: what it says beside its words is not believed.")
        needs = facts.needs if by in scene.writers else ()
        facts = replace(_guess(issue), needs=needs)
    return facts or _guess(issue)


def _writer(issue: Issue, scene: Scene) -> str:
    """Return who wrote an issue's text last; empty where that is not known."""
    history = scene.histories.get(issue.number)
    if history is None:
        return ""
    return history.body.by if history.body else issue.author


def _feature(of: tuple[str, Issue], text: Words, facts: Facts, ids: Mapping[str, int], doubts: list[str]) -> Feature:
    uid, issue = of
    if not issue.open and list(statuses(sorted(issue.labels)).values()) == [Status.CANCELLED]:
        facts = replace(facts, status=Status.CANCELLED)  # the text of a proposal that was turned down does not say so
    words = _whole(text)
    missing = [one for one in facts.needs if one not in ids]
    if missing:
        doubts.append(f"Issue #{issue.number} depends on {', '.join(missing)}, which no issue shows.")
    feature = Feature(
        id=ids[uid],
        uid=uid,
        name=words.name,
        category=facts.category,
        description=words.description,
        steps=words.steps,
        priority=min(words.priority or 0, PRIORITY),
        depends_on=tuple(sorted(ids[one] for one in facts.needs if one in ids)),
        status=facts.status,
        check=facts.check,
        proof=facts.proof if facts.status is Status.PASSING else None,
        built=facts.built,
        regressed=facts.regressed,
        attempts=facts.attempts,
        skip_reason=facts.skip_reason,
        created_at=facts.created_at,
        updated_at=max(issue.updated_at, facts.created_at),
    )
    if feature.status is Status.PASSING and feature.proof is None:
        doubts.append(f"Issue #{issue.number} says that its feature passes, and carries no proof.")
        return replace(feature, status=Status.PENDING, built=True)
    return feature


def _guess(issue: Issue) -> Facts:
    """Return what labels and state say."""
    named = list(statuses(sorted(issue.labels)).values())
    done = Status.PASSING if issue.state_reason != "not_planned" else Status.CANCELLED
    status = named[0] if len(named) == 1 else (Status.PENDING if issue.open else done)
    category = next(iter(categories(sorted(issue.labels), ()).values()), "general")
    return Facts(category=category, status=status, needs=(), created_at=issue.updated_at)


def _whole(words: Words) -> Words:
    """Return words of which none is missing."""
    name = words.name or "Without a name"
    return replace(words, name=name, description=words.description or name, steps=words.steps or (_STEP,))
