"""What it costs that there could be a session: nothing, until one begins."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from claude_agent_sdk._internal.transport.subprocess_cli import SubprocessCLITransport

from autocoder_action.adapters.claude.browser import Browser
from autocoder_action.adapters.claude.counter import Counter
from autocoder_action.adapters.claude.launch import program, reachable
from autocoder_action.adapters.claude.program import Start, command
from autocoder_action.adapters.claude.talk import options
from autocoder_action.adapters.claude.tools import serve
from autocoder_action.session.brief import Brief, Caps
from autocoder_action.session.confine import AgentUser
from autocoder_action.session.provider import Provider, choose
from autocoder_action.session.terms import terms
from tests.contract.agent.stage import KEY, Table, brief

_HEAVY = ("claude_agent_sdk", "mcp", "httpx", "uvicorn", "starlette")
_PROGRAM = f"""
import sys
import autocoder_action.adapters.claude.agent, autocoder_action.adapters.machine.checks
print([name for name in {_HEAVY!r} if name in sys.modules])
"""


def test_nothing_heavy_is_imported_before_a_conversation_begins(checkout: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", _PROGRAM], cwd=checkout, check=True, capture_output=True, text=True)
    assert ran.stdout == "[]\n"


_LOADED = """
import sys
from pydantic import BaseModel
from autocoder_action.adapters.claude.library import Library
library = Library()
library.begin()
library.wait()
from mcp.types import Tool
from autocoder_action.adapters.claude import preflight
print([name for name in ("rich", "pygments") if name in sys.modules])
print(Tool.__pydantic_complete__, BaseModel.model_config, Tool(name="look", input_schema={}).name)
"""


def test_what_a_session_loads_leaves_out_what_it_does_not_use(checkout: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", _LOADED], cwd=checkout, check=True, capture_output=True, text=True)
    command_line, protocol = ran.stdout.splitlines()
    assert command_line == "[]", "httpx has a command line"
    assert protocol == "False {} look", "a message's validator is built when the message is used"


def test_every_user_may_run_the_agents_program() -> None:
    assert program().stat().st_mode & 0o005 == 0o005
    assert os.access(program(), os.X_OK)


def test_a_program_in_a_closed_folder_is_copied_to_where_its_user_can_start_it(tmp_path: Path) -> None:
    closed, home = tmp_path / "closed", tmp_path / "home"
    closed.mkdir(mode=0o700)
    home.mkdir()
    (closed / "claude").write_text("#!/bin/sh\n")
    user = AgentUser(uid=61500, gid=61500, home=home)
    copy = reachable(closed / "claude", user)
    assert copy == home / "claude"
    assert copy.read_text() == "#!/bin/sh\n"
    assert copy.stat().st_mode & 0o777 == 0o755
    assert reachable(closed / "claude", None) == closed / "claude"


def test_the_copy_of_a_program_goes_through_no_link_that_its_user_put_there(tmp_path: Path) -> None:
    home, closed, elsewhere = tmp_path / "home", tmp_path / "closed", tmp_path / "elsewhere"
    home.mkdir()
    closed.mkdir(mode=0o700)
    (closed / "claude").write_text("#!/bin/sh\n")
    (home / "claude").symlink_to(elsewhere)
    copy = reachable(closed / "claude", AgentUser(uid=1, gid=1, home=home))
    assert (copy.is_symlink(), copy.read_text(), elsewhere.exists()) == (False, "#!/bin/sh\n", False)


START = Start(script=Path("/run/claude"), root=False, home=Path("/home/agent"))
BROWSER = Browser(node="/usr/bin/node", program=Path("/opt/cli.js"), chromium="/usr/bin/chromium")


@pytest.mark.parametrize(
    ("told", "start"),
    [
        pytest.param(brief(), START, id="a session that builds"),
        pytest.param(replace(brief(), tools=()), START, id="no feature tools"),
        pytest.param(replace(brief(), hands=("Read", "Grep")), START, id="one that only talks"),
        pytest.param(replace(brief(), hands=()), START, id="no hands"),
        pytest.param(brief(), replace(START, root=True), id="as root"),
        pytest.param(brief(), replace(START, browser=BROWSER), id="with a browser"),
        pytest.param(brief(model="claude-opus-5[1m]"), START, id="a long context"),
        pytest.param(replace(brief(), system="two\nlines, 'quotes' --and-a-dash"), START, id="odd words"),
        pytest.param(replace(brief(), caps=Caps(turns=1, cost_micro=1, minutes=1, features=1)), START, id="small caps"),
    ],
)
def test_the_program_is_started_with_the_words_that_the_sdk_would_write(told: Brief, start: Start) -> None:
    provider = choose({"anthropic_api_key": KEY}, {})
    assert isinstance(provider, Provider)
    agreed = terms(told.model, provider, told.prices)
    counter = Counter(Table(), on_error=lambda: None)
    chosen = options(told, agreed, folder=Path("/work"), start=start, server=serve(told.tools, counter))
    counter.close()
    theirs = SubprocessCLITransport("", chosen)._build_command()  # noqa: SLF001  # nothing public says it
    assert command(told, agreed, start) == theirs
