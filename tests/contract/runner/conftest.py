"""The runners that keep the port's promises, each with the eyes of a person who looks at the run."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pytest

from autocoder_action.adapters.runner_files import RunnerFiles
from autocoder_action.ports import Runner
from sandbox.runner.command_files import parse
from sandbox.runner.masks import Masker
from sandbox.runner.workflow_commands import LogReader
from tests.fakes.runner import FakeRunner


class Page(Protocol):
    """A runner, and what a person sees of it."""

    @property
    def runner(self) -> Runner:
        """Return the runner."""

    def lines(self) -> list[str]:
        """Return the lines of the log."""

    def annotations(self) -> list[tuple[str, str, str]]:
        """Return level, title and message of what the run's page shows."""

    def outputs(self) -> Mapping[str, str]:
        """Return the action's outputs."""

    def summary(self) -> str:
        """Return the summary page."""

    def kept(self, name: str) -> str:
        """Return a file that was kept."""


class FakePage:
    """What the fake has kept."""

    def __init__(self) -> None:
        self.runner = FakeRunner()

    def lines(self) -> list[str]:
        """Return the lines of the log."""
        return self.runner.lines

    def annotations(self) -> list[tuple[str, str, str]]:
        """Return level, title and message of what the run's page shows."""
        return self.runner.annotations

    def outputs(self) -> Mapping[str, str]:
        """Return the action's outputs."""
        return self.runner.outputs

    def summary(self) -> str:
        """Return the summary page."""
        return self.runner.page

    def kept(self, name: str) -> str:
        """Return a file that was kept."""
        return self.runner.files[name]


class ActionsPage:
    """What GitHub's runner would make of the adapter's output, by the sandbox's reading of its rules."""

    def __init__(self, folder: Path) -> None:
        self.output, self.page = folder / "output", folder / "summary"
        self.output.touch()
        self.page.touch()
        self.stream = io.StringIO()
        environment = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.page),
            "RUNNER_TEMP": str(folder),
        }
        self.runner = RunnerFiles(environment, stream=self.stream)

    def _read(self) -> LogReader:
        reader = LogReader(masker=Masker(), show=lambda _line: None)
        # The runner ends a line at either character.
        for line in self.stream.getvalue().replace("\r", "\n").removesuffix("\n").split("\n"):
            reader.feed(line)
        return reader

    def lines(self) -> list[str]:
        """Return the lines of the log."""
        return self._read().lines

    def annotations(self) -> list[tuple[str, str, str]]:
        """Return level, title and message of what the run's page shows."""
        return [(shown.level, shown.title, shown.message) for shown in self._read().annotations]

    def outputs(self) -> Mapping[str, str]:
        """Return the action's outputs."""
        return {entry.name: entry.value for entry in parse(self.output.read_bytes().decode())}

    def summary(self) -> str:
        """Return the summary page."""
        return self.page.read_bytes().decode()

    def kept(self, name: str) -> str:
        """Return a file that was kept."""
        return (Path(self.runner.kept) / name).read_text()


@pytest.fixture(params=["fake", "actions"])
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Page:
    """Return each runner in turn."""
    return FakePage() if request.param == "fake" else ActionsPage(tmp_path)


@pytest.fixture
def actions(tmp_path: Path) -> ActionsPage:
    """Return the real runner in a workflow."""
    return ActionsPage(tmp_path)


@pytest.fixture
def terminal() -> tuple[RunnerFiles, io.StringIO]:
    """Return the real runner on a developer's machine, and what it prints."""
    stream = io.StringIO()
    return RunnerFiles({}, stream=stream), stream
