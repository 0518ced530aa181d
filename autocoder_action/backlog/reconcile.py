"""What people decided on the issues, taken into the backlog: the first half of a sync.

Both sides are compared field by field with what they agreed on last. The rules:

- Only what differs from both sides' last agreement *and* from the backlog is a change of the issue's side.
- It counts if the person who made it may write. What anybody else did is ignored, and written back later.
- What we wrote ourselves is no decision, also where the record of it was lost. Where we write as a person, what that
  person did is known by being something else than what was written last.
- Of an issue whose history the host does not tell nothing is taken in, and nothing is written over it.
- Text: the issue wins. Status: the backlog wins, except where a person closed, reopened or relabelled.
- What the backlog cannot take (a text that is too long, a status that is not possible) is not taken; people are
  told once. Such a text stays on the issue, and nothing is written over it.

Each act on an issue leads to at most one change of the journal, named after the moment of the act, however often a
run dies and begins again.
"""

from typing import Literal

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.card import NEVER, Last, adopted, digest, field_of, read_last
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.fold_change import make
from autocoder_action.backlog.history import Act, History, Turn
from autocoder_action.backlog.issue_text import read
from autocoder_action.backlog.journal import OneFeature, Told
from autocoder_action.backlog.newcomer import newcomer
from autocoder_action.backlog.own_comment import answers
from autocoder_action.backlog.recognise import in_question, needs_first, recognise
from autocoder_action.backlog.refusal import Refusal, why_not
from autocoder_action.backlog.sighting import Conflict, Ignored, Remark, Scene, TakenIn, Verify
from autocoder_action.backlog.wishes import Wish, label_wishes, status_wish
from autocoder_action.backlog.word_edits import WordEdit, emptied, text_act, word_edits

Standing = Literal["bot", "writer", "stranger"]


def take_in(scene: Scene) -> TakenIn:
    """Return what people decided on the issues since both sides agreed last."""
    known = recognise(scene)
    taking = Taking(scene)
    untold = frozenset(in_question(scene)) - scene.histories.keys()
    for feature in needs_first(scene.backlog):
        issue = known.features.get(feature.uid)
        if issue and issue.number not in untold:
            taking.look(feature, issue)
    for issue in known.fresh:
        if issue.number not in untold:
            taking.adopt(issue)
    numbers = {uid: record.issue for uid, record in scene.synced.items()}
    return TakenIn(
        backlog=taking.backlog,
        changes=tuple(taking.changes),
        found={**known.features, **taking.adopted},
        numbers=numbers | {uid: issue.number for uid, issue in (*known.features.items(), *taking.adopted.items())},
        held=taking.held,
        comments=taking.comments,
        remarks=tuple(taking.remarks),
        verify=tuple(taking.verify),
        conflicts=tuple(taking.conflicts),
        ignored=(*known.copies, *taking.ignored),
        untold=untold,
    )


