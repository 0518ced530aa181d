"""What a story looks at afterwards: the remote's branches, the backlog that they hold, and the journal."""

import re
import subprocess

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import Journal, parse
from autocoder_action.intake.thread import unmarked
from sandbox.github import Repo
from sandbox.model import Conversation, ToolCall, Turn
from sandbox.model.log import Exchange
from sandbox.stage import Stage

MASKS = {
    r"http://127\.0\.0\.1:\d+": "https://github.test",
    r"/actions/runs/\d+": "/actions/runs/N",
    r"\([0-9a-f]{10}\)": "(0123456789)",
    r"[\d,]+ tokens in · [\d,]+ out · \d+\.\d\d USD": "N tokens in · N out · N USD",
    r"after \d+\.\d s": "after N s",
    "\N{ZERO WIDTH SPACE}": "",
}
"""What differs from run to run."""
JOURNAL = "refs/autocoder/journal/root"


def git(repo: Repo, *arguments: str) -> str:
    """Run git in the bare repository and return what it printed."""
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(repo.git_dir), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def tree_without(repo: Repo, commit: str, *names: str) -> str:
    """Return the hash that a commit's tree would have without some files at its root."""
    lines = git(repo, "ls-tree", commit).splitlines(keepends=True)
    kept = "".join(line for line in lines if line.rstrip("\n").partition("\t")[2] not in names)
    made = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(repo.git_dir), "mktree"],
        input=kept,
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()


def branches(repo: Repo) -> list[str]:
    """Return the names of the remote's branches."""
    return git(repo, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()


def backlog(repo: Repo, ref: str = "main") -> Backlog:
    """Return the backlog that a ref holds."""
    data = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(repo.git_dir), "show", f"{ref}:features.db"],
        capture_output=True,
        check=True,
    )
    return SqliteStore().decode(data.stdout)


def journal(repo: Repo) -> Journal:
    """Return the project's journal."""
    return parse(git(repo, "show", f"{JOURNAL}:journal.jsonl"))


def issues(repo: Repo) -> dict[str, str]:
    """Return the issues that are no pull requests: each title with its state."""
    return {one.title: one.state for one in repo.issues.values() if one.pull is None}


def feature(feature_id: int, command: str, **more: str) -> list[Turn]:
    """Return a model's turns that build a feature with one command and have it checked."""
    return [
        Turn(text="I build it.", tool_calls=[ToolCall("Bash", {"command": command, "description": "build"})]),
        Turn(
            text="Done.",
            tool_calls=[ToolCall("mcp__features__feature_mark_passing", {"id": feature_id, **more})],
        ),
    ]


def bash(command: str) -> Turn:
    """Return a turn that runs one command."""
    return Turn(text="I look.", tool_calls=[ToolCall("Bash", {"command": command, "description": "look"})])


def told(conversation: Conversation) -> str:
    """Return everything that the model was told by tools."""
    return "\n".join(result.text for result in conversation.results)


def messages(stage: Stage) -> list[Exchange]:
    """Return what the model was asked, without the free questions before a session."""
    return [one for one in stage.model.requests if one.path == "/v1/messages"] if stage.model else []


def masked(text: str) -> str:
    """Return what we said as people see it, with what differs from run to run replaced."""
    text = unmarked(text)
    for pattern, instead in MASKS.items():
        text = re.sub(pattern, instead, text)
    return text
