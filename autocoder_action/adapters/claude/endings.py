"""How a conversation ended, from what the SDK and the relay saw of it."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autocoder_action.session.outcome import Ending

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import UnionType

    from claude_agent_sdk import ResultMessage

    from autocoder_action.adapters.claude.reading import Failure
    from autocoder_action.session.provider import Provider

_REMEDIES: Mapping[int, str] = {
    401: "Check {}: the service does not know this credential, or it was revoked.",
    402: "Add credit to the account that the credential belongs to, then run again.",
    403: "Check {}: the service knows this credential, and does not allow it this model or this request.",
    404: "Set model to one that this account may use.",
}
_SHORTER = (
    "Give a session less at once: lower max_features, part the feature, shorten what it reads, or choose a model that "
    "takes more."
)
_AGAIN = "Run again; what was checked in before is kept."
_LONGEST_WAIT = 8 * 86_400
"""Seconds; the longest limits are those of a week."""
_MEMORY = "Where the machine was short of memory, use a larger runner."


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything that tells how a conversation ended."""

    result: ResultMessage | None
    """The SDK's last word; None where the program ended without one."""
    stopped: Ending | None
    """``TIMEOUT`` or ``CANCELLED`` where this side ended it."""
    failure: Failure | None
    """Why the model's service did not answer the last request, where it did not."""
    reached: Ending | None = None
    """The cap for whose sake the relay did not pass a request on."""
    barred: str = ""
    """Why the last request was none that this session may make; empty where it was."""
    resets_in: int = 0
    """Seconds until the account's limit ends, where the program was told; 0 where it was not."""
    broke: str = ""
    """What the program or the SDK said when it broke."""
    code: int | None = None
    """With what the program ended by itself, as a shell or Python tells it; None where it did not, or nobody knows."""


_MADE_OF: Mapping[str, type | UnionType] = {
    "subtype": str,
    "is_error": bool,
    "total_cost_usd": float | int | None,
    "api_error_status": int | None,
    "result": str | None,
    "errors": list | None,
}


def can_be_read(result: ResultMessage) -> bool:
    """Return whether the program's last word is made of what it should be: the SDK passes on what it is given."""
    sound = all(isinstance(getattr(result, name), kind) for name, kind in _MADE_OF.items())
    return sound and all(isinstance(one, str) for one in result.errors or ())


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """An ending with its cause and what to do about it; both are empty for a conversation that finished."""

    ending: Ending
    detail: str = ""
    remedy: str = ""
    wait_seconds: int | None = None
    """How long the service wants to be left alone, where it said so."""


_CAPS: Mapping[str, Ending] = {"error_max_turns": Ending.TURNS, "error_max_budget_usd": Ending.BUDGET}
_CAPPED: Mapping[Ending, Verdict] = {
    ending: Verdict(ending=ending, detail=f"The session used all its {name}.", remedy=f"Raise {setting}, or run again.")
    for ending, name, setting in (
        (Ending.TURNS, "turns", "max_turns"),
        (Ending.BUDGET, "money", "max_budget_usd"),
        (Ending.TIMEOUT, "minutes", "timeout_minutes"),
    )
}


def judge(evidence: Evidence, *, provider: Provider, model: str) -> Verdict:
    """Say how a conversation ended; what this side did comes before what followed from it."""
    result = evidence.result
    if result is not None and result.subtype == "success" and not result.is_error:
        return Verdict(ending=Ending.FINISHED)
    if evidence.stopped is not None:
        return _stopped(evidence.stopped)
    if reached := evidence.reached or _CAPS.get(result.subtype if result is not None else ""):
        return _CAPPED[reached]
    if evidence.barred:
        return _refused(evidence.barred, "Set model to one that the agent's program asks for by this very name.")
    return _service(evidence, provider, model) or _broken(evidence)


