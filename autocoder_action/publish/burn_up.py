"""How many features passed at the end of each day."""

from collections import Counter
from datetime import UTC, datetime

from autocoder_action.backlog.feature import Backlog

_DAYS = 30


def burn_up(backlog: Backlog) -> tuple[tuple[str, int], ...]:
    """Return the last thirty days (UTC, as month-day) on which features came to pass, with how many then passed.

    It is made of the proofs that stand today: a feature that regressed later does not count at all.
    """
    days = Counter(datetime.fromtimestamp(one.proof.at, UTC).date() for one in backlog.features if one.proof)
    count = 0
    counts: list[tuple[str, int]] = []
    for day in sorted(days):
        count += days[day]
        counts.append((f"{day:%m-%d}", count))
    return tuple(counts[-_DAYS:])