class Taking:
    """One pass over the issues; the backlog changes while it goes on."""

    def __init__(self, scene: Scene) -> None:
        """Begin with the backlog as it is."""
        self._scene = scene
        self.backlog: Backlog = scene.backlog
        self.changes: list[OneFeature] = []
        self.adopted: dict[str, Issue] = {}
        held = ((uid, field_of(record, "held")) for uid, record in scene.synced.items())
        self.held: dict[str, frozenset[str]] = {uid: frozenset(names.split()) for uid, names in held if names}
        self.comments: dict[str, int] = {}
        self.remarks: list[Remark] = []
        self.verify: list[Verify] = []
        self.conflicts: list[Conflict] = []
        self.ignored: list[Ignored] = []

    def look(self, feature: Feature, issue: Issue) -> None:
        """Take in what people decided on one feature's issue."""
        last = read_last(self._scene.synced.get(feature.uid))
        if last.issue != issue.number:
            last = NEVER
        self.held.pop(feature.uid, None)
        history = self._scene.histories.get(issue.number)
        self._words(feature.uid, issue, last, history)
        self._labels(feature.uid, issue, last, history)
        self._status(feature.uid, issue, last, history)
        self._answers(feature.uid, issue, last, history)

    def adopt(self, issue: Issue) -> None:
        """Make a feature of somebody's issue, if those who wrote and labelled it may."""
        history = self._scene.histories.get(issue.number)
        new = newcomer(issue, history, self._scene)
        if isinstance(new, str):
            self.ignored.append(Ignored(issue=issue.number, by=issue.author, what=new))
            return
        if new.id in self._scene.done:
            return
        after = make(self.backlog, new)
        if isinstance(after, Backlog):
            self._keep(after, new)
            self.adopted[new.feature] = issue
        else:
            self._tell(issue, "new", why_not(after))

    def _words(self, uid: str, issue: Issue, last: Last, history: History | None) -> None:
        text = read(issue.title, issue.body)
        if text.marker is None and last is NEVER and adopted(issue.labels):
            return  # the run died that made a feature of it, before it wrote that into the issue
        for edit in word_edits(self._feature(uid), text.words, last):
            act = text_act(edit, issue, history)
            standing = self._standing(act, last)
            if standing == "stranger":
                self._ignore(issue, act, edit.field)
            elif standing == "writer" and act:
                self._take_words(uid, issue, edit, act)
        written = text_act(WordEdit(field="description", value=""), issue, history)
        if text.broken and self._standing(written, last) == "writer":
            self._tell(issue, "form", digest(issue.body))
        for field in emptied(text.words, text.broken, last):
            act = text_act(WordEdit(field=field, value=""), issue, history)
            if act and self._standing(act, last) == "writer":
                self._tell(issue, "emptied", "title" if field == "name" else field, str(act.at))

    def _take_words(self, uid: str, issue: Issue, edit: WordEdit, act: Act) -> None:
        change = edit.change(uid, issue.number, act, self._scene)
        if change.id in self._scene.done:
            return
        after = make(self.backlog, change)
        if isinstance(after, Backlog):
            self._keep(after, change)
            if edit.both:
                self.conflicts.append(
                    Conflict(feature=uid, field=edit.field, rule=f"the issue's text wins: {act.by} may write")
                )
        else:
            self.held[uid] = self.held.get(uid, frozenset()) | {edit.field}
            self._tell(issue, "words", why_not(after))

    def _labels(self, uid: str, issue: Issue, last: Last, history: History | None) -> None:
        for wish in label_wishes(self._feature(uid), issue, last, self.backlog):
            act = history.labels.get(wish.label) if history else None
            self._obey(issue, wish, act, (uid, last))

    def _status(self, uid: str, issue: Issue, last: Last, history: History | None) -> None:
        wish = status_wish(self._feature(uid), issue, last)
        turn = history.turn if history else None
        if wish is None:
            return
        if turn and not turn.by_hand and not turn.open and not issue.open:
            self._closed(uid, issue, turn)
            return
        self._obey(issue, wish, turn, (uid, last))

    def _closed(self, uid: str, issue: Issue, turn: Turn) -> None:
        """Take note that a commit or a pull request closed an issue: a fact to verify, and no decision."""
        closed_by = f"#{turn.pull}" if turn.pull else turn.commit or ""
        name = f"board/{issue.number}/verify/{turn.at}"
        if name in self._scene.done:
            seen = self._feature(uid).last_error or ""
            self.remarks.append(
                Remark(issue=issue.number, key=f"failed-{digest(name)}", about="failed", reason=closed_by, detail=seen)
            )
            return
        self.verify.append(Verify(id=name, feature=uid, issue=issue.number, closed_by=closed_by))
        self._tell(issue, "closed", closed_by, name)

    def _obey(self, issue: Issue, wish: Wish, act: Act | None, about: tuple[str, Last]) -> None:
        uid, last = about
        standing = self._standing(act, last)
        if act is None or standing == "stranger":
            self._ignore(issue, act, wish.what)
            return
        change = wish.change(self._feature(uid), issue.number, act, self._scene)
        if standing == "bot" or (change and change.id in self._scene.done):
            return
        after = make(self.backlog, change) if change else Refusal((f"Nobody can set {wish.what} by hand.",), "")
        if isinstance(after, Backlog) and change:
            if wish.both(self._scene.backlog.by_uid[uid], last):
                rule = f"{act.by} decided, and may write"
                self.conflicts.append(Conflict(feature=uid, field=wish.field, rule=rule))
            self._keep(after, change)
        else:
            self.conflicts.append(Conflict(feature=uid, field=wish.field, rule=f"the backlog wins: {why_not(after)}"))
            self._tell(issue, "status", why_not(after), str(act.at))

    def _answers(self, uid: str, issue: Issue, last: Last, history: History | None) -> None:
        """Take what people who may write said since the question was shown for its answer."""
        comments = history.comments if history else ()
        newest = max((one.id for one in comments), default=0)
        self.comments[uid] = max(newest, last.comment)
        feature = self._feature(uid)
        if feature.status is not Status.NEEDS_HUMAN or not any(":needs-human" in label for label in last.labels):
            return
        said = answers(comments, last.comment, self._scene.writers, self._scene.prefix)
        if not said:
            return
        words = "\n\n".join(one.body.strip() for one in said)
        change = Told(
            id=f"board/{issue.number}/told/{said[-1].id}",
            at=self._scene.now,
            run=self._scene.run,
            feature=uid,
            by=said[-1].author,
            answer=words,
        )
        after = make(self.backlog, change) if change.id not in self._scene.done else self.backlog
        if isinstance(after, Backlog):
            self._keep(after, change)
        else:
            self._tell(issue, "answer", why_not(after), str(said[-1].id))

    def _feature(self, uid: str) -> Feature:
        return self.backlog.by_uid[uid]

    def _keep(self, after: Backlog, change: OneFeature) -> None:
        """Take over a change; one that changes nothing is none."""
        if after != self.backlog:
            self.backlog = after
            self.changes.append(change)

    def _standing(self, act: Act | None, last: Last) -> Standing:
        """Tell whose act it is, which led to something else than ``last``; a person's token acts like the person."""
        if act is None:
            return "stranger"
        if act.by == self._scene.me and (act.by.endswith("[bot]") or last is NEVER):
            return "bot"
        return "writer" if act.by in self._scene.writers else "stranger"

    def _ignore(self, issue: Issue, act: Act | None, what: str) -> None:
        self.ignored.append(Ignored(issue=issue.number, by=act.by if act else "somebody unknown", what=what))

    def _tell(self, issue: Issue, about: str, reason: str, moment: str = "") -> None:
        key = f"{about}-{digest((issue.number, reason, moment))}"
        remark = Remark(issue=issue.number, key=key, about=about, reason=reason)
        if remark not in self.remarks:
            self.remarks.append(remark)
