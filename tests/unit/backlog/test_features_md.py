"""The page that a reviewer reads."""

import difflib
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from autocoder_action.backlog import features_md, transitions
from autocoder_action.backlog.feature import PersonProof
from autocoder_action.backlog.transitions import SkipKind
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, changed, passed

PLAN = a_backlog(a_draft("Add", check="pytest -q"), a_draft("List", "Add"), a_draft("Sort"))


def test_the_page_says_that_nobody_reads_it_back() -> None:
    assert "Generated from features.db and never read" in features_md.render(PLAN)


def test_a_proved_feature_shows_what_proved_it_and_when() -> None:
    page = features_md.render(passed(PLAN, 1))
    assert "**1 of 3 pass** · 2 pending" in page
    assert "- proof: `pytest -q` in 812 ms, 2026-01-02 03:04 UTC, run 77-1" in page
    accepted = changed(transitions.accept(PLAN, 1, PersonProof(login="ada", at=NOW)))
    assert "- proof: accepted by ada, 2026-01-02" in features_md.render(accepted)


def test_every_standing_has_its_words() -> None:
    plan = changed(transitions.skip(PLAN, 3, kind=SkipKind.EXTERNAL, reason="No *key*.", now=NOW))
    page = features_md.render(plan)
    assert "**blocked, waits for F1**" in page
    assert "- because: external: No *key*." in page
    built = changed(transitions.mark_built(changed(transitions.claim(plan, 1, now=NOW)), 1, now=NOW))
    assert "**built, unproved**" in features_md.render(built)
    failing = changed(transitions.regress(passed(plan, 1), 1, "one\nlast line", now=NOW))
    assert "**failing**" in features_md.render(failing)
    assert "- last error: last line" in features_md.render(failing)


def test_one_proof_changes_four_lines() -> None:
    before, after = features_md.render(PLAN), features_md.render(passed(PLAN, 1))
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))
    assert len([line for line in lines if line.startswith("-")]) <= 5
    assert len([line for line in lines if line.startswith("+")]) <= 6


def test_what_an_agent_wrote_cannot_become_html_headings_or_images() -> None:
    text = "<script>x</script>\n# Big\n![spy](http://x)\n    \n---\n<!-- hidden -->"
    plan = a_backlog(replace(a_draft("<b>Add</b>"), description=text, steps=("1. # <i>",), check="a `b` ``c``"))
    html = MarkdownIt().render(features_md.render(plan))
    assert html.count("<h1") == 1
    assert html.count("<h2") == 1
    assert [tag for tag in ("<script", "<img", "<b>", "<i>", "<hr", "<!-- hidden") if tag in html] == []
    assert "<code>a `b` ``c``</code>" in html


@pytest.mark.parametrize(
    "text",
    [
        "first\n```\nlast",
        "```js",
        "  ````\nlast",
        "~~~\nlast",
        "[first]: http://last",
        "[^1]: last",
        "first | more\n:-- | --\nlast",
        "first\n===\nlast",
        "> last",
    ],
)
def test_no_text_hides_itself_or_what_comes_after_it(text: str) -> None:
    plan = a_backlog(replace(a_draft("Add"), description=text), a_draft("List"))
    page = MarkdownIt("gfm-like", {"linkify": False}).render(features_md.render(plan))
    assert page.count("<h2>") == 2
    assert [tag for tag in ("<pre", "<table", "<blockquote") if tag in page] == []
    assert [word for word in ("first", "last") if word in text and word not in page] == []


@pytest.mark.parametrize("name", ["Sort by #", "##", "Learn C#", "# of items"])
def test_a_heading_shows_all_of_a_name(name: str) -> None:
    page = MarkdownIt().render(features_md.render(a_backlog(a_draft(name))))
    assert f"<h2>F1 {name}</h2>" in page
