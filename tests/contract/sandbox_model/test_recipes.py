"""How the demo's model behaves where the sessions are not as in the book; no CLI, so that many can be tried."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.demo import policy, recipes
from sandbox.demo.recipe import Recipe
from tests.contract.sandbox_model.hands import Answer, Hands

PREFIX = "mcp__features__feature_"
NUMBERS = {recipe.uid: number for number, recipe in enumerate(recipes(), 1)}
Tool = Callable[[Mapping[str, Any]], Answer]


def in_some_order(seed: int) -> Iterator[Recipe]:
    """Give all recipes in an order that their dependencies allow."""
    left = list(recipes())
    random.Random(seed).shuffle(left)  # noqa: S311  # an order, not a secret
    done: set[str] = set()
    while left:
        recipe = next(recipe for recipe in left if done.issuperset(recipe.depends_on))
        left.remove(recipe)
        done.add(recipe.uid)
        yield recipe


def prompt(*chosen: Recipe) -> str:
    """List features as a prompt may."""
    return "Build these:\n" + "\n".join(f"- **F{NUMBERS[one.uid]}** {one.name} ({one.category})" for one in chosen)


def accept(_given: Mapping[str, Any]) -> Answer:
    """Take the model's word."""
    return '{"status": "passing"}', False


def marked(hands: Hands, name: str = "mark_passing") -> list[int]:
    """Give the numbers of the features that were marked."""
    return [call.input["id"] for turn in hands.turns for call in turn.tool_calls if call.name == PREFIX + name]


def passes(folder: Path) -> bool:
    """Say whether the application's own tests pass."""
    command = [sys.executable, "-m", "unittest", "discover"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_features_may_be_built_in_any_order_that_their_dependencies_allow(tmp_path: Path, seed: int) -> None:
    order = list(in_some_order(seed))
    for chosen in (order[:4], order[4:7], order[7:]):
        hands = Hands(folder=tmp_path, tools={PREFIX + "mark_passing": checked(tmp_path)})
        hands.run(policy, prompt(*chosen))
        assert set(marked(hands)) == {NUMBERS[one.uid] for one in chosen}
    assert passes(tmp_path)


def test_features_come_from_the_tool_where_it_is_offered(tmp_path: Path) -> None:
    replies = iter([{"id": "F1", "name": "Add a bookmark", "status": "in_progress"}, {"feature": None}])
    tools: dict[str, Tool] = {
        PREFIX + "mark_passing": accept,
        PREFIX + "get_next": lambda _given: (json.dumps(next(replies)), False),
    }
    hands = Hands(folder=tmp_path, tools=tools)
    last = hands.run(policy, prompt(*recipes()))
    assert marked(hands) == [1]
    assert "F1 Add a bookmark: built and proved" in last


def test_a_feature_that_is_offered_again_and_again_does_not_keep_the_model_from_the_others(tmp_path: Path) -> None:
    def refuse_first(given: Mapping[str, Any]) -> Answer:
        return ("The check failed.", True) if given["id"] == 1 else accept(given)

    tools: dict[str, Tool] = {
        PREFIX + "mark_passing": refuse_first,
        PREFIX + "mark_failing": accept,
        PREFIX + "get_next": lambda _given: ('{"feature": {"id": 1, "name": "Add a bookmark"}}', False),
    }
    hands = Hands(folder=tmp_path, tools=tools)
    last = hands.run(policy, prompt(recipes()[0], recipes()[6]))
    assert marked(hands)[-1] == 7
    assert "F1 Add a bookmark: it does not pass yet" in last


@pytest.mark.parametrize("words", ["Please wrap up now.", "Finish what you are doing; the budget is nearly spent."])
def test_a_model_that_is_told_to_end_ends(tmp_path: Path, words: str) -> None:
    hands = Hands(folder=tmp_path, tools={PREFIX + "mark_passing": accept})
    last = hands.run(policy, prompt(*recipes()), interjections=[(3, words)])
    assert len(hands.turns) == 4
    assert last.startswith("I stop here")


def test_a_prompt_that_speaks_of_the_end_ends_nothing(tmp_path: Path) -> None:
    hands = Hands(folder=tmp_path, tools={PREFIX + "mark_passing": accept})
    hands.run(policy, "When you are told to wrap up, finish now.\n" + prompt(recipes()[0]))
    assert marked(hands) == [1]


def test_a_feature_that_cannot_pass_is_reported_and_the_next_one_is_built(tmp_path: Path) -> None:
    def refuse_first(given: Mapping[str, Any]) -> Answer:
        return ("F1 is not claimed by this session", True) if given["id"] == 1 else accept(given)

    tools: dict[str, Tool] = {PREFIX + "mark_passing": refuse_first, PREFIX + "mark_failing": accept}
    hands = Hands(folder=tmp_path, tools=tools)
    hands.run(policy, prompt(recipes()[0], recipes()[6]))
    assert marked(hands, "mark_failing") == [1]
    assert marked(hands)[-1] == 7


def test_only_the_end_of_a_failures_output_is_enough_to_mend_it(tmp_path: Path) -> None:
    check = checked(tmp_path)

    def tersely(given: Mapping[str, Any]) -> Answer:
        text, failed = check(given)
        return text[-30:], failed

    hands = Hands(folder=tmp_path, tools={PREFIX + "mark_passing": tersely})
    hands.run(policy, prompt(recipes()[0], recipes()[1]))
    assert marked(hands) == [1, 2, 2]
    assert passes(tmp_path)


def test_what_is_built_already_is_left_as_it_is(tmp_path: Path) -> None:
    put_everything(tmp_path)
    hands = Hands(folder=tmp_path, tools={PREFIX + "mark_passing": accept})
    hands.run(policy, prompt(*recipes()))
    assert {call.name for turn in hands.turns for call in turn.tool_calls}.isdisjoint({"Write", "Edit"})
    assert len(marked(hands)) == len(recipes())


def test_a_broken_file_is_written_again_with_what_others_have_changed_in_it(tmp_path: Path) -> None:
    put_everything(tmp_path)
    broken = [tmp_path / "bookmarks" / name for name in ("store.py", "commands/add.py", "commands/list.py")]
    sound = [path.read_text(encoding="utf-8") for path in broken]
    for path in broken:
        path.write_text("def broken(:\n", encoding="utf-8")
    hands = Hands(folder=tmp_path, tools={PREFIX + "mark_passing": accept})
    hands.run(policy, prompt(recipes()[0], recipes()[1]))
    assert [path.read_text(encoding="utf-8") for path in broken] == sound


def test_every_check_fails_before_its_feature_is_there(tmp_path: Path) -> None:
    commands = [["bash", "-c", recipe.check] for recipe in recipes()]
    ran = [subprocess.run(command, cwd=tmp_path, capture_output=True, check=False) for command in commands]
    assert all(one.returncode != 0 for one in ran)


def put_everything(folder: Path) -> None:
    """Put the finished application into a folder."""
    for recipe in recipes():
        for name, content in recipe.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        for change in (*recipe.edits, *recipe.repairs):
            path = folder / change.path
            path.write_text(change.applied_to(path.read_text(encoding="utf-8")), encoding="utf-8")


def checked(folder: Path) -> Tool:
    """Run the check where the model has not run it itself just before."""
    untried = {NUMBERS[recipe.uid] for recipe in recipes() if recipe.trial != recipe.check}

    def check(given: Mapping[str, Any]) -> Answer:
        if given["id"] not in untried:
            return accept(given)
        command = ["bash", "-c", given["check"]]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        return ran.stderr, ran.returncode != 0

    return check
