"""The fake host fails where a test wants it to: tests of interrupted syncs stand on this."""

import pytest

from autocoder_action.errors import UpstreamError
from tests.fakes.tracker import FakeTracker


def opened(tracker: FakeTracker, titles: str) -> int:
    """Open an issue for each letter until the host fails, and return how many answers came."""
    for count, title in enumerate(titles):
        try:
            tracker.create_issue(title=title, body="", labels=[])
        except UpstreamError:
            return count
    return len(titles)


@pytest.mark.parametrize(("how", "there"), [("unavailable", "ab"), ("lost", "abc")])
def test_a_run_can_be_killed_at_any_request(how: str, there: str) -> None:
    tracker = FakeTracker()
    tracker.fail_from(3, "lost" if how == "lost" else "unavailable")
    assert opened(tracker, "abcde") == 2
    assert opened(tracker, "xyz") == 0
    assert "".join(thread.title for thread in tracker.host.threads.values()) == there
    tracker.mend()
    assert opened(tracker, "f") == 1
