"""What the tracking issue and the answer to ``status`` say."""

from collections.abc import Mapping, Sequence

from autocoder_action.backlog.card import Card
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.issue_labels import PAUSED
from autocoder_action.backlog.ledger import Entry
from autocoder_action.backlog.links import marker, range_of
from autocoder_action.backlog.order import next_features, stats
from autocoder_action.backlog.words import in_words
from autocoder_action.plan.situation import OpenSession
from autocoder_action.plan.take_up import STRANGE
from autocoder_action.publish.board import Place, Shown
from autocoder_action.publish.outgoing import called, code, cut, line
from autocoder_action.publish.wording import NAME, bar, dollars, entry_words, say
from autocoder_action.value import Value

_UPCOMING = 5
_SESSIONS = 10
_QUESTIONS, _LONGEST = 15, 200
"""Questions that are shown, and characters of each: whole they stand on their features' issues, and what they cost and
how to steer stand below them."""


class State(Value, frozen=True, kw_only=True):
    """What a reader may want to know of a project."""

    place: Place
    backlog: Backlog
    numbers: Mapping[str, int]
    """Issues that show features, by uid."""
    entries: tuple[Entry, ...]
    """The newest sessions; what older ones cost is in the sums below."""
    open_sessions: tuple[OpenSession, ...]
    spent_micro: int
    spent_today_micro: int
    paused: str = ""
    """Why no session begins but those that talk; empty where one may."""
    paused_itself: bool = False
    """Whether the program paused it."""
    burn_up: tuple[tuple[str, int], ...] = ()
    """Days (as month-day) with how many features passed at their end, oldest first."""


def show_tracking(state: State) -> Shown:
    """Say what the tracking issue shall show."""
    sessions = [entry_words(one) for one in reversed(state.entries[-_SESSIONS:])]
    questions = [one for one in state.backlog.features if one.status is Status.NEEDS_HUMAN or one.built]
    words = _shared(state) | {
        "project": state.place.project,
        "stats": stats(state.backlog),
        "sessions": sessions,
        "paused": state.paused,
        "paused_itself": state.paused_itself,
        "burn_up": state.burn_up,
        "most": max(len(state.backlog.features), 1),
        "questions": [{**_named(one, state), "reason": _question(one)} for one in questions[:_QUESTIONS]],
        "more": max(0, len(questions) - _QUESTIONS),
    }
    place = state.place
    title = f"{NAME}: progress" + ("" if place.project == "root" else f" of {place.name or place.project}")
    labels = {NAME, *([PAUSED] if state.paused else []), *([place.mark] if place.mark else [])}
    return Shown(title=title, body=cut(called(say("tracking", words), place.prefix)), labels=frozenset(labels))


def show_part(part: int, project: str, tracking: int) -> Card:
    """Say what the issue of a part of the features shall show; it is written once."""
    first, last = range_of(part)
    words = {"marker": marker(part, project), "first": first, "last": last, "tracking": tracking}
    of = "" if project == "root" else f" of {project}"
    title = f"{NAME}: features {first}-{last}{of}"
    return Card(title=title, body=say("part", words), labels=frozenset({NAME}), state="open")


def _question(feature: Feature) -> str:
    if feature.built:
        return "built, and nothing proves it"
    asked = " ".join((feature.skip_reason or "").split())
    return asked if len(asked) <= _LONGEST else f"{asked[: _LONGEST - 1].rstrip()}…"


def status_text(state: State, *, spending: tuple[str, ...], reason: str, blocks: tuple[str, ...] = ()) -> str:
    """Answer a person who asks how things stand; ``reason`` says what the next run would do, and why."""
    words = {"spending": spending, "reason": reason, "blocks": blocks}
    return say("status", _shared(state) | words)


def _shared(state: State) -> dict[str, object]:
    count = stats(state.backlog)
    return {
        "bar": bar(count.progress),
        "progress": count.progress,
        "state": in_words(count),
        "upcoming": [_named(one, state) for one in next_features(state.backlog, _UPCOMING)],
        "waiting": _waiting(state.open_sessions),
        "shelves": [code(one.branch) for one in state.open_sessions if one.shelved and not one.strange],
        "strange": [f"branch {code(one.branch)}: {STRANGE}" for one in state.open_sessions if one.strange],
        "spent": dollars(state.spent_micro),
        "today": dollars(state.spent_today_micro),
    }


def _waiting(sessions: Sequence[OpenSession]) -> list[str]:
    return [
        f"{line(one.name)}, pull request #{one.pull.number}" if one.pull else f"branch {code(one.branch)}"
        for one in sessions
        if not one.shelved
    ]


def _named(feature: Feature, state: State) -> dict[str, object]:
    number = state.numbers.get(feature.uid)
    return {"label": f"{feature.code} (#{number})" if number else feature.code, "name": feature.name}
