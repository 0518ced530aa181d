"""New features that an agent proposed: shown as a list to tick, kept whole in the journal."""

from autocoder_action.backlog.journal import Proposed
from autocoder_action.conduct.assist import footer
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.talk_desk import TalkDesk
from autocoder_action.conduct.upshot import Upshot
from autocoder_action.conduct.write import Writer
from autocoder_action.publish.talks import offer_words
from autocoder_action.session.handed import Offered
from autocoder_action.session.outcome import Usage


def offered(hall: Hall, desk: TalkDesk, usage: Usage, writer: Writer) -> Upshot:
    """Return the list, and have the journal know what each of its items stands for."""
    handed, run = desk.handed, hall.world.request.run
    if not isinstance(handed, Offered) or writer.reply is None:
        return Upshot(trouble="The agent ended without proposing a feature. Say more, and ask again.")
    words = offer_words(handed.offers, footer(hall, usage))
    proposed = Proposed(
        id=f"{run}/proposed/{hall.plan.name}",
        at=hall.world.clock.now(),
        run=run,
        comment=writer.reply,
        node=writer.node,
        offers=handed.offers,
    )
    return Upshot(tell=lambda _: words, changes=(proposed,))
