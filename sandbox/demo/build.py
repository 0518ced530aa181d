"""A build session: the features that are given, one after the other, each proved before the next."""

from sandbox.demo.recipe import recipes
from sandbox.demo.replies import Task, task_in_reply, tasks_in_prompt
from sandbox.demo.story import Part, Story
from sandbox.demo.tools import FAILING, NEXT, SKIP, bash
from sandbox.demo.workbench import Workbench
from sandbox.model import Conversation, ToolCall, Turn

_LIMIT = 50  # features in one session: a tool that never stops giving must not keep the model for ever


def build(conversation: Conversation) -> Story:
    """Look around, then build what is given until nothing more is."""
    (listing,) = yield Turn(
        text="First I look at what is there.",
        tool_calls=[bash("pwd && find . -type f -not -path './.git/*'", "List the project's files")],
    )
    bench = Workbench(listing.text)
    listed = tasks_in_prompt("\n".join((conversation.system, *conversation.user_texts)))
    ends: dict[int, str] = {}
    while len(ends) < _LIMIT:
        left = next((task for task in listed if task.id not in ends), None)
        task = (yield from _ask()) if conversation.offers(NEXT) else left
        if task is not None and task.id in ends:
            task = left  # it was given up before and is offered again: the others are not to wait for it
        if task is None:
            break
        ends[task.id] = yield from _work_on(task, bench)
    return "\n".join(("That was everything for this session.", *ends.values()))


def _ask() -> Part[Task | None]:
    (reply,) = yield Turn(text="What is next?", tool_calls=[ToolCall(NEXT)])
    return None if reply.is_error else task_in_reply(reply.text)


def _work_on(task: Task, bench: Workbench) -> Part[str]:
    """Build one feature; give a sentence about how it ended."""
    recipe = next((recipe for recipe in recipes() if recipe.name == task.name), None)
    if recipe is None:
        reason = "The spec does not say enough about it to build it."
        skip = ToolCall(SKIP, {"id": task.id, "kind": "needs_human", "reason": reason})
        yield Turn(text=f"I do not know what F{task.id} should be.", tool_calls=[skip])
        return f"- F{task.id} {task.name}: skipped."
    yield from bench.make(recipe)
    problem = yield from bench.prove(task, recipe)
    if problem:
        failing = ToolCall(FAILING, {"id": task.id, "reason": problem[-500:]})
        yield Turn(text=f"I cannot get F{task.id} to pass and say so.", tool_calls=[failing])
        return f"- F{task.id} {task.name}: it does not pass yet."
    return f"- F{task.id} {task.name}: built and proved."
