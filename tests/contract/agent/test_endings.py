"""What goes wrong between the program and the model's service, and what a person reads of it in the end."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.plan import Session
from autocoder_action.session.outcome import Conversation
from autocoder_action.session.result import Outcome, conclude
from tests.contract.agent.stage import RealStage, Scene, Table, brief
from tests.unit.backlog.builders import a_backlog, a_draft

LONG = {
    "type": "error",
    "error": {"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens > 200000 maximum"},
}
AGAIN = "Run again; what was checked in before is kept"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A fault of the service that befalls every request from the second on, and what follows."""

    fault: Mapping[str, object]
    seen: str = ""
    remedy: str = AGAIN
    conclusion: Conclusion = Conclusion.ERROR
    requests: int
    """The most that are made in all."""
    retries: int = 1
    timeout_ms: int = 600_000


CASES: Mapping[str, Case] = {
    "the key was revoked": Case(
        fault={"status": 401}, seen="answered 401", remedy="Check the input anthropic_api_key", requests=2, retries=10
    ),
    "the account is empty": Case(
        fault={"status": 402}, seen="answered 402", remedy="Add credit", requests=2, retries=10
    ),
    "the account may not": Case(
        fault={"status": 403}, seen="answered 403", remedy="Check the input anthropic_api_key", requests=2, retries=10
    ),
    "the model is gone": Case(fault={"status": 404}, seen="answered 404", remedy="Set model", requests=3, retries=10),
    "a limit that ends in an hour": Case(
        fault={"status": 429, "headers": {"retry-after": "3600"}},
        seen="answered 429",
        remedy="Run again in 3600 seconds",
        conclusion=Conclusion.RATE_LIMITED,
        requests=2,
        retries=10,
    ),
    "a limit of which nobody knows the end": Case(
        fault={"status": 429},
        seen="answered 429",
        remedy="Run again later",
        conclusion=Conclusion.RATE_LIMITED,
        requests=3,
    ),
    "a limit that ends in a second": Case(
        fault={"status": 429, "headers": {"retry-after": "1"}, "times": 1},
        conclusion=Conclusion.NO_PROGRESS,
        requests=3,
    ),
    "an overloaded service": Case(fault={"status": 529}, seen="answered 529: Overloaded", requests=3),
    "an overload within the stream": Case(
        fault={"status": 529, "after_events": 3}, seen="answered 529: Overloaded", requests=4
    ),
    "a request that is too long once": Case(
        fault={"status": 400, "body": LONG, "times": 1}, conclusion=Conclusion.NO_PROGRESS, requests=6
    ),
    "a request that stays too long": Case(
        fault={"status": 400, "body": LONG}, seen="prompt is too long", remedy="lower max_features", requests=8
    ),
    "a request of too many bytes": Case(
        fault={"status": 413}, seen="answered 413", remedy="lower max_features", requests=8
    ),
    "a stream that breaks each time": Case(fault={"drop": True, "after_events": 3}, seen="was not reached", requests=5),
    "a stream that is no stream": Case(fault={"malformed": True}, seen="ended early", requests=4),
    "a model that says nothing": Case(
        fault={"hang": True},
        seen="said nothing for as long as API_TIMEOUT_MS allows",
        requests=3,
        retries=10,
        timeout_ms=1_000,
    ),
}


def concluded(over: Conversation) -> tuple[Conclusion, str]:
    """Conclude a session that built nothing."""
    backlog = a_backlog(a_draft("Greet"))
    plan = Session(
        activity=Activity.BUILD,
        reason="It is next.",
        name="session-1",
        branch="b",
        start="c",
        fresh=True,
        features=(1,),
        pull=None,
        caps=brief().caps,
    )
    return conclude(Outcome(plan=plan, conversation=over, backlog=backlog))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_fault_ends_in_the_right_conclusion_with_a_remedy_and_without_many_tries(
    real: RealStage, folder: Path, case: Case
) -> None:
    real.play([Scene(command="true"), Scene(say="Done.")])
    real.model.fault(**{"nth": 2, "times": None, **case.fault})  # type: ignore[arg-type]  # the keywords of a fault
    agent = real.agent(provider=replace(real.provider(), timeout_ms=case.timeout_ms), retries=case.retries)
    conclusion, reason = concluded(agent.converse(brief(), folder=folder, desk=Table()))
    assert (conclusion, case.seen in reason) == (case.conclusion, True), reason
    assert conclusion is Conclusion.NO_PROGRESS or case.remedy in reason
    assert "\n" not in reason
    assert len(real.model.requests) <= case.requests
