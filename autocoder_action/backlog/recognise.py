"""Which issue shows which feature, and which issues have to be looked at closely."""

import re
from collections.abc import Mapping
from graphlib import TopologicalSorter
from heapq import heappop, heappush

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.card import Last, adopted, body_digest, digest, folded, read_last, state_now, theirs
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.history import Act, History
from autocoder_action.backlog.issue_labels import ADOPT, NAME
from autocoder_action.backlog.issue_text import Marker, read
from autocoder_action.backlog.journal import Synced
from autocoder_action.backlog.sighting import Ignored, Scene
from autocoder_action.value import Value

_CODE = re.compile(r"F(\d{1,9})\s")


class Recognised(Value, frozen=True, kw_only=True):
    """The issues, sorted by what they are."""

    features: Mapping[str, Issue]
    """By uid."""
    fresh: tuple[Issue, ...]
    """Not features yet, and bearing the sign that shall make them some."""
    copies: tuple[Ignored, ...]
    """Bearing a marker that is not theirs."""
    claims: tuple[Issue, ...]
    """Bearing marker or sign of a feature that nobody vouches for, as long as it is not known who put it there."""


def recognise(scene: Scene) -> Recognised:
    """Tell whose the issues are.

    An issue is a feature's if the journal says so, or if it carries the feature's marker and we wrote it. Where
    the journal does not know it, one that was adopted (its author is a person) counts by its history: marker and
    sign alone can be forged. Unless one of ours carries the same marker; the oldest counts.
    """
    known = {record.issue: uid for uid, record in scene.synced.items() if record.issue not in scene.gone}
    recorded = frozenset(known.values())
    features: dict[str, Issue] = {}
    fresh: list[Issue] = []
    copies: list[Ignored] = []
    claims: list[Issue] = []
    for issue in sorted(scene.issues, key=lambda one: (one.number not in known, one.author != scene.me, one.number)):
        marker, other = _marker(issue, scene.project)
        uid = known.get(issue.number) or (marker.uid if marker else None if other else _without_marker(issue, scene))
        taken = uid is not None and (uid in features or (uid in recorded and issue.number not in known))
        mine = issue.number in known or issue.author == scene.me
        claimed = uid if not taken and (mine or adopted(issue.labels)) else None
        if claimed and (mine or _vouched(issue, claimed, scene)):
            features[claimed] = issue
        elif claimed and issue.number not in scene.histories:
            claims.append(issue)
        elif marker:
            copies.append(Ignored(issue=issue.number, by=issue.author, what="a copied marker"))
        elif adopted(issue.labels) and issue.open and scene.kin.owns(issue.labels) and other not in scene.kin.others:
            fresh.append(issue)
    return Recognised(features=features, fresh=tuple(fresh), copies=tuple(copies), claims=tuple(claims))


def sign_of(history: History | None) -> Act | None:
    """Return who put the sign on an issue that makes a feature of it, or took it off; None where that is not known."""
    labels = history.labels.items() if history else ()
    return next((act for label, act in labels if label.casefold() == ADOPT), None)


def _vouched(issue: Issue, uid: str, scene: Scene) -> bool:
    """Return whether a person's issue is a feature's by its history: we wrote its text, or it was adopted.

    What is adopted is called after its issue; a person who puts the sign on does not see what marker it bears.
    """
    history, own = scene.histories.get(issue.number), uid == uid_of(issue.number)
    if history and history.body and history.body.by == scene.me and (own or scene.me.endswith("[bot]")):
        return True  # a person's login may have edited it by hand, and left a hidden marker where it was
    sign = sign_of(history)
    return own and sign is not None and sign.by in scene.writers


def replaced(scene: Scene) -> tuple[int, ...]:
    """Return the recorded issues in whose place a later one of ours stands, if they are gone.

    A run died that opened an issue anew which somebody had deleted, before the journal knew the new one.
    """
    listed = {issue.number for issue in scene.issues}
    later: dict[str, int] = {}
    for issue in scene.issues:
        marker, _ = _marker(issue, scene.project)
        if marker and scene.me and issue.author == scene.me:
            later[marker.uid] = max(issue.number, later.get(marker.uid, 0))
    records = {uid: record.issue for uid, record in scene.synced.items() if uid in later}
    return tuple(sorted(one for uid, one in records.items() if one < later[uid] and one not in listed))


