"""Google's words for a chat completion: the endpoint of Gemini that OpenAI's clients talk to."""

from collections.abc import Mapping

from sandbox.model.content import Json, text_of
from sandbox.model.conversation import Turn
from sandbox.model.usage import Usage

PATH = "/v1beta/openai/chat/completions"
MODELS = ("gemini-",)
"""Beginnings of the names that exist here."""
BAD_KEY = "API key not valid. Please pass a valid API key."
_ROLES = frozenset({"system", "developer", "user", "assistant"})
_REASONS = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "refusal": "content_filter"}
_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_MESSAGES = {
    403: "Your API key was reported as leaked. Please use another API key.",
    429: "You exceeded your current quota, please check your plan and billing details.",
    500: "An internal error has occurred.",
    503: "The model is overloaded. Please try again later.",
}


def complaint_about_chat(body: object) -> str | None:
    """Say what the real service would refuse in a body, or nothing.

    >>> complaint_about_chat({"model": "gemini-flash-latest", "messages": []})
    'contents are required'
    """
    if not isinstance(body, dict):
        return "Request body is not a valid JSON."
    if not isinstance(body.get("model"), str) or not body["model"]:
        return "model is not specified"
    messages = body.get("messages")
    if not isinstance(messages, list) or not any(_is_said(one) for one in messages):
        return "contents are required"
    odd = [one for one in messages if not isinstance(one, dict) or one.get("role") not in _ROLES]
    return "Invalid value at 'messages': unknown role" if odd else None


def _is_said(message: object) -> bool:
    return isinstance(message, dict) and message.get("role") in {"user", "assistant"} and bool(message.get("content"))


def as_messages(body: Json) -> Json:
    """Return the same question as a request of Anthropic's, which the policies understand."""
    system = [text_of(one["content"]) for one in body["messages"] if one["role"] in {"system", "developer"}]
    said = [{"role": one["role"], "content": one["content"]} for one in body["messages"] if _is_said(one)]
    return {"model": body["model"], "system": "\n".join(system), "messages": said}


def completion(answer_id: str, model: str, turn: Turn, usage: Usage) -> Json:
    """Write the answer; created when is of no interest, and always the same."""
    asked = usage.input + usage.cache_read + usage.cache_creation
    message = {"role": "assistant", "content": turn.text} if turn.text else {"role": "assistant"}
    return {
        "id": answer_id,
        "object": "chat.completion",
        "created": 1_767_225_600,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": _REASONS.get(turn.reason, "stop")}],
        "usage": {
            "prompt_tokens": asked,
            "completion_tokens": usage.output,
            "total_tokens": asked + usage.output,
        },
    }


def google_error(status: int, request_id: str, message: str | None = None) -> list[Json]:
    """Write Google's error, which this endpoint puts into a list.

    >>> google_error(503, "")[0]["error"]["status"]
    'UNAVAILABLE'
    """
    del request_id  # travels in a header alone
    text = message or _MESSAGES.get(status, f"The sandbox was told to answer {status}.")
    error: Json = {"code": status, "message": text, "status": _STATUSES.get(status, "UNKNOWN")}
    if text == BAD_KEY:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}]
    return [{"error": error}]


def complaint_about_bearer(headers: Mapping[str, str], keys: frozenset[str] | None) -> tuple[int, str] | None:
    """Say with which status and words a request's key is refused; without ``keys`` any will do."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        return 401, "Missing or invalid Authorization header."
    return (400, BAD_KEY) if keys is not None and key not in keys else None
