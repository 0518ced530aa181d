"""Settings: the workflow's inputs over the repository's configuration over the defaults."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from autocoder_action.errors import ConfigError
from autocoder_action.intake import registry
from autocoder_action.intake.caps import Caps
from autocoder_action.intake.document import read_document
from autocoder_action.intake.file import File
from autocoder_action.intake.inputs import INPUTS, strangers
from autocoder_action.intake.keys import Strict
from autocoder_action.intake.names import NEEDS_A_PERSON, FailOn, RepositoryPath
from autocoder_action.intake.problems import meant, problem
from autocoder_action.value import Value


class Mode(StrEnum):
    """What the workflow asks for; ``auto`` leaves it to the event."""

    AUTO = "auto"
    INITIALIZE = "initialize"
    CONTINUE = "continue"
    SYNC = "sync"
    STATUS = "status"


class Part(StrEnum):
    """Which part of a run this process is."""

    AUTO = "auto"
    GATE = "gate"
    SESSION = "session"


class _Call(Strict):
    """What only the workflow may say, never the repository's file."""

    mode: Mode = Mode.AUTO
    part: Part = Part.AUTO
    project: str | None = None
    project_path: RepositoryPath = "."
    config_file: RepositoryPath = ".github/autocoder.yml"
    dry_run: bool = False
    fail_on: FailOn = NEEDS_A_PERSON


class Settings(Value, frozen=True, kw_only=True):
    """Everything that was chosen, checked."""

    mode: Mode
    part: Part
    project_path: str
    """Inside the repository, ``.`` for all of it."""
    config_file: str
    dry_run: bool
    fail_on: frozenset[str]
    """The conclusions for which the run's exit code is 1."""
    file: File
    """The file's keys, with the workflow's inputs in place where they are set."""
    name: str = ""
    """The project's name in the registry; empty where there is none, or where no project is chosen yet."""

    @property
    def projects(self) -> tuple["Settings", ...]:
        """Return the settings of each project that the run may be for: one, unless the registry leaves the choice."""
        if self.name or not self.file.projects:
            return (self,)
        return tuple(replace(self, name=name, project_path=path) for name, path in self.file.projects.items())

    @property
    def caps(self) -> Caps:
        """Return the bounds of one session."""
        return Caps(
            turns=self.file.max_turns,
            cost_micro=round(self.file.max_budget_usd * 1_000_000),
            minutes=self.file.timeout_minutes,
            features=self.file.max_features,
        )

    @property
    def project(self) -> str:
        """Return the project's name in branches and refs."""
        return project_name(self.project_path)

    @property
    def branches(self) -> str:
        """Return how the names of this project's session branches begin."""
        return f"{self.file.branch_prefix}{self.project}/session-"

    def path(self, name: str) -> str:
        """Return where a file of the project lies in the repository."""
        return name if self.project_path == "." else f"{self.project_path}/{name}"


def project_name(path: str) -> str:
    """Return a name for a project's folder that fits into refs; different folders get different names.

    >>> project_name("."), project_name("apps/web"), project_name("apps-web"), project_name("root")
    ('root', 'apps-web', 'apps_2dweb', 'root_')
    """
    if path == ".":
        return "root"
    plain = "".join(_plain(letter) for letter in path)
    return f"{plain}_" if plain == "root" else plain


def _plain(letter: str) -> str:
    if letter == "/":
        return "-"
    keep = letter.isascii() and letter.isalnum()
    return letter if keep else "".join(f"_{byte:02x}" for byte in letter.encode())


_CALL_ONLY = frozenset(_Call.model_fields)
_Form = TypeVar("_Form", bound=BaseModel)


def read_call(inputs: Mapping[str, str]) -> Settings:
    """Read what the workflow alone decides, and the defaults; the repository's file comes later.

    Raise ConfigError with all problems at once.
    """
    return _read({name: value for name, value in inputs.items() if name != "project"}, None)


def read_settings(inputs: Mapping[str, str], config: bytes | None) -> Settings:
    """Lay the inputs that are set over the configuration file and the defaults.

    ``config`` is the file's content, None where there is none. Raise ConfigError with all problems
    of both at once.
    """
    return _read(inputs, config)


def heed_strangers(environment: Mapping[str, str]) -> None:
    """Raise ConfigError for inputs that there are not: a default would count in silence where a cap was meant."""
    found = [_stranger(name) for name in strangers(environment)]
    if found:
        raise ConfigError(f"{'; '.join(found)}.", remedy="The table of inputs in README.md names them all.")


def _stranger(name: str) -> str:
    if name in File.model_fields:
        return f"input {name}: it is none, but a key of the configuration file"
    nearest = meant(name, [one.name for one in INPUTS])
    return f"input {name}: there is no such input{f' ({nearest})' if nearest else ''}"


def check_file(config: bytes, where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    r"""Return the keys that a configuration file sets, and what is wrong with it; ``where`` is its name.

    >>> check_file(b"max_turns: 5\nmodel:\n", "x.yml"), check_file(b"max_turns: x", "x.yml")[1]
    ((('max_turns',), ()), ('x.yml: max_turns: give a whole number',))
    """
    document, problems = _document(config, where)
    _, wrong = _checked(File, document, f"{where}: ")
    return tuple(document), (*problems, *wrong)


def _document(config: bytes | None, where: str) -> tuple[dict[str, object], list[str]]:
    """Read the file; a key without a value is not set."""
    document, problems = read_document(config, where)
    given = {name: value for name, value in document.items() if value is not None or name not in File.model_fields}
    return given, problems


def _read(inputs: Mapping[str, str], config: bytes | None) -> Settings:
    call_given = {name: value for name, value in inputs.items() if name in _CALL_ONLY}
    file_given = {name: value for name, value in inputs.items() if name in File.model_fields}
    where = call_given.get("config_file", ".github/autocoder.yml")
    document, problems = _document(config, where)
    call, call_problems = _checked(_Call, call_given, "input ")
    _, file_problems = _checked(File, document, f"{where}: ")
    kept = {name: value for name, value in document.items() if name not in _yields(file_given)}
    merged, input_problems = _checked(File, {**({} if file_problems else kept), **file_given}, "input ")
    problems += call_problems + file_problems + input_problems
    chosen = registry.choose(merged.projects, call.project, call.project_path) if merged and call else ("", ".")
    problems += [f"input project: {chosen}"] if isinstance(chosen, str) and not problems else []
    if problems or call is None or merged is None or isinstance(chosen, str):
        count = f"{len(problems)} settings need a change: " if len(problems) > 1 else ""
        raise ConfigError(
            f"{count}{'; '.join(problems)}.",
            remedy="docs/configuration.md names every setting with its default.",
        )
    return Settings(
        mode=call.mode,
        part=call.part,
        project_path=chosen[1],
        config_file=call.config_file,
        dry_run=call.dry_run,
        fail_on=frozenset(call.fail_on),
        file=merged,
        name=chosen[0],
    )


def _yields(given: Mapping[str, str]) -> Collection[str]:
    """Return the file's keys that an input overrules besides its own: one model is then for every kind of session."""
    return {"models"} if "model" in given else ()


def _checked(model: type[_Form], given: Mapping[str, object], where: str) -> tuple[_Form | None, list[str]]:
    if not given:  # to make what checks a File takes longer than all else that is read before git begins to fetch
        return model.model_construct(), []
    try:
        return model.model_validate(dict(given)), []
    except ValidationError as error:
        return None, [f"{where}{problem(model, one['loc'], one['msg'], one['type'])}" for one in error.errors()]
