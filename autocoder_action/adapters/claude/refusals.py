"""What the relay answers by itself, in the words of the service's own errors, and to which requests."""

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from autocoder_action.adapters.claude import contents
from autocoder_action.adapters.claude.reading import Failure
from autocoder_action.session.outcome import Ending
from autocoder_action.session.terms import Terms

FINAL = {"x-should-retry": "false"}
"""Keeps the agent's program from trying again."""
_REACHED: Mapping[Ending | None, str] = {
    Ending.BUDGET: "This session has used all its dollars.",
    Ending.TURNS: "This session has used all its turns.",
    Ending.TIMEOUT: "This session has used all its minutes.",
}
# A pause that a session can sit out; behind a longer one the next run goes on.
_SECONDS_TO_WAIT_AT_A_LIMIT = 60
# What makes a request cost more than the table says, or has it answered by another model.
_EXTRAS = ("speed", "inference_geo", "service_tier", "fallbacks", "container", "mcp_servers", "betas")


def barred(terms: Terms, asked: Mapping[str, object]) -> str:
    """Say why a request may not pass, whatever is left; nothing where it may."""
    if not terms.allow(asked.get("model")):
        return f"This session may ask the model {terms.model}, and was asked for {str(asked.get('model'))[:100]}."
    extra = next((name for name in _EXTRAS if name in asked), "") or contents.unfit(asked)
    return f"This session may not use {extra}, which the price of its model does not cover." if extra else ""


def reached(ending: Ending | None) -> Response:
    """End a conversation: of the errors that the program does not try again, this one is about money.

    It tries 400 again, in its own way, before it gives up.
    """
    words = _REACHED.get(ending, "A cap of this session is reached.")
    return error(402, "billing_error", f"{words} No further request is passed on.")


def is_final(failure: Failure) -> bool:
    """Return whether asking again cannot help."""
    if failure.names_money:
        return True
    if failure.status == 429:
        return (failure.retry_after or 0) > _SECONDS_TO_WAIT_AT_A_LIMIT
    return failure.status in {400, 401, 402, 403, 404, 413}


def too_large() -> Response:
    """Refuse a request of more bytes than are read."""
    return error(413, "request_too_large", "This request is more than the model's service takes.")


def unreached(cause: str, *, final: bool = False) -> Response:
    """Say that the service was not there, which may pass; or end the conversation, in the way that is heeded."""
    words = f"The model's service was not reached: {cause}"
    return error(402, "billing_error", words) if final else error(502, "api_error", words, final=False)


def error(status: int, kind: str, message: str, *, final: bool = True) -> Response:
    """Answer as the service itself words an error."""
    body = {"type": "error", "error": {"type": kind, "message": message}}
    return JSONResponse(body, status, headers=FINAL if final else {})
