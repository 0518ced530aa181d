"""An answered question: the words of the model, made harmless, and below them what trusted code saw it change."""

from autocoder_action.backlog.fold import effective
from autocoder_action.backlog.journal import Journal
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.talk_desk import TalkDesk
from autocoder_action.conduct.upshot import Upshot
from autocoder_action.publish.talks import Changed, Footer, answer_words
from autocoder_action.session.answers import Answer
from autocoder_action.session.outcome import Conversation, Usage


def answered_by_agent(hall: Hall, desk: TalkDesk, talk: Conversation, reading: Reading) -> Upshot:
    """Return the agent's answer with its changes; what somebody else's change has overtaken is said to be so."""
    if not talk.text.strip():
        return Upshot(trouble="The assistant ended without an answer. Ask in other words.")
    assistance = desk.assistance

    def tell(journal: Journal) -> str:
        folded = effective(reading.committed, journal)
        lost = {left.change.id for left in (*folded.void, *folded.waiting)}
        done = [deed for deed in assistance.deeds if not lost & {one.id for one in deed.changes}]
        changed = Changed(
            said=tuple(one for deed in done for one in deed.said),
            lost=tuple(one for deed in assistance.deeds if deed not in done for one in deed.said),
        )
        return answer_words(talk.text, changed, footer(hall, talk.usage), home=hall.world.request.host.home)

    return Upshot(tell=tell, changes=assistance.changes)


def answered_without_tools(hall: Hall, answer: Answer) -> Upshot:
    """Return the answer of a model that saw no file and changed nothing."""
    words = answer_words(
        answer.text,
        Changed(),
        footer(hall, answer.usage, model=answer.model, whole=answer.whole),
        home=hall.world.request.host.home,
    )
    return Upshot(tell=lambda _: words)


def footer(hall: Hall, usage: Usage, *, model: str = "", whole: bool = True) -> Footer:
    """Return what stands below every answer; ``model`` is one that was asked without tools."""
    return Footer(
        session=hall.plan.name, run_url=hall.world.request.run_url, usage=usage, without_tools=model, whole=whole
    )
