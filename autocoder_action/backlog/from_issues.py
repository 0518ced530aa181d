"""A backlog made anew from its issues alone, where features.db and journal are lost."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.card import field_of
from autocoder_action.backlog.draft import STEPS
from autocoder_action.backlog.feature import PRIORITY, Backlog, Feature, Status
from autocoder_action.backlog.issue_facts import Facts, read_facts
from autocoder_action.backlog.issue_labels import NAME, categories, statuses
from autocoder_action.backlog.issue_text import Text, Words, read
from autocoder_action.backlog.journal import Attempted, Journal, Line, OneFeature, Settled, Synced
from autocoder_action.backlog.ledger import only, synced
from autocoder_action.backlog.recognise import Recognised, code_of, recognise, uid_of
from autocoder_action.backlog.sighting import Scene
from autocoder_action.backlog.soundness import problems
from autocoder_action.backlog.text import DESCRIPTION, ERROR, STEP
from autocoder_action.backlog.text import NAME as NAME_LIMIT

_STEP = "It works as described."


@dataclass(frozen=True, kw_only=True)
class FromIssues:
    """What the issues carry, and what of it could not be taken."""

    backlog: Backlog
    doubts: tuple[str, ...]
    """Each in one sentence; a person should look at them before the backlog is used."""
    unsure: frozenset[str] = frozenset()
    """The uids whose issues do not show all that was decided: the journal's changes of them still count."""


def survey(issues: Sequence[Issue], *, project: str, me: str, journal: Journal = ()) -> Scene:
    """Return a scene of the issues and what the journal, if it is not lost, knows of them.

    Histories and writers are for the caller to ask for.
    """
    return Scene(
        backlog=Backlog(),
        project=project,
        me=me,
        synced=synced(journal) if any(one.author == me for one in issues) else {},  # else somebody else is meant
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
    return frozenset(one.number for one in _found(scene, known).values()), frozenset(one.number for one in known.claims)


def rebuild(scene: Scene, *, initialized: str | None = None) -> FromIssues:
    """Return the backlog that the issues show: all that they carry, and nothing that they do not.

    They do not carry when a feature was changed, and the seal of the initialized plan, which the caller may know.
    Where somebody replaced a marker, the journal says whose an issue is, else the code in its title. Only issues that
    the program wrote, or adopted, count. The words are those that stand there now, whoever edited them, so the caller
    sees to it that a person approves the result. Everything else is believed only where the program wrote the text
    last: whoever may edit it can forge a proof and a check.
    """
    known = recognise(scene)
    found = _found(scene, known)
    others = [(one.number, one.author) for one in known.claims] + [(one.issue, one.by) for one in known.copies]
    doubts = [
        f"Issue #{number} of {author} bears a feature's marker, and nothing shows that it became one: it is left out."
        for number, author in sorted(others)
    ]
    gone = [(uid, record.issue) for uid, record in scene.synced.items() if uid not in found]
    doubts += [f"No issue shows {uid}, which was issue #{number}." for uid, number in gone]
    named = [issue.number for uid, issue in found.items() if uid not in known.features]
    doubts += [f"Issue #{number} was taken for a feature by its title alone." for number in named]
    texts = {uid: read(issue.title, issue.body) for uid, issue in found.items()}
    ids = _ids(texts, {uid: code_of(issue.title) for uid, issue in found.items()})
    facts = {uid: _facts(issue, texts[uid], scene, doubts) for uid, issue in found.items()}
    made = [_feature((uid, issue), texts[uid].words, facts[uid], ids, doubts) for uid, issue in found.items()]
    sure = {uid for uid, issue in found.items() if _is_sure(uid, issue, texts[uid], scene)}
    made = [one.replace(last_error=_error(texts[one.uid])) if one.uid in sure else one for one in made]
    features = tuple(sorted(made, key=lambda one: one.id))
    highest = max([*ids.values(), *(code_of(one.title) for one in scene.issues if one.author == scene.me)], default=0)
    backlog = Backlog(features=features, next_id=highest + 1, initialized=initialized)
    return FromIssues(backlog=backlog, doubts=(*doubts, *problems(backlog)), unsure=frozenset(found.keys() - sure))


def _found(scene: Scene, known: Recognised) -> Mapping[str, Issue]:
    """Return the features' issues by uid; ours that only the code in their title shows to be one get a new uid."""
    numbers = {issue.number for issue in known.features.values()}
    ours = [one for one in scene.issues if one.author == scene.me and NAME in one.labels and one.number not in numbers]
    coded = [one for one in ours if code_of(one.title) and not read(one.title, one.body).marker]
    return {**known.features, **{uid_of(one.number): one for one in coded}}


def _is_sure(uid: str, issue: Issue, text: Text, scene: Scene) -> bool:
    """Return whether an issue shows all that was decided: we wrote it last, and hold nothing back."""
    held = field_of(scene.synced.get(uid), "held")
    return not held and read_facts(text.facts) is not None and _writer(issue, scene) == scene.me


def _error(text: Text) -> str | None:
    return text.error[:ERROR] if text.error else None


def contained(journal: Journal, unsure: Collection[str] = ()) -> frozenset[str]:
    """Return the ids of the journal's changes that the issues show: made before their issue was written last.

    Nothing is shown of the features about which the issues are ``unsure``.
    """
    shown = {record.feature: record.n for record in only(journal, Synced) if record.feature not in unsure}

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


def _ids(texts: Mapping[str, Text], codes: Mapping[str, int]) -> Mapping[str, int]:
    """Return the id of each uid; of two that claim the same, the later issue gets a new one."""
    ids: dict[str, int] = {}
    taken: set[int] = set()
    last = max([*(text.marker.id or 0 for text in texts.values() if text.marker), *codes.values()], default=0)
    for uid, text in texts.items():
        claimed = (text.marker.id if text.marker else None) or codes[uid]
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
    if words.description != text.description or words.name != text.name:
        doubts.append(f"Issue #{issue.number} has words that are missing or too long; they are cut or made up.")
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
        return feature.replace(status=Status.PENDING, built=True)
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
    name = (words.name or "Without a name")[:NAME_LIMIT]
    steps = tuple(step[:STEP] for step in words.steps[:STEPS]) or (_STEP,)
    return replace(words, name=name, description=words.description[:DESCRIPTION] or name, steps=steps)
