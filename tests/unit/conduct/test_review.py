"""How a review of a session's pull request is addressed: what the agent is told, what is pushed, checked, answered."""

from dataclasses import replace
from pathlib import Path

import pytest

from autocoder_action.backlog.feature import CheckProof
from autocoder_action.backlog.journal import Booked, Settled
from autocoder_action.backlog.ledger import spent
from autocoder_action.intake.event import Commented
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.report.report import Report
from autocoder_action.session.call import Call
from autocoder_action.session.outcome import Ending
from tests.fakes import tracker_reviews as people
from tests.fakes.agent import ScriptedAgent, Turn
from tests.unit.conduct.scene import DONE, Scene, build, draft, plan, write

BRANCH = "autocoder/root/session-1"
BOT = "github-actions[bot]"


def respond(thread: object = "R1", text: str = "I renamed it.") -> Call:
    """Return the call that answers a remark."""
    return Call(name="review_answer", arguments={"thread": thread, "text": text})


def reviewed(scene: Scene, *words: str) -> int:
    """Have a session prove a feature and ada remark on its file; return the pull request's number."""
    scene.begin(draft("Greet", check="test greet"), draft("Part", check="test part"))
    scene.script(build(1, "greet.py"), DONE)
    scene.run(max_features="1")
    number = scene.pulls()[-1].number
    for one in words:
        people.remark(scene.host, number, by="ada", body=one, at=("greet.py", 1))
    return number


def fix(scene: Scene, number: int, *turns: Turn | Ending, words: str = "/autocoder fix") -> Report:
    """Have ada comment on the pull request, and the agent do this."""
    scene.agent = ScriptedAgent(script=list(turns))
    return scene.run(replace(scene.command(words, on=number), on_pull=True))


def prompt(scene: Scene) -> str:
    """Return what the agent was told."""
    return scene.agent.briefs[-1].prompt


def answers(scene: Scene, number: int) -> list[str]:
    """Return our answers in the threads."""
    threads = scene.host.discussions[number].threads
    return [one.body for thread in threads for one in thread.remarks if one.author == BOT]


@pytest.mark.parametrize("fails", [1, 2])
def test_an_installation_that_fails_in_a_review_takes_nothing_back(scene: Scene, fails: int) -> None:
    number = reviewed(scene, "Rename this.")
    scene.remote.commit(BRANCH, {"package-lock.json": b"{}"})
    codes = iter([0, *[1] * fails])
    npm = "npm ci --no-audit --no-fund"
    scene.checks.results = {npm: lambda _: (next(codes, 0), "npm error network 503")}
    scene.checks.ran.clear()
    report = fix(scene, number, Turn(work=write("greet.py", "Better.\n"), calls=(respond(),)), DONE)
    assert scene.backlog(BRANCH).passing == {1}
    said = "These were not checked again: F1; On a clean checkout, the installation `npm ci --no-audit --no-fund` ended"
    assert (said in report.reason) == (fails > 1)
    assert ("test greet" in [one.command for one in scene.checks.ran]) == (fails == 1)


