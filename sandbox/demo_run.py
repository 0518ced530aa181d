"""The demo: an application built from its spec by consecutive workflow runs, on this machine alone."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sandbox.demo import policy, spec_text
from sandbox.github import GitHub, Repo
from sandbox.github.state import Issue
from sandbox.model import Model
from sandbox.pages import Page, board, write_pages
from sandbox.runner import Finished, Runner
from sandbox.stage import KEY, Stage, WorkflowRun

_FEW = 3
CHECKOUT = Path(__file__).parent.parent


class DemoFailedError(Exception):
    """A run of the demo did not end as it should."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo and say where to look; return 1 where it did not go as it should."""
    options = _parser().parse_args(arguments)
    began = time.monotonic()
    out = Path(options.out).resolve()
    if not _ready(out):
        return 1
    try:
        with _stage(options) as stage:
            runs = _story(stage)
            _leave(stage, runs, out)
            tests = _prove(out / "clone")
    except DemoFailedError as error:
        print(f"\ndemo: {error}", file=sys.stderr)
        return 1
    _tell(out, tests, time.monotonic() - began)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument(
        "--live",
        action="store_true",
        help="call the real model API; needs ANTHROPIC_API_KEY, may take hours and costs up to 20 USD",
    )
    parser.add_argument("--container", action="store_true", help="run the action's image instead of a plain process")
    parser.add_argument("--out", default=str(CHECKOUT / ".demo"), help="folder for what is left behind (.demo)")
    return parser


def _ready(out: Path) -> bool:
    """Empty the folder of an earlier demo; refuse one that holds something else."""
    if out.exists() and any(out.iterdir()) and not (out / "clone").is_dir():
        print(f"demo: {out} is not empty and not from an earlier demo; name another with --out.", file=sys.stderr)
        return False
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    return True


@contextmanager
def _stage(options: argparse.Namespace) -> Iterator[Stage]:
    """Set up a GitHub with one repository that holds only a spec, and a model."""
    key = os.environ.get("ANTHROPIC_API_KEY", "")
    if options.live and not key:
        raise DemoFailedError("--live needs ANTHROPIC_API_KEY in the environment.")
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autocoder-demo-")))
        root.chmod(0o755)
        hub = stack.enter_context(GitHub(validate=False, folder=root / "github"))
        model = None if options.live else stack.enter_context(Model(policy, keys={KEY}))
        hub.add_user("maintainer")
        repo = hub.add_repo("octo", "bookmarks", files={"prompts/app_spec.txt": spec_text()})
        repo.grant("maintainer", "admin")
        yield Stage(
            hub=hub,
            repo=repo,
            runner=Runner(root / "runs"),
            model=model,
            how="container" if options.container else "process",
            inputs={"anthropic_api_key": key} if options.live else {},
            on_line=lambda line: print(f"   {line}", flush=True),
        )


def _story(stage: Stage) -> list[Finished]:
    """Tell the four runs, with a maintainer who merges what is offered and steers by editing an issue."""
    runs: list[Finished] = []

    def act(title: str, run: WorkflowRun) -> None:
        runs.append(run.last)
        if run.last.exit_code:
            raise DemoFailedError(f"“{title}” ended with exit code {run.last.exit_code}.")

    _say("1. A scheduled run: the repository holds a spec and nothing else")
    act("initialize", stage.schedule())
    _say("2. The maintainer merges the plan; the merge's own event brings the board up to date, without a model")
    act("sync", stage.merge(_offered(stage.repo)))
    tracking = _tracking(stage.repo)
    _say(f"3. The maintainer comments `/autocoder continue` on the tracking issue #{tracking}")
    act("continue", stage.comment(tracking, "/autocoder continue"))
    _say("   … and merges what the session offers")
    act("sync", stage.merge(_offered(stage.repo)))
    last, other, third = _waiting(stage.repo)[:3]
    _hurry(stage.repo, last)
    _say(f"   … and, in a hurry, writes `Priority: 0` into issue #{last.number}, “{last.title}”: nobody runs anything")
    _say(f"   … adds what is missing, and leaves out what can wait: #{other.number}, “{other.title}”")
    act("add and skip", stage.comment(tracking, _ADD + f"/autocoder skip #{other.number} Nobody asks for it yet."))
    _reply(stage.repo, tracking)
    _say(f"   … and asks the assistant to split #{third.number}, “{third.title}”")
    act("ask", stage.comment(tracking, f"/autocoder ask Split #{third.number} into two: Write a file, Read a file."))
    _reply(stage.repo, tracking)
    _say("4. The next scheduled run goes on, and builds that one first")
    act("schedule", stage.schedule())
    _say("   … and its pull request is merged, too")
    act("sync", stage.merge(_offered(stage.repo)))
    return runs


