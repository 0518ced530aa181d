"""A lost or damaged features.db comes back from its issues, and the project goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from autocoder_action.adapters.sqlite_store import SqliteStore, load
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import CheckProof, PersonProof, Status
from autocoder_action.backlog.fold import fold
from sandbox.model.policies import script
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import backlog, feature, git, journal

if TYPE_CHECKING:
    from pathlib import Path

    from autocoder_action.backlog.feature import Backlog, Feature
    from sandbox.stage import Stage


def lived(make_stage: MakeStage) -> Stage:
    """Return a project that people and a session have worked on, and whose board is up to date."""
    drafts = [
        Draft(
            name="Greet", description="Greets <b>all</b>.\n\n- kindly", steps=("Run it.",), check="test -f greet.txt"
        ),
        Draft(name="Part", description="Parts.", steps=("Run it.", "Look."), depends_on=("greet",), category="ui"),
        Draft(name="Serve", description="Serves.", steps=("Run it.",), priority=9),
        Draft(name="Store", description="Stores.", steps=("Run it.",), depends_on=("part", "serve")),
    ]
    stage = make_stage(script(feature(1, "echo Hello > greet.txt")), content=files(planned(*drafts)))
    run = stage.schedule(max_features="2").last
    stage.merge(int(run.outputs["pull_request"]))
    numbers = {one.title.partition(" ")[2]: one.number for one in stage.repo.issues.values() if one.pull is None}
    stage.repo.close_issue(numbers["Part"], by="maintainer")
    stage.repo.label(numbers["Serve"], "autocoder:skip", by="maintainer")
    stage.repo.close_issue(numbers["Store"], by="maintainer", reason="not_planned")
    mine = stage.repo.open_issue(by="maintainer", title="Wave", body="Waves.\n\n- [ ] Look.")
    stage.repo.label(mine.number, "autocoder:feature", by="maintainer")
    assert stage.schedule(mode="sync").last.exit_code == 0
    return stage


def clone(stage: Stage, folder: Path) -> Path:
    """Return a person's clone."""
    git(stage.repo, "clone", "--quiet", str(stage.repo.git_dir), str(folder))
    subprocess.run(
        ["git", "-C", str(folder), "remote", "set-url", "origin", "https://github.com/octo/app.git"], check=True
    )
    subprocess.run(
        ["git", "-C", str(folder), "fetch", "--quiet", str(stage.repo.git_dir), "refs/autocoder/*:refs/autocoder/*"],
        check=True,
    )
    return folder


