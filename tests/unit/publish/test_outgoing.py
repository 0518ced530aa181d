"""What leaves holds no secret, and nothing that the host would act upon or a reader take for ours."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autocoder_action.intake.commands import parse_comment
from autocoder_action.publish.outgoing import BODY_LIMIT, cell, code, cut, line, plain, quiet, redact, sentence

HARM = [
    "@octocat",
    "@octo/team",
    "#3",
    "octo/app#3",
    "GH-3",
    "gh-3",
    "https://github.com/octo/app/issues/3",
    "https://github.test/octo/app/pull/3",
    "https://github.com/octo/app/commit/0123456789abcdef",
    "https://github.com/octo/app/discussions/3",
]
BITS = [*HARM, "fixes ", "Closes: ", "resolve\n", "<!-- autocoder:feature a project=root -->", "<b>", "<img src=x>"]
BITS += [
    "![a](b)",
    "[a](b)",
    "```",
    "~~~~",
    "`",
    "|",
    "\n",
    "\n\n",
    "# ",
    "---",
    "===",
    "> ",
    "- ",
    "1. ",
    "/autocoder stop",
]
BITS += [
    "    ",
    "- # x",
    "1. - ## x",
    "\t",
    "~~~ x",
    "\\",
    "*",
    "_",
    "[",
    "]",
    "](",
    "word",
    "ä",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "&lt;",
    "&#64;me",
    "\r\n",
    "</details>",
]
words = st.lists(st.sampled_from(BITS) | st.text(max_size=4), max_size=12).map("".join)
MENTION = re.compile(r"(?<![A-Za-z0-9`])@[A-Za-z0-9]")
REFERENCE = re.compile(r"#\d|\bGH-\d|/(?:issues|pull|commit|discussions)/\w", re.IGNORECASE)


def tokens(text: str) -> list[str]:
    """Return the kinds of everything in a text, inside lines too."""
    every = MarkdownIt("commonmark").enable("table").parse(text)
    return [one.type for token in every for one in (token, *(token.children or []))]


@given(words)
def test_a_sentence_mentions_nobody_and_links_nothing_outside_its_code(text: str) -> None:
    every = [child for one in MarkdownIt("commonmark").parse(f"x {sentence(text)}") for child in one.children or []]
    spoken = "\0".join(one.content for one in every if one.type != "code_inline")
    assert not MENTION.search(spoken)
    assert not REFERENCE.search(spoken)


@given(words)
def test_no_words_mention_anybody_or_link_an_issue(text: str) -> None:
    for made in (plain(text), line(text), quiet(text)):
        assert not MENTION.search(made)
        assert not REFERENCE.search(made)


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("keyword", ["closes", "Fixed", "resolves:", "fix"])
def test_no_words_close_an_issue(harm: str, keyword: str) -> None:
    closing = re.compile(rf"{keyword}\s+{re.escape(harm)}")
    assert closing.search(f"{keyword} {harm}")
    for made in (plain, line, quiet):
        assert not closing.search(made(f"It {keyword} {harm} now"))


@pytest.mark.parametrize("harm", ["#3", "GH-3", "https://github.com/octo/app/issues/3"])
def test_not_even_code_closes_an_issue_when_it_becomes_the_message_of_a_merge(harm: str) -> None:
    assert not re.search(rf"(?i)fixes\s+{re.escape(harm)}", code(f"echo fixes {harm}"))
    assert code("grep '#3' notes") == "`grep '#3' notes`", "a command is shown as it is"


@given(words)
def test_no_words_are_html_or_an_image_or_a_heading(text: str) -> None:
    for made in (plain(text), f"x {line(text)}", f"x {sentence(text)}"):
        assert not {"html_block", "html_inline", "image", "heading_open"} & set(tokens(made)), made
        assert not re.search(r"<[!/a-z]", made)


@given(words)
def test_words_end_where_they_end(text: str) -> None:
    kinds = tokens(f"{plain(text)}\n\n### Ours\n")
    assert kinds.count("heading_open") == 1, "an open block of code would swallow what follows"


@given(words)
def test_words_in_a_line_stay_one_piece_of_text(text: str) -> None:
    made = line(text)
    assert "\n" not in made
    kinds = set(tokens(f"x {made} x")) - {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}
    assert kinds <= {"em_open", "em_close", "strong_open", "strong_close"}, made
    row = f"| a | b |\n|---|---|\n| {made} | end |\n"
    assert tokens(row).count("td_open") == 2, made


@given(words)
def test_words_in_the_text_of_a_link_do_not_lead_elsewhere(text: str) -> None:
    every = MarkdownIt("commonmark").parse(f"[#1 {line(text)}](https://ours.test)")
    links = [one.attrGet("href") for token in every for one in token.children or [] if one.type == "link_open"]
    assert links == ["https://ours.test"]


@given(words)
def test_code_is_code_whatever_it_holds(text: str) -> None:
    (paragraph,) = [one for one in MarkdownIt("commonmark").parse(f"x {code(text)} x") if one.type == "inline"]
    assert [one.type for one in paragraph.children or []] == ["text", "code_inline", "text"]
    row = f"| a | b |\n|---|---|\n| {cell(text)} | end |\n"
    assert tokens(row).count("td_open") == 2


def test_code_in_a_table_is_shown_as_it_is() -> None:
    row = f"| a |\n|---|\n| {cell('grep a | wc -l')} |\n"
    every = MarkdownIt("commonmark").enable("table").parse(row)
    shown = [one.content for token in every for one in token.children or [] if one.type == "code_inline"]
    assert shown == ["grep a | wc -l"]
    assert code("grep a | wc -l") == "`grep a | wc -l`"


@given(words)
def test_no_words_of_ours_are_a_command_to_ourselves(text: str) -> None:
    for made in (plain(text), f"**x**: {line(text)}", f"**x**: {sentence(text)}", f"{code(text or 'x')}: x"):
        assert parse_comment(made).commands == ()


@pytest.mark.parametrize(
    "order", ["[skip ci]", "[CI skip]", "[no ci]", "[skip actions]", "[actions skip]", "skip-checks: true"]
)
def test_no_words_keep_checks_from_running(order: str) -> None:
    assert order.lower() not in quiet(f"Add a list {order}").lower()


@pytest.mark.parametrize(
    "text", ["Search & filter", "a < b", "List `all` [sorted]", "100 % *", "C#, F# and #hash", "me@home"]
)
def test_a_title_reads_as_it_was_written(text: str) -> None:
    assert quiet(text).replace("\u200b", "") == text


ORDINARY = [
    "A list:\n\n- one\n- two\n",
    "```sh\nmake\n```\n\nThen **look**.",
    "See [there](https://x.test/#top).",
    "Type `add <url>`, then `a && b`.",
    "```py\n# no heading\nprint('<b>')\n```\n",
    "> quoted",
    "1. one\n2. two",
    "a\n\n    # code\n",
    "@ 5 pm, #top",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_description_stays_as_it_looks(text: str) -> None:
    assert MarkdownIt().render(plain(text)).replace("\u200b", "") == MarkdownIt().render(text)


SECRETS = ["hunter2hunter2", "hunter2hunter2-long", "sk-ant-api03-" + "x" * 40]


@given(st.lists(st.sampled_from([*SECRETS, " ", "a", "ghp_" + "A" * 36, "github_pat_" + "b" * 40, "gho_" + "1" * 20])))
def test_no_secret_is_left_however_they_stand_together(parts: list[str]) -> None:
    made = redact("".join(parts), SECRETS)
    for secret in (*SECRETS, "ghp_A", "github_pat_b", "gho_1"):
        assert secret not in made


def test_an_empty_secret_hides_nothing() -> None:
    assert redact("abc", ["", "zzz"]) == "abc"


@given(
    st.text(st.sampled_from("aä\n`~\U0001f600"), max_size=300),
    st.integers(100, 200),
    st.sampled_from(["", "https://r"]),
)
def test_a_cut_text_fits_and_says_so(text: str, limit: int, whole: str) -> None:
    made = cut(text, limit, whole=whole)
    assert len(made.encode()) <= limit
    assert made == text or (made.endswith(")*") and "\n\n*(cut: " in made and whole in made)


def test_a_cut_ends_the_block_of_code_that_it_fell_into() -> None:
    made = cut("```\n" + "code\n" * 100, 200)
    assert "em_open" in tokens(made), "the mark is no code"


def test_one_long_line_is_cut_and_not_dropped() -> None:
    made = cut("x" * (BODY_LIMIT + 1))
    assert len(made) == BODY_LIMIT
    assert made.startswith("xxxx")
