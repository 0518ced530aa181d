"""The first session: from the spec to a plan of features."""

from collections.abc import Iterator
from typing import Any

from sandbox.demo.recipe import Recipe, recipes
from sandbox.demo.story import Story
from sandbox.demo.tools import BULK, bash
from sandbox.model import Conversation, ToolCall, Turn


def initialize(conversation: Conversation) -> Story:
    """Look around, create all features at once, and try again in plainer ways where the plan is refused."""
    if "bookmark" not in conversation.first_user_text.casefold() + conversation.system.casefold():
        return "I find no spec of an application that I know how to plan, so I have created nothing."
    yield Turn(text="I read the spec. Is there anything in the repository yet?", tool_calls=[bash("ls -A", "Look")])
    refusal = ""
    for features in _plans():
        text = f"The plan was refused: {refusal} I correct it." if refusal else "I create the features, in order."
        (result,) = yield Turn(text=text, tool_calls=[ToolCall(BULK, {"features": features})])
        if not result.is_error:
            return f"The plan has {len(features)} features, each with a command that proves it."
        refusal = result.text.splitlines()[0] if result.text else "no reason was given."
    return f"I could not create the plan. The last answer was: {refusal}"


def _plans() -> Iterator[list[dict[str, Any]]]:
    """Give the plan as a model would write it, and then with fewer of the things that may be wrong with it."""
    names = {recipe.uid: recipe.name for recipe in recipes()}
    full = [_feature(place, recipe) for place, recipe in enumerate(recipes(), 1)]
    yield full
    by_name = [{**one, "depends_on": [names[uid] for uid in one["depends_on"]]} for one in full]
    yield [{key: value for key, value in one.items() if key != "uid"} for one in by_name]
    yield [{key: value for key, value in one.items() if key not in {"uid", "priority", "check"}} for one in by_name]


def _feature(place: int, recipe: Recipe) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "category": recipe.category,
        "description": recipe.description,
        "steps": list(recipe.steps),
        "priority": place,
        "depends_on": list(recipe.depends_on),
        "check": recipe.check,
        "uid": recipe.uid,
    }
