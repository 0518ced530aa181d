"""How far a list of several pages was seen, while people go on."""

from datetime import UTC, datetime

import pytest

from autocoder_action.adapters.github_api.pages import Entry, Page, listing_of


def entry(number: int, changed: int) -> Entry:
    """Return an issue that changed at a time."""
    return Entry(
        id=number,
        node_id=f"I_{number}",
        number=number,
        title=f"As of {changed}",
        body=None,
        labels=[],
        state="open",
        state_reason=None,
        user=None,
        updated_at=datetime.fromtimestamp(changed, UTC),
        html_url=f"https://host/o/r/issues/{number}",
    )


def test_one_page_is_seen_up_to_its_newest_entry() -> None:
    page = Page(entries=[entry(1, 500), entry(2, 300)], more=False, at=1_000)
    assert listing_of([page]).seen == 500


@pytest.mark.parametrize(("at", "seen"), [(1_000, 990), (0, 500), (5_000, 1_020)])
def test_what_changes_on_a_page_that_was_read_is_not_taken_for_seen(at: int, seen: int) -> None:
    first = Page(entries=[entry(1, 500)], more=True, at=at)
    # Issue 1 changes at 1,010, and issue 2 after it; only the second page shows such a thing.
    second = Page(entries=[entry(2, 1_020)], more=False, at=1_030)
    assert listing_of([first, second]).seen == seen


def test_what_two_pages_show_counts_as_the_later_one_shows_it() -> None:
    pages = [Page(entries=[entry(1, 500)], more=True, at=9_000), Page(entries=[entry(1, 600)], more=False, at=9_000)]
    found = listing_of(pages)
    assert ([one.title for one in found.issues], found.entries) == (["As of 600"], 1)
