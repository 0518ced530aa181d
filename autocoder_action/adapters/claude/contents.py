"""What a request holds besides text: what it has the service fetch or run, and what it may cost beyond its bytes."""

from collections.abc import Iterator, Mapping

_HELD = ("text", "base64", "content")
"""Sources that are in the request itself: whatever else is named is fetched by the service, and may have any size."""
_IMAGE = 5_000
"""Tokens of one image, at most; no model is shown more than 3.75 megapixels, 750 pixels a token."""
_DOCUMENT = 1_000_000
"""Tokens of a document that is no text: all that a model takes, since a few bytes may be hundreds of pages."""


def unfit(asked: Mapping[str, object]) -> str:
    """Name what a request holds whose cost its bytes do not tell; nothing where there is none."""
    tools = asked.get("tools")
    if isinstance(tools, list) and not all(_is_local(tool) for tool in tools):
        return "tools that the service runs"
    edits = asked.get("context_management")
    if any(str(one.get("type", "")).startswith("compact") for one in _objects(edits)):
        return "summaries that the service writes"
    return next((found for one in _content(asked) if (found := _unfit(one))), "")


def extra_tokens(asked: Mapping[str, object]) -> int:
    """Return how many tokens of input a request may be beyond one for each of its bytes."""
    sources = [one for one in _content(asked) if isinstance(one.get("source"), dict)]
    return sum(_extra(one) for one in sources)


def _unfit(block: Mapping[str, object]) -> str:
    source = block.get("source")
    if isinstance(source, dict) and source.get("type") not in _HELD:
        return "content that the service fetches"
    if block.get("type") == "container_upload":
        return "files that the service keeps"
    if "definition" in block and not _is_local(block["definition"]):
        return "tools that the service runs"
    return ""


def _extra(block: Mapping[str, object]) -> int:
    source = block["source"]
    if not isinstance(source, dict) or source.get("type") != "base64":
        return 0
    return _IMAGE if block.get("type") == "image" else _DOCUMENT


def _is_local(tool: object) -> bool:
    return isinstance(tool, dict) and tool.get("type", "custom") == "custom"


def _content(asked: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the pieces of a request's messages and system prompt, those within others, too."""
    return _objects([asked.get("system"), asked.get("messages")])


def _objects(start: object) -> Iterator[Mapping[str, object]]:
    """Yield all objects within a value, but for the arguments of a tool's call: these are text to the service."""
    heads = [start]
    while heads:
        head = heads.pop()
        if isinstance(head, list):
            heads.extend(head)
        elif isinstance(head, dict):
            yield head
            call = str(head.get("type", "")).endswith("tool_use")
            heads.extend(value for name, value in head.items() if not (call and name == "input"))
