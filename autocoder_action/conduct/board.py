"""The board: one issue for each feature on base, and the tracking issue."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from autocoder_action.backlog.bring_out import Create, Steps, Write, bring_out
from autocoder_action.backlog.card import Card, digest, folded, read_last
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.issue_labels import NAME, labels_of
from autocoder_action.backlog.journal import Journal, Synced, Wrote
from autocoder_action.backlog.ledger import (
    ledger,
    links,
    midnight,
    numbers,
    only,
    paused,
    spent,
    synced,
    tracked,
    wrote,
)
from autocoder_action.backlog.links import unlinked
from autocoder_action.backlog.proposals import withdraw
from autocoder_action.backlog.sighting import Remark, Scene
from autocoder_action.conduct.hands import Hands, LaterError, sharing
from autocoder_action.conduct.heard import Heard
from autocoder_action.conduct.listen import listen
from autocoder_action.conduct.proposed import board_of, in_review, turned_down
from autocoder_action.conduct.proving_commits import Places
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.relate import Relating
from autocoder_action.conduct.track import note, show
from autocoder_action.conduct.write import Writer, place_of
from autocoder_action.errors import AutocoderError, LimitedError
from autocoder_action.publish.board import Review, looks, show_feature
from autocoder_action.publish.burn_up import burn_up
from autocoder_action.publish.outgoing import redact
from autocoder_action.publish.specimens import form
from autocoder_action.publish.tracking import State, show_tracking


@dataclass
class Board:
    """Brings the issues to what base's backlog says."""

    writer: Writer
    reading: Reading
    journal: Journal
    """As it is now, after the session's settlement."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The issues that show features, by uid."""
    written: int = 0
    linked: int = 0
    """How many requests made links between issues."""
    later: bool = False
    """Whether the host's limits leave something for the next run."""
    _again: dict[int, int] = field(default_factory=dict)
    """Issues that were deleted, with those that took their place."""
    _hands: Hands = field(init=False)
    _scene: Scene = field(init=False)

    def know(self) -> None:
        """Take the issues' numbers from the journal, without asking the host."""
        self.numbers = {uid: link.issue for uid, link in links(self.journal).items()}
        self.numbers |= {uid: record.issue for uid, record in synced(self.journal).items()}

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what people should know of what was heard on the board."""
        return self.reading.heard.notes if self.reading.heard else ()

    def sync(self) -> None:
        """Take in what people decided, and create and update what differs; what is up to date costs nothing."""
        try:
            with sharing(self.writer.world) as end:
                self.reading = listen(self.reading, self.writer)
                if self.reading.heard:
                    self._sync(self.reading.heard, end)
        except (LaterError, LimitedError):
            self.later = True  # the next run goes on where this one stopped

    def _sync(self, heard: Heard, end: float) -> None:
        self.journal = self.reading.journal
        self.numbers = dict(heard.taken.numbers)
        board = board_of(self.reading.situation, heard.scene.synced)
        scene = self._scene = replace(heard.scene, backlog=board.backlog, proposed=board.proposed)
        self._hands = self._take_hands(end)
        try:
            self._bring(bring_out(scene, replace(heard.taken, backlog=scene.backlog), self._show, self._sign))
            self._bring(withdraw(scene, turned_down(self.reading.situation, scene.synced)))
            self._track(heard)
        finally:
            self.written, self.linked = self._hands.written, self._hands.linked
            self._count()
            self.writer.remember(self.reading.situation.settings.project_path, prune=self.reading.prune)

    def _track(self, heard: Heard) -> None:
        """Bring the tracking issue up to date, and the links between the issues."""
        wanted = show_tracking(self.state())
        shown = show(self._hands, heard, self.journal, wanted)
        relating = Relating(
            hands=self._hands,
            heard=heard,
            backlog=self._scene.backlog,
            numbers=self.numbers,
            tracked=shown,
        )
        relating.relate()
        self.later |= relating.later
        note(self.writer.changes, heard, self.journal, relating.tracked)

    def state(self) -> State:
        """Return what is told about the project."""
        situation = self.reading.situation
        pause = paused(self.journal)
        return State(
            place=place_of(self.writer.world, situation.settings),
            backlog=situation.backlog,
            numbers=self.numbers,
            entries=ledger(self.journal),
            open_sessions=situation.open_sessions,
            spent_micro=spent(self.journal),
            spent_today_micro=spent(self.journal, since=midnight(self.writer.world.clock.now())),
            paused=pause.reason if pause else "",
            paused_itself=pause is not None and pause.by is None,
            burn_up=burn_up(situation.backlog),
        )

    def _take_hands(self, end: float) -> Hands:
        records, run = synced(self.journal), self._scene.run
        signs = {NAME, place_of(self.writer.world, self.reading.situation.settings).mark} - {""}

        def known() -> frozenset[str]:
            used = {label for record in records.values() for label in read_last(record).labels}
            return frozenset(used | folded(looks(signs) if tracked(self.journal) else ()))

        return Hands(
            writer=self.writer,
            earlier=[*wrote(self.journal, before=run), *self._untold],
            known=known,
            needed=self._signs,
            end=end,
        )

    @cached_property
    def _untold(self) -> list[int]:
        """Return when our issues changed since a run last told what it wrote: runs that died may have done that."""
        last = max((one.at for one in only(self.journal, Wrote)), default=0)
        known = {one.issue for one in synced(self.journal).values()} | numbers(tracked(self.journal))
        ours = [one for one in self._scene.issues if one.number in known or one.author == self._scene.me]
        fresh = [one for one in ours if one.updated_at > last]
        twice = [one for one in fresh if not one.open and one.number not in known]  # created, and closed
        labels = [max(one.updated_at for one in fresh)] * len(looks(self._signs)) if fresh and not last else []
        return [*(one.updated_at for one in (*fresh, *twice)), *labels]

    @cached_property
    def _signs(self) -> frozenset[str]:
        """Return the labels that the board needs."""
        place = place_of(self.writer.world, self.reading.situation.settings)
        return frozenset({NAME, place.mark} - {""}).union(*map(labels_of, self._scene.backlog.features))

    def _count(self) -> None:
        """Have the journal know how much was written, for the host counts over an hour."""
        scene, spent = self._scene, self._hands.spent
        told = [(self.writer.world.clock.now(), spent)] if spent else []
        told += [(max(self._untold), len(self._untold))] if spent and self._untold else []
        self.writer.changes += [
            Wrote(id=f"{scene.run}/wrote/{at}-{count}", at=at, run=scene.run, writes=count) for at, count in told
        ]

    def _bring(self, steps: Steps) -> None:
        """Carry out one step after the other, as long as the host allows it."""
        answer: int | None = None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration:
                return
            answer = None
            match step:
                case Synced():
                    again = self._again.get(step.issue)
                    self.writer.changes.append(replace(unlinked(step), issue=again) if again else step)
                case Remark():
                    self._hands.remark(step)
                case Write():
                    self._write(step)
                case Create():
                    answer = self._create(step)

    def _create(self, step: Create) -> int:
        number = self._hands.create(step.card)
        self.numbers[step.feature] = number
        return number

    def _write(self, step: Write) -> None:
        """Change an issue; one that somebody deleted is opened again with another number."""
        try:
            self._hands.edit(step.issue, step.edit)
        except AutocoderError:
            if self.writer.world.tracker.issue(step.issue):
                raise
            feature = self._scene.backlog.by_uid.get(step.feature)
            if feature is None:
                return  # nobody needs the issue of what is gone
            card = self._show(feature, self._scene.backlog, self.numbers)
            self._again[step.issue] = self._create(Create(feature=step.feature, card=card))

    def _show(self, feature: Feature, backlog: Backlog, numbers: Mapping[str, int]) -> Card:
        world, review = self.writer.world, self._in_review.get(feature.uid)
        card = show_feature(feature, backlog, numbers, self._places.of(feature), review)
        # As it will leave: what is compared has to be what the host gets.
        return Card(
            title=redact(card.title, world.secrets),
            body=redact(card.body, world.secrets),
            labels=frozenset(redact(label, world.secrets) for label in card.labels),
            state=card.state,
            mark=card.mark,
        )

    def _sign(self, feature: Feature, backlog: Backlog, numbers: Mapping[str, int]) -> str:
        """Say of what a feature's issue is made: everything that ``_show`` looks at."""
        needs = [(found.uid, numbers.get(found.uid)) for one in feature.depends_on if (found := backlog.get(one))]
        uid = feature.uid
        return digest((self._form, feature, needs, self._in_review.get(uid), self._scene.proposed.get(uid)))

    @cached_property
    def _places(self) -> Places:
        return Places(self.writer.world, self.reading.situation)

    @cached_property
    def _form(self) -> str:
        """Return a digest of the form in which this version of the program writes issues, here."""
        return form(place_of(self.writer.world, self.reading.situation.settings))

    @cached_property
    def _in_review(self) -> Mapping[str, Review]:
        return in_review(self.reading.situation, self._scene.proposed)
