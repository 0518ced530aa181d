"""The board: requests and seconds of a first sync, of one with nothing to do, and of one with a few changes."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from github import Auth, Github

from autocoder_action.adapters.git import GitJournal
from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.backlog import features_md
from autocoder_action.backlog.feature import Backlog, Feature, PersonProof, Status
from autocoder_action.backlog.ledger import synced, tracked
from autocoder_action.backlog.links import links, part_of, record
from autocoder_action.publish.board import Place, show_feature
from sandbox.bench.figures import Figure, Scale
from sandbox.bench.plans import NOW, created, written
from sandbox.github import GitHub
from sandbox.runner import Runner
from sandbox.stage import Stage

FIRST, MANY, SOME = 400, 1_000, (10, 60, 120)
"""Features of the first sync, features of a large board, and how many of those change from run to run."""
_LOOP = "a plain loop"
_ISSUES = {"issues": "write", "contents": "write"}
_BOT = "github-actions[bot]"
_HOUR = 3_600
_PAST = timedelta(hours=2)
"""What was written so long ago counts no more against the limit of an hour."""


def figures(scale: Scale) -> Iterator[Figure]:
    """Sync a new board, then a large one with nothing to do, and then with a few changes."""
    first, many = (FIRST, MANY) if scale.sizes == Scale().sizes else (scale.sizes[0], scale.sizes[-1])
    plan = _plan(first)
    with _stage(plan) as stage:
        requests, seconds = _synced(stage)
        labels = len(stage.repo.labels)
    with _stage(plan) as stage:
        loop, loop_seconds = _looped(stage, plan)
    # Of pending features: an issue that shall be closed is opened first, and costs two.
    bound = 1.1 * first + labels if first >= FIRST else None  # of a small board all links fit into the first run, too
    name = f"first sync of {first}"
    yield Figure(name=f"{name}, asked", value=requests, unit="requests", bound=bound, beside={_LOOP: loop})
    yield Figure(name=f"{name}, time", value=seconds, unit="s", bound=15, beside={_LOOP: loop_seconds})
    yield from _large(many, scale.repeats)


def _large(many: int, repeats: int) -> Iterator[Figure]:
    plan = _plan(many)
    with _stage(plan) as stage:
        numbers = _fill(stage, plan)
        stage.hub.slow_down(1)  # as at the host's pace: many changes of one second are a rare thing
        _synced(stage)
        _linked(stage, plan, numbers)
        _synced(stage)
        requests, seconds = _median(stage, repeats)
        loop, loop_seconds = _looped(stage, plan)
        name = f"nothing to do, {many:,}"
        yield Figure(name=f"{name}, asked", value=requests, unit="requests", bound=2, beside={_LOOP: loop})
        yield Figure(name=f"{name}, time", value=seconds, unit="s", bound=1, beside={_LOOP: loop_seconds})
        yield from _changed(stage, plan)


def _changed(stage: Stage, plan: Backlog) -> Iterator[Figure]:
    """Have ever more features pass; the run after each has nothing to do."""
    left, many = list(plan.features), len(plan.features)
    for some in SOME if many >= sum(SOME) else SOME[:1]:
        done, left = left[:some], left[some:]
        plan = plan.put(*map(_accepted, done))
        stage.repo.commit(_files(plan), by="maintainer", message="Merge")
        requests, seconds = _synced(stage)
        name = f"{some} changes of {many:,}"
        yield Figure(name=f"{name}, asked", value=requests, unit="requests", bound=some + 3)
        yield Figure(name=f"{name}, time", value=seconds, unit="s")
        requests, seconds = _synced(stage)
        name = f"nothing to do after {some} changes"
        yield Figure(name=f"{name}, asked", value=requests, unit="requests", bound=2)
        yield Figure(name=f"{name}, time", value=seconds, unit="s")


def _plan(size: int) -> Backlog:
    return replace(created(written(size)), initialized="0" * 64)


def _accepted(feature: Feature) -> Feature:
    """Return a feature that a person has accepted; a session's proof would have the journal searched for it."""
    return feature.replace(status=Status.PASSING, proof=PersonProof(login="maintainer", at=NOW), updated_at=NOW)


def _files(backlog: Backlog) -> dict[str, str | bytes]:
    listing = features_md.render(backlog)
    return {"prompts/app_spec.txt": "A list.\n", "features.db": SqliteStore().encode(backlog), "FEATURES.md": listing}


