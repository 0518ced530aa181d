"""What a session claims is what trusted code saw: on the result, on base, and at the end on what was pushed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import CheckProof, Status
from sandbox.model import Conversation, Turn
from sandbox.model.policies import say, script
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import backlog, feature, git

BRANCH = "autocoder/root/session-1"


def test_the_commands_of_the_project_keep_a_feature_from_passing_or_prove_it(make_stage: MakeStage) -> None:
    config = "verify:\n- {name: tidy, run: '! grep -rn TODO *.txt'}\n- {name: docs, run: test -f GUIDE.md}\n"
    config += "- {name: seeded, run: test -f seed.txt}\n"
    drafts = [Draft(name="Greet", description="Greets.", steps=("Run it.",))]
    untidy = feature(1, "echo Hello TODO > greet.txt")
    mended = feature(1, "echo Hello > greet.txt; echo Read. > GUIDE.md")
    ready = {"init.sh": "echo seeded > seed.txt\n", ".gitignore": "seed.txt\n", ".github/autocoder.yml": config}
    stage = make_stage(script([*untidy, *mended, say("Done.")]), content={**files(planned(*drafts)), **ready})
    run = stage.schedule().last
    assert run.outputs["conclusion"] == "complete", run.log
    assert stage.model
    assert "init.sh: bash ./init.sh" in run.log
    assert "seed.txt" not in git(stage.repo, "ls-tree", "-r", "--name-only", BRANCH)
    said = str(stage.model.requests[-1].body)
    assert "The project's command tidy `! grep -rn TODO *.txt` ended with exit code 1" in said
    assert "1:Hello TODO" in said
    assert "- docs: `test -f GUIDE.md` (fails on the base branch already" in said
    (held,) = backlog(stage.repo, BRANCH).features
    assert isinstance(held.proof, CheckProof)
    assert held.proof.command == "verify: tidy, seeded, docs"
    assert "Autocoder-Verify: tidy, seeded, docs" in git(stage.repo, "log", "-1", "--format=%B", BRANCH)


def test_the_commands_of_the_project_prove_no_work_where_there_is_none(make_stage: MakeStage) -> None:
    drafts = [Draft(name=name, description=f"{name}s.", steps=("Run it.",)) for name in ("Greet", "Part")]
    again = feature(1, "")[1]
    greet = feature(1, "echo Hello > greet.txt", check="true")
    stage = make_stage(
        script([again, *feature(2, "echo Bye > part.txt"), again, *greet, again, say("Done.")]),
        content={**files(planned(*drafts)), ".github/autocoder.yml": "verify: 'true'\n"},
    )
    run = stage.schedule().last
    assert "F1 does not pass: Nothing was changed since the session's start" in run.log
    assert "F2 passes: verify: true" in run.log
    assert "F1 does not pass: Nothing was changed since F2 was saved" in run.log
    assert "F1 does not pass: The check `true` succeeds without your work" in run.log
    assert "F1 is built; nothing proves it" in run.log
    assert run.outputs["conclusion"] == "progressed"
    held = backlog(stage.repo, BRANCH).by_uid
    assert (held["greet"].built, held["part"].status) == (True, Status.PASSING)


def test_what_a_later_feature_broke_is_taken_back_at_the_end(make_stage: MakeStage) -> None:
    drafts = [
        Draft(name=name, description=f"{name}s.", steps=("Run it.",), check=f"grep -q {name} all.txt")
        for name in ("Greet", "Part")
    ]
    turns = script(
        [
            *feature(1, "echo Greet > all.txt"),
            *feature(2, "echo Part > all.txt; rm tests/test_all.py"),
            say("Both are done."),
        ]
    )
    tests: dict[str, str | bytes] = {"tests/test_all.py": "def test_all():\n    assert open('all.txt').read()\n"}
    stage = make_stage(turns, content=files(planned(*drafts)) | tests)
    run = stage.schedule().last
    assert run.outputs["conclusion"] == "progressed", run.log
    assert "Taken back at the end, since the checks fail on what was pushed: F1 Greet." in run.outputs["reason"]
    held = backlog(stage.repo, BRANCH).by_uid
    assert (held["greet"].status, held["part"].status) == (Status.FAILING, Status.PASSING)
    assert run.outputs["commit"] == git(stage.repo, "rev-parse", BRANCH).strip()
    assert "Autocoder-Regressed: F1" in git(stage.repo, "log", "-1", "--format=%B", BRANCH)
    (pull,) = stage.repo.pulls()
    assert "**Taken back at the end**" in (pull.body or "")
    assert "**Review these first**" in (pull.body or "")
    assert "- `tests/test_all.py`: deleted" in (pull.body or "")
    assert "Look at these first: tests/test_all.py (deleted)" in run.summary
    assert "Taken back at the end" in run.summary


def test_what_a_process_of_the_agent_made_succeed_is_left_unproved_when_that_is_gone(make_stage: MakeStage) -> None:
    check = "grep -qsz '^[h]elper-of-the-agent' /proc/*/cmdline"
    helper = "(bash -c 'exec -a helper-of-the-agent tail -f /dev/null' > /dev/null 2>&1 &) ; echo Hello > greet.txt"
    drafts = [Draft(name="Greet", description="Greets.", steps=("Run it.",), check=check)]
    stage = make_stage(script([*feature(1, helper), say("Done.")]), content=files(planned(*drafts)))
    run = stage.schedule().last
    assert "F1 passes: " in run.log
    assert run.outputs["conclusion"] == "progressed", run.log
    assert run.outputs["reason"] == "1 built but unproved; 0 of 1 features pass, 1 built but unproved."
    (held,) = backlog(stage.repo, BRANCH).features
    assert (held.status, held.built, held.proof) == (Status.PENDING, True, None)
    assert "So F1 is built, and unproved" in run.summary
    (pull,) = stage.repo.pulls()
    assert "No feature was proved in this session." in (pull.body or "")
    assert "- F1 Greet" in (pull.body or "").partition("**Built, unproved**")[2]


class _Registry(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def registry() -> Iterator[HTTPServer]:
    """Serve packages, until somebody closes the server."""
    with HTTPServer(("127.0.0.1", 0), _Registry) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_registry_that_dies_during_a_session_blocks_it_and_takes_nothing_back(make_stage: MakeStage) -> None:
    turns = script([*feature(1, "echo Hello > greet.txt"), *feature(2, "echo Bye > part.txt"), say("I end here.")])
    with registry() as server:

        def policy(conversation: Conversation) -> Turn:
            if conversation.number == 3:
                server.shutdown()
                server.server_close()
            return turns(conversation)

        fetch = (
            f"python3 -c 'import urllib.request as u; u.urlopen(\"http://127.0.0.1:{server.server_port}\", timeout=5)'"
        )
        stage = make_stage(policy, content=files(planned()) | {".github/autocoder.yml": f"install: |\n  {fetch}\n"})
        run = stage.schedule().last
    assert (run.exit_code, run.outputs["conclusion"]) == (1, "blocked"), run.log
    assert "a registry or the network is at fault" in run.outputs["reason"]
    assert "What was proved before is kept: 1 feature proved at its checkpoint alone." in run.outputs["reason"]
    held = backlog(stage.repo, BRANCH).by_uid
    assert (held["greet"].status, held["part"].status) == (Status.PASSING, Status.PENDING)
    assert held["part"].attempts == 0
    assert git(stage.repo, "show", f"{BRANCH}:part.txt") == "Bye\n", "the work is kept"
