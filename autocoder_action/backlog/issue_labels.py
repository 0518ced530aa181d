"""The labels of a feature's issue, and what people say by changing them."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from autocoder_action.backlog.feature import Feature, Status

NAME = "autocoder"
"""The label of every issue that is ours, and what the names of our other labels begin with."""
IN_REVIEW = f"{NAME}:in-review"
ADOPT = f"{NAME}:feature"
"""Put on somebody's issue by a person with write access, it makes a feature of it."""
SKIP = f"{NAME}:skip"
"""Put on by a person, it leaves the feature out; taken off, the feature is tried again."""
PAUSED = f"{NAME}:paused"
"""On the tracking issue: no session begins but those that talk."""
MOST = 50
"""The most UTF-16 units of a label's name that the host takes."""
_CATEGORY, _PRIORITY, _PROJECT = "category:", "priority:", "project:"
_SHOWN = range(1, 10)
"""Priorities that a label shows: what comes first, in nine labels at most, and not hundreds of them."""
_STATUS: Mapping[str, Status] = {f"{NAME}:{status.value.replace('_', '-')}": status for status in Status}


def short(label: str) -> str:
    """Shorten a label that is too long, always in the same way; a digest keeps two long ones apart.

    >>> short("category:reports")
    'category:reports'
    >>> short("category:" + "x" * 60)
    'category:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-84a33bc8'
    """
    if _units(label) <= MOST:
        return label
    digest = sha256(label.encode(errors="replace")).hexdigest()[:8]
    kept = label
    while _units(kept) > MOST - 9:
        kept = kept[:-1]
    return f"{kept}-{digest}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def status_label(status: Status) -> str:
    """Return the label of a status."""
    return f"{NAME}:{status.value.replace('_', '-')}"


def project_label(name: str) -> str:
    """Return the label of a project's issues, where a repository has several.

    >>> project_label("web")
    'project:web'
    """
    return _PROJECT + name


def category_label(category: str) -> str:
    """Return the label of a category."""
    return short(_CATEGORY + category)


def priority_labels(priority: int) -> frozenset[str]:
    """Return the label of a priority; none for one that comes late, which only the text shows.

    >>> sorted(priority_labels(3)), sorted(priority_labels(10))
    (['priority:3'], [])
    """
    return frozenset({f"{_PRIORITY}{priority}"} if priority in _SHOWN else ())


def labels_of(feature: Feature, *, in_review: bool = False) -> frozenset[str]:
    """Return the labels that a feature's issue shall have."""
    labels = {NAME, status_label(feature.status), category_label(feature.category), *priority_labels(feature.priority)}
    return frozenset(labels | {IN_REVIEW} if in_review else labels)


def is_ours(label: str) -> bool:
    """Return whether a label is ours to set and to remove; all others are left as people set them.

    A person's own signs (adopt, skip) are left, too, as long as they hold.
    """
    folded = label.casefold()
    known = folded in {NAME, IN_REVIEW} or folded in _STATUS
    return known or folded.startswith(_CATEGORY) or priority_wished([label]) is not None


def statuses(labels: Iterable[str]) -> Mapping[str, Status]:
    """Return the labels among some that name a status, with that status."""
    return {label: _STATUS[label.casefold()] for label in labels if label.casefold() in _STATUS}


def categories(labels: Iterable[str], known: Iterable[str]) -> Mapping[str, str]:
    """Return the labels among some that name a category, with its whole name.

    ``known`` are categories whose labels may be shortened.

    >>> dict(categories(["category:cli", "bug"], []))
    {'category:cli': 'cli'}
    """
    whole = {category_label(one).casefold(): one for one in known}
    begin = len(_CATEGORY)
    named = (label for label in labels if label.casefold().startswith(_CATEGORY) and label[begin:].strip())
    return {label: whole.get(label.casefold(), label[begin:].strip()) for label in named}


def priority_wished(labels: Iterable[str]) -> int | None:
    """Return the lowest priority that labels ask for, as ``priority:3`` does; None without such a label.

    >>> priority_wished(["priority:3", "priority:1", "bug"])
    1
    """
    numbers = [label[len(_PRIORITY) :] for label in labels if label.casefold().startswith(_PRIORITY)]
    return min((int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) <= 7), default=None)
