"""Every command with everything that it takes, and whatever does not fit, with what was probably meant."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.intake.arguments import Arguments, Reference
from autocoder_action.intake.commands import COMMANDS, Command, Problem, parse_comment
from autocoder_action.intake.grammar import BY_NAME
from autocoder_action.publish.wording import usage

ISSUE = Reference("issue", 12)
F3 = Reference("feature", 3)
READ: dict[str, Arguments] = {
    "help": Arguments(),
    "status": Arguments(),
    "status --json": Arguments(json=True),
    "status --JSON": Arguments(json=True),
    "continue": Arguments(),
    "continue #12": Arguments(references=(ISSUE,)),
    "continue gh-12 f3": Arguments(references=(ISSUE, F3)),
    "continue #12, F3": Arguments(references=(ISSUE, F3)),
    "continue --features 3 --turns=80 --budget $2.5 --minutes 30 --model opus": Arguments(
        features=3, turns=80, budget=2.5, minutes=30, model="opus"
    ),
    "continue #12 --model claude-opus-4-5@20251101 -- Keep the old command -- working.": Arguments(
        references=(ISSUE,), model="claude-opus-4-5@20251101", instruction="Keep the old command -- working."
    ),
    "continue --": Arguments(),
    "init": Arguments(),
    "init --again --features 9": Arguments(again=True, features=9),
    "spec A list of books": Arguments(text="A list of books"),
    "expand Import #12 from browsers": Arguments(text="Import #12 from browsers"),
    "add Export as HTML": Arguments(text="Export as HTML"),
    "edit #12 A new title": Arguments(references=(ISSUE,), text="A new title"),
    "edit F3 12 of them": Arguments(references=(F3,), text="12 of them"),
    "remove #12 F3": Arguments(references=(ISSUE, F3)),
    "depends #12 on F3": Arguments(references=(ISSUE,), others=(F3,)),
    "depends F3 ON #12, #12": Arguments(references=(F3,), others=(ISSUE,)),
    "retry #12 F3 #12, F3": Arguments(references=(ISSUE, F3)),
    "depends #12 on nothing": Arguments(references=(ISSUE,)),
    "prioritize #12": Arguments(references=(ISSUE,)),
    "prioritize #12 TOP": Arguments(references=(ISSUE,), word="top"),
    "prioritize #12 7": Arguments(references=(ISSUE,), word="7"),
    "skip #12 Not before #13.": Arguments(references=(ISSUE,), text="Not before #13."),
    "retry #12": Arguments(references=(ISSUE,)),
    "accept #12 F3": Arguments(references=(ISSUE, F3)),
    "pause": Arguments(),
    "pause Until Monday.": Arguments(text="Until Monday."),
    "resume": Arguments(),
    "stop": Arguments(),
    "verify": Arguments(),
    "verify all": Arguments(word="all"),
    "verify #12 F3": Arguments(references=(ISSUE, F3)),
    "fix": Arguments(),
    "ask Which features need #12?": Arguments(text="Which features need #12?"),
    "new-chat": Arguments(),
    "sync": Arguments(),
    "doctor": Arguments(),
}
UNREADABLE: dict[str, tuple[str, str]] = {
    "": ("It names no command.", "help"),
    "skip F1 <!-- x -->": ("skip has to be followed by its reason.", "skip"),
    "edit F1 \u200b": ("edit has to be followed by a new title, or by lines below it.", "edit"),
    "add <!-- x -->\nMore.": ("add has to be followed by its title.", "add"),
    "ask <!-- x -->": ("ask has to be followed by its question.", "ask"),
    "spec \u200b\n<!-- x -->": ("spec has to be followed by its text.", "spec"),
    "contineu": ("There is no command contineu.", "continue"),
    "continue soon": ("continue has no place for 'soon'.", "continue"),
    "continue --turns": ("--turns has to be a whole number from 1 to 10,000.", "continue"),
    "continue --turns 0": ("--turns has to be a whole number from 1 to 10,000.", "continue"),
    "continue --turns 2.5": ("--turns has to be a whole number from 1 to 10,000.", "continue"),
    "continue --turns ten": ("--turns has to be a whole number from 1 to 10,000.", "continue"),
    "continue --budget 1e9": ("--budget has to be a number from 0.01 to 1,000.", "continue"),
    "continue --budget -1": ("--budget has to be a number from 0.01 to 1,000.", "continue"),
    "continue --model $(id)": ("--model has to be the name of a model, such as opus.", "continue"),
    "continue --modle opus": ("continue has no option --modle. Did you mean --model?", "continue"),
    "continue " + "#1 " * 21: ("continue takes at most 20 features.", "continue"),
    "status --all": ("status has no option --all. There are: --json.", "status"),
    "init #12": ("init has no place for '#12'.", "init"),
    "help me": ("help takes nothing behind it.", "help"),
    "spec": ("spec has to be followed by its text.", "spec"),
    "expand": ("expand has to be followed by its text.", "expand"),
    "add": ("add has to be followed by its title.", "add"),
    "edit title": ("edit has to name a feature, by its issue (#12) or its number (F12).", "edit"),
    "edit #12": ("edit has to be followed by a new title, or by lines below it.", "edit"),
    "remove": ("remove has to name a feature, by its issue (#12) or its number (F12).", "remove"),
    "remove 12": ("remove has to name a feature, by its issue (#12) or its number (F12).", "remove"),
    "depends #12": ("Behind the feature say `on`, and what follows it.", "depends"),
    "depends #12 #13 on #14": ("depends has no place for '#13'.", "depends"),
    "prioritize #12 soon": ("prioritize has no place for 'soon'.", "prioritize"),
    "skip #12": ("skip has to be followed by its reason.", "skip"),
    "ask": ("ask has to be followed by its question.", "ask"),
    "retry": ("retry has to name a feature, by its issue (#12) or its number (F12).", "retry"),
    "accept all": ("accept has to name a feature, by its issue (#12) or its number (F12).", "accept"),
    "sync now": ("sync takes nothing behind it.", "sync"),
}


def one(words: str, body: str = "") -> Command | Problem:
    """Return what is read of one command."""
    parsed = parse_comment(f"/autocoder {words}\n{body}".strip())
    found: list[Command | Problem] = [*parsed.commands, *parsed.problems]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(("words", "arguments"), READ.items())
def test_a_command_takes_what_its_line_of_the_table_says(words: str, arguments: Arguments) -> None:
    assert one(words) == Command(name=words.split(maxsplit=1)[0], arguments=arguments)


def test_every_command_is_read_here_and_every_one_that_takes_something_is_refused_here() -> None:
    assert {words.split()[0] for words in READ} == set(BY_NAME)
    refused = {words.split()[0] for words in UNREADABLE if words}
    assert refused >= {each.name for each in COMMANDS if each.references[0] or (each.text and each.text[0] != "[")}


@pytest.mark.parametrize(("words", "said"), UNREADABLE.items())
def test_what_does_not_fit_is_said_with_the_nearest_command_and_its_usage(words: str, said: tuple[str, str]) -> None:
    reason, near = said
    found = one(words)
    assert isinstance(found, Problem)
    assert (found.reason, found.did_you_mean, found.usage) == (reason, near, BY_NAME[near].usage)
    assert found.line.startswith("/autocoder")


@pytest.mark.parametrize("name", [each.name for each in COMMANDS if each.body])
def test_the_lines_below_belong_to_a_command_that_takes_them(name: str) -> None:
    words = f"{name} #12 Title" if BY_NAME[name].references[0] else f"{name} Title"
    parsed = parse_comment(f"/autocoder {words}\nOne.\n\n- two\n- three\n\n/autocoder sync\nNot mine.")
    first, second = parsed.commands
    assert first.arguments.body == "One.\n\n- two\n- three\n"[:-1]
    assert second == Command(name="sync")


@pytest.mark.parametrize("name", [each.name for each in COMMANDS if not each.body])
def test_the_lines_below_any_other_command_are_talk(name: str) -> None:
    command = one(BY_NAME[name].example, "And thank you.")
    assert isinstance(command, Command)
    assert command.arguments.body == ""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("web continue", Command(name="continue", project="web")),
        ("WEB sync", Command(name="sync", project="web")),
        ("api add A table", Command(name="add", project="api", arguments=Arguments(text="A table"))),
    ],
)
def test_a_projects_name_may_stand_before_the_command(words: str, found: Command) -> None:
    parsed = parse_comment(f"/autocoder {words}", projects=("web", "api"))
    assert parsed.commands == (found,)
    assert parse_comment(f"/autocoder {words}").commands == (found,), "whoever knows no project takes any"


@pytest.mark.parametrize(
    ("words", "reason", "meant"),
    [
        ("wbe continue", "There is no project wbe; there are web, api.", "web continue"),
        ("shop continue", "There is no project shop; there are web, api.", None),
        ("web", "There is no command web.", None),
        ("web dance", "There is no command web.", None),
    ],
)
def test_an_unknown_project_is_said_with_those_that_there_are(words: str, reason: str, meant: str | None) -> None:
    (found,) = parse_comment(f"/autocoder {words}", projects=("web", "api")).problems
    assert (found.reason, found.did_you_mean) == (reason, meant)


def test_the_help_shows_every_command_as_the_table_has_it() -> None:
    shown = usage()
    for each in COMMANDS:
        assert f"`/autocoder {each.usage.replace('|', chr(92) + '|')}`" in shown
        assert each.does in shown
    places = [shown.index(f"`/autocoder {each.name}") for each in COMMANDS]
    assert all(before < after for before, after in pairwise(places))


words = st.sampled_from(
    ["/autocoder", "skip", "#12", "F3", "--turns", "5", "--budget=2", "on", "all", "-- do", "web", "`x`", "*y*"]
)
INSIDE = "/autocoder sync"
BLOCKS = st.sampled_from(
    [
        f"> {INSIDE}",
        f"> quote\n{INSIDE}",
        f"- {INSIDE}",
        f"- item\n  {INSIDE}",
        f"1. {INSIDE}",
        f"| a |\n|---|\n| {INSIDE} |",
        f"# {INSIDE}",
        f"{INSIDE}\n===",
        f"```\n{INSIDE}\n```",
        f"~~~text\n{INSIDE}\n~~~",
        f"    {INSIDE}",
        f"<div>\n{INSIDE}\n</div>",
        f"<!--\n{INSIDE}\n-->",
        f"[{INSIDE}](https://example.test)",
        f"`{INSIDE}`",
        f"![{INSIDE}](https://example.test/a.png)",
        f"[{INSIDE}]: https://example.test",
        f"Somebody said {INSIDE}",
        f"See <code>\n{INSIDE}\n</code>",
        f"<code>\n\n{INSIDE}\n\n</code>",
        f"<blockquote>\n\n{INSIDE}\n\n</blockquote>",
        f"<details>\n\n{INSIDE}\n\n</details>",
        f"<table><tr><td>\n\n{INSIDE}\n\n</td></tr></table>",
        f"Old: <del>\n{INSIDE}\n</del>",
    ]
)
PLAIN = st.sampled_from(
    ["Thanks!", "One line\nand another", "*emphasis*", "A [link](https://x.test).", "a <b>b</b><br>", "---"]
)
COMMAND = st.sampled_from(["help", "status", "continue", "pause", "doctor"])


@given(st.lists(st.one_of(BLOCKS, PLAIN, COMMAND.map(lambda name: f"/autocoder {name}")), max_size=12))
def test_only_lines_of_top_level_paragraphs_are_commands_whatever_stands_around_them(blocks: list[str]) -> None:
    names = [block.removeprefix("/autocoder ") for block in blocks if block.startswith("/autocoder ")]
    meant = [name for name in names if name in BY_NAME]
    parsed = parse_comment("\n\n".join(f"{block}\n\n<!-- end -->" for block in blocks))
    assert [each.name for each in parsed.commands] == meant


@given(st.lists(words, max_size=9).map(" ".join))
def test_no_words_behind_the_prefix_are_an_error(text: str) -> None:
    parsed = parse_comment(f"/autocoder {text}", projects=("web",))
    assert len(parsed.commands) + len(parsed.problems) <= 1
    assert all(each.reason.strip() for each in parsed.problems)


@given(st.text(alphabet="/autocoder contiu\n#>-*`|<[]()!&\\\t \r1.~=é\N{ZERO WIDTH SPACE}"))
def test_no_comment_at_all_is_an_error(text: str) -> None:
    parsed = parse_comment(text)
    assert all(each.name in BY_NAME for each in parsed.commands)


@pytest.mark.parametrize("body", ["@autocoder", "@autocoder <!-- x -->", "@autocoder\n\u200b"])
def test_a_name_alone_asks_nothing_and_is_told_how_to_ask(body: str) -> None:
    parsed = parse_comment(body, names=("autocoder",))
    assert parsed.commands == ()
    (found,) = parsed.problems
    assert (found.reason, found.did_you_mean) == ("It asks nothing.", "ask")


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_who_may_only_read_neither_spends_nor_puts_words_before_a_model(name: str) -> None:
    spends = name in {"continue", "init", "spec", "expand", "fix", "ask"}
    words = name in {"add", "edit", "skip", "pause"}
    assert (BY_NAME[name].least_role == "write") == (spends or words)
