"""An application with a page is looked at by the agent, in the image that has a browser."""

import socket

import pytest

from sandbox.model import Conversation, ToolCall, Turn, script
from sandbox.model.policies import say
from sandbox.runner.image import ensure_image
from tests.e2e.conftest import MakeStage, Policy, files, planned
from tests.e2e.reading import bash, feature, git, told

pytestmark = [
    pytest.mark.browser,
    pytest.mark.container,
    pytest.mark.xdist_group("container"),
    pytest.mark.timeout(1800),
]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_page_is_opened_as_the_agent_s_user_and_its_picture_is_kept_and_named(make_stage: MakeStage) -> None:
    heard: list[str] = []
    port = free_port()
    page = "<title>Greeter</title><h1>Hello from the page</h1>"
    serve = f"(python3 -m http.server {port} --bind 127.0.0.1 >/dev/null 2>&1 &) ; id -u"

    def use(tool: str, **arguments: str) -> Turn:
        return Turn(text="I look.", tool_calls=[ToolCall(f"mcp__browser__browser_{tool}", arguments)])

    def end(conversation: Conversation) -> Turn:
        heard.append(told(conversation))
        return say("I end here.")(conversation)

    steps: list[Turn | Policy] = [
        bash(f"echo '{page}' > index.html; echo Hello > greet.txt; {serve}"),
        use("navigate", url=f"http://127.0.0.1:{port}/index.html"),
        use("snapshot"),
        use("take_screenshot", filename="front.png"),
        *feature(1, "true"),
        end,
    ]
    stage = make_stage(script(steps), content=files(planned()) | {".github/autocoder.yml": "browser: true\n"})
    stage.how, stage.image = "container", ensure_image(browser=True).name
    run = stage.schedule(max_features="1").last
    assert run.outputs["conclusion"] == "progressed", run.log
    (said,) = heard
    assert "1500" in said
    assert "Greeter" in said
    assert "Hello from the page" in said
    (picture,) = stage.runner.root.glob(f"{run.run_id}-*-session/work/_temp/**/autocoder-transcript/*.png")
    assert picture.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    (pull,) = stage.repo.pulls()
    assert "\n**Screenshots** that the agent made, among the run's artifacts: `front.png`." in (pull.body or "")
    assert picture.name == "root-session-1-01-front.png"
    assert "front.png" not in git(stage.repo, "ls-tree", "-r", "--name-only", run.outputs["branch"])
