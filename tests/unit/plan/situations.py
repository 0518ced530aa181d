"""Situations for the tests of the decision: a project at one moment, with what a test changes of it."""

from dataclasses import replace

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.feature import Backlog
from autocoder_action.intake.settings import read_settings
from autocoder_action.plan.situation import Base, OpenSession, Situation, Spec
from autocoder_action.plan.wish import Intent, Wish
from tests.unit.backlog.builders import a_backlog, a_draft

PLAN = replace(a_backlog(a_draft("Add"), a_draft("List", "Add"), a_draft("Sort")), initialized="0" * 64)
ASKED = Wish(intent=Intent.CONTINUE, commanded=True)
UNASKED = Wish(intent=Intent.CONTINUE, commanded=False)
SPEC = Spec(path="prompts/app_spec.txt", text="A list.", digest="1" * 64, files=("prompts/app_spec.txt",))


def at(backlog: Backlog = PLAN, wish: Wish = UNASKED, *, config: str = "", **changes: object) -> Situation:
    """Return a situation in which nothing is open and nothing was spent."""
    plain = Situation(
        wish=wish,
        settings=read_settings({}, config.encode()),
        base=Base(branch="main", commit="b" * 40),
        spec=SPEC,
        backlog=backlog,
        open_sessions=(),
        busy=frozenset(),
        last_number=0,
        spent_today_micro=0,
        spent_micro=0,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # whatever a test changes


def an_open(number: int, backlog: Backlog = PLAN, *, pull: int | None = 7) -> OpenSession:
    """Return a session that waits for its review."""
    branch = f"autocoder/root/session-{number}"
    shown = pull and Pull(
        number=pull,
        title="",
        body="",
        branch=branch,
        head="c" * 40,
        base="main",
        open=True,
        merged=False,
        author="",
        url="",
    )
    return OpenSession(name=f"session-{number}", branch=branch, head="c" * 40, pull=shown or None, backlog=backlog)
