"""The image is what the Dockerfile promises, and the runner starts it as GitHub's does."""

import json
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from sandbox.runner import Finished, Runner
from sandbox.runner.engine import Image, call
from sandbox.runner.image import ensure_image
from sandbox.runner.standins import PYTHON_BASE

pytestmark = [pytest.mark.container, pytest.mark.xdist_group("container"), pytest.mark.timeout(900)]

HOSTILE = "import sys; print('HOSTILE CODE RAN', flush=True); sys.exit(99)\n"


@pytest.fixture(scope="module")
def image() -> Image:
    """Return the image of this checkout."""
    return ensure_image()


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """Return a folder that serves `octo/app`, whose files have the names of modules that the program imports."""
    repository = tmp_path / "server" / "octo" / "app"
    (repository / "autocoder_action").mkdir(parents=True)
    for name in ("autocoder_action/__init__.py", "autocoder_action/__main__.py", "json.py", "sitecustomize.py"):
        (repository / name).write_text(HOSTILE)
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for words in (["init", "-q", "-b", "main"], ["add", "."], [*author, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *words], cwd=repository, check=True)
    return repository.parents[1]


def inside(image: Image, script: str) -> str:
    """Run a shell script in the image and return what it printed."""
    options = ("--rm", "--pull=never", "--network=none", "--entrypoint=/bin/bash")
    return call(image, "podman", "run", *options, image.name, "-ec", script)


def run_base(tmp_path: Path, script: str, upstream: Path) -> Finished:
    """Run Python text in the bare Python image, with everything that the runner gives an action."""
    return Runner(tmp_path / "runs").run(
        event="schedule",
        payload={"schedule": "17 * * * *"},
        repository="octo/app",
        github_token="ghs_container",
        server_url=upstream.as_uri(),
        inputs={"anthropic_api_key": "sk-container", "model": "line one\nline two"},
        how="container",
        image=PYTHON_BASE,
        command=["python", "-I", "-u", "-c", script],
    )


def test_the_agent_has_a_user_that_is_neither_root_nor_the_runner(image: Image) -> None:
    assert inside(image, "id agent; stat -c %a:%U /home/agent").splitlines() == [
        "uid=1500(agent) gid=1500(agent) groups=1500(agent)",
        "700:agent",
    ]


def test_applications_find_git_node_and_a_compiler_also_as_the_agent(image: Image) -> None:
    drop = "setpriv --reuid=agent --regid=agent --clear-groups --no-new-privs --bounding-set=-all"
    script = f"""
        cd /tmp && printf 'int main(void) {{ return 0; }}' > a.c
        {drop} bash -ec '
            git --version; node --version; npm --version; python --version; gcc a.c -o a.out && ./a.out; id -u'
    """
    lines = inside(image, script).splitlines()
    assert len(lines) == 5
    assert lines[1].startswith("v24.")
    assert lines[-1] == "1500"


def test_the_program_is_whole_compiled_and_has_its_prompts(image: Image, checkout: Path) -> None:
    script = """
        cd /opt/autocoder/lib/python3*/site-packages/autocoder_action
        find . -name '*.py' | sort > /tmp/sources
        find . -name '*.pyc' | sed -E 's,__pycache__/([^.]+)[.].*,\\1.py,' | sort > /tmp/compiled
        diff /tmp/sources /tmp/compiled && ls _prompts
    """
    assert inside(image, script).split() == sorted(path.name for path in (checkout / "prompts").iterdir())


def test_nothing_is_compiled_when_the_program_starts(image: Image) -> None:
    modules = "autocoder_action.cli.action, autocoder_action.run, claude_agent_sdk, uvicorn"
    told = inside(image, f"/opt/autocoder/bin/python -I -v -c 'import {modules}' 2>&1 | grep '^# code object from'")
    assert [line for line in told.splitlines() if not line.endswith(".pyc'")] == []
    assert "autocoder_action/__pycache__/run." in told


