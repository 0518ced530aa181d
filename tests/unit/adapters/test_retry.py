"""For how long a request waits where GitHub wants to be left alone: decided from its answer, without waiting."""

import time
from io import BytesIO

import pytest
from github.GithubException import RateLimitExceededExceedsMaxWait
from urllib3 import HTTPResponse

from autocoder_action.adapters.github_api.retry import PatientRetry, patient_retry


def patience(left: float) -> PatientRetry:
    """Return how requests are repeated that have some seconds left, and a minute in any case."""
    retry = patient_retry(patience_seconds=60, backoff_seconds=0)
    retry.until = time.monotonic() + left
    return retry


def answered(retry: PatientRetry, status: int, after: int) -> PatientRetry:
    """Return what governs the attempt after a refusal."""
    body, headers = BytesIO(b'{"message": "Slow down"}'), {"Retry-After": str(after)}
    answer = HTTPResponse(body=body, status=status, headers=headers, preload_content=False)
    return retry.increment("PATCH", "/x", answer)


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize(("left", "after"), [(100, 61), (30, 31), (0, 1), (-5, 1)])
def test_a_wait_that_does_not_fit_is_told_at_once(status: int, left: float, after: int) -> None:
    with pytest.raises(RateLimitExceededExceedsMaxWait) as told:
        answered(patience(left), status, after)
    assert told.value.wait == after


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize(("left", "after"), [(100, 60), (30, 29), (-5, 0)])
def test_a_wait_that_fits_is_waited(status: int, left: float, after: int) -> None:
    assert answered(patience(left), status, after).get_backoff_time() == after


def test_all_waits_of_a_request_have_to_fit_together() -> None:
    once = answered(patience(100), 429, 40)
    with pytest.raises(RateLimitExceededExceedsMaxWait):
        answered(once, 429, 40)


def test_the_next_attempt_knows_the_same_end() -> None:
    first = patience(20)
    assert answered(first, 429, 5).until == first.until
