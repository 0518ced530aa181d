"""The container does what the plain process does."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from autocoder_action.backlog.feature import Backlog, CheckProof
from sandbox.demo import policy, spec_text
from sandbox.github.http.app import Exchange
from sandbox.runner.image import ensure_image
from sandbox.stage import Stage
from tests.e2e.conftest import MakeStage
from tests.e2e.reading import backlog, git

pytestmark = [pytest.mark.container, pytest.mark.xdist_group("container"), pytest.mark.timeout(900)]

_VARY = (
    (r"actions/runs/\d+", "actions/runs/N"),
    (r"\[run \d+\]", "[run N]"),
    (r"127\.0\.0\.1:\d+", "HOST"),
    (r"\d+\.\d+ s\b", "T s"),
    (r"\d+\.\d\d USD", "C USD"),
    (r"[\d,]+ tokens", "K tokens"),
    (r"\b[0-9a-f]{10,40}\b", "HASH"),
)


def masked(text: str) -> str:
    """Take out of a text what differs from run to run: numbers of runs, times, hashes and cost."""
    for pattern, word in _VARY:
        text = re.sub(pattern, word, text)
    return text


def timeless(plan: Backlog) -> Backlog:
    """Take out of a backlog what differs from run to run; the checked trees stay."""
    features = [
        one.replace(
            created_at=0,
            updated_at=0,
            proof=_timeless(one.proof),
            evidence=tuple(structs.replace(run, at=0, duration_ms=0, run="", output="") for run in one.evidence),
        )
        for one in plan.features
    ]
    return replace(plan, features=tuple(features), applied=frozenset(one.partition("/")[2] for one in plan.applied))


def _timeless(proof: object) -> CheckProof | None:
    return structs.replace(proof, at=0, duration_ms=0, run="") if isinstance(proof, CheckProof) else None


def story(stage: Stage) -> dict[str, object]:
    """Plan, build, and look at all that was left behind."""
    stage.merge(int(stage.schedule().last.outputs["pull_request"]))
    tracking = next(one.number for one in stage.repo.issues.values() if one.title == "autocoder: progress")
    run = stage.comment(tracking, "/autocoder continue").last
    assert run.exit_code == 0, run.log
    told = Path(run.outputs["transcript"])
    # A container is told of a folder that it does not see, and what lies in its home is the runner's all the same.
    kept = sorted(stage.runner.root.glob(f"{run.run_id}-*-session/work/_temp/**/autocoder-transcript/*"))
    assert [one.name for one in kept] == ["root-session-2.jsonl", "root-session-2.md"]
    assert kept[0].parent.parts[-2:] == told.parts[-2:]
    branch = run.outputs["branch"]
    return {
        "backlog": timeless(backlog(stage.repo, branch)),
        "commits": git(stage.repo, "log", "--format=%an %s", branch).splitlines(),
        "files": git(stage.repo, "ls-tree", "-r", "--name-only", branch).splitlines(),
        "board": [
            (one.number, one.title, one.state, masked(one.body or ""), sorted(label.name for label in one.labels))
            for one in stage.repo.issues.values()
        ],
        "comments": [masked(one.body) for one in stage.repo.issue(tracking).comments],
        "summary": masked(run.summary),
        "outputs": {name: run.outputs[name] for name in ("conclusion", "reason", "turns", "features_passing")},
        "requests": [
            (one.method, masked(one.path), one.status)
            for one in stage.hub.requests
            if "/api/" in one.path and not _shows_progress(one)
        ],
    }


def _shows_progress(asked: Exchange) -> bool:
    """Return whether a request edits an answer, which a session does as often as its time allows."""
    return asked.method == "PATCH" and "/issues/comments/" in asked.path


def test_the_container_leaves_the_same_behind_as_the_plain_process(make_stage: MakeStage) -> None:
    image = ensure_image()
    plain = story(make_stage(policy, content={"prompts/app_spec.txt": spec_text()}))
    stage = make_stage(policy, content={"prompts/app_spec.txt": spec_text()})
    stage.how, stage.image = "container", image.name
    contained = story(stage)
    for name, expected in plain.items():
        assert contained[name] == expected, name
