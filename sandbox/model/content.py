"""What is said in a message: its blocks, its text, and what the harness adds to it."""

import re
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

_REMINDER = re.compile(r"<system-reminder>\s*(.*?)\s*</system-reminder>\s*", re.DOTALL)
# This is how the CLI hands over what its user says while a tool is running.
_INTERJECTION = re.compile(r"The user sent a new message while you were working:\n(.*?)\n\nThis is how", re.DOTALL)
# This is what it says to a model whose stream broke after a block was complete.
_CUT_OFF = re.compile(r"Your response above was cut off mid-stream\..*?(\n|$)")


def blocks(message: Json) -> list[Json]:
    """Give a message's content as blocks, also where it was sent as one string."""
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def text_of(content: str | list[Json]) -> str:
    r"""Join the text in a content: a string, or a list of blocks of which only the text counts.

    >>> text_of([{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}])
    'a\nb'
    """
    if isinstance(content, str):
        return content
    return "\n".join(block["text"] for block in content if block.get("type") == "text")


def everything_in(message: Json) -> str:
    """Join all the text of a message, inside tool results too."""
    return "\n".join(text_of(block.get("content", "")) or block.get("text", "") for block in blocks(message))


def without_reminders(text: str) -> str:
    r"""Take out what the harness adds to a text.

    >>> without_reminders("hi\n\n<system-reminder>\nbe brief\n</system-reminder>")
    'hi'
    """
    return _REMINDER.sub("", text).strip("\n")


def reminders_in(text: str) -> list[str]:
    """Give what the harness adds to a text."""
    return _REMINDER.findall(text)


def said_in(message: Json) -> str:
    """Give what a person said in a user message: its own text, and what was said while a tool was running."""
    spoken = _CUT_OFF.sub("", without_reminders(text_of(message["content"]))).strip()
    interjected = dict.fromkeys(_INTERJECTION.findall(everything_in(message)))
    return "\n".join(text for text in (spoken, *interjected) if text)


def is_resumption(message: Json) -> bool:
    """Say whether a message asks to go on with an answer that broke off."""
    return message["role"] == "user" and bool(_CUT_OFF.search(text_of(message["content"])))


def unmarked(message: Json) -> Json:
    """Give a message without its cache marks, which move from request to request."""
    plain = [{key: part for key, part in block.items() if key != "cache_control"} for block in blocks(message)]
    return {**message, "content": plain}