def _synced(stage: Stage) -> tuple[int, float]:
    """Hold a run, an hour after the last one; return its API requests and the seconds of its process."""
    stage.hub.advance(_HOUR)
    before = len(stage.hub.requests)
    event = stage.hub.event("workflow_dispatch", stage.repo, by="maintainer")
    done = stage.job("session", event, part="session", mode="sync")
    if done.exit_code != 0:
        raise RuntimeError(f"The run ended with {done.exit_code}:\n{done.log[-2_000:]}")
    return _requests(stage, before), done.seconds


def _median(stage: Stage, repeats: int) -> tuple[int, float]:
    """Hold several runs with nothing to do; return the most requests and the median of the seconds."""
    runs = [_synced(stage) for _ in range(repeats)]
    return max(requests for requests, _ in runs), median(seconds for _, seconds in runs)


def _requests(stage: Stage, before: int) -> int:
    return sum(".git/" not in one.path for one in stage.hub.requests[before:])


def _looped(stage: Stage, plan: Backlog) -> tuple[int, float]:
    """Do the same as somebody would who has PyGithub and an hour: read all issues, then create what is missing."""
    before, began = len(stage.hub.requests), time.perf_counter()
    token = Auth.Token(stage.hub.workflow_token(stage.repo, _ISSUES))
    hub = Github(auth=token, base_url=stage.hub.api_url, seconds_between_writes=0, seconds_between_requests=0)
    repository = hub.get_repo(stage.repo.full_name)
    known = {issue.title: issue for issue in repository.get_issues(state="all")}
    for feature in plan.features:
        card = show_feature(feature, plan, {}, Place(project="root", run_link=""))
        if card.title not in known:
            made = repository.create_issue(card.title, card.body)
            made.add_to_labels(*sorted(card.labels))
    hub.close()
    return _requests(stage, before), time.perf_counter() - began


def _fill(stage: Stage, plan: Backlog) -> dict[str, int]:
    """Put the issues there that a first sync would have made hours ago: it takes hours at the host's pace."""
    numbers: dict[str, int] = {}
    place = Place(project="root", run_link=f"{stage.hub.server_url}/octo/app/actions/runs/")
    for feature in plan.features:
        card = show_feature(feature, plan, numbers, place)
        made = stage.repo.open_issue(by=_BOT, title=card.title, body=card.body, labels=sorted(card.labels))
        made.created_at = made.updated_at = made.created_at - _PAST
        numbers[feature.uid] = made.number
    return numbers


def _linked(stage: Stage, plan: Backlog, numbers: dict[str, int]) -> None:
    """Have the journal know of all links, which runs would make in some days at the host's pace."""
    token = stage.hub.workflow_token(stage.repo, _ISSUES)
    remote = f"{stage.hub.server_url}/{stage.repo.full_name}.git"
    with tempfile.TemporaryDirectory(prefix="autocoder-bench-") as folder:
        store = GitJournal(folder=Path(folder) / "journal", remote=remote, token=token, project=".", run="0-1")
        journal = store.read()
        shown = tracked(journal)
        if shown is None:
            raise RuntimeError("The runs before left no tracking issue.")
        parents = {part: issue for part, issue, _ in shown.parts} | {0: shown.issue}
        for part in {part_of(one.id) or 0 for one in plan.features} - parents.keys():
            parents[part] = len(stage.repo.issues) + 1 + part
        wanted = links(plan, numbers, synced(journal), parents)
        known = synced(journal)
        done = [
            replace(one, last=replace(one.last, under=parents[one.part or 0], blockers=one.blockers)) for one in wanted
        ]
        store.append([record(known.get(one.feature), one, run="0-1", now=NOW) for one in done])
        parts = tuple((part, issue, shown.issue) for part, issue in sorted(parents.items()) if part)
        store.append([replace(shown, id="0-1/tracked", n=0, parts=parts)])


@contextmanager
def _stage(backlog: Backlog) -> Iterator[Stage]:
    """Set up a GitHub whose one repository has an approved plan, and no issues."""
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autocoder-bench-")))
        root.chmod(0o755)
        hub = stack.enter_context(GitHub(validate=False, folder=root / "github"))
        hub.add_user("maintainer")
        repo = hub.add_repo("octo", "app", files=_files(backlog))
        repo.grant("maintainer", "admin")
        yield Stage(hub=hub, repo=repo, runner=Runner(root / "runs"))
