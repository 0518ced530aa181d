"""A board on which people and runs act: issues with their history, a journal, and runs that can be killed."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from autocoder_action.backlog.board import Issue, IssueEdit
from autocoder_action.backlog.bring_out import Create, Write, bring_out
from autocoder_action.backlog.card import Card, digest, state_of
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.issue_facts import write_facts
from autocoder_action.backlog.issue_labels import labels_of
from autocoder_action.backlog.journal import Change, Journal, Synced, append
from autocoder_action.backlog.ledger import synced
from autocoder_action.backlog.recognise import in_question, people
from autocoder_action.backlog.reconcile import take_in
from autocoder_action.backlog.sighting import Remark, Scene, TakenIn
from autocoder_action.publish.issue_body import write_body, write_title
from tests.unit.backlog.board_host import Host
from tests.unit.backlog.builders import a_backlog, a_draft

ME = "github-actions[bot]"
ANN, EVE = "ann", "eve"
"""Ann may write; Eve may touch issues (she triages), and her words never count."""


class KilledError(Exception):
    """The run was killed."""


@dataclass(kw_only=True)
class World(Host):
    """One project, its issues and its journal."""

    base: Backlog
    journal: Journal = ()
    mark: int = 0
    runs: int = 0
    writes: list[str] = field(default_factory=list)
    me: str = ME
    """Whom runs write as."""
    silent: bool = False
    """Whether the host does not tell who did what."""
    looked: int = 0
    """How many histories were asked for."""
    taken: TakenIn | None = None
    meanwhile: tuple[int, Callable[[], object]] | None = None
    """What people do in the midst of the next run, and at the which of the moments where it can be killed."""
    _left: int | None = None
    _moment: int = 0

    @property
    def backlog(self) -> Backlog:
        """Return the effective backlog."""
        return fold(self.base, self.journal)

    def decide(self, *changes: Change) -> None:
        """Append changes that a run or a command made."""
        at = self.tick()
        self.journal = append(self.journal, [replace(one, id=f"{one.id}-{at}", at=at) for one in changes])

    def scene(self) -> Scene:
        """Read what a run reads."""
        seen = tuple(issue for _, issue in sorted(self.issues.items()) if issue.updated_at >= self.mark)
        scene = Scene(
            backlog=self.backlog,
            project="root",
            me=self.me,
            synced=synced(self.journal),
            issues=seen,
            histories={},
            writers=frozenset(),
            done={change.id for change in self.journal} | self.base.applied,
            now=self.tick(),
            run=f"run-{self.runs}",
        )
        asked = in_question(scene)
        self.looked += len(asked)
        told = () if self.silent else asked
        scene = replace(scene, histories={number: self.history(number, self.mark) for number in told})
        return replace(scene, writers=frozenset(people(scene)) & {ANN})

    def sync(self, *, kill: int | None = None) -> list[str]:
        """Hold one run, killed at the ``kill``-th moment where it can be; return what it wrote."""
        self.runs += 1
        self._left, self._moment = kill, 0
        before = len(self.writes)
        with suppress(KilledError):
            self._sync()
        self._left, self.meanwhile = None, None
        return self.writes[before:]

    def _sync(self) -> None:
        scene = self.scene()
        seen = max([self.mark, *(issue.updated_at for issue in scene.issues)])
        taken = self.taken = take_in(scene)
        self._mortal()
        if taken.changes:
            self.journal = append(self.journal, taken.changes)
            self.writes.append("journal")
        assert self.backlog.features == taken.backlog.features
        self._mortal()
        records: list[Synced] = []
        steps = bring_out(scene, taken, show, sign)
        answer: int | None = None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration:
                break
            answer = None
            if isinstance(step, Synced):
                records.append(step)
            else:
                self._mortal()
                answer = self._perform(step)
                self._mortal()
        if records:
            self.journal = append(self.journal, records)
        self._mortal()
        self.mark = self.mark if taken.untold else seen

    def _perform(self, step: Remark | Create | Write) -> int | None:
        match step:
            case Remark():
                if all(step.key not in comment.body for comment in self.talks[step.issue].comments):
                    self.say(step.issue, self.me, f"<!-- autocoder:remark {step.key} --> {step.about}: {step.reason}")
                    self.writes.append(f"remark {step.issue}")
            case Create(card=card):
                number = self.open(self.me, card.title, card.body, card.labels)
                self.writes.append(f"create {step.feature}")
                if card.state != "open":
                    self.edit(number, self.me, IssueEdit(open=False, state_reason=card.state))
                return number
            case Write():
                self.edit(step.issue, self.me, step.edit)
                self.writes.append(f"write {step.issue}")
        return None

    def _mortal(self) -> None:
        self._moment += 1
        if self.meanwhile and self.meanwhile[0] == self._moment:
            self.meanwhile[1]()
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                raise KilledError

    def number(self, uid: str) -> int:
        """Return a feature's issue."""
        return synced(self.journal)[uid].issue

    def issue(self, uid: str) -> Issue:
        """Return a feature's issue as it is."""
        return self.issues[self.number(uid)]


def show(feature: Feature, backlog: Backlog, numbers: Mapping[str, int]) -> Card:
    """Say what an issue shall show."""
    needs = {one: numbers.get(found.uid) for one in feature.depends_on if (found := backlog.get(one))}
    state = f"### State\n\n**{feature.status}** needs {needs}, {feature.last_error}"
    return Card(
        title=write_title(feature),
        body=write_body(feature, project="root", state=state, facts=write_facts(feature, backlog)),
        labels=labels_of(feature),
        state=state_of(feature),
    )


def sign(feature: Feature, backlog: Backlog, numbers: Mapping[str, int]) -> str:
    """Say of what that is made."""
    return digest((feature, [numbers.get(found.uid) for one in feature.depends_on if (found := backlog.get(one))]))


def a_world(me: str = ME) -> World:
    """Return a project with three features whose issues exist: ``list`` needs ``add``."""
    world = World(base=a_backlog(a_draft("Add"), a_draft("List", "add"), a_draft("Export")), me=me)
    assert world.sync() == ["create add", "create list", "create export"]
    world.sync()
    return world


def feature(world: World, uid: str) -> Feature:
    """Return a feature as it is now."""
    return world.backlog.by_uid[uid]


def body(world: World, uid: str, old: str, new: str) -> IssueEdit:
    """Return an edit of a part of a feature's body."""
    whole = world.issue(uid).body
    assert old in whole
    return IssueEdit(body=whole.replace(old, new))


def settled(world: World) -> None:
    """See that a further run has nothing to do."""
    assert world.sync() == []
    assert world.taken is not None
    assert world.taken.changes == ()
