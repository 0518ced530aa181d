"""`autocoder mcp`, spoken to by the MCP library's own client over stdin and stdout."""

import asyncio
import os
import subprocess
from pathlib import Path

import pytest
from mcp.client.client import ConnectMode

from autocoder_action import __version__
from autocoder_action.adapters.sqlite_store import load, save
from autocoder_action.backlog import creation
from autocoder_action.backlog.creation import Created, Edit
from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, Status
from autocoder_action.backlog.features_md import render
from autocoder_action.session.tool_specs import names
from tests.contract.mcp.clients import Talk, story, talk
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, changed

ADD = {"name": "Add", "description": "Adds.", "steps": ["Run it."]}


def stored(project: Path) -> Backlog:
    backlog = load(project / "features.db")
    assert backlog is not None
    return backlog


def first(project: Path) -> Feature:
    return stored(project).features[0]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder whose backlog holds one feature that is ready, and one that waits for it."""
    save(tmp_path / "features.db", a_backlog(a_draft("Add", check="test -f done"), a_draft("List", "Add")))
    return tmp_path


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_sees_every_tool_with_what_it_takes(tmp_path: Path, mode: ConnectMode) -> None:
    async def look() -> None:
        async with talk(tmp_path, mode=mode) as one:
            assert one.client.server_info
            assert (one.client.server_info.name, one.client.server_info.version) == ("autocoder", __version__)
            assert str(tmp_path) in (one.client.instructions or "")
            tools = {tool.name: tool for tool in (await one.client.list_tools()).tools}
            assert list(tools) == list(names(None))
            assert tools["feature_create"].input_schema["required"] == ["name", "description", "steps"]
            assert "committed" not in (tools["feature_mark_passing"].description or "")

    asyncio.run(look())


def test_features_are_planned_ordered_and_written_with_their_page(tmp_path: Path) -> None:
    async def plan(one: Talk) -> None:
        made = await one.call("feature_create_bulk", features=[ADD, ADD | {"name": "List", "depends_on": ["Add"]}])
        assert made == {"ids": [1, 2], "updated": []}
        offered = await one.call("feature_get_next")
        assert offered["feature"] == await one.call("feature_get", id="F1")
        assert (await one.call("feature_get_stats"))["blocked"] == 1
        assert (await one.call("feature_delete", id=1))["blocked"] == ["F2"]

    story(tmp_path, plan)
    assert [one.status for one in stored(tmp_path).features] == [Status.CANCELLED, Status.PENDING]
    assert (tmp_path / "FEATURES.md").read_text(encoding="utf-8") == render(stored(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["FEATURES.md", "features.db"]


def test_what_is_refused_is_an_error_and_changes_nothing(project: Path) -> None:
    before = (project / "features.db").read_bytes()

    async def err(one: Talk) -> None:
        assert "no tool" in await one.refusal("feature_fly")
        assert "steps" in await one.refusal("feature_create", name="x", description="y")
        assert "circle" in await one.refusal("feature_set_dependencies", id=1, depends_on=["List"])
        assert "F9" in await one.refusal("feature_mark_passing", id=9)
        assert "F1" in await one.refusal("feature_mark_passing", id=2)
        assert "id" in await one.refusal("feature_mark_passing", id="none")

    story(project, err)
    assert (project / "features.db").read_bytes() == before


def test_a_damaged_file_is_an_error_of_every_call_and_stays_as_it_is(project: Path) -> None:
    path = project / "features.db"
    half = path.read_bytes()[:-5000]
    path.write_bytes(half)

    async def err(one: Talk) -> None:
        assert "Restore features.db" in await one.refusal("feature_get_stats")
        assert "Restore features.db" in await one.refusal("feature_create", **ADD)

    story(project, err)
    assert path.read_bytes() == half


def test_a_check_that_succeeds_in_the_folder_proves_the_feature(project: Path) -> None:
    git = ("git", "-C", str(project), "-c", "core.excludesFile=")
    subprocess.run([*git, "init", "-q"], check=True)
    (project / "done").touch()

    async def finish(one: Talk) -> None:
        said = await one.call("feature_mark_passing", id=1)
        assert (said["status"], said["check"]) == ("passing", "test -f done")
        assert "passing" in await one.refusal("feature_mark_passing", id=1)

    story(project, finish)
    proof = first(project).proof
    assert isinstance(proof, CheckProof)
    assert (proof.run, proof.session, proof.exit_code) == ("local", "local", 0)
    assert list((project / ".git" / "objects").glob("??")) == []
    subprocess.run([*git, "add", "done"], check=True)
    tree = subprocess.run([*git, "write-tree"], check=True, capture_output=True, text=True).stdout.strip()
    assert proof.tree == tree


def test_a_check_that_fails_is_told_with_its_output_and_proves_nothing(tmp_path: Path) -> None:
    async def fail(one: Talk) -> None:
        await one.call("feature_create", check="echo so it goes; exit 3", **ADD)
        said = await one.refusal("feature_mark_passing", id=1)
        assert "exit code 3" in said
        assert "so it goes" in said

    story(tmp_path, fail)
    feature = first(tmp_path)
    assert (feature.status, feature.proof, feature.last_error) == (Status.PENDING, None, "so it goes")
    (run,) = feature.evidence
    assert (run.command, run.exit_code, run.session) == ("echo so it goes; exit 3", 3, "local")
    assert run.output == "so it goes"


def test_a_check_that_never_ends_is_ended(tmp_path: Path) -> None:
    async def wait(one: Talk) -> None:
        await one.call("feature_create", check="tail -f /dev/null", **ADD)
        assert "ran out of time" in await one.refusal("feature_mark_passing", id=1)

    story(tmp_path, wait, "--check-seconds", "1")


@pytest.mark.parametrize("options", [(), ("--no-checks",)])
def test_what_nothing_proves_is_built_and_no_more(tmp_path: Path, options: tuple[str, ...]) -> None:
    async def build(one: Talk) -> None:
        check = {"check": "touch ran"} if options else {}
        await one.call("feature_create", **ADD, **check)
        assert (await one.call("feature_mark_passing", id=1))["status"] == "built, unproved"

    story(tmp_path, build, *options)
    assert first(tmp_path).built
    assert not (tmp_path / "ran").exists()


def test_what_was_built_before_can_be_proved_with_a_check_that_is_then_kept(tmp_path: Path) -> None:
    async def prove(one: Talk) -> None:
        await one.call("feature_create", **ADD)
        await one.call("feature_mark_passing", id=1)
        assert (await one.call("feature_mark_passing", id=1, check="true"))["status"] == "passing"

    story(tmp_path, prove)
    assert first(tmp_path).check == "true"


def test_two_clients_at_once_lose_nothing(tmp_path: Path) -> None:
    async def write(one: Talk, name: str) -> None:
        await asyncio.gather(*(one.call("feature_create", **ADD | {"name": f"{name} {n}"}) for n in range(20)))

    async def both() -> None:
        async with talk(tmp_path) as one, talk(tmp_path) as other:
            await asyncio.gather(write(one, "left"), write(other, "right"))

    asyncio.run(both())
    names = {one.name for one in stored(tmp_path).features}
    assert names == {f"{side} {n}" for side in ("left", "right") for n in range(20)}


def test_while_a_check_runs_others_go_on_and_a_feature_that_they_change_is_not_proved(project: Path) -> None:
    gate = project / "gate"
    os.mkfifo(gate)
    save(project / "features.db", a_backlog(a_draft("Add", check=f"read -r line < {gate}"), a_draft("List")))

    async def change(one: Talk) -> None:
        checking = asyncio.create_task(one.refusal("feature_mark_passing", id=1))
        opened = asyncio.create_task(asyncio.to_thread(os.open, gate, os.O_WRONLY))  # once the check reads
        await one.call("feature_update", id=2, name="List all")
        writing = await opened
        await asyncio.to_thread(_reword, project)
        os.write(writing, b"go\n")
        os.close(writing)
        assert "changed meanwhile" in await checking

    story(project, change)
    assert [one.name for one in stored(project).features] == ["Add more", "List all"]
    assert first(project).status is Status.PENDING


def _reword(project: Path) -> None:
    """Change a feature's words as another program would."""
    save(project / "features.db", changed(creation.update(stored(project), 1, Edit(name="Add more"), now=NOW + 9)))


def test_a_client_that_leaves_ends_its_check(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    created = creation.create(
        Backlog(), [a_draft("Add", check=f"exec 3> {alive}; echo begun >&3; tail -f /dev/null")], now=NOW
    )
    assert isinstance(created, Created)
    save(tmp_path / "features.db", created.backlog)

    async def leave() -> int:
        async with talk(tmp_path) as one:
            checking = asyncio.create_task(one.call("feature_mark_passing", id=1))
            reading = await asyncio.to_thread(os.open, alive, os.O_RDONLY)
            assert await asyncio.to_thread(os.read, reading, 100) == b"begun\n"
            checking.cancel()
        return reading

    reading = asyncio.run(leave())
    assert os.read(reading, 100) == b""  # nobody holds the other end any more
    os.close(reading)
    assert first(tmp_path).status is Status.PENDING
