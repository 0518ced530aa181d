"""One change of the journal, made on a backlog."""

from hashlib import sha256
from typing import assert_never

from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.actions import TABLE, Action
from autocoder_action.backlog.creation import Created, Edit
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.evidence import keep_evidence
from autocoder_action.backlog.feature import Backlog, CheckProof, Evidence, Feature, PersonProof, Status
from autocoder_action.backlog.journal import (
    Accepted,
    Added,
    Asked,
    Attempted,
    Cancelled,
    Checked,
    Edited,
    FeatureChange,
    Noted,
    OneFeature,
    Regressed,
    Reopened,
    Retried,
    Rewired,
    Settled,
    Skipped,
    Told,
)
from autocoder_action.backlog.refusal import Refusal, Wait
from autocoder_action.backlog.text import DESCRIPTION

_Move = Cancelled | Retried | Reopened | Regressed | Asked | Skipped


def meaning_of(feature: Feature) -> str:
    """Return a digest of the words that an acceptance is about."""
    words = (feature.name, feature.description, feature.steps, feature.check)
    return sha256(repr(words).encode(errors="replace")).hexdigest()[:16]


def make(backlog: Backlog, change: FeatureChange) -> Backlog | Refusal | Wait:
    """Make one change on a backlog."""
    if isinstance(change, Settled):
        return _attempted(backlog, frozenset(change.attempted))
    if isinstance(change, Attempted):
        return _attempted(backlog, frozenset(change.features))
    if isinstance(change, Added):
        return _added(backlog, change)
    feature = backlog.by_uid.get(change.feature)
    if feature is None:
        return Wait("there is no such feature here")
    # A late change does not make a feature look older than it is.
    return _changed(backlog, change, feature, max(change.at, feature.updated_at))


def _changed(backlog: Backlog, change: OneFeature, feature: Feature, now: int) -> Backlog | Refusal | Wait:
    match change:
        case Added():
            return _added(backlog, change)
        case Edited():
            return creation.update(backlog, feature.id, _edit(change), now=now)
        case Rewired():
            return _rewired(backlog, change, feature, now)
        case Told():
            return _told(backlog, change, feature, now)
        case Accepted() | Checked() | Noted():
            return _judged(backlog, change, feature, now)
        case _:
            return _moved(backlog, change, feature.id, now)


def _moved(backlog: Backlog, change: _Move, one: int, now: int) -> Backlog | Refusal:
    """Make a change of the status alone."""
    match change:
        case Cancelled():
            return transitions.cancel(backlog, one, now=now)
        case Retried():
            return transitions.retry(backlog, one, now=now)
        case Reopened():
            return transitions.reopen(backlog, one, now=now)
        case Regressed(evidence=evidence):
            return transitions.regress(backlog, one, evidence, now=now)
        case Asked(question=question):
            return transitions.ask(backlog, one, question, now=now)
        case Skipped(why=why, reason=reason):
            return transitions.skip(backlog, one, kind=transitions.SkipKind(why), reason=reason, now=now)
        case _:
            assert_never(change)


def _noted(backlog: Backlog, change: Noted, feature: Feature, now: int) -> Backlog | Refusal:
    if feature.status in {Status.PASSING, Status.CANCELLED}:
        return Refusal((f"{feature.code} is {feature.status.value} by now.",), "Nothing is wrong with it.")
    return transitions.note_error(backlog, feature.id, change.error, now=now)


def _attempted(backlog: Backlog, uids: frozenset[str]) -> Backlog:
    tried = [one.replace(attempts=one.attempts + 1) for one in backlog.features if one.uid in uids]
    return backlog.put(*tried) if tried else backlog


def _added(backlog: Backlog, change: Added) -> Backlog | Refusal | Wait:
    missing = [uid for uid in change.needs if uid not in backlog.by_uid]
    if missing:
        return Wait(f"it depends on {', '.join(missing)}, which is not here")
    draft = Draft(
        name=change.name,
        description=change.description,
        steps=change.steps,
        category=change.category,
        priority=change.priority,
        depends_on=change.needs,
        check=change.check,
        uid=change.feature,
    )
    created = creation.create(backlog, [draft], now=change.at)
    return created.backlog if isinstance(created, Created) else created


def _edit(change: Edited) -> Edit:
    return Edit(
        name=change.name,
        category=change.category,
        description=change.description,
        steps=change.steps,
        priority=change.priority,
        check=change.check,
    )


