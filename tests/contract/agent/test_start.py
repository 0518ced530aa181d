"""What it costs that there could be a session: nothing, until one begins."""

import os
import subprocess
import sys
from pathlib import Path

from autocoder_action.adapters.claude.launch import program, reachable
from autocoder_action.session.confine import AgentUser

_HEAVY = ("claude_agent_sdk", "mcp", "httpx", "uvicorn", "starlette")
_PROGRAM = f"""
import sys
import autocoder_action.adapters.claude.agent, autocoder_action.adapters.machine.checks
print([name for name in {_HEAVY!r} if name in sys.modules])
"""


def test_nothing_heavy_is_imported_before_a_conversation_begins(checkout: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", _PROGRAM], cwd=checkout, check=True, capture_output=True, text=True)
    assert ran.stdout == "[]\n"


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
