"""Words that nobody vouches for lead nowhere but to this repository."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autocoder_action.publish.links import has_blocks, spoken
from autocoder_action.publish.outgoing import line

HOME = "https://github.com/octo/app"
AWAY = ["https://x.test", "http://x.test/a?b=c", "ftp://x.test", "www.x.test", "mailto:a", "HTTPS://x.test"]
AWAY += [
    "https://github.com/octo/app2",
    "https://github.com/octo",
    f"{HOME}/../../evil/app",
    f"{HOME}/%2E%2e/x",
    "//x.test",
]
BITS = [
    *AWAY,
    HOME,
    f"{HOME}/wiki",
    "](",
    "[a](",
    ")",
    "[a]",
    "[b]: ",
    "[a][b]",
    "<",
    ">",
    "![",
    "`",
    "``",
    "```\n",
    "\\`",
]
BITS += ["\n", "\n\n", " ", "    ", "> ", "- ", '"t"', "(", "*", "word", "===", "<a href=", "/autocoder stop"]
words = st.lists(st.sampled_from(BITS) | st.text(max_size=2), max_size=14).map("".join)
BARE = re.compile(r"(?:https?://|ftp://|www\.|mailto:(?!\u200b))\S+", re.IGNORECASE)


def ends(text: str) -> list[str]:
    """Return where the links of a text lead, those included that the host makes of bare addresses."""
    every = [child for one in MarkdownIt("commonmark").parse(text) for child in one.children or []]
    written = [str(one.attrGet("href")) for one in every if one.type == "link_open"]
    return written + [bare for one in every if one.type == "text" for bare in BARE.findall(one.content)]


def is_home(address: str) -> bool:
    return bool(re.match(rf"{HOME}(?:[/#?\s]|$)", address)) and not re.search(r"(?i)\.\.|%2e", address)


@settings(deadline=None)
@given(words)
def test_no_words_lead_away_or_show_an_image(text: str) -> None:
    made = spoken(text, HOME)
    assert [one for one in ends(made) if not is_home(re.sub(r"[)>`*\"'].*", "", one))] == [], made
    kinds = {child.type for one in MarkdownIt("commonmark").parse(made) for child in one.children or []}
    assert not {"image", "html_inline"} & kinds
    assert not re.search(r"(?m)^\s*/autocoder", made)


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize(
    "form", ["{}", "[a]({})", "[a](<{}>)", "<{}>", "![a]({})", "[a][b]\n\n[b]: {}", "`` ` {} ` x", "{0}\\`{0}\\`"]
)
def test_each_form_of_a_foreign_link_is_dead(away: str, form: str) -> None:
    assert [one for one in ends(spoken(form.format(away), HOME)) if one.startswith(away)] == []


@pytest.mark.parametrize(
    "text", [f"[a]({HOME}/wiki)", f"See {HOME}/blob/main/a.py#L3.", f"[a]({HOME})", f"{HOME}?tab=x"]
)
def test_links_into_the_repository_may_be_followed(text: str) -> None:
    assert spoken(text, HOME) == text
    assert spoken(text) != text


@pytest.mark.parametrize(
    "text", ["`curl https://x.test`", "```sh\ncurl https://x.test\n```", "a\n\n    www.x.test\n", "a[0]"]
)
def test_addresses_in_code_can_be_copied(text: str) -> None:
    assert spoken(text, HOME) == text


def test_a_line_in_a_table_has_no_address_that_can_be_followed() -> None:
    assert ends(line("Look at https://x.test or www.x.test")) == []


@given(words)
def test_where_no_block_of_code_can_be_the_parser_finds_none(text: str) -> None:
    found = {one.type for one in MarkdownIt("commonmark").parse(text)}
    assert has_blocks(text) or not found & {"fence", "code_block"}
