"""Text from people holds nothing that a reader would not see, and nobody's words break out of their block."""

import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from autocoder_action.intake.people_text import CUT, LIMIT, clean, quote
from autocoder_action.intake.unseen import OPEN_END

BITS = ["<!--", "-->", "--", "<!", "<", ">", "!", "[", "]", "(", ")", "](", "![", "]: ", '"', "'", " ", "\n", "\n\n"]
BITS += ["<img ", "alt=", 'title="s t"', "<div ", "</", "<?", "?>", "<![CDATA[", "`", "```\n", "> ", "- ", "    ", "\\"]
BITS += ["![s](u 't')", "[a](u (t))", "[a][b]", "[b]: u", "[b]: <u>\n'", "a", "word", "#", "*", "&#8203;", "&zwnj;"]
BITS += ["\u200b", "\u202e", "\ufeff", "\U000e0041", "\ufe0f", "❤️", "\ue000", "\ud800", "\x1b", "\x85", "\r", "\t", "ä"]
texts = st.lists(st.sampled_from(BITS) | st.text(max_size=3), max_size=25).map("".join)
UNSEEN = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ue000-\uf8ff\ud800-\udfff\U000e0000-\U0010ffff\x1b\r]"
)


def everything(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens, and those inside them."""
    for token in tokens:
        yield token
        yield from everything(token.children or [])


def assert_nothing_is_hidden(text: str) -> None:
    """Look at a text as a parser of Markdown that knows nothing of ours does."""
    assert not UNSEEN.search(text)
    assert "<!--" not in text
    env: dict[str, object] = {}
    for token in everything(MarkdownIt("commonmark").parse(text, env)):
        assert not token.attrGet("title"), text
        assert token.type != "image" or not token.content.strip(), text
        if token.type in {"html_inline", "html_block"}:
            assert not re.search(r"(?i)<[?!]|\b(?:alt|title)\s*=", token.content), text
    assert "references" not in env, "definitions are hidden"


@settings(deadline=None)
@given(texts)
def test_nothing_that_is_hidden_is_left(text: str) -> None:
    assert_nothing_is_hidden(clean(text))


@settings(deadline=None)
@given(texts)
def test_a_cleaned_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@settings(deadline=None)
@given(texts, st.integers(0, 80))
def test_a_text_is_bounded_and_stays_so(text: str, limit: int) -> None:
    made = clean(text, limit)
    assert len(made) <= limit
    assert clean(made, limit) == made


ATTACKS = [
    ("a <!-- SECRET --> b", "a  b"),
    ("<!<!-- -->-- SECRET -->b", "b"),
    ("<!<!-<!-- -->- -->-- SECRET -->b", "b"),
    ("<!\u200b-- SECRET -\u200b->b", "b"),
    ("<!&#8203;-- SECRET -&ZeroWidthSpace;->b", "b"),
    ("a <!-- SECRET", f"a {OPEN_END}"),
    ("a <!<!-- -->-- SECRET", f"a {OPEN_END}"),
    ("![SECRET](u.png)", "![](u.png)"),
    ("![S [E [C] R] ET](u.png)", "![](u.png)"),
    ("![![SECRET](i)](u.png)", "![](u.png)"),
    ("![a `]` SECRET](u.png)", "![](u.png)"),
    ("![a \\] SECRET](u.png)", "![](u.png)"),
    ('[a](u "SECRET")', "[a](u)"),
    ("[a](u 'SECRET')", "[a](u)"),
    ("[a](u (SECRET))", "[a](u)"),
    ('[a](u\n"SEC\nRET")', "[a](u\n)"),
    ("[![SECRET](i 'SECRET')](u 'SECRET')", "[![](i)](u)"),
    ('[a][b] x\n\n[b]: u "SECRET"\n', "[a] x\n\n"),
    ("[a][SECRET]\n\n[SECRET]: u", "[a]\n"),
    ("![SECRET]\n\n[SECRET]: u", "![]\n"),
    ("[//]: # (SECRET)\nb", "b"),
    ("[a][b](u 'SECRET')\n\n[b]: x", "[a](u)\n"),
    ("[a][b](u 'SECRET <!--)\n[b]: x -->')\n\n[b]: x", "[a](u)\n"),
    ("x\n\n> [b]: u 'SECRET'\n", "x\n\n"),
    ("> ![SEC\n> RET](u)", "> ![\n> ](u)"),
    ('<img src=u alt="a > SECRET" title="SECRET">b', '<img src="u">b'),
    ("<b SECRET>b</b>", "<b>b</b>"),
    ('<div\nalt="SECRET\nSECRET">b</div>', "<div>b</div>"),
    ("<b <img alt='SECRET'>>b", "<b <img>>b"),
    ("a <?SECRET?><!SECRET><![CDATA[SECRET]]> b", "a  b"),
    ("<div>\n<![what SECRET]>SECRET</div>\n\nb", "\nb"),
    ("<div <!<!-- SECRET", ""),
    ("a\U000e0053\U000e0045\U000e0043b", "ab"),
    ("a😀\ufe0f\ufe0e\ufe01\U000e0101b", "a😀\ufe0fb"),
]


@pytest.mark.parametrize(("attack", "seen"), ATTACKS)
def test_known_tricks_leave_what_a_reader_sees(attack: str, seen: str) -> None:
    assert clean(attack) == seen
    assert_nothing_is_hidden(clean(attack))


ORDINARY = [
    "Split #12 into three, and put the login first.\n\n- one\n- two\n\n1. a\n2. b",
    "```py\nx = [a][b]  # <div title='x'>\nprint(f'![{x}](y)')\n```\n",
    'See [the page](https://x.test/a_(b)?c=d#e) and <https://x.test>, `a[0](b "c")`.',
    "if a < b and c > d: x[1][2] = y & z",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "- [x] done\n- [ ] not",
    "\ttabs, ünïcödé, 漢字, ❤️ 👍🏽 1️⃣, nbsp\u00a0too",
    "<details>\n<summary>Log</summary>\n\ntext\n</details>",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert clean(text) == text


def test_line_ends_become_one_kind() -> None:
    assert clean("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd\ne"


def test_a_long_text_says_that_it_was_cut() -> None:
    made = clean("word " * 20_000)
    assert len(made) <= LIMIT
    assert made.endswith(CUT)


@pytest.mark.parametrize(
    "bit", ["<!", "<!<!-- -->-- ", "[", "![", '<a "', "<div <a '", "```<!-- ", "[a]: b\n", "> ", "*_"]
)
def test_no_text_of_a_comments_size_takes_long(bit: str) -> None:
    before = time.process_time()
    clean((bit * LIMIT)[:LIMIT])
    assert time.process_time() - before < 20, "seconds; each takes below 2 on an ordinary machine"


@settings(deadline=None)
@given(st.sampled_from(["octocat", "x[bot]", "a b>", ""]) | st.text(max_size=5), texts)
def test_no_words_break_out_of_their_block(author: str, text: str) -> None:
    first, *middle, last = quote(author, text).split("\n")
    found = re.fullmatch(r"<text-([0-9a-f]{16}) by=([A-Za-z0-9_.-]+(?:\[bot\])?)>", first)
    assert found
    assert last == f"</text-{found[1]}>"
    assert found[1] not in "\n".join(middle)
    assert "\n".join(middle) == clean(text)


def test_a_block_names_its_author_and_is_the_same_each_time() -> None:
    assert quote("octocat", "Hi") == quote("octocat", "Hi")
    assert quote("octocat", "Hi").splitlines()[0].endswith("by=octocat>")
    assert quote("octo cat>\n", "Hi").splitlines()[0].endswith("by=somebody>")
    assert quote("octocat", "Hi").splitlines()[0] != quote("octocat", "Ho").splitlines()[0]


def test_a_block_that_somebody_copied_does_not_end_with_his_copy() -> None:
    copied = quote("octocat", "Hi")
    around = quote("mallory", copied)
    assert around.splitlines()[-1] not in copied
    assert around.count(around.splitlines()[-1]) == 1
