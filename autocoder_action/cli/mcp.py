"""``autocoder mcp``: the feature tools for any MCP client, on a project's folder."""

import os
import signal
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from autocoder_action import __version__
from autocoder_action.adapters.machine.checks import LocalChecks
from autocoder_action.adapters.mcp_stdio import Desk, serve
from autocoder_action.cli.project import Project
from autocoder_action.cli.say import complain
from autocoder_action.cli.tools import MARK, LocalTools
from autocoder_action.session.brief import ToolSpec
from autocoder_action.session.tools import specs

_ABOUT = (
    "The features of the project in {folder}: its backlog, kept in features.db. Every call reads it and writes it "
    "anew, so that other programs may change it meanwhile. Nothing is committed."
)
_MARK = (
    "Finish a feature: its check is run in the project's folder, as a command of the person who started this "
    "server; exit code 0 proves it. A feature without a check is only set down as built. May take minutes."
)


def perform(options: Namespace) -> int:
    """Serve until the client closes our stdin; return the exit code."""
    project = Project(Path(options.project).resolve())
    if sys.stdin.isatty():
        complain("This waits for an MCP client on its stdin. Have one start it; Ctrl-C ends it.")
    # A check ends with this process (its guard sees to that), and a change is whole or not at all: no farewell.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    checks = None
    if not options.no_checks:
        checks = LocalChecks(user=None, path=os.environ.get("PATH", os.defpath), home=Path.home())
    tools = LocalTools(project, checks, seconds=options.check_seconds)
    serve(
        Desk(
            name="autocoder",
            version=__version__,
            instructions=_ABOUT.format(folder=project.folder),
            tools=[_local(spec) for spec in specs(None)],
            call=tools.call,
            close=tools.close,
        )
    )
    return 0


def _local(spec: ToolSpec) -> ToolSpec:
    """Say of the one tool that does something else here than in a workflow what it does."""
    return replace(spec, description=_MARK) if spec.name == MARK else spec
