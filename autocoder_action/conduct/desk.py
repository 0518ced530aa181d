"""Where an agent's calls arrive during a session; holds what changes while it goes on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from autocoder_action.backlog.decided import Decision, Stamp, decided
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.conduct.checkpoint import Checker
from autocoder_action.conduct.growth import Growth
from autocoder_action.conduct.live import Live
from autocoder_action.conduct.verdict import NotYet, Passed, Unproved
from autocoder_action.plan.activity import Activity
from autocoder_action.publish.outgoing import redact
from autocoder_action.session import tools
from autocoder_action.session.call import Call, Checkpoint, Reply
from autocoder_action.session.outcome import Step
from autocoder_action.session.result import Proved


@dataclass
class SessionDesk:
    """Answers calls with the feature tools, and performs the checkpoints that they ask for."""

    activity: Activity
    checker: Checker
    backlog: Backlog
    live: Live
    proved: list[Proved] = field(default_factory=list)
    built: list[int] = field(default_factory=list)
    decisions: dict[str, Decision] = field(default_factory=dict)
    """What the agent decided so far, by the ids of the journal's changes."""
    growth: Growth = field(default_factory=Growth)
    """What a plan is held to."""
    partial: bool = False
    """Whether the agent announced the rest of a plan, which has not come."""
    refused: str = ""
    """Why the last part of a plan that the agent handed over was not taken."""
    note: str = ""
    """What the agent wants the next session to know."""
    remarks: int = 0
    """How many remarks of a review the agent was shown."""
    answers: dict[int, str] = field(default_factory=dict)
    """What it answers to each of them, by its number."""
    handed: set[int] = field(default_factory=set)
    """Ids of the features for which a checkpoint was asked."""
    now: int | None = None
    """The feature that is worked on."""
    left_over: bool = False
    """Whether work was kept at the end that no check proves."""
    unkept: str = ""
    """Why the work that was there at the end was not kept, in a sentence."""

    def call(self, call: Call) -> Reply:
        """Answer a call; a checkpoint is done before the answer."""
        if leaks := leak(call, self.checker.world.secrets):
            return leaks
        self.turn_to(call)
        context = tools.Context(
            activity=self.activity,
            claimed=self.checker.examiner.claimed,
            now=self.checker.world.clock.now(),
            remarks=self.remarks,
            kept=self.growth.kept,
            least_features=self.growth.least if self.activity is Activity.INITIALIZE else 0,
            most_features=self.growth.most,
        )
        answer = tools.handle(self.backlog, call, context)
        self._note(answer.backlog)
        if call.name == "feature_create_bulk":
            self.refused = answer.reply.text if answer.reply.failed else ""
            self.partial = self.partial if answer.reply.failed else answer.partial
        if answer.note:
            self.note = self.checker.branch.generated.note = answer.note
        if answer.said:
            self.answers[answer.said.remark] = answer.said.text
        return answer.reply if answer.effect is None else self._checkpoint(answer.effect)

    def turn_to(self, call: Call | None = None) -> None:
        """Show which feature is worked on: the one that a call names, or the next that is not done."""
        done = {one.feature for one in self.proved} | set(self.built)
        left = [one for one in self.checker.branch.plan.features if one not in done]
        named = str(call.arguments.get("id", "")).strip().upper().removeprefix("F") if call else ""
        self.now = next((one for one in left if str(one) == named), self.now if self.now in left else None)
        if self.now is None and left:
            self.now = left[0]
        if self.checker.branch.plan.features:
            self.live.turn_to(self.backlog.get(self.now) if self.now else None)

    def take_back(self, after: Backlog, regressed: Collection[int], doubted: Collection[int] = ()) -> None:
        """Take over that proofs of this session do not hold on what was pushed, or cannot be believed."""
        self._note(after)
        self.proved = [one for one in self.proved if one.feature not in {*regressed, *doubted}]
        self.built += doubted

    def find(self) -> None:
        """Take over what passed in a commit of ours whose push had been taken for lost."""
        if not self.checker.branch.tip.found:
            return
        self._note(self.checker.branch.reconcile(self.backlog))
        done = {one.feature for one in self.proved}
        late = [self.checker.found(self.backlog, one) for one in self.checker.branch.plan.features if one not in done]
        for one in filter(None, late):
            self.proved.append(one.proved)
            self.live.say(f"  ✔ F{one.proved.feature} passes: its push had arrived, as {one.proved.commit[:10]}")

    def tried(self, features: Sequence[Feature]) -> tuple[Feature, ...]:
        """Return which of a session's features were worked on in vain.

        These are the first that is not done, and any other of which something was seen: what the agent never came
        to was not tried.
        """
        done = {one.feature for one in self.proved} | set(self.built)
        left = [(one, now) for one in features if one.id not in done and (now := self.backlog.get(one.id))]
        return tuple(now for place, (one, now) in enumerate(left) if place == 0 or self._touched(one, now))

    def _touched(self, before: Feature, now: Feature) -> bool:
        seen = (before.evidence, before.last_error) != (now.evidence, now.last_error)
        return seen or now.id in self.handed

    def _note(self, after: Backlog) -> None:
        """Take over what a call changed; what it decides about features is kept whatever becomes of the branch."""
        if self.activity is not Activity.INITIALIZE:
            world, plan = self.checker.world, self.checker.branch.plan
            stamp = Stamp(run=world.request.run, session=plan.name, at=world.clock.now())
            self.decisions |= {change.id: change for change in decided(self.backlog, after, stamp)}
            self.checker.branch.generated.decided |= self.decisions.keys()
        self.backlog = after

    def _checkpoint(self, asked: Checkpoint) -> Reply:
        name = f"F{asked.feature}"
        self.handed.add(asked.feature)
        done = self.checker.check(self.backlog, asked)
        match done:
            case Passed():
                self.backlog = done.backlog
                self.proved.append(done.proved)
                self.find()
                took = f"{done.proved.duration_ms / 1000:.1f} s"
                self.live.say(f"  ✔ {name} passes: {done.proved.check} ({took}), pushed as {done.proved.commit[:10]}")
                self.turn_to()
                return Reply(text=f"{name} passes. Its check succeeded in {took} and the work is saved.")
            case Unproved():
                self.backlog = done.backlog
                self.built.append(asked.feature)
                self.live.say(f"  ○ {name} is built; nothing proves it")
                self.turn_to()
                return Reply(text=f"{name} is saved as built, unproved: {done.reason}. A person will decide.")
            case NotYet():
                self.backlog = done.backlog or self.backlog
                self.live.say(f"  ✘ {name} does not pass: {done.reason.splitlines()[0]}")
                return Reply(text=f"{name} does not pass yet. {done.reason}", failed=True)

    def hear(self, step: Step) -> None:
        """Show a step to whoever looks."""
        self.live.hear(step)


def leak(call: Call, secrets: Collection[str]) -> Reply | None:
    """Refuse a call that holds a secret."""
    said = repr(dict(call.arguments))
    if redact(said, secrets) == said:
        return None
    return Reply(text="This holds what looks like a credential. Call again without it.", failed=True)
