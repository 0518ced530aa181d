"""A command is a line that a person wrote as a command, and nothing that looks like one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.intake.commands import COMMANDS, Problem, parse_comment

NAMES = [one.name for one in COMMANDS]


def names(body: str) -> list[str]:
    parsed = parse_comment(body)
    assert not parsed.problems, parsed
    return [one.name for one in parsed.commands]


def problem(body: str) -> Problem:
    (found,) = parse_comment(body).problems
    return found


@pytest.mark.parametrize(
    "body",
    [
        "/autocoder continue",
        "/AutoCoder CONTINUE",
        "  /autocoder   continue  ",
        "/autocoder\tcontinue",
        "/autocoder continue\r\n",
        "Thanks!\n\n/autocoder continue\n\nBest wishes",
        "Thanks!\n/autocoder continue",
        "Thanks!  \n/autocoder continue",
        "# Next\n/autocoder continue",
        "> What now?\n\n/autocoder continue",
        "1. one\n2. two\n\n/autocoder continue",
        "```\ncode\n```\n/autocoder continue",
        "<!-- hidden -->\n\n/autocoder continue",
        "See <code>this</code>\n/autocoder continue",
        "<details>\n\nlong\n\n</details>\n\n/autocoder continue",
        "one<br>\n/autocoder continue",
        "<p>one\n\n/autocoder continue",
        "<ul><li>one<li>two</ul>\n\n/autocoder continue",
        "<img src=x>\n\n/autocoder continue",
        "Use a Vec<u8>, and a < b.\n\n/autocoder continue",
        "`<del>`\n/autocoder continue",
        "```\n<del>\n```\n/autocoder continue",
        "</del>\n\n/autocoder continue",
        "<span/>\n\n/autocoder continue",
        "<b>Note</B>\n/autocoder continue",
    ],
)
def test_a_line_of_a_plain_paragraph_is_a_command(body: str) -> None:
    assert names(body) == ["continue"]


NONE = [
    "",
    "autocoder continue",
    "I would say /autocoder continue",
    "/autocoderx continue",
    "/ autocoder continue",
    "> /autocoder continue",
    "> quoted\n/autocoder continue",
    "- /autocoder continue",
    "- item\n  /autocoder continue",
    "1. /autocoder continue",
    "| a |\n|---|\n| /autocoder continue |",
    "| a |\n|---|\n/autocoder continue |",
    "# /autocoder continue",
    "/autocoder continue\n===",
    "/autocoder continue\n---",
    "    /autocoder continue",
    "```\n/autocoder continue\n```",
    "~~~\n/autocoder continue",
    "`/autocoder continue`",
    "`/autocoder` continue",
    "<div>\n/autocoder continue\n</div>",
    "<!--\n/autocoder continue\n-->",
    "<details><summary>x</summary>\n/autocoder continue",
    "[/autocoder continue](https://example.test)",
    "[x](y) /autocoder continue",
    "<https://example.test> /autocoder continue",
    "![x](y)/autocoder continue",
    "<b>/autocoder continue</b>",
    "[ref]: /autocoder\n",
    "See <code>\n/autocoder continue\n</code>",
    "<code>\n\n/autocoder continue\n\n</code>",
    "<blockquote>\n\n/autocoder continue\n\n</blockquote>",
    "<details>\n\n/autocoder continue\n\n</details>",
    "<details><details></details>\n\n/autocoder continue\n\n</details>",
    "<table><tr><td>\n\n/autocoder continue\n\n</td></tr></table>",
    "Old: <del>\n/autocoder continue\n</del>",
    "Old: <DEL>\n\n/autocoder continue",
    "- Old: <del>\n\n/autocoder continue",
    "# Old: <del>\n/autocoder continue",
    "<x-fold>\n\n/autocoder continue\n\n</x-fold>",
    "<div><!-- \n\n/autocoder continue\n\n-->",
    "<div\n\n/autocoder continue",
    "<div>" + "<" * 600 + "\n\n/autocoder continue",
]


@pytest.mark.parametrize("body", NONE)
def test_what_is_quoted_listed_shown_or_linked_is_no_command(body: str) -> None:
    assert names(body) == []


def test_several_commands_come_in_order() -> None:
    assert names("/autocoder sync\n/autocoder status\n\nand\n\n/autocoder continue") == ["sync", "status", "continue"]


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("/autocoder contineu", "continue"),
        ("/autocoder Contiune", "continue"),
        ("/autocoder statsu", "status"),
        ("/autocoder initialize", "init"),
        ("/autocoder", "help"),
        ("/autocoder dance", None),
        ("/autocoder continue please", "continue"),
        ("/autocoder continue --force", "continue"),
    ],
)
def test_a_near_miss_says_what_may_have_been_meant(body: str, hint: str | None) -> None:
    found = problem(body)
    assert found.did_you_mean == hint
    assert found.reason


@pytest.mark.parametrize("behind", ["`now`", "[now](x)", "<b>", "![a](b)", "https://x.test", "<https://x.test>"])
def test_nothing_behind_a_command_is_passed_over(behind: str) -> None:
    assert problem(f"/autocoder continue {behind}").did_you_mean == "continue"


@given(st.text())
def test_any_comment_is_read(body: str) -> None:
    parsed = parse_comment(body)
    assert all(one.name in NAMES for one in parsed.commands)


@given(st.lists(st.sampled_from(["/autocoder ", "continue", "\n", "> ", "- ", "`", "|", "#", "<b>", "[", "](", "*"])))
def test_any_markdown_around_a_command_is_read(parts: list[str]) -> None:
    parsed = parse_comment("".join(parts))
    assert {one.name for one in parsed.commands} <= {"continue"}


HUGE = [
    "/autocoder " + "x" * 65_000,
    "/autocoder " + "continue " * 7_000,
    "/autocoder no\n" * 5_000,
    "> " * 32_000 + "/autocoder continue",
    "/autocoder " + "[" * 60_000,
    "/autocoder " + "*a **a " * 9_000,
    "/autocoder " + "`" * 60_000,
    "/autocoder " + "".join("`" * n + " " for n in range(1, 340)),
    "/autocoder " + "<" * 60_000,
    "/autocoder " + "![[](" * 12_000,
    "- " * 30_000 + "/autocoder continue",
    "/autocoder " + "&" * 60_000,
    "/autocoder\n\n" + "|a" * 20_000 + "\n" + "|-" * 20_000 + "\n",
    "/autocoder " + "a@b.c " * 10_000,
    "/autocoder " + "<!--" * 15_000,
    "/autocoder " + "[a](<b" * 10_000,
    "/autocoder " + "[a][b" * 12_000,
    "<b>" * 20_000 + "\n\n/autocoder sync",
    "<div>\n\n" * 9_000 + "/autocoder sync",
]


@pytest.mark.parametrize("body", HUGE, ids=lambda body: body[11:23])
def test_a_huge_comment_is_read_fast_and_answered_briefly(body: str) -> None:
    began = time.process_time()
    parsed = parse_comment(body)
    assert time.process_time() - began < 5, "a stranger's comment would hold up the gate"
    assert len(parsed.problems) <= 5
    assert all(len(one.line) + len(one.reason) < 300 for one in parsed.problems)
    assert not parsed.commands
