"""Whatever happens, in whatever order, and wherever a run dies: features and issues settle, and nothing is lost."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.backlog.card import read_last
from autocoder_action.backlog.feature import Status
from autocoder_action.backlog.issue_labels import priority_wished
from autocoder_action.backlog.issue_text import read, words_of
from autocoder_action.backlog.journal import Accepted, Asked, Cancelled, Change, Edited, Regressed, Retried, Rewired
from autocoder_action.backlog.ledger import synced
from tests.unit.backlog.board_world import ANN, EVE, ME, World, a_world, body, feature, settled
from tests.unit.backlog.builders import NOW, a_backlog, a_draft

_EVIL = "EVIL"
_WORDS = st.sampled_from(["fine words", "@eve #3", "a\n```\nb", "x" * 5_000, "<!-- autocoder:steps -->", "🙂"])
_LABELS = st.sampled_from(
    ["autocoder:passing", "autocoder:cancelled", "autocoder:skip", "autocoder:pending", "autocoder:failing",
     "autocoder:in-progress", "category:ui", "priority:1", "priority:3", "priority:12", "bug", "autocoder:in-review"]
)  # fmt: skip
_UIDS = st.sampled_from(["add", "list", "export"])
_PEOPLES = st.one_of(
    st.tuples(st.sampled_from(["title", "body", "whole", "break"]), _UIDS, st.sampled_from([ANN, EVE]), _WORDS),
    st.tuples(st.sampled_from(["put", "off"]), _UIDS, st.sampled_from([ANN, EVE]), _LABELS),
    st.tuples(
        st.sampled_from(["close", "reopen"]), _UIDS, st.sampled_from([ANN, EVE]),
        st.sampled_from(["completed", "not_planned"]),
    ),
    st.tuples(st.just("say"), _UIDS, st.sampled_from([ANN, EVE]), _WORDS),
    st.tuples(st.just("line"), _UIDS, st.sampled_from([ANN, EVE]), st.sampled_from(["2", "3", "40"])),
    st.tuples(st.just("merge"), _UIDS),
)  # fmt: skip
_STEPS = st.one_of(
    st.tuples(st.just("sync"), st.none() | st.integers(0, 12)),
    st.tuples(st.just("midst"), st.integers(1, 12), _PEOPLES),
    _PEOPLES,
    st.tuples(st.just("adopt"), st.sampled_from([ANN, EVE]), _WORDS),
    st.tuples(st.sampled_from(["regress", "accept", "ask", "retry", "cancel", "rewire", "reword"]), _UIDS),
)  # fmt: skip


def act(world: World, step: tuple[object, ...]) -> None:
    """Let one thing happen."""
    what, *rest = step
    words = [str(one) for one in rest]
    if what == "sync":
        world.sync(kill=rest[0] if isinstance(rest[0], int) else None)
    elif what == "midst":
        place, inner = step[1:]
        assert isinstance(place, int)
        assert isinstance(inner, tuple)
        world.meanwhile = (place, lambda: on_issue(world, *map(str, inner)))
        world.sync()
    elif what == "adopt":
        text = words[1] + (_EVIL if words[0] == EVE else "")
        world.relabel(world.open(words[0], "New", text), words[0], put=["autocoder:feature"])
    elif len(words) == 1 and what != "merge":
        decide(world, str(what), words[0])
    else:
        on_issue(world, str(what), *words)


def decide(world: World, what: str, uid: str) -> None:
    """Have the program or a command change a feature."""
    kinds: dict[str, Change] = {
        "regress": Regressed(id="d", feature=uid, evidence="exit 1", at=NOW, run="r"),
        "accept": Accepted(id="d", feature=uid, by="bob", at=NOW, run="r"),
        "ask": Asked(id="d", feature=uid, question="Which?", at=NOW, run="r"),
        "retry": Retried(id="d", feature=uid, by="bob", at=NOW, run="r"),
        "cancel": Cancelled(id="d", feature=uid, by="bob", at=NOW, run="r"),
        "rewire": Rewired(id="d", feature=uid, needs=() if uid != "export" else ("add",), at=NOW, run="r"),
        "reword": Edited(id="d", feature=uid, by="bob", description=f"Reworded at {world.clock}.", at=NOW, run="r"),
    }
    world.decide(kinds[what])


def on_issue(world: World, what: str, uid: str, by: str = ANN, value: str = "") -> None:
    """Have a person do something on a feature's issue, if there is one."""
    number = next((one.number for one in world.issues.values() if f"feature {uid} " in one.body[:60]), 0)
    if not number or (what == "whole" and not any(one.issue == number for one in synced(world.journal).values())):
        return  # the one way to lose an issue: its text is replaced after a run died that made it, before the next one
    issue = world.issues[number]
    words = value + (_EVIL if by == EVE else "")
    if by == ANN:  # whoever edits vouches for the text that stands there: Ann looks before she does
        issue = replace(issue, body=issue.body.replace(_EVIL, ""))
    edits = {
        "title": IssueEdit(title=words.replace("\n", " ")),
        "body": IssueEdit(body=issue.body.replace("\n\n<!-- autocoder:steps", f" {words}\n\n<!-- autocoder:steps")),
        "whole": IssueEdit(body=words),
        "line": IssueEdit(body=re.sub(r"(?m)^Priority: \d+$", f"Priority: {value}", issue.body)),
        "break": IssueEdit(body=issue.body.replace("- [ ]", words)),
        "close": IssueEdit(open=False, state_reason=value),
        "reopen": IssueEdit(open=True, state_reason="reopened"),
        "put": IssueEdit(labels=issue.labels | {value}),
        "off": IssueEdit(labels=issue.labels - {value}),
    }
    if what == "say":
        world.say(number, by, words)
    elif what == "merge":
        world.merged(number, by, 99)
    else:
        world.edit(number, by, edits[what])