def uid_of(number: int) -> str:
    """Return the uid of the feature that an issue becomes."""
    return f"issue-{number}"


def code_of(title: str) -> int:
    """Return the id in the code with which a title begins, 0 where there is none.

    >>> code_of("F12 Add"), code_of("Add F12")
    (12, 0)
    """
    code = _CODE.match(title)
    return int(code[1]) if code else 0


def _without_marker(issue: Issue, scene: Scene) -> str | None:
    """Return the uid of the feature whose issue this is though neither journal nor marker says so.

    Either the run died that adopted it, or the run died that opened it and a person then deleted the marker.
    """
    uid = uid_of(issue.number)
    if adopted(issue.labels) and uid in scene.backlog.by_uid:
        return uid
    code = code_of(issue.title)
    feature = scene.backlog.get(code) if code and issue.author == scene.me and NAME in issue.labels else None
    return feature.uid if feature else None


def needs_first(backlog: Backlog) -> list[Feature]:
    """Return the features by id, but each after what it depends on."""
    if all(max(one.depends_on) < one.id for one in backlog.features if one.depends_on):
        return list(backlog.features)  # as most plans are written
    waiting = TopologicalSorter({one.id: one.depends_on for one in backlog.features})
    waiting.prepare()
    ready: list[int] = []
    order: list[Feature] = []
    while waiting.is_active():
        for one in waiting.get_ready():
            heappush(ready, one)
        lowest = heappop(ready)
        order += [found] if (found := backlog.get(lowest)) else []
        waiting.done(lowest)
    return order


def _marker(issue: Issue, project: str) -> tuple[Marker | None, str]:
    """Return the marker of a project's feature, or the name of the other project whose marker an issue carries."""
    marker = read(issue.title, issue.body).marker if "<!-- autocoder:feature " in issue.body[:200] else None
    if marker is None or marker.project == project:
        return marker, ""
    return None, marker.project


def in_question(scene: Scene) -> tuple[int, ...]:
    """Return the numbers of the issues of which it has to be known who changed them.

    What looks as it was last written does not belong to them, so that our own writes cost nothing when they come
    back. ``scene.histories`` is not needed for this.
    """
    known = recognise(scene)
    asked = {one.uid for one in scene.backlog.features if one.status is Status.NEEDS_HUMAN}
    numbers = [issue.number for issue in (*known.fresh, *known.claims)]
    numbers += [
        issue.number
        for uid, issue in known.features.items()
        if (uid in asked and not _heard_out(issue, scene.synced.get(uid)))
        or differs(issue, read_last(scene.synced.get(uid)))
    ]
    return tuple(sorted(numbers))


def _heard_out(issue: Issue, record: Synced | None) -> bool:
    """Return whether nothing was said on an issue since its conversation was read."""
    return record is not None and record.issue == issue.number and issue.updated_at <= record.seen


def bears_a_sign(issue: Issue) -> bool:
    """Return whether an issue may be one of ours by its looks, so that it matters who wrote it."""
    return "<!-- autocoder:" in issue.body or NAME in folded(issue.labels)


def differs(issue: Issue, last: Last) -> bool:
    """Return whether an issue looks otherwise than it was last written."""
    return (
        digest(issue.title) != last.title
        or body_digest(issue.body) != last.body
        or folded(issue.labels - theirs(issue.labels, Status.SKIPPED)) != last.labels
        or theirs(issue.labels, Status.SKIPPED) != last.theirs
        or state_now(issue) != last.state
        or bool(last.held)
    )


def people(scene: Scene) -> tuple[str, ...]:
    """Return the logins whose rights decide what is taken in, sorted; ``scene.writers`` is not needed for this.

    Our own is among them where it is a person's, who may have spoken for themselves.
    """
    logins: set[str] = set()
    by_number = {issue.number: issue for issue in scene.issues}
    for number, history in scene.histories.items():
        acts = [history.body, history.title, history.turn, *history.labels.values()]
        logins |= {act.by for act in acts if act} | {comment.author for comment in history.comments}
        logins |= {by_number[number].author} if number in by_number else set()
    return tuple(sorted(logins - {"ghost", scene.me if scene.me.endswith("[bot]") else ""}))
