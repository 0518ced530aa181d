"""What a reviewer is shown first: tests that went, are skipped or claim less, and files that checks rest on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.session.conventions import is_test
from autocoder_action.session.mark import Mark
from autocoder_action.session.named_files import named_files
from autocoder_action.session.scrutiny import Edit, matters, read_by, scrutinize

PY = (
    b"def test_a():\n    assert add(1, 2) == 3\n\n"
    b"def test_b():\n    assert add(0, 0) == 0\n    assert add(-1, 1) == 0\n"
)
JS = (
    b"describe('add', () => {\n  it('adds', () => { expect(add(1, 2)).toBe(3) })\n"
    b"  test('zero', () => { expect(add(0)) })\n})\n"
)
GO = b'func TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Errorf("no")\n\t}\n}\n'
RS = b"fn add() {}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() { assert_eq!(add(), 3); }\n}\n"
JAVA = b"class AddTest {\n  @Test void adds() { assertEquals(3, add(1, 2)); }\n}\n"
RB = b"it 'adds' do\n  expect(add(1, 2)).to eq 3\nend\n"


def marks(path: str, before: bytes | None, after: bytes | None, *commands: str) -> list[str]:
    """Return the reasons for one file."""
    return [one.reason for one in scrutinize([Edit(path=path, before=before, after=after)], read_by(commands))]


@pytest.mark.parametrize(
    ("path", "before", "after", "reason"),
    [
        ("tests/test_add.py", PY, None, "deleted"),
        ("tests/helper.py", b"x = 1\n", None, "deleted"),
        ("tests/test_add.py", PY, b"", "emptied"),
        ("tests/test_add.py", PY, b"\n  \n", "emptied"),
        ("tests/test_add.py", PY, b"x = 1\n", "none of its 2 tests is left; 0 of 3 assertions are left"),
        ("add_test.go", GO, b"package add\n", "its test is gone; 0 of 1 assertions are left"),
        ("tests/test_add.py", PY, PY.partition(b"def test_b")[0], "1 of 2 tests are left; 1 of 3 assertions are left"),
        ("tests/test_add.py", PY, PY.replace(b"    assert add(-1, 1) == 0\n", b""), "2 of 3 assertions are left"),
        ("tests/test_add.py", PY, PY.replace(b"assert add(-", b"# assert add(-"), "2 of 3 assertions are left"),
        ("tests/test_add.py", PY, b"@pytest.mark.skip\n" + PY, "skips tests: pytest.mark.skip"),
        ("tests/test_add.py", PY, b"@pytest.mark.xfail(strict=False)\n" + PY, "skips tests: pytest.mark.xfail"),
        ("tests/test_add.py", PY, b"@unittest.skip('later')\n" + PY, "skips tests: @unittest.skip"),
        (
            "tests/test_add.py",
            PY,
            PY.replace(b"    assert add(1", b"    self.skipTest('x')\n    assert add(1"),
            "skips tests: self.skipTest",
        ),
        (
            "test_new.py",
            None,
            b"import pytest\npytest.skip('x', allow_module_level=True)\n",
            "skips tests: pytest.skip",
        ),
        ("src/add.test.ts", JS, JS.replace(b"it('", b"it.skip('"), "skips tests: it.skip"),
        ("src/add.test.ts", JS, JS.replace(b"test('", b"test.only('"), "skips tests: test.only"),
        ("src/add.spec.jsx", JS, JS.replace(b"describe('", b"describe.skip('"), "skips tests: describe.skip"),
        ("__tests__/add.js", JS, JS.replace(b"it('", b"xit('"), "1 of 2 tests are left; skips tests: xit("),
        ("add_test.go", GO, GO.replace(b"\tif", b'\tt.Skip("later")\n\tif'), "skips tests: t.Skip("),
        ("src/lib.rs", RS, RS.replace(b"#[test]\n", b"#[test]\n    #[ignore]\n"), "skips tests: #[ignore"),
        ("src/lib.rs", RS, b"fn add() {}\n", "its test is gone; 0 of 1 assertions are left"),
        ("src/lib.rs", RS, None, "deleted"),
        ("src/AddTest.java", JAVA, JAVA.replace(b"@Test", b"@Disabled @Test"), "skips tests: @Disabled"),
        ("spec/add_spec.rb", RB, RB.replace(b"it ", b"xit "), "skips tests: xit"),
        ("tests/big.py", b"x" * 2_000_000, b"y", "too large to be looked into"),
    ],
)
def test_tests_that_went_or_are_skipped_or_claim_less_are_marked(
    path: str, before: bytes | None, after: bytes | None, reason: str
) -> None:
    assert marks(path, before, after) == [reason]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("tests/test_add.py", None, PY),
        ("tests/test_add.py", PY, PY + b"\ndef test_c():\n    assert add(2, 2) == 4\n"),
        ("tests/test_add.py", b"@pytest.mark.skip\n" + PY, PY),
        ("tests/test_add.py", b"@pytest.mark.skip\n" + PY, b"# moved\n@pytest.mark.skip\n" + PY),
        ("tests/test_add.py", PY, PY.replace(b"add(", b"plus(")),
        ("src/add.py", PY, None),
        ("src/lib.rs", b"fn add() {}\n", None),
        ("src/cart.ts", b"cart.test(1); submit(2)", b"visit.only(x)"),
        ("tests/data.json", b"{}", None),
        ("docs/tests.md", b"# Tests", b""),
    ],
)
def test_what_is_added_or_ordinary_is_left_alone(path: str, before: bytes | None, after: bytes | None) -> None:
    assert marks(path, before, after) == []


def test_a_test_file_that_is_only_moved_is_left_alone() -> None:
    moved = [
        Edit(path="tests/test_a.py", before=PY, after=None),
        Edit(path="tests/unit/test_a.py", before=None, after=PY),
    ]
    assert scrutinize(moved, {}) == ()
    away = [moved[0], Edit(path="attic/a.py", before=None, after=PY)]
    assert scrutinize(away, {}) == (Mark(path="tests/test_a.py", reason="deleted"),)


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("pytest tests/test_a.py::test_b -q", "tests/test_a.py"),
        ("bash ./check.sh --fast", "check.sh"),
        ("python3 -m unittest tests.test_list -v", "tests/test_list.py"),
        ("python3 -m unittest tests.test_list.TestList.test_one", "tests/test_list.py"),
        ("jest --config=ci/jest.json", "ci/jest.json"),
        ("cd web && ./run.sh", "web/run.sh"),
        ("set -e; (cd web; make)", "web/Makefile"),
        ("make test", "Makefile"),
        ("grep -q 'a b' 'my file.txt'", "my file.txt"),
        ("echo 'never closed; sh x.sh", "x.sh"),
    ],
)
def test_a_command_names_files_in_many_ways(command: str, path: str) -> None:
    assert path in named_files(command)
    assert marks(path, b"a\n", b"b\n", command) == [f"changed, and a check rests on it: {command}"]
    assert f"web/{path}" in named_files(command, "web")


def test_what_a_check_rests_on_is_marked_when_it_is_changed_or_deleted_and_not_when_it_is_new() -> None:
    assert marks("check.sh", b"a", None, "sh check.sh") == ["deleted, and a check rests on it: sh check.sh"]
    assert marks("check.sh", None, b"a", "sh check.sh") == []
    assert marks("other.sh", b"a", b"b", "sh check.sh") == []


@pytest.mark.parametrize(
    ("after", "marked"),
    [
        (b'{"scripts": {"test": "jest"}, "dependencies": {"a": "1"}}', False),
        (b'{"scripts": {"test": "true"}}', True),
        (b"{}", True),
        (b"no JSON", True),
    ],
)
def test_of_a_package_s_file_only_the_scripts_count(after: bytes, marked: bool) -> None:  # a row
    assert bool(marks("package.json", b'{"scripts": {"test": "jest"}}', after, "npm test")) is marked


def test_a_long_command_and_backticks_stay_inside_the_line() -> None:
    (reason,) = marks("a.sh", b"a", b"b", "sh a.sh `x` " + "y" * 100)
    assert "`" not in reason
    assert len(reason) < 100


@pytest.mark.parametrize("path", ["a.go", "lib/x.py", "tests/x.txt", "Tests.md", "test.py.bak"])
def test_ordinary_files_are_no_tests(path: str) -> None:
    assert not is_test(path)
    assert not matters(path, {})


_CONTENT = st.none() | st.binary(max_size=60) | st.sampled_from([PY, JS, GO, RS, JAVA, RB])
_PATH = st.text(max_size=20) | st.sampled_from(
    ["tests/a.py", "a.test.js", "a_test.go", "a.rs", "ATest.java", "a_spec.rb"]
)


@given(
    st.lists(st.builds(Edit, path=_PATH, before=_CONTENT, after=_CONTENT), max_size=5),
    st.lists(st.text(max_size=30), max_size=3),
    st.sampled_from([".", "web"]),
)
def test_whatever_was_changed_it_gives_marks_in_order_and_never_raises(
    edits: list[Edit], commands: list[str], project: str
) -> None:
    found = scrutinize(edits, read_by(commands, project))
    assert [one.path for one in found] == sorted(one.path for one in found)
    assert all(one.reason and "\n" not in one.reason for one in found)


OFF = "and it can switch tests off"
PYPROJECT = b"[project]\nname = 'a'\n[tool.pytest.ini_options]\ntestpaths = ['tests']\n"


@pytest.mark.parametrize(
    ("path", "before", "after", "how"),
    [
        ("pytest.ini", b"[pytest]\n", b"[pytest]\naddopts = --ignore=tests\n", "changed"),
        ("api/pytest.ini", None, b"[pytest]\naddopts = --co\n", "added"),
        ("conftest.py", b"", b"def pytest_collection_modifyitems(items): items.clear()\n", "changed"),
        ("jest.config.ts", b"export default {}", None, "deleted"),
        ("web/vitest.config.mts", b"a", b"b", "changed"),
        ("vite.config.js", b"a", b"b", "changed"),
        (".mocharc.yml", b"a", b"b", "changed"),
        (".npmrc", None, b"script-shell=/bin/true\n", "added"),
        ("init.sh", b"true\n", b"echo 'exit 0' > node_modules/.bin/jest\n", "changed"),
        ("pyproject.toml", PYPROJECT, PYPROJECT.replace(b"tests", b"none"), "changed"),
        ("pyproject.toml", PYPROJECT, PYPROJECT.partition(b"[tool")[0], "changed"),
        ("pyproject.toml", PYPROJECT, b"[tool", "changed"),
        ("setup.cfg", b"[metadata]\n", b"[tool:pytest]\naddopts = --co\n", "changed"),
        ("tox.ini", b"[pytest]\na = 1\n", b"[pytest]\na = 2\n", "changed"),
        ("package.json", b"{}", b'{"jest": {"testMatch": []}}', "changed"),
        ("package.json", b'{"vitest": {}}', None, "deleted"),
    ],
)
def test_what_can_switch_tests_off_is_shown_when_it_changes(
    path: str, before: bytes | None, after: bytes | None, how: str
) -> None:
    assert matters(path, {})
    assert marks(path, before, after) == [f"{how}, {OFF}"]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("pyproject.toml", PYPROJECT, PYPROJECT.replace(b"'a'", b"'b'")),
        ("pyproject.toml", None, b"[project]\nname = 'a'\n"),
        ("setup.cfg", b"[metadata]\nname = a\n", b"[metadata]\nname = b\n"),
        ("package.json", b'{"version": "1"}', b'{"version": "2", "dependencies": {"jest": "1"}}'),
        ("package.json", None, b'{"name": "a"}'),
        ("src/jest.ts", b"a", b"b"),
        ("pytest.ini", b"[pytest]\n", b"[pytest]\n"),
    ],
)
def test_what_leaves_the_tests_as_they_were_is_not_shown(path: str, before: bytes | None, after: bytes) -> None:
    assert marks(path, before, after) == []
