"""Whose an event is among several projects, and whose turn comes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.intake.commands import Command, parse_comment
from autocoder_action.intake.event import Commented
from autocoder_action.intake.settings import Mode
from autocoder_action.plan.share import Home, Turn, share
from autocoder_action.plan.wish import Intent, Unclear, Voice, Wish, read_wish

WEB = Home(name="web", numbers=frozenset({1, 2}), last=50)
API = Home(name="api", numbers=frozenset({3, 4}), last=20)
HOMES = (WEB, API)
VOICE = Voice(projects=("web", "api"))


def wish(*lines: str) -> Wish:
    body = "\n\n".join(f"/autocoder {line}" for line in lines)
    said = Commented(comment=1, body=body, issue=9, on_pull=False, author="ada", by_bot=False)
    found = read_wish(said, Mode.AUTO, VOICE)
    assert isinstance(found, Wish)
    return found


def turns(asked: Wish, here: str = "") -> list[tuple[str, list[str]]]:
    found = share(asked, HOMES, here)
    assert not isinstance(found, Unclear), found
    return [(one.project, [command.name for command in one.wish.commands]) for one in found]


@pytest.mark.parametrize(
    ("line", "here", "owners"),
    [
        ("web continue", "", ["web"]),
        ("web continue", "api", ["web"]),
        ("continue", "api", ["api"]),
        ("continue", "", ["api", "web"]),
        ("continue #1", "", ["web"]),
        ("continue #1", "api", ["web"]),
        ("depends #3 on #4", "", ["api"]),
        ("add Menu", "web", ["web"]),
        ("skip F1 Later.", "api", ["api"]),
        ("skip #77 Later.", "api", ["api"]),
        ("status", "", ["web", "api"]),
        ("pause", "", ["web", "api"]),
        ("verify all", "", ["web", "api"]),
        ("help", "", ["web"]),
        ("new-chat", "api", ["api"]),
        ("ask Why?", "web", ["web"]),
    ],
)
def test_a_command_is_for_the_project_that_it_names_whose_feature_it_is_or_where_it_stands(
    line: str, here: str, owners: list[str]
) -> None:
    assert [project for project, _ in turns(wish(line), here)] == owners


@pytest.mark.parametrize("line", ["add Menu", "skip F1 Later.", "skip #77 Later.", "ask Why?", "spec A shop", "expand"])
def test_what_is_for_one_project_has_to_say_for_which(line: str) -> None:
    found = share(wish(line if line != "expand" else "expand Import"), HOMES, "")
    assert isinstance(found, Unclear)
    (problem,) = found.parsed.problems
    assert problem.reason == "Say for which project, by its name before the command: web, api."
    assert problem.did_you_mean == f"web {line.split(maxsplit=1)[0]} …"


def test_a_command_that_names_features_of_two_projects_is_for_none() -> None:
    found = share(wish("remove #1 #3"), HOMES, "web")
    assert isinstance(found, Unclear)
    assert found.parsed.problems[0].reason == "It names features of api and web; a command is for one project."


def test_each_project_is_given_its_own_commands_in_their_order() -> None:
    asked = wish("web add Menu", "api skip #3 Later.", "status", "web pause")
    assert turns(asked) == [("web", ["add", "status", "pause"]), ("api", ["skip", "status"])]


def test_only_the_project_of_the_session_holds_it_and_the_others_get_their_sync() -> None:
    found = share(wish("web continue", "api add Index"), HOMES, "")
    assert not isinstance(found, Unclear)
    assert {one.project: one.wish.intent for one in found} == {"web": Intent.CONTINUE, "api": Intent.SYNC}


def test_an_event_without_commands_is_for_where_it_happened_or_for_all() -> None:
    unasked = Wish(intent=Intent.SYNC, commanded=False)
    assert share(unasked, HOMES, "api") == (Turn(project="api", wish=unasked),)
    assert share(unasked, HOMES, "") == (Turn(project="web", wish=unasked), Turn(project="api", wish=unasked))


def test_a_workflow_for_one_project_leaves_the_others_alone() -> None:
    assert share(wish("api continue"), [WEB], "") == ()


@given(st.lists(st.integers(min_value=0, max_value=5), min_size=1, max_size=5))
def test_the_project_whose_session_is_longest_ago_comes_first(times: list[int]) -> None:
    homes = [Home(name=f"p{place}", last=last) for place, last in enumerate(times)]
    found = share(Wish(intent=Intent.CONTINUE, commanded=False), homes, "")
    assert not isinstance(found, Unclear)
    places = [int(one.project[1:]) for one in found]
    assert places == sorted(range(len(times)), key=lambda place: (times[place], place))


@given(
    st.lists(
        st.sampled_from(["status", "pause", "web sync", "api pause", "skip #1 No.", "continue", "retry #3"]),
        min_size=1,
        max_size=5,
    ).filter(lambda lines: lines.count("continue") <= 1),
    st.sampled_from(["", "web", "api"]),
)
def test_no_command_gets_lost_or_is_done_where_it_does_not_belong(lines: list[str], here: str) -> None:
    asked = wish(*lines)
    found = share(asked, HOMES, here)
    assert not isinstance(found, Unclear)
    given_out = [command for one in found for command in one.wish.commands]
    assert set(given_out) | {Command(name="sync"), Command(name="sync", project="web")} >= set(asked.commands)
    for one in found:
        assert {command.project for command in one.wish.commands} <= {None, one.project}


def test_the_parser_knows_the_names_that_the_registry_has() -> None:
    assert parse_comment("/autocoder web continue", projects=("web",)).commands[0].project == "web"
