"""What a session is held in: the world, the situation and the plan."""

from collections.abc import Mapping

from msgspec import field

from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.journal import Journal
from autocoder_action.conduct.world import World
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.plan.activity import Activity, model_of
from autocoder_action.plan.plan import Session
from autocoder_action.plan.situation import Situation
from autocoder_action.session.brief import Signals
from autocoder_action.session.deadline import MINUTE, Deadline, deadline
from autocoder_action.session.own_words import OwnWords
from autocoder_action.value import Value


class Hall(Value, frozen=True, kw_only=True):
    """One session's surroundings."""

    world: World
    situation: Situation
    plan: Session
    own: OwnWords = field(default_factory=OwnWords)
    """What the project says to the agents of this kind of session."""
    journal: Journal = ()
    """What the backlogs were folded with."""

    @property
    def booking(self) -> str:
        """Return the id of the session's booking: one for each run that holds it."""
        return f"{self.world.request.run}/booked/{self.plan.name}"

    @property
    def deadline(self) -> Deadline:
        """Return when the session's parts have to be over."""
        return deadline(self.plan.caps.minutes)

    @property
    def seconds(self) -> float:
        """Return how long the agent may still work."""
        return max(0.0, self.deadline.work - self.world.clock.elapsed())

    @property
    def minutes(self) -> str:
        """Return as a number what the agent is told of that."""
        return str(max(1, int(self.seconds // MINUTE)))

    @property
    def model(self) -> str:
        """Return the model that was asked for, else the settings' for this kind of session."""
        return self.plan.model or model_of(self.plan.activity, self.situation.settings.file)

    @property
    def prices(self) -> Mapping[str, PriceKeys]:
        """Return the prices that the configuration gives."""
        return self.situation.settings.file.prices

    @property
    def browser(self) -> bool:
        """Return whether the agent has a browser: only one that changes the application has a use for it."""
        return self.situation.settings.file.browser and self.plan.activity in {Activity.BUILD, Activity.REVIEW}

    @property
    def signals(self) -> Signals:
        """Return what the agent is told when a cap is near."""
        return Signals(near=self.world.prompts["near"], close=self.world.prompts["close"])

    @property
    def backlog(self) -> Backlog:
        """Return the backlog at the session's start: the branch's own where there is one already."""
        opened = (one for one in self.situation.open_sessions if one.name == self.plan.name)
        return next((one.backlog for one in opened), self.situation.backlog)

    @property
    def features(self) -> tuple[Feature, ...]:
        """Return the session's features in the order of work."""
        return tuple(one for feature in self.plan.features if (one := self.backlog.get(feature)))