def _offered(repo: Repo) -> int:
    pulls = repo.pulls("open")
    if not pulls:
        raise DemoFailedError("the run opened no pull request.")
    return pulls[-1].number


_ADD = """/autocoder add Import from a browser
Takes over the bookmarks that a browser has exported.
- Export from a browser, import, and list.

"""


def _reply(repo: Repo, number: int) -> None:
    """Show what the last answer on an issue says."""
    for line in repo.issue(number).comments[-1].body.splitlines():
        print(f"   | {line}", flush=True)


def _waiting(repo: Repo) -> list[Issue]:
    """Return the open issues that show features, the last first."""
    waiting = [
        issue for issue in repo.issues.values() if issue.state == "open" and "\nPriority: " in (issue.body or "")
    ]
    if len(waiting) < _FEW:
        raise DemoFailedError("too few open issues show features.")
    return waiting[::-1]


def _hurry(repo: Repo, issue: Issue) -> None:
    """Have the maintainer put a feature first, by editing its issue as one edits issues."""
    body = re.sub(r"\nPriority: \d+\n", "\nPriority: 0\n", issue.body or "")
    repo.edit_issue(issue.number, by="maintainer", body=body)


def _tracking(repo: Repo) -> int:
    found = [number for number, issue in repo.issues.items() if issue.title.startswith("autocoder: progress")]
    if not found:
        raise DemoFailedError("there is no tracking issue.")
    return found[0]


def _say(line: str) -> None:
    print(f"\n{line}\n", flush=True)


def _leave(stage: Stage, runs: Sequence[Finished], out: Path) -> None:
    """Clone the repository, and write down what people would see."""
    subprocess.run(["git", "clone", "--quiet", str(stage.repo.git_dir), str(out / "clone")], check=True)
    pages = [Page(f"Run {run.run_number}: {run.outputs.get('conclusion', '')}", run.summary) for run in runs]
    for page, run in zip(pages, runs, strict=True):
        (out / f"summary-{run.run_number}.md").write_text(page.markdown)
    write_pages(out, "summaries", pages)
    write_pages(out, "board", board(stage.repo))


def _prove(clone: Path) -> str:
    """Run the application's own tests in the clone, and return their last line."""
    tests = subprocess.run(
        ["python3", "-m", "unittest", "discover"], cwd=clone, capture_output=True, text=True, check=False, timeout=120
    )
    lines = [line for line in tests.stderr.splitlines() if line.strip()]
    if tests.returncode or not lines:
        raise DemoFailedError("the generated application does not pass its own tests:\n" + "\n".join(lines[-20:]))
    return f"{lines[-2]}: {lines[-1]}"


def _tell(out: Path, tests: str, seconds: float) -> None:
    log = subprocess.run(
        ["git", "log", "--first-parent", "--oneline"], cwd=out / "clone", capture_output=True, text=True, check=True
    )
    print(f"\nThe base branch now:\n{log.stdout}")
    print(f"The generated application's own tests, run in the clone: {tests}")
    print(f"\nWhere to look\n  the repository       {out / 'clone'}  (FEATURES.md is the plan and its proof)")
    print(f"  the step summaries   {out / 'summaries.html'}  (and summary-*.md)")
    print(f"  the board            {out / 'board.html'}  (issues and pull requests)")
    print(f"\n{seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
