"""Everything that a run writes to the host: effects, applied one by one, or only told in a dry run."""

from dataclasses import dataclass, field, replace

from autocoder_action.backlog.journal import Line, Prune
from autocoder_action.conduct.world import World
from autocoder_action.errors import AutocoderError
from autocoder_action.intake.commands import PREFIX
from autocoder_action.intake.settings import Settings
from autocoder_action.publish.apply import Receipt, apply
from autocoder_action.publish.board import Place
from autocoder_action.publish.effects import AnswerRemark, EditPull, Effect, OpenPull, Say, SayInstead
from autocoder_action.publish.outgoing import called, cut, redact


def place_of(world: World, settings: Settings) -> Place:
    """Return where a project is shown."""
    return Place(
        project=settings.project,
        run_link=world.request.host.run_link,
        name=settings.name,
        prefix=settings.file.command_prefix,
    )


@dataclass
class Writer:
    """Applies effects, and collects what the journal has to know of them."""

    world: World
    dry: bool = False
    at_gate: bool = False
    """Whether this is the gate, beside which another run may be alive: it only ever adds to the journal."""
    changes: list[Line] = field(default_factory=list)
    reply: int | None = None
    """Our comment that answers the one which started the run."""
    node: str = ""
    """The same comment, as GraphQL calls it."""
    said: list[str] = field(default_factory=list)
    """What that comment says already, and goes on to say."""
    receipted: int = -1
    """How many commands of the comment the journal knows to be obeyed; -1 for nothing that it knows."""
    greeted: bool = False
    """Whether the commenter has seen already that they were heard."""
    refused: bool = False
    """Whether a command of the comment could not be obeyed."""
    forked: bool | None = None
    """Whether the pull request that is commented comes from a fork; None while nobody has asked."""
    prefix: str = PREFIX
    """What a command begins with here."""
    unborn: AutocoderError | None = None
    """Why the journal learns nothing: there is no project that would have one."""
    speaker: str = ""
    """The project whose turn it is, where several have one; empty where nobody has to be told apart."""
    held: str = ""
    """The project that held this run's session."""
    unwell: bool = False
    """Whether one of several projects needs a person."""
    owed: bool = False
    """Whether a comment that several projects answer still waits for its last reaction."""

    def turn_to(self, world: World, speaker: str) -> None:
        """Go on for another project, with the same answer."""
        self.world, self.speaker = world, speaker
        self.receipted = -1
        self.unborn = None
        self.changes.clear()

    def do(self, effect: Effect) -> Receipt:
        """Apply one effect, or say in a dry run what it would do."""
        if self.dry:
            self.world.runner.say(f"dry run: would {effect}")
            return None
        return apply(self._fitting(effect), self.world.tracker, self.world.secrets)

    def _fitting(self, effect: Effect) -> Effect:
        """Cut a text that is too long for the host, and put all of it on the run's page, to which the rest links."""
        if not isinstance(effect, Say | SayInstead | AnswerRemark | OpenPull | EditPull):
            return effect
        clean = redact(effect.body, self.world.secrets)  # before the cut, which could leave half a secret
        body = called(clean, self.prefix)
        fitting = cut(body, whole=self.world.request.run_url)
        if fitting != body:
            self.world.runner.summary(f"{body}\n")
        return replace(effect, body=fitting)

    def remember(self, project: str, *, prune: Prune | None = None) -> None:
        """Append to the journal what was collected, and with the same push leave out what it needs no more."""
        if self.changes and not self.dry:
            self.world.journal(project).append(self.changes, prune=None if self.at_gate else prune)
        self.changes.clear()
