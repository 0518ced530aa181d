"""The grammar of commands: one table, from which the parser, the help and the documents are made."""

from typing import Literal

from autocoder_action.value import Value

Role = Literal["read", "write", "admin"]
"""What somebody has to be to give a command; *maintain* counts as write, *triage* as read."""
PREFIX = "/autocoder"


class Number(Value, frozen=True, kw_only=True):
    """An option with a number behind it, such as ``--turns 20``."""

    name: str
    least: float
    most: float
    whole: bool = True
    unit: str = "N"


class Definition(Value, frozen=True, kw_only=True):
    """One command of the grammar."""

    name: str
    does: str
    example: str
    spends: bool = False
    """Whether it starts a session, which costs money."""
    changes: bool = False
    """Whether it changes what the board shows, so that a sync has to follow."""
    waits: bool = False
    """Whether the session job has to do it; the gate does all others at once."""
    role: Role = "write"
    references: tuple[int, int] = (0, 0)
    """The least and the most features that it names, as ``#N`` or ``F12``."""
    joint: str = ""
    """A word behind which more features are named, or ``nothing``."""
    numbers: tuple[Number, ...] = ()
    flags: tuple[str, ...] = ()
    """Options without a value."""
    model: bool = False
    """Whether ``--model`` names a model."""
    words: tuple[str, ...] = ()
    """Plain words, of which one may stand behind the features; ``n`` is any whole number."""
    instruction: bool = False
    """Whether words for the agent follow ``--``."""
    text: str = ""
    """What the rest of the line is called; in brackets where it may be left out."""
    body: bool = False
    """Whether the lines below belong to it, up to the next command."""

    @property
    def least_role(self) -> Role:
        """Return what has to be asked for at least: who may only read spends nothing, and no model hears them."""
        return "write" if self.spends or (self.changes and self.text) else "read"

    @property
    def usage(self) -> str:
        """Return what can stand behind the prefix, in the usual signs."""
        parts = [self.name, *self._named()]
        if self.joint:
            parts += [self.joint, "#M …"]
        parts += [f"[{'|'.join(self.words)}]"] if self.words and self.references[0] else []
        parts += [f"[--{one.name} {one.unit}]" for one in self.numbers]
        parts += ["[--model M]"] if self.model else []
        parts += [f"[--{one}]" for one in self.flags]
        parts += ["[-- extra instruction]"] if self.instruction else []
        parts += [self.text if self.text.startswith("[") else f"<{self.text}>"] if self.text else []
        return " ".join(parts)

    def _named(self) -> list[str]:
        least, most = self.references
        if not most:
            return []
        sign = "#N …" if most > 1 else "#N"
        if least:
            return [sign]
        return [f"[{'|'.join([sign, *self.words])}]"]


MANY = 20
"""The most features that one command names."""
_COUNT = Number(name="features", least=1, most=50)
_CAPS = (
    _COUNT,
    Number(name="turns", least=1, most=10_000),
    Number(name="budget", least=0.01, most=1_000, whole=False, unit="USD"),
    Number(name="minutes", least=1, most=350),
)

COMMANDS: tuple[Definition, ...] = (
    Definition(name="help", does="show this table", example="help", role="read"),
    Definition(
        name="status",
        does="say what is done, what is next and why, what was spent and what blocks",
        example="status",
        role="read",
        flags=("json",),
    ),
    Definition(
        name="continue",
        does="hold one session now: the features named here, or the next ones, or the plan where there is none",
        example="continue #12 --turns 80 -- Keep the old command working.",
        spends=True,
        waits=True,
        references=(0, MANY),
        numbers=_CAPS,
        model=True,
        instruction=True,
    ),
    Definition(
        name="init",
        does="turn the spec into features, in a pull request; `--again` proposes what an existing plan lacks",
        example="init",
        spends=True,
        waits=True,
        numbers=(_COUNT,),
        flags=("again",),
    ),
    Definition(
        name="spec",
        does="draft the spec, or change it, in this conversation; it ends in a pull request",
        example="spec A command-line bookmark manager with tags and search.",
        spends=True,
        waits=True,
        text="text",
        body=True,
    ),
    Definition(
        name="expand",
        does="propose new features as a checklist; what a writer ticks is created, a 👍 creates all",
        example="expand Import from browsers.",
        spends=True,
        waits=True,
        text="text",
        body=True,
    ),
    Definition(
        name="add",
        changes=True,
        does="add a feature: the lines below are its description, list items its steps",
        example="add Export bookmarks as HTML",
        text="title",
        body=True,
    ),
    Definition(
        name="edit",
        changes=True,
        does="change a feature's title, or by the lines below its description and steps",
        example="edit #12 Export bookmarks as HTML and JSON",
        references=(1, 1),
        text="[title]",
        body=True,
    ),
    Definition(name="remove", changes=True, does="cancel features", example="remove #12", references=(1, MANY)),
    Definition(
        name="depends",
        changes=True,
        does="say what a feature depends on from now on; `on nothing` takes all of it away",
        example="depends #12 on #3 #4",
        references=(1, 1),
        joint="on",
    ),
    Definition(
        name="prioritize",
        changes=True,
        does="build a feature before all others, or give it a priority: lower is sooner",
        example="prioritize #12 top",
        references=(1, 1),
        words=("top", "n"),
    ),
    Definition(
        name="skip",
        changes=True,
        does="leave a feature out, for a reason",
        example="skip #12 Later.",
        references=(1, 1),
        text="reason",
    ),
    Definition(
        name="retry",
        changes=True,
        does="try features again as if nobody had tried",
        example="retry #12",
        references=(1, MANY),
    ),
    Definition(
        name="accept",
        changes=True,
        does="say that features work: you are their proof",
        example="accept #12",
        references=(1, MANY),
    ),
    Definition(
        name="pause",
        changes=True,
        does="let no session begin; `ask`, `spec` and `expand` still answer, and cost",
        example="pause Until the release is out.",
        text="[reason]",
    ),
    Definition(name="resume", changes=True, does="let sessions begin again", example="resume"),
    Definition(name="stop", does="cancel the run that is going; what it has proved is kept", example="stop"),
    Definition(
        name="verify",
        changes=True,
        does="run the stored checks by code, without a model: of these features, of all, or of those seen longest ago",
        example="verify all",
        waits=True,
        references=(0, MANY),
        words=("all",),
    ),
    Definition(
        name="fix",
        does="on a session's pull request: have an agent address its review",
        example="fix",
        spends=True,
        waits=True,
    ),
    Definition(
        name="ask",
        does="ask the assistant, who knows the repository and can change the backlog",
        example="ask Which features need the network?",
        spends=True,
        waits=True,
        text="question",
        body=True,
    ),
    Definition(name="new-chat", does="have the assistant forget what was said here before", example="new-chat"),
    Definition(name="sync", does="bring the issues up to date", example="sync", waits=True),
    Definition(name="doctor", does="check the set-up, and say what helps", example="doctor"),
)
"""Every command, in the order in which people are shown them."""

BY_NAME = {one.name: one for one in COMMANDS}