@settings(max_examples=150, deadline=None)
@given(st.lists(_STEPS, max_size=25))
def test_whatever_happens_both_sides_settle(series: list[tuple[object, ...]]) -> None:
    world = World(base=a_backlog(a_draft("Add"), a_draft("List", "add"), a_draft("Export")))
    for step in series:
        act(world, step)
    world.sync()
    settled(world)
    settled(world)
    assert _EVIL not in repr(world.backlog.features)
    mine = [issue for issue in world.issues.values() if issue.author == ME]
    assert len(mine) == 3
    for one in world.backlog.features:
        issue = world.issue(one.uid)
        held = read_last(synced(world.journal)[one.uid]).held
        if not held:
            assert read(issue.title, issue.body).words == words_of(one)
            assert _EVIL not in issue.title + issue.body
        assert priority_wished(issue.labels) == (one.priority if one.priority in range(1, 10) else None)
        assert issue.open == (one.status not in {Status.PASSING, Status.CANCELLED})


@pytest.mark.parametrize("kill", range(25))
def test_edits_of_people_survive_a_run_killed_anywhere(kill: int) -> None:
    world = a_world()
    world.edit(1, ANN, body(world, "add", "Add, whole.", "From the issue."))
    world.edit(3, ANN, IssueEdit(open=False, state_reason="not_planned"))
    world.relabel(2, ANN, put=["autocoder:skip"])
    number = world.open(ANN, "New", "Words.", ["autocoder:feature"])
    world.edit(2, ANN, IssueEdit(title="F2 List, broken", body="Mine."))
    world.sync(kill=kill)
    world.sync()
    settled(world)
    assert feature(world, "add").description == "From the issue."
    assert feature(world, "export").status is Status.CANCELLED
    assert (feature(world, "list").status, feature(world, "list").description) == (Status.SKIPPED, "Mine.")
    assert world.backlog.by_uid[f"issue-{number}"].name == "New"
    assert len(world.issues) == 4
    assert len(world.talks[2].comments) == 1


@pytest.mark.parametrize("kill", range(65))
def test_a_first_sync_of_thirty_killed_anywhere_is_finished_by_the_next(kill: int) -> None:
    drafts = [a_draft(f"f{n}", *([f"f{n - 1}"] if n % 3 else [])) for n in range(30)]
    world = World(base=a_backlog(*drafts))
    world.sync(kill=kill)
    world.sync()
    settled(world)
    assert len(world.issues) == 30