def test_nothing_of_tests_or_sandbox_is_in_the_image(image: Image) -> None:
    found = inside(image, r"find / -xdev -path '*autocoder*' \( -name sandbox -o -name pytest -o -name hypothesis \)")
    assert found == ""


@pytest.mark.usefixtures("image")
@pytest.mark.parametrize("env", [{}, {"PYTHONPATH": "/github/workspace"}], ids=["plain", "with a hostile PYTHONPATH"])
def test_modules_in_the_workspace_are_never_imported(tmp_path: Path, upstream: Path, env: dict[str, str]) -> None:
    finished = Runner(tmp_path / "runs").run(
        event="schedule", payload={}, repository="octo/app", server_url=upstream.as_uri(), env=env, how="container"
    )
    assert (finished.workspace / "json.py").read_text() == HOSTILE
    assert "HOSTILE" not in finished.log
    assert finished.exit_code != 99


def test_a_python_started_without_care_does_not_import_the_working_directory_either(image: Image) -> None:
    script = "cd $(mktemp -d) && echo 'print(\"HOSTILE\")' > json.py && /opt/autocoder/bin/python -c 'import json'"
    assert inside(image, script) == ""


@pytest.mark.usefixtures("image")  # the bare image exists once the action's does
def test_a_container_sees_the_runner_s_paths_owners_and_values(tmp_path: Path, upstream: Path) -> None:
    script = """
import json, os
facts = {
    "cwd": os.getcwd(), "uid": os.getuid(), "owner": os.stat(".").st_uid, "home": os.environ["HOME"],
    "event": json.load(open(os.environ["GITHUB_EVENT_PATH"])), "runner_temp": os.path.exists(os.environ["RUNNER_TEMP"]),
    "socket": os.path.exists("/var/run/docker.sock"), "model": os.environ["INPUT_MODEL"],
    "github": sorted(os.listdir("/github")), "sandbox": "PYTHONPATH" in os.environ,
}
open(os.environ["GITHUB_OUTPUT"], "a").write("facts=" + json.dumps(facts) + "\\n")
open(os.environ["GITHUB_STEP_SUMMARY"], "a").write("# From inside")
print(os.environ["INPUT_ANTHROPIC_API_KEY"])
"""
    finished = run_base(tmp_path, script, upstream)
    assert finished.exit_code == 0, finished.log
    assert json.loads(finished.outputs["facts"]) == {
        "cwd": "/github/workspace",
        "uid": 0,
        "owner": 1001,
        "home": "/github/home",
        "event": {"schedule": "17 * * * *"},
        "runner_temp": False,
        "socket": True,
        "model": "line one\nline two",
        "github": ["file_commands", "home", "runner_temp", "workflow", "workspace"],
        "sandbox": False,
    }
    assert (finished.summary, finished.log) == ("# From inside", "***\n")


def test_a_cancelled_container_hears_sigint_and_is_gone(image: Image, tmp_path: Path) -> None:
    script = """
import signal, sys, time
signal.signal(signal.SIGINT, lambda number, frame: sys.exit(5))
signal.signal(signal.SIGWINCH, lambda number, frame: print("ready", flush=True))
time.sleep(60)
"""
    ready = threading.Event()
    step = Runner(tmp_path / "runs").start(
        event="schedule",
        payload={},
        repository="octo/app",
        checkout=False,
        how="container",
        image=PYTHON_BASE,
        command=["python", "-c", script],
        on_line=lambda line: ready.set() if line == "ready" else None,
    )
    for _ in range(600):
        # podman passes signals on from some time after the start; this one does it no harm before
        step.signal(signal.SIGWINCH)
        if ready.wait(0.1):
            break
    step.cancel()
    finished = step.wait()
    assert (finished.exit_code, finished.ending) == (5, "cancelled")
    assert finished.place.step_id not in call(image, "podman", "ps", "--all", "--format", "{{.Names}}")
