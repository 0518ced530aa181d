"""`autocoder features graph`: what depends on what, as Mermaid draws it."""

import pytest

from autocoder_action.backlog import transitions
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, changed
from tests.unit.cli.conftest import Here


def test_a_drawing_has_every_feature_and_nothing_that_a_name_could_break(here: Here) -> None:
    here.put(a_backlog(a_draft('Say "hi"] --> #1 <b>'), a_draft("List", 'Say "hi"] --> #1 <b>')))
    assert here.features("graph").done().splitlines()[:4] == [
        "flowchart LR",
        '  F1["F1 Say #34;hi#34;] --#62; #35;1 #60;b#62;"]',
        '  F2["F2 List"]:::blocked',
        "  F1 --> F2",
    ]


def test_a_name_orders_nothing_and_shows_as_it_is(here: Here) -> None:
    here.put(a_backlog(a_draft("%%{init: {'theme': 'dark'}}%% C:\\new &lt;")))
    assert here.features("graph").done().splitlines()[1] == (
        "  F1[\"F1 #37;#37;{init: {'theme': 'dark'}}#37;#37; C:#92;new #38;lt;\"]"
    )


def test_what_is_cancelled_is_drawn_only_where_something_waits_for_it(here: Here) -> None:
    plan = a_backlog(a_draft("Add"), a_draft("List", "Add"), a_draft("Sort"))
    for one in (1, 3):
        plan = changed(transitions.cancel(plan, one, now=NOW))
    here.put(plan)
    drawn = here.features("graph").done()
    assert '  F1["F1 Add"]:::cancelled\n' in drawn
    assert "  F1 --> F2\n" in drawn
    assert "F3" not in drawn


@pytest.mark.parametrize(
    ("features", "letters", "linked", "drawn"),
    [(501, 0, True, True), (502, 0, True, False), (440, 100, False, False)],
    ids=["500 arrows", "501 arrows", "more than 50,000 characters"],
)
def test_a_drawing_that_mermaid_would_refuse_is_written_with_a_note(
    here: Here, features: int, letters: int, linked: bool, drawn: bool
) -> None:
    names = [f"{n}{'x' * letters}" for n in range(features)]
    needs = [(before,) if linked else () for before in names]
    here.put(a_backlog(*(a_draft(name, *need) for name, need in zip(names, [(), *needs], strict=False))))
    said = here.features("graph")
    assert (said.code, said.out.count("[")) == (0, features)
    assert ("Mermaid draws at most 50,000 and 500" in said.err) != drawn
    assert drawn == (said.err == "")