def test_a_review_is_addressed_in_one_commit_and_answered_in_its_thread(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    report = fix(scene, number, Turn(work=write("greet.py", "Better.\n"), calls=(respond(),)), DONE)
    assert (report.conclusion, report.exit_code) == (Conclusion.PROGRESSED, 0)
    assert report.reason == f"The review of #{number}: 1 remark answered, one commit was pushed."
    first, *_ = scene.messages(BRANCH)
    assert first == f"fix: address the review of #{number}\n\nAutocoder-Session: session-1\n"
    assert len(scene.messages(BRANCH)) == 2
    assert scene.remote.content(BRANCH)["greet.py"] == b"Better.\n"
    (answer,) = answers(scene, number)
    assert answer.startswith("<!-- autocoder:answer -->\nI renamed it.")
    assert scene.remote.heads[BRANCH] in answer
    assert "1 remark answered" in scene.replies()[-1]


def nothing_spent(scene: Scene, report: Report, spent_before: int) -> str:
    """Check that no session was held, and return what the commenter was told."""
    assert not scene.agent.briefs
    assert spent(scene.ref.journal) == spent_before
    assert report.conclusion is Conclusion.SKIPPED
    return scene.replies()[-1]


def test_where_the_agent_changes_nothing_its_answers_say_so(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    head = scene.remote.heads[BRANCH]
    scene.checks.ran.clear()
    report = fix(scene, number, Turn(calls=(respond(text="The spec wants this name."),)), DONE)
    assert report.conclusion is Conclusion.PROGRESSED
    assert scene.remote.heads[BRANCH] == head
    assert not scene.checks.ran
    assert "This session changed nothing" in answers(scene, number)[0]


def test_work_that_may_not_leave_is_not_pushed_and_not_claimed(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    head = scene.remote.heads[BRANCH]
    report = fix(scene, number, Turn(work=write(".github/workflows/x.yml"), calls=(respond(),)), DONE)
    assert (report.conclusion, report.exit_code) == (Conclusion.BLOCKED, 1)
    assert ".github" in report.reason
    assert scene.remote.heads[BRANCH] == head
    assert not answers(scene, number)


def test_where_the_branch_takes_no_push_nothing_is_claimed(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    scene.remote.refusal = "The branch is locked."
    report = fix(scene, number, Turn(work=write("greet.py", "Better.\n"), calls=(respond(),)), DONE)
    assert report.conclusion is Conclusion.BLOCKED
    assert "did not take the work: The branch is locked." in report.reason
    assert not answers(scene, number)


def test_a_branch_that_somebody_deletes_meanwhile_takes_nothing(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")

    def work(folder: Path) -> None:
        write("greet.py", "Better.\n")(folder)
        del scene.remote.heads[BRANCH]

    report = fix(scene, number, Turn(work=work, calls=(respond(),)), DONE)
    assert report.conclusion is Conclusion.BLOCKED
    assert BRANCH not in scene.remote.heads
    assert not answers(scene, number)


def test_a_session_that_is_cut_short_keeps_its_work_and_its_answers(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.", "And this.")
    work = Turn(work=write("greet.py", "Better.\n"), calls=(respond(),))
    report = fix(scene, number, work, Ending.TIMEOUT)
    assert report.conclusion is Conclusion.PROGRESSED
    assert scene.messages(BRANCH)[0].startswith(f"chore: keep work on the review of #{number}")
    assert len(answers(scene, number)) == 1
    fix(scene, number, DONE)
    assert "And this." in prompt(scene)
    assert "Rename this." not in prompt(scene)


def test_what_somebody_pushes_meanwhile_is_combined_and_checked_with_it(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")

    def both(folder: Path) -> str:
        write("greet.py", "Better.\n")(folder)
        return scene.remote.commit(BRANCH, {"theirs.txt": b"Theirs.\n"})

    fix(scene, number, Turn(work=both, calls=(respond(),)), DONE)
    content = scene.remote.content(BRANCH)
    assert (content["greet.py"], content["theirs.txt"]) == (b"Better.\n", b"Theirs.\n")
    proof = scene.backlog(BRANCH).features[0].proof
    assert isinstance(proof, CheckProof)
    assert "theirs.txt" in scene.remote.trees[proof.tree]


def test_it_is_booked_and_settled_and_counts_no_attempt(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    fix(scene, number, Turn(calls=(respond(),)), DONE)
    booked = [one for one in scene.ref.journal if isinstance(one, Booked)][-1]
    settled = [one for one in scene.ref.journal if isinstance(one, Settled)][-1]
    assert (booked.activity, booked.session) == ("review", "session-1")
    assert (settled.cost_micro, settled.attempted, settled.pull) == (20_000, (), number)


def test_fix_belongs_on_the_pull_request_of_an_open_session(scene: Scene) -> None:
    number = reviewed(scene, "Rename this.")
    before = spent(scene.ref.journal)
    scene.script()
    told = nothing_spent(scene, scene.run(scene.command("/autocoder fix")), before)
    assert "belongs on the pull request of an open session" in told
    scene.host.add_branch("topic")
    other = scene.host.add_pull(by="ada", branch="topic", title="Topic")
    assert "is not the pull request of an open session" in nothing_spent(scene, fix(scene, other), before)
    scene.run(scene.merge(number))
    assert "is not the pull request of an open session" in nothing_spent(scene, fix(scene, number), before)


def test_a_plan_is_not_fixed_but_made_anew(scene: Scene) -> None:
    scene.script(plan("Greet"), DONE)
    scene.run()
    number, before = scene.pulls()[-1].number, spent(scene.ref.journal)
    people.remark(scene.host, number, by="ada", body="Too few.", at=("FEATURES.md", 1))
    assert "holds the plan" in nothing_spent(scene, fix(scene, number), before)


def test_a_review_that_asks_for_changes_is_a_command_to_fix(scene: Scene) -> None:
    number = reviewed(scene)
    review = people.review(scene.host, number, by="ada", state="changes_requested", body="Please test it.")
    event = Commented(
        comment=review,
        body="Please test it.",
        issue=number,
        on_pull=True,
        author="ada",
        by_bot=False,
        place="review",
        asks_changes=True,
        branch=BRANCH,
    )
    scene.script(Turn(work=write("test_greet.py"), calls=(respond(text="It has a test."),)), DONE)
    assert scene.run(event).conclusion is Conclusion.PROGRESSED
    scene.script(DONE)
    stranger = replace(event, comment=review + 1, author="eve")
    assert "no write access" in scene.run(stranger).reason
    elsewhere = replace(event, comment=review + 2, branch="topic")
    assert scene.run(elsewhere).reason == f"Pull request #{number} is not one of ours."
    assert not scene.agent.briefs
