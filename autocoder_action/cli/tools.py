"""The feature tools on a project's folder, where a person has all of them on all features.

Each call reads features.db, is answered and writes it anew while nobody else can change it. The one that may take
minutes, *mark passing*, holds nothing while its check runs: what it saw is written afterwards, unless the feature
was changed in the meantime.
"""

import json
import time
from dataclasses import dataclass

from pydantic import ValidationError

from autocoder_action.adapters.machine.checks import LocalChecks
from autocoder_action.backlog import transitions
from autocoder_action.backlog.evidence import keep_evidence
from autocoder_action.backlog.feature import Backlog, CheckProof, Evidence, Feature
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.cli import git
from autocoder_action.cli.project import Project
from autocoder_action.errors import AutocoderError
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.facts import CheckRun
from autocoder_action.session.tool_arguments import Pass
from autocoder_action.session.tools import Context, handle

MARK = "feature_mark_passing"
_LOCAL = "local"
"""What stands in a proof for the workflow run and for the session."""
_MOST_FEATURES = 100_000


@dataclass(frozen=True, kw_only=True)
class _Pending:
    """A check that is to be run, and the feature as it was then."""

    feature: Feature
    command: str


class LocalTools:
    """Answers calls, from any number of threads."""

    def __init__(self, project: Project, checks: LocalChecks | None, *, seconds: int) -> None:
        """Take the folder, what runs checks (None: they are not run), and how long one may take."""
        self._project = project
        self._checks = checks
        self._seconds = seconds

    def call(self, call: Call) -> Reply:
        """Answer one call; what stops it is told, and leaves features.db as it was."""
        try:
            return self._mark(call) if call.name == MARK else self._plain(call)
        except AutocoderError as error:
            return Reply(text=str(error), failed=True)

    def close(self) -> None:
        """End the checks that run."""
        if self._checks:
            self._checks.cancel()

    def _plain(self, call: Call) -> Reply:
        with self._project.changing() as held:
            answer = handle(held.backlog, call, _person())
            if answer.backlog != held.backlog:
                held.save(answer.backlog)
            return answer.reply

    def _mark(self, call: Call) -> Reply:
        pending = self._begin(call)
        if isinstance(pending, Reply) or self._checks is None:
            return pending if isinstance(pending, Reply) else Reply(text="No check is run here.", failed=True)
        tree = git.tree(self._project.folder)
        run = self._checks.run(pending.command, folder=self._project.folder, seconds=self._seconds)
        return self._end(pending, run, tree)

    def _begin(self, call: Call) -> _Pending | Reply:
        """Return what is to be run, or the answer where nothing is."""
        with self._project.changing() as held:
            taken, claimed = _claimed(held.backlog, call)
            answer = handle(taken, call, _person(*claimed))
            feature = taken.get(answer.effect.feature) if answer.effect else None
            if answer.effect is None or feature is None:
                return answer.reply
            self._project.spare_page()  # before minutes go into a check whose result could not be kept
            # The check that the feature has counts; another one is a change of the feature, with its own tool.
            command = feature.check or answer.effect.check
            if command and self._checks:
                return _Pending(feature=feature, command=command)
            named = taken.put(feature.replace(check=command))
            built = transitions.mark_built(named, feature.id, now=_now())
            if isinstance(built, Refusal):
                return Reply(text=str(built), failed=True)
            held.save(built)
        why = "checks are not run here" if command else "it has no check"
        return _said(feature, "built, unproved", hint=f"Nothing proves it: {why}. A person can accept it.")

    def _end(self, pending: _Pending, run: CheckRun, tree: str) -> Reply:
        """Write what a check showed, where it still is about the same feature."""
        with self._project.changing() as held:
            backlog = held.backlog
            feature = backlog.by_uid.get(pending.feature.uid)
            if feature is None or _meaning(feature) != _meaning(pending.feature):
                return Reply(text=f"{pending.feature.code} was changed meanwhile. Look at it, call again.", failed=True)
            backlog = _kept(backlog, feature, run, tree)
            feature = backlog.get(feature.id) or feature
            if not run.succeeded:
                noted = transitions.note_error(backlog, feature.id, run.output or "no output", now=_now())
                if isinstance(noted, Backlog):
                    held.save(noted)
                return Reply(text=_failed(run), failed=True)
            after = _proved(backlog, feature, run, tree)
            if isinstance(after, Refusal):
                return Reply(text=str(after), failed=True)
            held.save(after)
        return _said(feature, "passing", check=run.command, seconds=round(run.duration_ms / 1000, 1))


def _person(*claimed: int) -> Context:
    return Context(activity=None, claimed=frozenset(claimed), now=_now(), most_features=_MOST_FEATURES)


def _now() -> int:
    return int(time.time())


def _claimed(backlog: Backlog, call: Call) -> tuple[Backlog, tuple[int, ...]]:
    """Return the backlog with the feature taken into work: a person needs no claim, but the table of statuses does."""
    try:
        feature = backlog.get(Pass.model_validate(dict(call.arguments)).id)
    except ValidationError:
        return backlog, ()
    after = _taken(backlog, feature) if feature else None
    return (after, (feature.id,)) if feature and isinstance(after, Backlog) else (backlog, ())


def _taken(backlog: Backlog, feature: Feature) -> Backlog | Refusal:
    """Claim a feature, also one that is built and only wants its proof."""
    return transitions.claim(backlog.put(feature.replace(built=False)), feature.id, now=_now())


def _proved(backlog: Backlog, feature: Feature, run: CheckRun, tree: str) -> Backlog | Refusal:
    taken = _taken(backlog, feature.replace(check=run.command))
    if isinstance(taken, Refusal):
        return taken
    proof = CheckProof(
        command=run.command,
        exit_code=0,
        duration_ms=run.duration_ms,
        at=_now(),
        run=_LOCAL,
        session=_LOCAL,
        tree=tree,
    )
    return transitions.prove(taken, feature.id, proof, claimed=frozenset({feature.id}))


def _kept(backlog: Backlog, feature: Feature, run: CheckRun, tree: str) -> Backlog:
    evidence = Evidence(
        command=run.command,
        exit_code=run.exit_code,
        duration_ms=run.duration_ms,
        at=_now(),
        run=_LOCAL,
        session=_LOCAL,
        tree=tree,
        output=run.output,
    )
    kept = keep_evidence(backlog, feature.id, evidence)
    return backlog if isinstance(kept, Refusal) else kept


def _meaning(feature: Feature) -> tuple[object, ...]:
    """Return what a check is about."""
    return (feature.name, feature.description, feature.steps, feature.check)


def _failed(run: CheckRun) -> str:
    ending = "ran out of time" if run.exit_code is None else f"ended with exit code {run.exit_code}"
    return (
        f"The check `{run.command}` {ending} after {run.duration_ms / 1000:.1f} s. The end of its output:\n{run.output}"
    )


def _said(feature: Feature, status: str, **more: object) -> Reply:
    shown = {"id": feature.id, "status": status, **more}
    return Reply(text=json.dumps(shown, ensure_ascii=False, separators=(",", ":")))
