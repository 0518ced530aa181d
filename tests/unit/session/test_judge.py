"""What an agent changed is refused for a reason, or may be pushed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.session.facts import FileChange
from autocoder_action.session.judge import Policy, judge

SECRET = "hunter2hunter2"
POLICY = Policy(
    project_path=".",
    protected=frozenset({".github", "prompts", "ci/bot.yml"}),
    generated=frozenset({"features.db", "FEATURES.md"}),
    secrets=frozenset({SECRET, ""}),
)
WEB = replace(POLICY, project_path="apps/web", generated=frozenset({"apps/web/features.db", "apps/web/FEATURES.md"}))
KIB = 1024


def change(path: str, *, mode: str = "100644", size: int = 10) -> FileChange:
    return FileChange(path=path, mode=mode, size=size, blob="b", added=True)


def verdict(one: FileChange, content: bytes = b"ordinary", policy: Policy = POLICY) -> str:
    return "\n".join(judge([one], policy, lambda _: content))


def deleted(path: str) -> FileChange:
    return FileChange(path=path, mode="000000", size=0, blob="0" * 40, added=False)


@pytest.mark.parametrize(
    "path", ["main.py", "src/a/b.py", ".githubx/a", "prompts.md", "x/prompts/a", "x/.github/a", "ä/ü"]
)
@pytest.mark.parametrize("mode", ["100644", "100755"])
def test_ordinary_work_may_be_pushed(path: str, mode: str) -> None:
    assert not verdict(change(path, mode=mode))


@pytest.mark.parametrize("path", [".github", ".github/workflows/x.yml", "prompts/app_spec.txt", "ci/bot.yml"])
def test_what_the_maintainers_keep_is_neither_changed_nor_deleted_nor_replaced(path: str) -> None:
    for one in (change(path), deleted(path), change(path, mode="120000"), change(path, mode="160000")):
        assert verdict(one) == f"{path} belongs to the maintainers: undo that change."


@pytest.mark.parametrize("path", ["features.db", "FEATURES.md"])
def test_a_generated_file_is_dropped_unseen_and_a_folder_in_its_place_is_not(path: str) -> None:
    assert not verdict(change(path, mode="160000", size=10**9), SECRET.encode())
    assert "delete that folder" in verdict(change(f"{path}/x"))


@pytest.mark.parametrize("path", ["README.md", "apps/webx/a", "apps/a", "features.db", "apps"])
def test_a_session_changes_its_project_alone(path: str) -> None:
    assert "lies outside apps/web" in verdict(change(path), policy=WEB)
    assert "lies outside apps/web" in verdict(deleted(path), policy=WEB)
    assert not verdict(change("apps/web/a"), policy=WEB)


def test_a_repository_inside_is_refused() -> None:
    assert "is a repository of its own" in verdict(change("inner", mode="160000"))


@pytest.mark.parametrize("mode", ["100600", "040000", "", "120755"])
def test_an_unknown_kind_of_file_is_refused(mode: str) -> None:
    assert verdict(change("x", mode=mode))


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("a", "b"),
        ("a/b", "../c"),
        ("a/b/c", "../../d/e"),
        ("a", "b/c"),
        ("a", "./b"),
        ("a/b", ".."),
        ("a", "."),
    ],
)
def test_a_link_inside_the_project_may_be_pushed(path: str, target: str) -> None:
    assert not verdict(change(path, mode="120000"), target.encode())


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("a", "/etc/passwd"),
        ("a", "//etc"),
        ("a", ".."),
        ("a", "../x"),
        ("a/b", "../../x"),
        ("a/b/c", "../../../x"),
        ("a", "./../x"),
        ("a/b", "up/.."),
        ("a", "b/../../x"),
        ("x/y/z/q", "up/../.."),
    ],
)
def test_a_link_that_may_lead_out_is_refused(path: str, target: str) -> None:
    assert "leads out of the project" in verdict(change(path, mode="120000"), target.encode())


def test_a_link_in_a_projects_folder_stays_in_that_folder() -> None:
    assert "leads out" in verdict(change("apps/web/a", mode="120000"), b"../api", WEB)
    assert not verdict(change("apps/web/a/b", mode="120000"), b"../c", WEB)


def test_a_link_of_no_text_at_all_is_judged_too() -> None:
    assert not verdict(change("a", mode="120000"), b"\xff\xfe")


@pytest.mark.parametrize(("size", "target"), [(0, b""), (1_001, b"x" * 1_001), (3, b"a\0b")])
def test_a_link_that_no_checkout_can_make_is_refused(size: int, target: bytes) -> None:
    assert "cannot be the name of a file" in verdict(change("a", mode="120000", size=size), target)


@pytest.mark.parametrize("path", ["a" * 256, "ä" * 128, "x/" * 500 + "y", f"ok/{'b' * 256}/c"])
@pytest.mark.parametrize("mode", ["100644", "120000"])
def test_a_name_that_no_checkout_can_make_is_refused_and_may_be_deleted(path: str, mode: str) -> None:
    found = verdict(change(path, mode=mode))
    assert "is too long a name for a file" in found
    assert len(found) < 200
    assert not verdict(deleted(path))


@pytest.mark.parametrize("path", ["a" * 255, "ä" * 127, "x/" * 499 + "y", "caf\udce9"])
def test_a_long_name_that_a_checkout_can_make_may_be_pushed(path: str) -> None:
    assert not verdict(change(path))


TOKENS = [
    "ghp_" + "a" * 36,
    "gho_" + "A1" * 18,
    "ghs_" + "0" * 36,
    "ghu_" + "b" * 36,
    "ghr_" + "c" * 36,
    "github_pat_" + "d" * 50,
    "sk-ant-api03-" + "e" * 60,
    "AKIA" + "B" * 16,
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    SECRET,
]


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("mode", ["100644", "120000"])
def test_a_credential_is_refused_wherever_it_stands(token: str, mode: str) -> None:
    assert "looks like a credential" in verdict(change("a", mode=mode), f"key: {token}".encode())


@pytest.mark.parametrize("text", ["ghp_short", "sk-ant-", "AKIA", "BEGIN PUBLIC KEY", "the key is in the vault"])
def test_words_about_credentials_are_none(text: str) -> None:
    assert not verdict(change("a"), text.encode())


def test_a_credential_at_the_end_of_a_large_file_is_found_too() -> None:
    content = b"x" * (2 * KIB * KIB) + SECRET.encode()
    assert "credential" in verdict(change("a", size=len(content)), content)


def test_a_file_that_is_too_large_is_refused_without_being_read() -> None:
    def unread(_: str) -> bytes:
        raise AssertionError("it was read")

    found = judge([change("big.bin", size=10 * KIB * KIB + 1)], POLICY, unread)
    assert "list it in .gitignore" in found[0]
    assert judge([change("big", mode="120000", size=1 << 32)], POLICY, unread)


def test_too_many_files_and_too_much_are_refused_once() -> None:
    many = [change(f"f{n}") for n in range(5_001)]
    assert judge(many, POLICY, lambda _: b"")[0].startswith("5001 files")
    much = [change(f"f{n}", size=9 * KIB * KIB) for n in range(6)]
    assert len(judge(much, POLICY, lambda _: b"")) == 1


def test_every_reason_is_told_at_once() -> None:
    found = judge([change(".github/x"), change("inner", mode="160000"), change("ok")], POLICY, lambda _: b"")
    assert len(found) == 2


@given(st.text(min_size=1), st.sampled_from(["000000", "100644", "120000", "160000"]), st.binary(max_size=40))
def test_no_change_is_an_error(path: str, mode: str, content: bytes) -> None:
    for policy in (POLICY, WEB):
        assert isinstance(verdict(change(path, mode=mode), content, policy), str)


parts = st.sampled_from(["a", "b", "..", ".", "up"])


@given(
    st.dictionaries(
        st.lists(st.sampled_from("abu"), min_size=1, max_size=3).map("/".join),
        st.lists(parts, min_size=1, max_size=5).map("/".join),
        max_size=5,
    )
)
def test_links_that_may_be_pushed_lead_nowhere_else_together(links: dict[str, str]) -> None:
    kept = {path: target for path, target in links.items() if not verdict(change(path, mode="120000"), target.encode())}
    for path in kept:
        assert follow(path.split("/"), kept) is not None, kept


def follow(path: list[str], links: dict[str, str]) -> list[str] | None:
    """Return where a path leads, or None when it leaves the root on its way."""
    at: list[str] = []
    rest = list(path)
    for _ in range(200):
        if not rest:
            return at
        part = rest.pop(0)
        if part == "..":
            if not at:
                return None
            at.pop()
        elif part != ".":
            at.append(part)
            target = links.get("/".join(at))
            if target is not None and not any("/".join(at[:n]) in links for n in range(1, len(at))):
                at.pop()
                rest = target.split("/") + rest
    return at
