"""The command line within this process, on a folder of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from autocoder_action.adapters.sqlite_store import load, save
from autocoder_action.backlog.feature import Backlog
from autocoder_action.cli import main


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    def done(self) -> str:
        """Return the output of a command that has to succeed without a complaint."""
        assert (self.code, self.err) == (0, "")
        return self.out

    def refused(self, code: int = 1) -> str:
        """Return the one line of a command that has to fail."""
        assert (self.code, self.out) == (code, ""), self
        assert self.err.startswith("autocoder: ")
        assert self.err.count("\n") == 1
        return self.err


class Here:
    """A project's folder, and the program on it."""

    def __init__(self, folder: Path, features: Callable[..., Said]) -> None:
        """Take the folder and the program."""
        self.folder = folder
        self.features = features

    def put(self, backlog: Backlog) -> None:
        """Write features.db as it shall be."""
        save(self.folder / "features.db", backlog)

    @property
    def backlog(self) -> Backlog:
        """Return what features.db holds."""
        found = load(self.folder / "features.db")
        assert found is not None
        return found


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """Give a folder that is the working directory."""
    monkeypatch.chdir(tmp_path)

    def features(*words: str) -> Said:
        try:
            code = main(["features", *words])
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return Said(code=code, out=out, err=err)

    return Here(tmp_path, features)
