"""The form in which issues are written shows in the specimens' digest."""

import pytest

from autocoder_action.publish.board import Place
from autocoder_action.publish.specimens import form, specimens

PLACE = Place(project="root", run_link="https://github.test/runs/")


def test_the_same_program_has_the_same_form_and_another_place_another() -> None:
    assert form(PLACE) == form(PLACE)
    assert form(PLACE) != form(Place(project="web", run_link=PLACE.run_link))
    assert form(PLACE) != form(Place(project="root", run_link="https://elsewhere.test/runs/"))


@pytest.mark.parametrize(
    "words",
    ["built, unproved", "after 2 attempts", "passes in pull request #3", "proposed in pull request #3", "F1 (#7)",
     "Check: `", "Proved by", "Accepted by ada", "What went wrong last", "Priority: 12", "- [x]"],
)  # fmt: skip
def test_together_they_use_every_part_of_an_issues_text(words: str) -> None:
    assert any(words in card.body for card in specimens(PLACE))