def run(stage: Stage, folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {"GITHUB_TOKEN": stage.hub.user_token("maintainer"), "GITHUB_API_URL": stage.hub.api_url} | environment
    return subprocess.run(
        [sys.executable, "-I", "-m", "autocoder_action", "features", "rebuild", "--from-issues",
         "--project", str(folder), *words],
        capture_output=True, text=True, check=False, env=known | given,
    )  # fmt: skip


def carried(one: Feature) -> Feature:
    """Return a feature as far as an issue carries it."""
    return one.replace(last_error=None, evidence=(), updated_at=0)


def rebuilt(folder: Path) -> Backlog:
    """Return what the command wrote."""
    found = load(folder / "features.db")
    assert found is not None
    return found


def test_a_lost_backlog_comes_back_with_all_that_the_issues_carry_and_goes_on(
    make_stage: MakeStage, tmp_path: Path
) -> None:
    stage = lived(make_stage)
    lost = fold(backlog(stage.repo), journal(stage.repo))
    assert [one.status for one in lost.features] == [
        Status.PASSING, Status.PASSING, Status.SKIPPED, Status.CANCELLED, Status.PENDING
    ]  # fmt: skip
    assert isinstance(lost.features[0].proof, CheckProof)
    assert lost.features[2].attempts == 1, "the journal knows of it, and base does not"
    assert isinstance(lost.features[1].proof, PersonProof)
    commit = git(stage.repo, "log", "--format=%H", "--grep=^Autocoder-Feature: F1$", "main").strip()
    shown = next(one.body or "" for one in stage.repo.issues.values() if one.title == "F1 Greet")
    assert f"/octo/app/commit/{commit})" in shown, "the issue leads to the commit that proved its feature"
    folder = clone(stage, tmp_path / "clone")
    (folder / "features.db").unlink()
    page = (folder / "FEATURES.md").read_text()
    done = run(stage, folder)
    assert done.returncode == 0, done.stderr
    found = rebuilt(folder)
    assert [carried(one) for one in found.features] == [carried(one) for one in lost.features]
    assert (found.next_id, bool(found.initialized)) == (lost.next_id, True)
    assert (folder / "FEATURES.md").read_text() != page
    assert "4 features" in done.stdout
    assert "Look it through, then commit it with FEATURES.md." in done.stdout
    assert done.stderr == ""
    # The project goes on with it, and nothing is done twice.
    content: dict[str, str | bytes] = {name: (folder / name).read_bytes() for name in ("features.db", "FEATURES.md")}
    stage.repo.commit(content, by="maintainer", message="Make the backlog anew")
    count = len(stage.repo.issues)
    again = stage.schedule(mode="sync").last
    assert again.exit_code == 0, again.log
    assert len(stage.repo.issues) == count
    after = fold(backlog(stage.repo), journal(stage.repo))
    assert [carried(one) for one in after.features] == [carried(one) for one in lost.features]


def synced(make_stage: MakeStage) -> Stage:
    """Return a project whose plan is on the board."""
    stage = make_stage(script([]), content=files(planned()))
    assert stage.job("session", stage.hub.event("schedule", stage.repo), part="session", mode="sync").exit_code == 0
    return stage


def test_a_backlog_that_can_be_read_is_only_replaced_by_force(make_stage: MakeStage, tmp_path: Path) -> None:
    stage = synced(make_stage)
    folder = clone(stage, tmp_path / "clone")
    before = (folder / "features.db").read_bytes()
    refused = run(stage, folder)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "features.db can be read" in refused.stderr
    assert "--force" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    shown = run(stage, folder, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "F2\tpending\t" in shown.stdout
    assert "Dry run: features.db would hold this" in shown.stdout
    assert (folder / "features.db").read_bytes() == before
    assert run(stage, folder, "--force", "--repo", "octo/app").returncode == 0
    assert (folder / "features.db").read_bytes() != before


def test_a_damaged_backlog_is_replaced_and_that_is_said(make_stage: MakeStage, tmp_path: Path) -> None:
    stage = synced(make_stage)
    folder = clone(stage, tmp_path / "clone")
    damaged = SqliteStore().encode(planned())[:5_000]
    (folder / "features.db").write_bytes(damaged)
    check = subprocess.run(
        [sys.executable, "-I", "-m", "autocoder_action", "features", "check", "--project", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "autocoder features rebuild --from-issues" in check.stderr
    done = run(stage, folder)
    assert "The features.db that could not be read is replaced." in done.stdout
    assert len(rebuilt(folder).features) == 2


WRONG: list[tuple[tuple[str, ...], dict[str, str], str]] = [
    ((), {"GITHUB_TOKEN": ""}, "There is no token to read the issues of octo/app with."),
    ((), {"GITHUB_TOKEN": "ghp_wrong00000000000000000000000000000000"}, "octo/app"),
    (("--repo", "octo/elsewhere"), {}, "octo/elsewhere"),
    (("--repo", "nonsense"), {}, "'nonsense'"),
    ((), {"GITHUB_API_URL": "http://127.0.0.1:9"}, "127.0.0.1:9"),
    ((), {"GITHUB_API_URL": "nowhere"}, "GITHUB_API_URL"),
    (("--author", "stranger"), {}, "Such issues are by github-actions[bot]."),
]


def test_what_is_wrong_is_said_in_one_line_and_nothing_is_written(make_stage: MakeStage, tmp_path: Path) -> None:
    stage = synced(make_stage)
    folder = clone(stage, tmp_path / "clone")
    (folder / "features.db").unlink()
    for words, environment, said in WRONG:
        done = run(stage, folder, *words, **environment)
        assert done.returncode == 1
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert not (folder / "features.db").exists()
    git(stage.repo, "-C", str(folder), "remote", "remove", "origin")
    assert "Give --repo owner/name." in run(stage, folder).stderr
