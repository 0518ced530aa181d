"""A question on an issue: the demo's model splits a feature where it is asked to, and else says what it knows."""

import json
import re

from sandbox.demo.story import Story
from sandbox.demo.tools import CREATE, DELETE, GET
from sandbox.model import Conversation, ToolCall, Turn

_SPLIT = re.compile(r"\bsplit (#\d+)[^:]*: ([^.\n]+)", re.IGNORECASE)


def answer(conversation: Conversation) -> Story:
    """Look at the feature, create its parts, and delete it; the parts are what the question names behind a colon."""
    asked = _SPLIT.search("\n".join(conversation.user_texts).rpartition("## The question")[2])
    if asked is None:
        return "I know the plan of the bookmark manager, and how to split a feature: name its issue, and the parts."
    (known,) = yield Turn(text="I look at the feature.", tool_calls=[ToolCall(GET, {"id": asked[1]})])
    if known.is_error:
        return f"I find no feature there: {known.text}"
    whole = json.loads(known.text)
    parts = [part.strip() for part in asked[2].split(",")]
    calls = [
        ToolCall(
            CREATE,
            {
                "name": part,
                "category": whole["category"],
                "description": f"{part}, as a part of “{whole['name']}”.",
                "steps": whole["steps"],
                "depends_on": whole.get("depends_on", []),
            },
        )
        for part in parts
    ]
    yield Turn(text="I create its parts.", tool_calls=calls)
    yield Turn(text="They take its place.", tool_calls=[ToolCall(DELETE, {"id": asked[1]})])
    return f"“{whole['name']}” is now {len(parts)} features, each small enough for one session."
