"""What is kept and what is shown, in bytes and characters."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.backlog import features_md
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.session.brief import Activity
from autocoder_action.session.own_words import offer
from autocoder_action.session.prompts import fill, guidance
from autocoder_action.session.tools import specs
from sandbox.bench.figures import Figure, Scale
from sandbox.bench.plans import check_run, plan, proved, stored

_PROMPTS = Path(__file__).parents[2] / "prompts"
_CHECKPOINTS = 10
_FAILURE = (
    "  1) add.spec.ts:31:5 \u203a the new one stands at the top of the list\n\n"
    '    Error: expect(locator).toHaveText(expected)\n    Expected: "Cordless drill"\n    Received: "Ladder"\n\n'
    "      at add.spec.ts:44:38\n\n  1 failed, 11 passed (4.1s)"
)
"""The end of what a check prints that fails."""


def figures(scale: Scale) -> Iterator[Figure]:
    """Measure what a checkpoint pushes, and what a build session is shown before it begins."""
    size = scale.sizes[0]
    packs = {one: _pack(plan(one)) for one in scale.sizes[1:]}
    yield Figure(
        name=f"pushed by a checkpoint beyond the code, {len(stored().features)} features of stored prose",
        value=_pack(stored()),
        unit="bytes",
        bound=4_096,
        beside={f"at {one:,}": value for one, value in packs.items()},
    )
    yield Figure(
        name=f"features.db, {size:,} features",
        value=len(SqliteStore().encode(plan(size))),
        unit="bytes",
        beside={f"at {one:,}": len(SqliteStore().encode(plan(one))) for one in scale.sizes[1:]},
    )
    yield Figure(
        name="tools of a build session",
        value=_tools(Activity.BUILD),
        unit="characters",
        bound=4_000,
        beside={"AutoCoder": 16_896},
    )
    yield Figure(
        name="build prompt without features and spec",
        value=_prompt(),
        unit="characters",
        bound=6_000,
        beside={"AutoCoder": 10_752},
    )


def _tools(activity: Activity) -> int:
    """Return the characters of names, descriptions and schemas as they go to the model."""
    shown = [{"name": one.name, "description": one.description, "input_schema": one.schema} for one in specs(activity)]
    return len(json.dumps(shown, ensure_ascii=False, separators=(",", ":")))


def _prompt() -> int:
    """Return the characters of the system prompt and the prompt, their slots filled as for a project with nothing."""
    slots = {"features": "", "turns": "200", "minutes": "45", "guidance": guidance({}), "spec_path": "", "spec": ""}
    slots |= {"bearings": "Nothing yet.", "knowledge": offer(())}
    names = ("system", "rules_build", "coding")
    system, rules, coding = ((_PROMPTS / f"{name}.md").read_text(encoding="utf-8") for name in names)
    return len(fill(system, {"folder": "/work/project"}) + fill(rules, {"verify": ""}) + fill(coding, slots))


def _pack(backlog: Backlog) -> float:
    """Return the bytes that a checkpoint adds to what is pushed, the median of several features."""
    first = len(backlog.passing)
    waiting = backlog.features[first : first + _CHECKPOINTS]
    with tempfile.TemporaryDirectory() as folder:
        git = _Git(Path(folder))
        base = git.commit({**_files(backlog), "app.js": "// nothing yet\n"})
        code = {"app.js": "// something\n"}
        extra: list[int] = []
        for one in waiting:
            with_it = git.commit({**_files(_checked(backlog, one)), **code}, base)
            extra.append(git.pushed(base, with_it) - git.pushed(base, git.commit({**_files(backlog), **code}, base)))
        return median(extra)


def _checked(backlog: Backlog, feature: Feature) -> Backlog:
    """Return the backlog after a check of a feature failed once, and then succeeded."""
    done = proved(feature)
    runs = (check_run(done, exit_code=1, output=_FAILURE), check_run(done, exit_code=0, output="12 passed (3.4s)"))
    return backlog.put(done.replace(evidence=runs))


def _files(backlog: Backlog) -> dict[str, bytes | str]:
    return {"features.db": SqliteStore().encode(backlog), "FEATURES.md": features_md.render(backlog)}


class _Git:
    """A bare repository."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._run("init", "--quiet", "--bare")

    def commit(self, files: Mapping[str, bytes | str], parent: str = "") -> str:
        """Commit files at the root, and nothing else; return the commit."""
        blobs = {name: self._run("hash-object", "-w", "--stdin", data=_bytes(data)) for name, data in files.items()}
        listing = "".join(f"100644 blob {blob}\t{name}\n" for name, blob in sorted(blobs.items()))
        tree = self._run("mktree", data=listing.encode())
        return self._run("commit-tree", tree, "-m", "One more", *(("-p", parent) if parent else ()))

    def pushed(self, known: str, new: str) -> int:
        """Return the bytes of the pack that brings a commit to who knows another."""
        command = ["pack-objects", "--quiet", "--thin", "--delta-base-offset", "--revs", "--stdout"]
        return len(self._output(command, f"{new}\n^{known}\n".encode()))

    def _run(self, *arguments: str, data: bytes = b"") -> str:
        return self._output(list(arguments), data).decode().strip()

    def _output(self, arguments: list[str], data: bytes) -> bytes:
        who = {f"GIT_{role}_{what}": "bench" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self._folder,
            input=data,
            env={**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull},
            check=True,
            capture_output=True,
        )
        return done.stdout


def _bytes(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data
