"""A question that a model answers without tools, and which service is asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from autocoder_action.errors import ConfigError
from autocoder_action.session.outcome import Usage
from autocoder_action.value import Value

GEMINI_BASE_URL = "https://generativelanguage.googleapis.com/v1beta/openai"
GEMINI_MODEL = "gemini-flash-latest"
"""Google's own name for whichever Flash model is current."""


class Question(Value, frozen=True, kw_only=True):
    """What a model is asked, once."""

    system: str
    """What it is and may do, in our words."""
    prompt: str
    """The question, with other people's words quoted in it as data."""
    most_tokens: int = 8_192
    """Tokens of the answer at most, thinking included."""


class Answer(Value, frozen=True, kw_only=True):
    """What it said."""

    text: str
    """Not empty."""
    model: str
    """The model that answered, as the service names it."""
    usage: Usage
    """One turn, and its tokens; the cost is not known here, and 0."""
    whole: bool = True
    """Whether it came to its end by itself."""


class NoAnswer(Value, frozen=True, kw_only=True):
    """Why there is none, where nothing is set up wrongly."""

    cause: str
    remedy: str
    cancelled: bool = False
    """Whether somebody cancels the run."""


@dataclass(frozen=True, kw_only=True)
class Answerer:
    """The service that answers questions."""

    secret: str = field(repr=False)
    base_url: str = GEMINI_BASE_URL
    """Without a slash at its end; ``/chat/completions`` follows."""
    model: str = GEMINI_MODEL


def answerer(inputs: Mapping[str, str]) -> Answerer | None:
    """Return the service that the inputs choose, or None where they give no key; raise ConfigError.

    >>> answerer({"gemini_api_key": "AIza-1"}).model
    'gemini-flash-latest'
    >>> answerer({}) is None
    True
    """
    secret = inputs.get("gemini_api_key", "").strip()
    if not secret:
        return None
    if not re.fullmatch(r"[!-~]+", secret):
        raise ConfigError(
            "The input gemini_api_key holds a space, a line break or a letter that no key has.",
            remedy="Save the secret again, without quotes and without a second line.",
        )
    model = inputs.get("gemini_model", "").strip() or GEMINI_MODEL
    if not re.fullmatch(r"[A-Za-z0-9][\w.:/-]{0,127}", model, re.ASCII):
        raise ConfigError(
            "The input gemini_model is no name of a model.", remedy=f"Give one such as {GEMINI_MODEL}, or leave it out."
        )
    return Answerer(secret=secret, base_url=_address(inputs.get("gemini_base_url", "")), model=model)


def _address(given: str) -> str:
    address = given.strip().rstrip("/") or GEMINI_BASE_URL
    if not _is_address(address):
        raise ConfigError(
            "The input gemini_base_url is no address of a service.",
            remedy="Give it as https://host/path, to which /chat/completions is added, or leave it out for Google's.",
        )
    return address


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return known and text.isascii() and text.isprintable() and not re.search(r"[?#@\s\\]", text)
