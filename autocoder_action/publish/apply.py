"""Effects are applied, one after the other; what the host answered comes back."""

from typing import assert_never

from autocoder_action.backlog.board import Comment, Issue, Pull, Refused
from autocoder_action.ports import Tracker
from autocoder_action.publish.effects import (
    CreateIssue,
    EditIssue,
    EditPull,
    Effect,
    EnsureLabels,
    OpenPull,
    React,
    Say,
    SayInstead,
)

Receipt = Issue | Pull | Refused | Comment | None


def apply(effect: Effect, tracker: Tracker) -> Receipt:
    """Do what an effect says; raise what the tracker raises."""
    match effect:
        case CreateIssue():
            return tracker.create_issue(title=effect.title, body=effect.body, labels=sorted(effect.labels))
        case EditIssue():
            return tracker.update_issue(effect.number, effect.edit)
        case OpenPull():
            return tracker.create_pull(branch=effect.branch, base=effect.base, title=effect.title, body=effect.body)
        case EditPull():
            return tracker.update_pull(effect.number, title=effect.title, body=effect.body)
        case Say() | SayInstead():
            return _speak(effect, tracker)
        case React():
            tracker.react(effect.comment, effect.content)
        case EnsureLabels():
            tracker.ensure_labels(effect.labels)
        case _:
            assert_never(effect)
    return None


def _speak(effect: Say | SayInstead, tracker: Tracker) -> Comment:
    if isinstance(effect, Say):
        return tracker.create_comment(effect.issue, effect.body)
    return tracker.update_comment(effect.comment, effect.body)
