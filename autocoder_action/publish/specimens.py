"""Features that show every way in which an issue is written.

As long as these look the same, so do all others that did not change: a new version of the program, or of a library
that it writes with, is noticed by what it makes of them.
"""

from autocoder_action.backlog.card import Card, digest
from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, PersonProof, Status
from autocoder_action.publish.board import Place, Review, show_feature

_WORDS = (
    "Ends @you's trouble: fixes #1, see /issues/2.\n\n# Head <b>&amp;</b> ![x](y)\n\n- [ ] [link](x) `code` [skip ci]"
)
_CHECK = CheckProof(command="a | `b`", exit_code=0, duration_ms=1, at=0, run="1-1", session="session-1", tree="0" * 40)
_PLAIN = Feature(
    id=1,
    uid="f1",
    name=" ".join(_WORDS.split())[:120],
    category="x" * 60,
    description=_WORDS,
    steps=(_WORDS, "Look."),
    priority=3,
    created_at=0,
    updated_at=0,
)
_PASSING = _PLAIN.replace(status=Status.PASSING, proof=_CHECK, check="a | `b`")
_NEEDY = _PLAIN.replace(id=2, uid="f2", depends_on=(1,))
_ALL: tuple[tuple[Feature, Review | None], ...] = (
    (_NEEDY.replace(built=True, check="true"), None),
    (_NEEDY.replace(status=Status.PASSING, proof=PersonProof(login="ada", at=0)), None),
    (_NEEDY.replace(status=Status.FAILING, last_error=_WORDS, attempts=2), Review(pull=3, passes=True)),
    (_NEEDY.replace(skip_reason=_WORDS, priority=12), Review(pull=3, passes=False, proposes=True)),
    (_PASSING, None),
)


def specimens(place: Place) -> tuple[Card, ...]:
    """Return what the specimens' issues show; together they use every part of an issue's text."""
    plan = Backlog(features=(_PASSING, _NEEDY))
    return tuple(show_feature(one, plan, {"f1": 7}, place, review) for one, review in _ALL)


def form(place: Place) -> str:
    """Return a digest of the form in which issues are written."""
    return digest([(card.title, card.body, sorted(card.marked(card.labels)), card.state) for card in specimens(place)])
