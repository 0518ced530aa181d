"""What a test looks like in each language, by the names of its files and the words inside."""

import re
from pathlib import PurePosixPath

from autocoder_action.value import Value

_FOLDERS = frozenset({"test", "tests", "__tests__", "spec", "specs", "e2e"})
_NAMES = re.compile(
    r"test_.*\.py|.*_test\.py|conftest\.py|.*\.(?:test|spec|cy)\.[cm]?[jt]sx?|.*_test\.go|.*(?:Tests?|IT)\.(?:java|kt|cs|php)"
    r"|.*_(?:spec|test)\.rb"
)


class Convention(Value, frozen=True, kw_only=True):
    """How one family of languages writes tests; each pattern finds one of them."""

    test: re.Pattern[str]
    skip: re.Pattern[str]
    """What has a test left out, or all others."""
    claim: re.Pattern[str]
    """An assertion."""


def _convention(test: str, skip: str, claim: str) -> Convention:
    return Convention(test=_lines(test), skip=_lines(skip), claim=_lines(claim))


def _lines(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


_PYTHON = _convention(
    r"^[ \t]*(?:async[ \t]+)?def[ \t]+test",
    r"\bpytest\.mark\.(?:skip|skipif|xfail)\b|\bpytest\.(?:skip|xfail|importorskip)\b"
    r"|@(?:unittest\.)?(?:skip|skipIf|skipUnless|expectedFailure)\b|\bself\.skipTest\b|\bSkipTest\b|\bcollect_ignore",
    r"^[ \t]*assert\b|\bself\.(?:assert|fail)\w*\(|\bpytest\.(?:raises|warns|fail)\b",
)
_SCRIPT = _convention(
    r"(?<![\w.])(?:it|test)(?:\.\w+)*[ \t]*\(",
    r"(?<![\w.])(?:it|test|describe|suite|context)(?:\.\w+)*\.(?:skip|skipIf|only|todo|fixme|failing|fails)\b"
    r"|(?<![\w.])(?:xit|xtest|xdescribe|xcontext|fit|fdescribe)[ \t]*\(|\bthis\.skip\(",
    r"\bexpect[ \t]*\(|(?<![\w.])assert(?:\.\w+)*[ \t]*\(|\.should\b",
)
_GO = _convention(
    r"^func[ \t]+(?:Test|Fuzz)\w*\(",
    r"\b\w+\.Skip(?:f|Now)?\(",
    r"\b[tfb]\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\(|\b(?:assert|require)\.\w+\(",
)
_RUST = _convention(r"#\[(?:\w+::)*test\b", r"#\[ignore\b|\bignore\)\]", r"\b(?:debug_)?assert\w*!|#\[should_panic\b")
_JVM = _convention(
    r"@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\b|\[(?:Fact|Theory|Test|TestCase|TestMethod)\b"
    r"|\bfunction[ \t]+test",
    r"@(?:Disabled|Ignore)\w*|\[Ignore\b|\bSkip[ \t]*=|\bmarkTest(?:Skipped|Incomplete)\(",
    r"\b(?:assert\w*|verify|expectException\w*)[ \t]*\(|\bAssert\.\w+|\.Should\(\)",
)
_RUBY = _convention(
    r"^[ \t]*(?:it|specify|test|xit|fit)[ \t(]|^[ \t]*def[ \t]+test_",
    r"^[ \t]*(?:xit|xdescribe|xcontext|fit|fdescribe|pending|skip)\b",
    r"\bexpect\b|\b(?:assert|refute)\w*|\.should\b|\bmust_\w+",
)
_OF: dict[str, Convention] = {
    ".py": _PYTHON,
    **dict.fromkeys((".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx"), _SCRIPT),
    ".go": _GO,
    ".rs": _RUST,
    **dict.fromkeys((".java", ".kt", ".cs", ".php"), _JVM),
    ".rb": _RUBY,
}


def convention_of(path: str) -> Convention | None:
    """Return how a file's language writes tests, or None for a language that is not known here."""
    return _OF.get(PurePosixPath(path).suffix)


def is_test(path: str) -> bool:
    """Return whether a file holds tests, going by its name and folders.

    >>> [is_test(one) for one in ("tests/help.py", "src/a.test.ts", "src/latest.py", "tests/data.json")]
    [True, True, False, False]
    """
    pure = PurePosixPath(path)
    return pure.suffix in _OF and (_NAMES.fullmatch(pure.name) is not None or not _FOLDERS.isdisjoint(pure.parts[:-1]))


def may_hold_tests(path: str) -> bool:
    """Return whether a file may hold tests: Rust keeps them beside the code."""
    return is_test(path) or PurePosixPath(path).suffix == ".rs"
