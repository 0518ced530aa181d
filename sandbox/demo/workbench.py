"""What the demo's model knows of the project's files, and how it makes and proves a feature with its tools."""

from collections.abc import Mapping

from sandbox.demo.recipe import Edit, Recipe, recipes
from sandbox.demo.replies import Task
from sandbox.demo.story import Part
from sandbox.demo.tools import PASSING, bash, edit, plain_file, read, write
from sandbox.model import ToolCall, Turn

_ATTEMPTS = 3


class Workbench:
    """The project as this session has seen it: which files exist, and the text of those that were read or written."""

    def __init__(self, listing: str) -> None:
        folder, *paths = listing.splitlines() or [""]
        self._folder = folder.strip()
        self._exist = {path.strip().removeprefix("./") for path in paths}
        self._texts: dict[str, str] = {}

    def make(self, recipe: Recipe) -> Part[None]:
        """Read what the feature touches, then write what is missing and change what must change."""
        touched = (*recipe.files, *(change.path for change in recipe.edits))
        yield from self._read(touched)
        calls = [*self._writes(recipe.files), *self._edits(recipe.edits)]
        if calls:
            yield Turn(text=f"{recipe.name}: I write the code and its tests.", tool_calls=calls)

    def prove(self, task: Task, recipe: Recipe) -> Part[str]:
        """Try it, have it checked, and mend what a failure shows; give what is wrong at the end, or nothing."""
        mark = ToolCall(PASSING, {"id": task.id, "check": recipe.check, "note": f"{recipe.name}: {recipe.description}"})
        command, problem = recipe.trial, ""
        for _ in range(_ATTEMPTS):
            (outcome,) = yield Turn(text="Does it work?", tool_calls=[bash(command, f"Try {recipe.name}")])
            if not outcome.is_error:
                (outcome,) = yield Turn(text=f"F{task.id} works; I have it checked.", tool_calls=[mark])
                if not outcome.is_error:
                    return ""
            problem = outcome.text
            mended = yield from self._mend(recipe, problem)
            if not mended and command == recipe.check:
                break
            command = recipe.check  # whose own output says more than the end of it that a reply repeats
        return problem or "The check failed without a word."

    def _mend(self, recipe: Recipe, failure: str) -> Part[bool]:
        """Correct what the failure's output points at: a known mistake, or files that are broken; or nothing."""
        wanted = [repair for repair in recipe.repairs if repair.sign in failure]
        named = {path: text for one in recipes() for path, text in one.files.items() if path in failure}
        yield from self._read((*(repair.path for repair in wanted), *named))
        calls = self._edits(wanted) or self._writes(named)
        if calls:
            signs = ", ".join(repair.sign for repair in wanted) or ", ".join(named)
            yield Turn(text=f"The output points at {signs}: I see the mistake and correct it.", tool_calls=calls)
        return bool(calls)

    def _read(self, paths: tuple[str, ...]) -> Part[None]:
        unknown = [path for path in dict.fromkeys(paths) if path in self._exist and path not in self._texts]
        if not unknown:
            return
        results = yield Turn(
            text="I read the files that this touches.", tool_calls=[read(self._folder, path) for path in unknown]
        )
        for path, result in zip(unknown, results, strict=True):
            if not result.is_error:
                self._texts[path] = plain_file(result.text)

    def _writes(self, files: Mapping[str, str]) -> list[ToolCall]:
        """Write the files that are missing, or that are not what they should be."""
        calls = []
        for path, content in files.items():
            wanted = self._with_changes_of_others(path, content)
            if self._texts.get(path, "").rstrip() != wanted.rstrip():
                calls.append(write(self._folder, path, wanted))
                self._texts[path] = wanted
                self._exist.add(path)
        return calls

    def _with_changes_of_others(self, path: str, content: str) -> str:
        """Keep in a file what features that are built, and earlier repairs, have changed in it."""
        there = self._texts.get(path, "")
        for other in recipes():
            built = self._exist.issuperset(other.files)
            for change in (*other.edits, *other.repairs):
                if change.path == path and (change.new in there or (built and not change.sign)):
                    content = change.applied_to(content)
        return content

    def _edits(self, changes: tuple[Edit, ...] | list[Edit]) -> list[ToolCall]:
        calls = []
        for change in changes:
            text = self._texts.get(change.path, "")
            if change.fits(text):
                calls.append(edit(self._folder, change))
                self._texts[change.path] = change.applied_to(text)
        return calls
