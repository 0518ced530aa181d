"""What the assistant says: an answer, questions, a spec that was handed over, proposals and what became of them.

The words of a model are made harmless; what was changed is told from facts.
"""

from collections.abc import Sequence

from autocoder_action.backlog.feature import Feature
from autocoder_action.backlog.journal import Offer
from autocoder_action.plan.deeds import Said
from autocoder_action.publish.wording import deed_words, say
from autocoder_action.session.outcome import Usage
from autocoder_action.value import Value

_BEGIN, _END = "<!-- autocoder:proposal -->", "<!-- autocoder:proposal end -->"
_SHORT = 200


class Footer(Value, frozen=True, kw_only=True):
    """What stands below every answer."""

    session: str
    run_url: str
    usage: Usage
    without_tools: str = ""
    """The model that answered, where it was one without tools."""
    whole: bool = True
    """Whether the answer came to its end."""


class Changed(Value, frozen=True, kw_only=True):
    """What an answer changed, and what it asked for that was overtaken meanwhile."""

    said: tuple[Said, ...] = ()
    lost: tuple[Said, ...] = ()


class Delivered(Value, frozen=True, kw_only=True):
    """A spec on its branch, and the pull request for it; without one, why there is none."""

    path: str
    branch: str
    pull: int | None
    decided: tuple[str, ...]
    new: bool
    """Whether the text differs from what was there."""


def answer_words(text: str, changed: Changed, footer: Footer, *, home: str) -> str:
    """Write an answer; ``home`` is the repository's address, to which links may lead."""
    words = {
        "answer": text,
        "home": home,
        "changed": [deed_words("ask", [one]).strip() for one in changed.said],
        "lost": [one.feature for one in changed.lost if one.feature],
    }
    return say("answer", words | _footer(footer))


def question_words(questions: Sequence[str], decided: Sequence[str], footer: Footer) -> str:
    """Write what people have to say before there can be a spec, and what was decided so far."""
    return say("questions", {"questions": questions, "decided": decided} | _footer(footer))


def spec_words(delivered: Delivered, footer: Footer) -> str:
    """Write where the spec is that was handed over."""
    return say("spec", {"spec": delivered} | _footer(footer))


def spec_pull(delivered: Delivered, issue: int, *, run_url: str) -> tuple[str, str]:
    """Return the title and the body of a spec's pull request."""
    words = {"spec": delivered, "issue": issue, "run_url": run_url}
    return f"The spec, as talked about in #{issue}", say("spec_pull", words)


def offer_words(offers: Sequence[Offer], footer: Footer) -> str:
    """Write proposals as a list to tick."""
    shown = [{"uid": one.uid, "name": one.name, "brief": _brief(one.description)} for one in offers]
    return say("offers", {"offers": shown, "begin": _BEGIN, "end": _END} | _footer(footer))


def untaken_words(told: str, why: str, *, changed: bool) -> str:
    """Add to an answer that the journal has not taken it yet; ``changed`` is whether it changes anything."""
    return say("untaken", {"told": told, "why": why, "changed": changed})


def chosen_words(body: str, created: Sequence[Feature], left: Sequence[str], by: str) -> str:
    """Return a reply in which what became of its proposals stands where they were."""
    words = say("chosen", {"created": created, "left": left, "by": by})
    before, begun, rest = body.partition(_BEGIN)
    _, ended, after = rest.partition(_END)
    return f"{before}{words.strip()}{after}" if begun and ended else f"{body.rstrip()}\n\n{words}"


def _brief(description: str) -> str:
    """Return the beginning of a description: its first sentence or line.

    >>> _brief("Reads a file. Then it writes one.")
    'Reads a file.'
    """
    first = description.partition("\n")[0]
    sentence, stop, _ = first.partition(". ")
    words = sentence + stop.strip()
    return words if len(words) <= _SHORT else f"{words[: _SHORT - 1]}…"


def _footer(footer: Footer) -> dict[str, object]:
    return {"footer": footer}
