"""An issue leads to the commit that proved its feature, where that is on base."""

import pytest

from tests.unit.conduct.scene import DONE, Scene, build, draft


def issue_body(scene: Scene, name: str) -> str:
    return next(one.body for title, one in scene.issues().items() if title.endswith(name))


def merged(scene: Scene, words: str | None) -> str:
    """Have a session prove a feature and merge it as history, or squashed with these words; return the commit."""
    scene.begin(draft("Greet"), draft("Part"))
    scene.script(build(1), DONE)
    scene.run(max_features="1")
    head = scene.remote.heads["autocoder/root/session-1"]
    scene.run(scene.merge(scene.pulls()[0].number))
    if words is None:
        scene.remote.heads["main"] = head
    else:
        made = scene.remote.commits[scene.remote.heads["main"]]
        scene.remote.heads["main"] = scene.remote.keep_commit(made.tree, made.parents, words)
    return scene.remote.heads["main"]


TRAILERS = "Autocoder-Feature: F1\nAutocoder-Session: session-1\nAutocoder-Check: make test"


@pytest.mark.parametrize(
    ("words", "linked"),
    [
        (None, True),
        (f"The session (#9)\n\n* feat: Greet\n\n{TRAILERS}\n\n* docs: more\n", True),
        ("The session (#9)", False),
        ("Mine\n\nAutocoder-Feature: F1\nAutocoder-Session: session-2", False),
    ],
)
def test_a_proof_is_linked_to_its_commit_where_base_has_it(scene: Scene, words: str | None, *, linked: bool) -> None:
    commit = merged(scene, words)
    scene.ref.journal = ()
    scene.host.threads.clear()
    scene.run(mode="sync")
    scene.run(mode="sync")
    body = issue_body(scene, "Greet")
    assert "Proved by" in body
    assert (f"https://github.test/octo/app/commit/{commit}" in body) == linked
    assert ("/commit/" in body) == linked
    assert "/commit/" not in issue_body(scene, "Part")
