"""An event asks for one thing, for nothing, or cannot be understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.intake.commands import COMMANDS
from autocoder_action.intake.event import Commented, Dispatched, Ignored, PullClosed, Scheduled, Trigger
from autocoder_action.intake.settings import Mode
from autocoder_action.plan.wish import Intent, Nothing, Unclear, Wish, read_wish


def comment(body: str, *, by_bot: bool = False) -> Commented:
    return Commented(comment=1, body=body, issue=2, on_pull=False, author="ada", by_bot=by_bot)


OURS = PullClosed(number=3, branch="autocoder/root/session-1", merged=True)
ROWS: list[tuple[Trigger, Mode, Intent, bool]] = [
    (Scheduled(), Mode.AUTO, Intent.CONTINUE, False),
    (Scheduled(), Mode.CONTINUE, Intent.CONTINUE, False),
    (Scheduled(), Mode.INITIALIZE, Intent.INITIALIZE, False),
    (Scheduled(), Mode.SYNC, Intent.SYNC, False),
    (Scheduled(), Mode.STATUS, Intent.STATUS, False),
    (Dispatched(), Mode.AUTO, Intent.CONTINUE, True),
    (Dispatched(), Mode.SYNC, Intent.SYNC, True),
    (OURS, Mode.AUTO, Intent.SYNC, False),
    (OURS, Mode.CONTINUE, Intent.CONTINUE, False),
]


@pytest.mark.parametrize(("trigger", "mode", "intent", "commanded"), ROWS)
def test_an_event_obeys_the_mode_and_only_a_person_commands(
    trigger: Trigger, mode: Mode, intent: Intent, commanded: bool
) -> None:
    assert read_wish(trigger, mode) == Wish(intent=intent, commanded=commanded)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("name", [one.name for one in COMMANDS])
def test_a_comment_speaks_for_itself_whatever_the_mode(name: str, mode: Mode) -> None:
    assert read_wish(comment(f"/autocoder {name}"), mode) == Wish(intent=Intent(name), commanded=True)


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        (comment("/autocoder continue", by_bot=True), "A bot's comment starts nothing."),
        (comment("> /autocoder continue"), "The comment holds no command."),
        (PullClosed(number=3, branch="fix", merged=True), "Pull request #3 is not one of ours."),
        (PullClosed(number=3, branch="autocoder/root/session-", merged=True), "is not one of ours"),
        (Ignored(reason="Whatever."), "Whatever."),
    ],
)
def test_nothing_is_asked_for_by_what_is_not_meant_for_us(trigger: Trigger, words: str) -> None:
    wish = read_wish(trigger, Mode.CONTINUE)
    assert isinstance(wish, Nothing)
    assert words in wish.reason


@pytest.mark.parametrize(
    "body", ["/autocoder", "/autocoder dance", "/autocoder sync\n/autocoder sync", "/autocoder sync\n\n/autocoder x"]
)
def test_what_is_not_one_command_is_unclear(body: str) -> None:
    assert isinstance(read_wish(comment(body), Mode.AUTO), Unclear)


@given(st.text(), st.sampled_from(Mode))
def test_no_comment_is_an_error(body: str, mode: Mode) -> None:
    assert isinstance(read_wish(comment(body), mode), Wish | Nothing | Unclear)
