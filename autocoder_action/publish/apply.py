"""Effects are applied, one after the other; what the host answered comes back."""

from collections.abc import Collection
from dataclasses import replace
from typing import assert_never

from autocoder_action.backlog.board import Comment, Issue, Pull, Refused
from autocoder_action.backlog.discussion import Remark
from autocoder_action.ports import Tracker
from autocoder_action.publish.effects import (
    AnswerRemark,
    Block,
    CancelRun,
    CreateIssue,
    EditIssue,
    EditPull,
    Effect,
    EnsureLabels,
    OpenPull,
    Pin,
    PutUnder,
    React,
    Relation,
    Say,
    SayInstead,
    Speech,
    StartRun,
)
from autocoder_action.publish.outgoing import redact

Receipt = Issue | Pull | Refused | Comment | Remark | bool | int | None


def apply(effect: Effect, tracker: Tracker, secrets: Collection[str]) -> Receipt:
    """Do what an effect says, with every secret taken out of its words; raise what the tracker raises."""
    clean = _redacted(effect, secrets)
    match clean:
        case CreateIssue():
            return tracker.create_issue(title=clean.title, body=clean.body, labels=sorted(clean.labels))
        case EditIssue():
            return tracker.update_issue(clean.number, clean.edit)
        case OpenPull():
            return tracker.create_pull(branch=clean.branch, base=clean.base, title=clean.title, body=clean.body)
        case EditPull():
            return tracker.update_pull(clean.number, title=clean.title, body=clean.body)
        case Say() | SayInstead() | AnswerRemark() | React() | CancelRun() | StartRun():
            return _speak(clean, tracker)
        case _:
            return _mark(clean, tracker)


def _mark(effect: EnsureLabels | Relation, tracker: Tracker) -> int | None:
    """Do what has no answer; a link or pin that the host does not want is left."""
    match effect:
        case EnsureLabels():
            return tracker.ensure_labels(effect.labels, most=effect.most)
        case PutUnder(parent=parent, children=children):
            tracker.add_sub_issues(parent, children)
        case Block(issue=issue, blocker=blocker, on=on):
            (tracker.add_blocker if on else tracker.remove_blocker)(issue, blocker)
        case Pin(issue=issue):
            tracker.pin(issue)
        case _:
            assert_never(effect)
    return None


def _speak(effect: Speech, tracker: Tracker) -> Receipt:
    """Answer somebody: in words, with a sign, or by doing at once what they asked for."""
    match effect:
        case Say():
            return tracker.create_comment(effect.issue, effect.body)
        case SayInstead():
            return tracker.update_comment(effect.comment, effect.body)
        case AnswerRemark():
            return tracker.answer_remark(effect.pull, effect.remark, effect.body)
        case React():
            _react(effect, tracker)
            return None
        case CancelRun():
            return tracker.cancel_run(effect.run)
        case StartRun():
            tracker.dispatch(effect.event, effect.payload)
            return None
        case _:
            assert_never(effect)


def _react(effect: React, tracker: Tracker) -> None:
    match effect.place:
        case "conversation":
            tracker.react(effect.comment, effect.content)
        case "line":
            tracker.react_on_line(effect.comment, effect.content)
        case "review":
            if effect.node:
                tracker.react_to_review(effect.node, effect.content)
        case _:
            assert_never(effect.place)


def _redacted(effect: Effect, secrets: Collection[str]) -> Effect:
    match effect:
        case CreateIssue():
            words = {"title": redact(effect.title, secrets), "body": redact(effect.body, secrets)}
            return replace(effect, **words, labels=_clean(effect.labels, secrets))
        case OpenPull() | EditPull():
            return replace(effect, title=redact(effect.title, secrets), body=redact(effect.body, secrets))
        case EditIssue(edit=edit):
            title = None if edit.title is None else redact(edit.title, secrets)
            body = None if edit.body is None else redact(edit.body, secrets)
            labels = None if edit.labels is None else _clean(edit.labels, secrets)
            return replace(effect, edit=replace(edit, title=title, body=body, labels=labels))
        case Say() | SayInstead() | AnswerRemark() | StartRun():
            return _said(effect, secrets)
        case EnsureLabels(labels=looks):
            named = {redact(name, secrets): (colour, redact(says, secrets)) for name, (colour, says) in looks.items()}
            return replace(effect, labels=named)
        case React() | CancelRun() | PutUnder() | Block() | Pin():
            return effect
        case _:
            assert_never(effect)


def _said(effect: Say | SayInstead | AnswerRemark | StartRun, secrets: Collection[str]) -> Effect:
    if isinstance(effect, StartRun):
        return replace(effect, payload={name: redact(value, secrets) for name, value in effect.payload.items()})
    return replace(effect, body=redact(effect.body, secrets))


def _clean(labels: frozenset[str], secrets: Collection[str]) -> frozenset[str]:
    return frozenset(redact(label, secrets) for label in labels)
