"""What the feature tools do: a backlog and a call in, a backlog and a reply out.

Nothing is done here but deciding. A tool that needs the outside world, which is only *mark passing*, says
so with an effect, and trusted code performs it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from autocoder_action.backlog.actions import Action
from autocoder_action.backlog.feature import Backlog
from autocoder_action.session import tool_arguments as takes
from autocoder_action.session import tool_changes as changes
from autocoder_action.session import tool_note as note
from autocoder_action.session import tool_reading as reading
from autocoder_action.session import tool_review as review
from autocoder_action.session.call import Answer, Call, Reply
from autocoder_action.session.tool_reply import Context, no
from autocoder_action.session.tool_specs import names, specs

__all__ = ["Context", "handle", "specs"]

_Arguments = TypeVar("_Arguments", bound=BaseModel)
_Handler = Callable[[Backlog, Mapping[str, object], Context], Answer]


def handle(backlog: Backlog, call: Call, context: Context) -> Answer:
    """Answer one call; a call that is refused changes nothing and says what to do instead."""
    known = names(context.activity)
    if call.name not in known:
        return no(backlog, f"There is no tool {call.name[:80]!r} here. There are: {', '.join(known)}.")
    answer = _in_tools(_HANDLERS[call.name](backlog, call.arguments, context), context)
    touched = [one for one in context.kept if answer.backlog.get(one) != backlog.get(one)]
    return no(backlog, _kept(touched)) if touched else answer


def _in_tools(answer: Answer, context: Context) -> Answer:
    """Name, of what a feature's status allows instead, the tools that there are here."""
    if answer.why is None or not answer.why.possible:
        return answer
    known = names(context.activity)
    words = {action: tool for action, tool in _TOOLS.items() if tool in known}
    told = answer.why.told(words if context.activity else {**_BY_HAND, **words})
    return replace(answer, reply=Reply(text=str(told), failed=True))


def _kept(touched: list[int]) -> str:
    named = ", ".join(f"F{one}" for one in sorted(touched))
    return f"The plan has {named} already, with words that stay. Nothing was changed; hand over new features only."


def _tool(model: type[_Arguments], run: Callable[[Backlog, _Arguments, Context], Answer]) -> _Handler:
    """Put the validation of its arguments before a tool."""

    def answer(backlog: Backlog, arguments: Mapping[str, object], context: Context) -> Answer:
        try:
            return run(backlog, model.model_validate(dict(arguments)), context)
        except ValidationError as error:
            return no(backlog, explain(error))

    return answer


def explain(error: ValidationError) -> str:
    """Say what is wrong with arguments, in words that a model can act on."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    lines = [f"{'.'.join(str(part) for part in one['loc']) or 'arguments'}: {one['msg']}." for one in found[:10]]
    more = f" And {len(found) - 10} more." if len(found) > 10 else ""
    return f"{' '.join(lines)}{more} Nothing was changed; correct this and call again."


_TOOLS: Mapping[str, str] = {
    Action.REGRESS: "feature_mark_failing",
    Action.PROVE: "feature_mark_passing",
    Action.SKIP: "feature_skip",
    Action.ASK: "feature_ask_human",
    Action.CANCEL: "feature_delete",
}
"""Which tool does what may happen to a feature."""
_BY_HAND: Mapping[str, str] = {
    Action.CLAIM: "feature_mark_passing",
    Action.ACCEPT: "`autocoder features edit --accept LOGIN`",
    Action.RETRY: "`autocoder features edit --reopen`",
    Action.REOPEN: "`autocoder features edit --reopen`",
}
"""What a person has besides, who works on a folder of their own."""
_HANDLERS: Mapping[str, _Handler] = {
    "feature_get_stats": _tool(takes.Nothing, reading.count),
    "feature_get_next": _tool(takes.Nothing, reading.offer),
    "feature_get": _tool(takes.One, reading.look),
    "feature_get_for_regression": _tool(takes.Several, reading.oldest_proofs),
    "feature_mark_passing": _tool(takes.Pass, changes.mark_passing),
    "feature_mark_failing": _tool(takes.Fail, changes.mark_failing),
    "feature_skip": _tool(takes.Skip, changes.skip),
    "feature_ask_human": _tool(takes.Ask, changes.ask),
    "feature_create_bulk": _tool(takes.Plan, changes.create_bulk),
    "feature_create": _tool(takes.New, changes.create),
    "feature_update": _tool(takes.Change, changes.update),
    "feature_delete": _tool(takes.One, changes.delete),
    "feature_set_dependencies": _tool(takes.Needs, changes.depend),
    "review_answer": _tool(takes.Respond, review.respond),
    "session_note": _tool(takes.Note, note.keep),
    "feature_prioritize": _tool(takes.Priority, changes.prioritize),
    "feature_list": _tool(takes.Listing, reading.browse),
}
