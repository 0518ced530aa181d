"""The folders of one run on the runner's disk, and where the step sees them."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RUNNER_UID = 1001
"""The user of GitHub's hosted runners, who owns what the runner makes; an action's container is another one, root."""

COMMAND_FILES = {
    "GITHUB_OUTPUT": "set_output",
    "GITHUB_ENV": "set_env",
    "GITHUB_PATH": "add_path",
    "GITHUB_STATE": "save_state",
    "GITHUB_STEP_SUMMARY": "step_summary",
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """The folders and files of one run, as paths of this machine."""

    root: Path
    repository: str
    step_id: str

    @property
    def workspace(self) -> Path:
        """The folder that a checkout fills and the step starts in."""
        name = self.repository.split("/")[-1]
        return self.root / "work" / name / name

    @property
    def temp(self) -> Path:
        """The runner's temporary folder, which holds credentials of earlier steps too."""
        return self.root / "work" / "_temp"

    @property
    def home(self) -> Path:
        """The step's home folder."""
        return self.temp / "_github_home"

    @property
    def event(self) -> Path:
        """The event file."""
        return self.temp / "_github_workflow" / "event.json"

    @property
    def docker_socket(self) -> Path:
        """A socket behind which nobody listens, where a runner has its container engine."""
        return self.root / "docker.sock"

    def command_file(self, variable: str) -> Path:
        """Return the command file that an environment variable names."""
        return self.temp / "_runner_file_commands" / f"{COMMAND_FILES[variable]}_{self.step_id}"

    def make(self, payload: Mapping[str, Any]) -> None:
        """Create everything; the workspace is empty."""
        for folder in (self.workspace, self.home, self.event.parent, self.temp / "_runner_file_commands"):
            folder.mkdir(parents=True)
        self.event.write_text(json.dumps(payload, indent=2), encoding="utf-8")
        for variable in COMMAND_FILES:
            self.command_file(variable).touch()
        self._make_socket()

    def _make_socket(self) -> None:
        # A socket's whole path may have about 100 characters only: bind a short name, as seen from its folder.
        folder = os.open(self.root, os.O_RDONLY)
        try:
            with socket.socket(socket.AF_UNIX) as decoy:
                decoy.bind(f"/proc/self/fd/{folder}/{self.docker_socket.name}")
        finally:
            os.close(folder)

    def hand_over(self) -> None:
        """Give everything to the runner's user, where this process may do that."""
        if os.geteuid() != 0:
            return
        work = self.root / "work"
        os.chown(work, RUNNER_UID, RUNNER_UID)
        for folder, folders, files in os.walk(work):
            for name in (*folders, *files):
                os.chown(Path(folder, name), RUNNER_UID, RUNNER_UID, follow_symlinks=False)

    def mounts(self) -> dict[Path, str]:
        """Return what a container sees: folder here, path there."""
        return {
            self.docker_socket: "/var/run/docker.sock",
            self.temp: "/github/runner_temp",
            self.home: "/github/home",
            self.event.parent: "/github/workflow",
            self.temp / "_runner_file_commands": "/github/file_commands",
            self.workspace: "/github/workspace",
        }

    def seen_in_container(self, path: Path) -> str:
        """Return where a container sees a path of this machine; the innermost mount decides."""
        for here, there in reversed(self.mounts().items()):
            if path.is_relative_to(here):
                return str(Path(there, path.relative_to(here)))
        return str(path)
