"""The first read: everything that a decision needs, before anything is done."""

import hashlib
from dataclasses import dataclass

from autocoder_action.backlog.board import Repository
from autocoder_action.backlog.journal import Journal
from autocoder_action.backlog.ledger import fold, leased, ledger, midnight, session_number, spent_micro
from autocoder_action.conduct.sessions import Known, load, open_sessions
from autocoder_action.conduct.world import World
from autocoder_action.errors import BacklogError, ConfigError
from autocoder_action.intake.settings import Settings, read_call, read_settings
from autocoder_action.plan.situation import Base, Situation, Spec
from autocoder_action.plan.wish import Wish

SPECS = ("prompts/app_spec.txt", "app_spec.txt")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read, and the situation that it makes."""

    situation: Situation
    journal: Journal
    repository: Repository


def read(world: World, wish: Wish) -> Reading:
    """Read the repository, the journal and the session branches once."""
    repository = world.tracker.repository()
    settings, base = _settings_and_base(world, repository)
    journal = world.journal(settings.project_path).read()
    backlog = fold(load(world, settings, base.commit), journal)
    entries = ledger(journal)
    branches = world.workspace.branches(settings.branches)
    now = world.clock.now()
    situation = Situation(
        wish=wish,
        settings=settings,
        base=base,
        spec=_spec(world, settings, base),
        backlog=backlog,
        open_sessions=tuple(open_sessions(world, Known(settings, base, backlog, journal), branches)),
        busy=frozenset(leased(journal, now)),
        last_number=max(
            [session_number(name) for name in branches] + [session_number(entry.booked.session) for entry in entries],
            default=0,
        ),
        spent_today_micro=spent_micro(entries, since=midnight(now)),
        spent_micro=spent_micro(entries),
    )
    return Reading(situation=situation, journal=journal, repository=repository)


def _settings_and_base(world: World, repository: Repository) -> tuple[Settings, Base]:
    """Read the configuration from the branch that the workflow names, and then the base that both name."""
    inputs = world.request.inputs
    config_file = read_call(inputs).config_file
    branch = inputs.get("base_branch", repository.default_branch)
    commit = _head(world, branch)
    settings = read_settings(inputs, world.workspace.read(commit, config_file))
    chosen = settings.file.base_branch or branch
    if chosen != branch:
        commit = _head(world, chosen)
    return settings, Base(branch=chosen, commit=commit)


def _head(world: World, branch: str) -> str:
    commit = world.workspace.base(branch)
    if commit is None:
        raise ConfigError(
            f"The repository {world.request.host.repository} has no branch {branch}.",
            remedy="Push a first commit with the spec, or name another branch in `base_branch`.",
        )
    return commit


def _spec(world: World, settings: Settings, base: Base) -> Spec | None:
    names = [settings.file.spec] if settings.file.spec else SPECS
    for path in map(settings.path, names):
        content = world.workspace.read(base.commit, path)
        if content is not None:
            return Spec(path=path, text=_text(content, path), digest=hashlib.sha256(content).hexdigest())
    return None


def _text(content: bytes, path: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BacklogError(
            f"The spec {path} is not UTF-8 text (byte {error.start}).", remedy="Save it as plain text in UTF-8."
        ) from error
    if "\0" in text:
        raise BacklogError(f"The spec {path} holds NUL bytes.", remedy="Save it as plain text in UTF-8.")
    return text
