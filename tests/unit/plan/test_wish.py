"""An event asks for one thing, for nothing, or cannot be understood."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.errors import ConfigError
from autocoder_action.intake.arguments import Reference
from autocoder_action.intake.commands import COMMANDS, Command
from autocoder_action.intake.event import (
    Commented,
    Dispatched,
    Ignored,
    IssueChanged,
    PullClosed,
    Pushed,
    Scheduled,
    Trigger,
)
from autocoder_action.intake.settings import Mode
from autocoder_action.intake.thread import marked
from autocoder_action.plan.wish import Intent, Nothing, Unclear, Voice, Wish, deaf, read_wish

VOICE = Voice()
STATUS = Command(name="status")


def comment(body: str, *, by_bot: bool = False, **more: Any) -> Commented:  # noqa: ANN401  # a comment's other fields
    return Commented(comment=1, body=body, issue=2, on_pull=False, author="ada", by_bot=by_bot, **more)


OURS = PullClosed(number=3, branch="autocoder/root/session-1", merged=True)
ROWS: list[tuple[Trigger, Mode, Wish]] = [
    (Scheduled(), Mode.AUTO, Wish(intent=Intent.CONTINUE, commanded=False)),
    (Scheduled(), Mode.CONTINUE, Wish(intent=Intent.CONTINUE, commanded=False)),
    (Scheduled(), Mode.INITIALIZE, Wish(intent=Intent.INITIALIZE, commanded=False)),
    (Scheduled(), Mode.SYNC, Wish(intent=Intent.SYNC, commanded=False)),
    (Scheduled(), Mode.STATUS, Wish(intent=Intent.NOTHING, commanded=False, before=(STATUS,))),
    (Dispatched(), Mode.AUTO, Wish(intent=Intent.CONTINUE, commanded=True)),
    (Dispatched(), Mode.SYNC, Wish(intent=Intent.SYNC, commanded=True)),
    (Dispatched(inputs={"chain": "3"}), Mode.AUTO, Wish(intent=Intent.CONTINUE, commanded=True, chain=3)),
    (OURS, Mode.AUTO, Wish(intent=Intent.SYNC, commanded=False)),
    (OURS, Mode.CONTINUE, Wish(intent=Intent.CONTINUE, commanded=False)),
    (IssueChanged(number=3, action="edited", by_bot=False), Mode.AUTO, Wish(intent=Intent.SYNC, commanded=False)),
    (
        Pushed(branch="main", before="a", after="b"),
        Mode.AUTO,
        Wish(intent=Intent.CONTINUE, commanded=False, pushed=frozenset()),
    ),
]


@pytest.mark.parametrize(("trigger", "mode", "wish"), ROWS)
def test_an_event_obeys_the_mode_and_only_a_person_commands(trigger: Trigger, mode: Mode, wish: Wish) -> None:
    assert read_wish(trigger, mode, VOICE) == wish


def test_a_dispatch_can_name_features() -> None:
    wish = read_wish(Dispatched(inputs={"feature": "#12, F3"}), Mode.AUTO, VOICE)
    assert isinstance(wish, Wish)
    assert wish.arguments.references == (Reference("issue", 12), Reference("feature", 3))


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"feature": "2"}, "as #2, or by their own numbers, as F2"),
        ({"feature": "the login"}, "no feature with 'the'"),
        ({"feature": "F1, 2"}, "as F2"),
        ({"feature": "F1 later"}, "'later'"),
        ({"chain": "abc"}, "0 to 999, not 'abc'"),
        ({"chain": "-1"}, "0 to 999"),
        ({"chain": "1000"}, "0 to 999"),
    ],
)
def test_what_a_dispatch_says_and_nobody_can_read_is_refused_and_never_passed_over(
    inputs: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        read_wish(Dispatched(inputs=inputs), Mode.AUTO, VOICE)
    assert words in str(refused.value)


WISHES = {
    "help": Intent.NOTHING,
    "status --json": Intent.NOTHING,
    "continue #12 -- With care.": Intent.CONTINUE,
    "init --again": Intent.INITIALIZE,
    "spec A list of books": Intent.SPECIFY,
    "expand Import": Intent.EXPAND,
    "add Export": Intent.SYNC,
    "edit #12 Export": Intent.SYNC,
    "remove #12": Intent.SYNC,
    "depends #12 on #3": Intent.SYNC,
    "prioritize #12 top": Intent.SYNC,
    "skip #12 Later": Intent.SYNC,
    "retry #12": Intent.SYNC,
    "accept #12": Intent.SYNC,
    "pause": Intent.SYNC,
    "resume": Intent.SYNC,
    "stop": Intent.NOTHING,
    "verify all": Intent.SYNC,
    "fix": Intent.FIX,
    "ask Why?": Intent.ASK,
    "new-chat": Intent.NOTHING,
    "sync": Intent.SYNC,
    "doctor": Intent.NOTHING,
}


def test_every_command_has_its_row() -> None:
    assert [words.split()[0] for words in WISHES] == [one.name for one in COMMANDS]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("words", "intent"), WISHES.items())
def test_a_comment_speaks_for_itself_whatever_the_mode(words: str, intent: Intent, mode: Mode) -> None:
    wish = read_wish(comment(f"/autocoder {words}"), mode, VOICE)
    assert isinstance(wish, Wish)
    assert (wish.intent, wish.commanded) == (intent, True)
    assert [one.name for one in wish.commands] == [words.split(maxsplit=1)[0]]


def test_commands_around_the_one_that_spends_keep_their_order() -> None:
    body = "/autocoder skip #3 No.\n/autocoder sync\n/autocoder continue\n/autocoder pause\n/autocoder status"
    wish = read_wish(comment(body), Mode.AUTO, VOICE)
    assert isinstance(wish, Wish)
    assert [one.name for one in wish.before] == ["skip"], "every session brings the board up to date anyway"
    assert wish.command
    assert wish.command.name == "continue"
    assert [one.name for one in wish.after] == ["pause", "status"]


def test_a_review_that_asks_for_changes_is_a_command_without_words() -> None:
    wish = read_wish(comment("Please rename it.", place="review", asks_changes=True), Mode.AUTO, VOICE)
    assert isinstance(wish, Wish)
    assert wish.intent is Intent.FIX
    assert isinstance(read_wish(comment("Nice.", place="review"), Mode.AUTO, VOICE), Nothing)


def test_a_command_in_a_review_is_heard_on_any_pull_request() -> None:
    assert deaf(comment("/autocoder fix", place="review", branch="topic")) is None
    assert deaf(comment("Rename it.", place="review", asks_changes=True, branch="autocoder/root/session-2")) is None


def test_a_word_to_the_assistant_is_a_question() -> None:
    wish = read_wish(comment("@AutoCoder why?\nAnd since when?"), Mode.AUTO, VOICE)
    assert isinstance(wish, Wish)
    assert wish.intent is Intent.ASK
    assert wish.arguments.said == "why?\nAnd since when?"


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        (comment("Thanks!"), "The comment holds no command."),
        (IssueChanged(number=3, action="edited", by_bot=True), "A bot's change of an issue starts nothing."),
        (PullClosed(number=3, branch="fix", merged=True), "Pull request #3 is not one of ours."),
        (comment("Rename it.", place="review", asks_changes=True, branch="fix"), "Pull request #2 is not one of ours."),
        (PullClosed(number=3, branch="autocoder/root/session-", merged=True), "is not one of ours"),
        (Ignored(reason="Whatever."), "Whatever."),
        (comment(marked("Say:\n/autocoder continue", to=3, run="7")), "does not obey itself"),
        (comment("<!-- autocoder:remark words-1 -->\n/autocoder continue"), "does not obey itself"),
    ],
)
def test_what_is_not_meant_for_us_is_known_without_a_request(trigger: Trigger, words: str) -> None:
    nothing = deaf(trigger)
    assert nothing
    assert words in nothing.reason


@pytest.mark.parametrize("body", ["/autocoder continue", "/autocoder dance"])
def test_a_bots_comment_asks_for_nothing_unless_it_is_allowed(body: str) -> None:
    assert read_wish(comment(body, by_bot=True), Mode.AUTO, VOICE) == Nothing(reason="A bot's comment starts nothing.")
    allowed = read_wish(comment(body, by_bot=True), Mode.AUTO, Voice(bots=frozenset({"ada"})))
    assert isinstance(allowed, Wish | Unclear)


@pytest.mark.parametrize("body", ["> /autocoder continue", "/shrug", "@ada /autocoder continue"])
def test_talk_asks_for_nothing(body: str) -> None:
    assert read_wish(comment(body), Mode.AUTO, VOICE) == Nothing(reason="The comment holds no command.")


@pytest.mark.parametrize(
    "body",
    [
        "/autocoder",
        "/autocoder dance",
        "/autocoder continue\n/autocoder init",
        "/autocoder sync\n\n/autocoder x",
        "/autocoder status\n" * 21,
    ],
)
def test_what_cannot_be_obeyed_as_a_whole_is_unclear(body: str) -> None:
    assert isinstance(read_wish(comment(body), Mode.AUTO, VOICE), Unclear)


@given(st.text(), st.sampled_from(Mode))
def test_no_comment_is_an_error(body: str, mode: Mode) -> None:
    assert isinstance(read_wish(comment(body), mode, VOICE), Wish | Nothing | Unclear)