def _stopped(ending: Ending) -> Verdict:
    if ending is Ending.CANCELLED:
        return Verdict(ending=ending, detail="The session was cancelled.", remedy=_AGAIN)
    return _CAPPED[Ending.TIMEOUT]


def _service(evidence: Evidence, provider: Provider, model: str) -> Verdict | None:
    """Judge a failure of the model's service; None where there was none."""
    failure = evidence.failure
    if failure is not None and failure.left and evidence.result is None:
        return None  # a program that is gone hears no answer
    if failure is None:
        return _told(evidence.result)
    return judge_service(failure, provider=provider, model=model, resets_in=evidence.resets_in)


def judge_service(failure: Failure, *, provider: Provider, model: str, resets_in: int = 0) -> Verdict:
    """Say what becomes of a failure of the model's service, and what to do about it."""
    said = f": {failure.message}" if failure.message else ""
    if failure.status is None:
        return _error(f"The model's service at {provider.base_url} {_silence(failure)}{said}")
    answered = f"The model's service answered {failure.status}{said}"
    if failure.names_money:
        return _refused(answered, _REMEDIES[402])
    if failure.status == 429:
        return _limited(answered, max(failure.retry_after or 0, resets_in))
    if remedy := _REMEDIES.get(failure.status):
        return _refused(
            f"{answered} (model {model})" if failure.status == 404 else answered, remedy.format(provider.source)
        )
    if failure.names_length:
        return Verdict(ending=Ending.ERROR, detail=_sentence(answered), remedy=_SHORTER)
    return _error(answered)


def _silence(failure: Failure) -> str:
    """Say how a service gave no answer, or only half of one; whoever waits for one that is silent hangs up."""
    if failure.left:
        return "went silent in the middle of its answer" if failure.begun else "gave no answer"
    return "broke off in the middle of its answer" if failure.begun else "was not reached"


def _told(result: ResultMessage | None) -> Verdict | None:
    """Judge what the program alone tells of a failure.

    No answer comes but through the relay, and whoever is the agent's user may speak in the program's place: so nobody
    is told to change a credential for it, and no session waits.
    """
    if result is None or result.api_error_status is None:
        return None
    said = " ".join((result.result or "").split())[:300]
    detail = f"The agent's program tells of an answer {result.api_error_status} that the relay did not see: {said}"
    return Verdict(ending=Ending.ERROR, detail=_sentence(detail), remedy=_AGAIN)


def _refused(detail: str, remedy: str) -> Verdict:
    return Verdict(ending=Ending.REFUSED, detail=_sentence(detail), remedy=remedy)


def _limited(answered: str, seconds: int) -> Verdict:
    seconds = min(seconds, _LONGEST_WAIT)
    when = f"Run again in {seconds} seconds." if seconds else "Run again later, or raise the account's limits."
    return Verdict(ending=Ending.RATE_LIMITED, detail=_sentence(answered), remedy=when, wait_seconds=seconds or None)


def _error(detail: str) -> Verdict:
    return Verdict(ending=Ending.ERROR, detail=_sentence(detail), remedy=f"The model's service has failed. {_AGAIN}")


def _broken(evidence: Evidence) -> Verdict:
    """Judge a program that ended by itself or reported an error that is not the service's."""
    result = evidence.result
    said = evidence.broke or (result and (result.result or " ".join(result.errors or ()))) or "it gave no reason"
    line = " ".join(said.split())[:300]
    by = _signal(evidence.code)
    how = f"by {by}" if by else f"with exit code {evidence.code}" if evidence.code else "early"
    remedy = f"{_MEMORY} {_AGAIN}" if by == "SIGKILL" else _AGAIN
    detail = _sentence(f"The agent's program ended {how}: {line}")
    return Verdict(ending=Ending.ERROR, detail=detail, remedy=remedy)


def _signal(code: int | None) -> str:
    """Name the signal that ended a program; empty where none did."""
    number = -code if code and code < 0 else (code or 0) - 128
    return signal.Signals(number).name if number in set(signal.Signals) else ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
