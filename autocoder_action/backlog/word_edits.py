"""Which of an issue's words differ from the feature's and from what was agreed on last."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.card import WORDS, Last, digest
from autocoder_action.backlog.feature import Feature
from autocoder_action.backlog.history import Act, History
from autocoder_action.backlog.issue_text import Words, words_of
from autocoder_action.backlog.journal import Edited
from autocoder_action.backlog.sighting import Scene

Value = str | int | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WordEdit:
    """One field that says something else on the issue."""

    field: str
    value: Value
    both: bool = False
    """The backlog's side has changed, too."""

    def change(self, uid: str, number: int, act: Act, scene: Scene) -> Edited:
        """Return the journal's change that takes the words over."""
        # The digest tells apart what one edit of the body changed, and an edit within the same second.
        name = f"board/{number}/{self.field}/{act.at}-{digest(self.value)[:8]}"
        change = Edited(id=name, at=scene.now, run=scene.run, feature=uid, by=act.by)
        match self.value:
            case int():
                return replace(change, priority=self.value)
            case tuple():
                return replace(change, steps=self.value)
            case _:
                is_name = self.field == "name"
                return replace(change, name=self.value) if is_name else replace(change, description=self.value)


def word_edits(feature: Feature, seen: Words, last: Last) -> Iterator[WordEdit]:
    """Return the fields whose words on the issue are news; an emptied field is none, and is written back.

    Words that could not be taken stay news until somebody mends them.
    """
    mine = words_of(feature)
    for field in WORDS:
        value, before = getattr(seen, field), last.words.get(field)
        if value in {"", (), None} or value == getattr(mine, field):
            continue
        if before != digest(value) or field in last.held:
            yield WordEdit(field=field, value=value, both=before not in {None, digest(getattr(mine, field))})


def emptied(seen: Words, broken: bool, last: Last) -> tuple[str, ...]:
    """Return the fields of which nothing is left on the issue; of a broken form's body nobody can say that."""
    told = (field for field in WORDS if field == "name" or not broken)
    return tuple(field for field in told if field in last.words and getattr(seen, field) in {"", (), None})


def text_act(edit: WordEdit, issue: Issue, history: History | None) -> Act | None:
    """Return who wrote the text that stands there; None where that is not known."""
    if history is None:
        return None
    act = history.title if edit.field == "name" else history.body
    return act or Act(by=issue.author, at=0)