def _rewired(backlog: Backlog, change: Rewired, feature: Feature, now: int) -> Backlog | Refusal | Wait:
    missing = [uid for uid in change.needs if uid not in backlog.by_uid]
    if missing:
        return Wait(f"it shall depend on {', '.join(missing)}, which is not here")
    ids = [backlog.by_uid[uid].id for uid in change.needs]
    return creation.set_dependencies(backlog, feature.id, ids, now=now)


def _told(backlog: Backlog, change: Told, feature: Feature, now: int) -> Backlog | Refusal:
    """Try a feature again, with question and answer at the end of its description."""
    again = transitions.retry(backlog, feature.id, now=now)
    if isinstance(again, Refusal):
        return again
    asked = f"Question: {feature.skip_reason}\n" if feature.skip_reason else ""
    words = f"{asked}Answer{f' of {change.by}' if change.by else ''}: {change.answer}"
    whole = f"{feature.description}\n\n{words}".strip()
    if len(whole) > DESCRIPTION:
        room = max(0, DESCRIPTION - len(whole) + len(change.answer))
        return Refusal(
            (f"The answer has {len(change.answer):,} characters, and the description has room for {room:,} more.",),
            "Answer in fewer words, shorten the description first, or put the rest into a file and name that.",
        )
    return creation.update(again, feature.id, Edit(description=whole), now=now)


def _judged(
    backlog: Backlog, change: Accepted | Checked | Noted, feature: Feature, now: int
) -> Backlog | Refusal | Wait:
    """Take over what somebody said, or saw, of how well a feature works."""
    match change:
        case Accepted():
            return _accepted(backlog, change, feature, now)
        case Checked():
            return _checked(backlog, change, feature, now)
        case Noted():
            return _noted(backlog, change, feature, now)
        case _:
            assert_never(change)


def _accepted(backlog: Backlog, change: Accepted, feature: Feature, now: int) -> Backlog | Refusal | Wait:
    if change.meaning is not None and change.meaning != meaning_of(feature):
        return Refusal((f"{feature.code} was accepted with other words.",), "Accept it again.")
    if feature.status in TABLE[Action.ACCEPT] and backlog.unmet(feature):
        return Wait("what it depends on does not pass yet")
    return transitions.accept(backlog, feature.id, PersonProof(login=change.by or "somebody", at=now))


def _checked(backlog: Backlog, change: Checked, feature: Feature, now: int) -> Backlog | Refusal | Wait:
    """Take over what a check showed; a failure takes back what was proved, and is noted on everything else."""
    if change.command != feature.check or change.meaning not in {None, meaning_of(feature)}:
        return Refusal((f"{feature.code} was checked with other words.",), "Have it checked again.")
    if feature.status is Status.CANCELLED:
        return Refusal((f"{feature.code} was cancelled after it was checked.",), "Reopen it first.")
    kept = keep_evidence(backlog, feature.id, _evidence(change))
    return kept if isinstance(kept, Refusal) else _believed(kept, change, kept.by_uid[feature.uid], now)


def _believed(backlog: Backlog, change: Checked, feature: Feature, now: int) -> Backlog | Refusal | Wait:
    """Draw the conclusion from a check run that counts."""
    if change.exit_code != 0:
        note = transitions.regress if feature.status is Status.PASSING else transitions.disprove
        return note(backlog, feature.id, _seen(change, change.exit_code), now=now)
    proof = CheckProof(
        command=change.command,
        exit_code=change.exit_code,
        duration_ms=change.duration_ms,
        at=change.at,
        run=change.run,
        session="",
        tree=change.tree,
    )
    if feature.status is Status.PASSING:
        return backlog.put(feature.replace(proof=proof, updated_at=now))
    if backlog.unmet(feature):
        return Wait("what it depends on does not pass yet")
    passed = transitions.accept(backlog, feature.id, proof)
    return passed if isinstance(passed, Refusal) else _dated(passed, feature.id, now)


def _evidence(change: Checked) -> Evidence:
    return Evidence(
        command=change.command,
        exit_code=change.exit_code,
        duration_ms=change.duration_ms,
        at=change.at,
        run=change.run,
        session="",
        tree=change.tree,
        output=change.evidence,
    )


def _dated(backlog: Backlog, one: int, now: int) -> Backlog:
    feature = backlog.get(one)
    return backlog.put(feature.replace(updated_at=now)) if feature else backlog


def _seen(change: Checked, code: int | None) -> str:
    ending = "ran out of time" if code is None else f"ended with exit code {code}"
    return f"The check `{change.command}` {ending} on base. The end of its output:\n{change.evidence}"
