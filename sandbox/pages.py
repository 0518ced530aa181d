"""What people would see on the host, as files: summaries, pull requests and issues in Markdown and as one page."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from sandbox.github import Repo

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328}"
    "table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:.25rem .6rem;text-align:left}"
    "code{background:#eff2f5;padding:.1em .3em;border-radius:4px}section{border-top:1px solid #d1d9e0}"
    ".label{background:#ddf4ff;border-radius:1em;padding:.1em .7em;font-size:80%;margin-left:.4em}"
)


@dataclass(frozen=True)
class Page:
    """One text with its heading, and words that stand beside it."""

    heading: str
    markdown: str
    labels: tuple[str, ...] = ()


def board(repo: Repo) -> list[Page]:
    """Return every issue and pull request with its comments, the newest state of each."""
    return [_page(repo, number) for number in sorted(repo.issues)]


def _page(repo: Repo, number: int) -> Page:
    issue = repo.issue(number)
    kind = "Pull request" if issue.pull else "Issue"
    state = "merged" if issue.pull and issue.pull.merged_at else issue.state
    comments = "".join(f"\n\n> **{one.author.login}**: {one.body}" for one in issue.comments)
    return Page(
        f"{kind} #{number}: {issue.title}",
        (issue.body or "") + comments,
        (state, *sorted(label.name for label in issue.labels)),
    )


def write_pages(folder: Path, title: str, pages: Sequence[Page]) -> Path:
    """Write all pages into one HTML file, and return its path."""
    renderer = MarkdownIt("commonmark", {"html": True}).enable("table")
    sections = "".join(
        f"<section><h2>{html.escape(page.heading)}{_labels(page)}</h2>{renderer.render(page.markdown)}</section>"
        for page in pages
    )
    path = folder / f"{title}.html"
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
    path.write_text(f"{head}<style>{_STYLE}</style><h1>{html.escape(title)}</h1>{sections}</html>\n")
    return path


def _labels(page: Page) -> str:
    return "".join(f'<span class="label">{html.escape(one)}</span>' for one in page.labels)
