"""The title and the body of a feature's issue, in the form that ``backlog/issue_text`` reads back."""

from autocoder_action.backlog.feature import Feature, Status
from autocoder_action.backlog.issue_text import HEADING, words_of
from autocoder_action.backlog.quiet import keep_marks, unhush
from autocoder_action.publish.outgoing import BODY_LIMIT, cut, inert, plain, quiet

TITLE_LIMIT = 256
"""The most characters of a title that the host takes."""
_STATE = "<!-- autocoder:state - everything below is written by autocoder; edits there are not read -->"
_CUT = "\n\n*(cut: the whole is in FEATURES.md)*"


def write_title(feature: Feature) -> str:
    """Return the title; a name has at most 120 characters, and fits with all its marks."""
    return f"{feature.code} {quiet(keep_marks(words_of(feature).name))}"[:TITLE_LIMIT]


def write_body(feature: Feature, *, project: str, state: str, facts: str) -> str:
    """Return the body; ``state`` (Markdown) is cut where the whole has too many bytes.

    ``facts`` is a JSON object in one line; it is left out where there is no room even for that.
    """
    words = words_of(feature)
    ticked = "x" if feature.status is Status.PASSING else " "
    description, fence = _described(words.description)
    upper = (
        f"<!-- autocoder:feature {feature.uid} project={project} id={feature.id} -->\n{description}\n\n"
        f"<!-- autocoder:steps{f' closes={fence}' if fence else ''} -->\n{HEADING}\n\n"
        + "".join(f"- [{ticked}] {inert(keep_marks(step))}\n" for step in words.steps)
        + f"\nPriority: {words.priority}\n\n{_STATE}\n"
    )
    hidden = "\n<!-- autocoder:facts " + _hidden(facts) + " -->\n"
    left = BODY_LIMIT - len(upper)  # the host counts characters; what people may edit is never cut
    if left < len(hidden) + len(_CUT):
        hidden = "\n"
    room = BODY_LIMIT - len((upper + hidden).encode())
    return upper + cut(state.strip(), room, mark=_CUT)[: left - len(hidden)] + hidden


def _hidden(facts: str) -> str:
    """Write JSON so that it can stand in a comment, and that nothing in it could count as a mention or a link."""
    for sign, escape in (("--", "-\\u002d"), ("@", "\\u0040"), ("#", "\\u0023"), ("/", "\\/")):
        facts = facts.replace(sign, escape)
    return facts


def _described(text: str) -> tuple[str, str]:
    """Return a description without effect, and the fence that was put at its end to close its code, if one was."""
    quiet_text = plain(keep_marks(text))
    if unhush(quiet_text) == text:
        return quiet_text, ""
    return quiet_text, quiet_text.rpartition("\n")[2]
