"""What can be written behind ``autocoder``; nothing is imported here but what that needs."""

import difflib
import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter, _MutuallyExclusiveGroup
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from autocoder_action import __version__
from autocoder_action.backlog.feature import Status
from autocoder_action.cli.say import complain
from autocoder_action.intake.grammar import PREFIX

FORMATS = ("json", "csv", "md")
CHECK_SECONDS = 600
_DAY = 86_400
CONFIG = ".github/autocoder.yml"
_CHOICE = re.compile(r"invalid choice: '(.*)'( \(choose from .*\))")
_ID = "the feature: F12, 12, or its uid"


class _Parser(ArgumentParser):
    """Complains in one line, and asks whether the nearest word was meant."""

    def parse_known_args(  # type: ignore[override]  # it is overloaded for other namespaces, of which none is here
        self, args: Sequence[str] | None = None, namespace: Namespace | None = None
    ) -> tuple[Namespace, list[str]]:
        """Refuse what is left over by the command that it was written behind, which knows its options."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            wrong = next((one.partition("=")[0] for one in left if one.startswith("--")), "")
            self.error(f"unrecognized arguments: {' '.join(left)}{_meant(wrong, self._option_string_actions)}")
        return found, left

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; exit with 2."""
        if choice := _CHOICE.search(message):
            message = f"{message[: choice.end(1)]}'{_meant(choice[1], re.findall(r'[a-z_-]+', choice[2])) or choice[2]}"
        complain(f"{message}. See: {self.prog} --help")
        self.exit(2)


def _meant(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def parser() -> ArgumentParser:
    """Return the parser of all commands; ``options.command`` and ``options.verb`` name what was chosen."""
    top = _Parser(
        prog="autocoder",
        description="Build an application from a spec, one bounded agent session per workflow run.",
        epilog="Without arguments it does what a workflow's step does: it reads the event and the inputs from the "
        "environment that GitHub's runner sets (GITHUB_*, INPUT_*). The README has the workflow to copy.",
    )
    top.add_argument("--version", action="version", version=f"autocoder-action {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands for people")
    features = commands.add_parser(
        "features",
        help="look at the backlog, features.db, and change it",
        description="Look at the backlog of a project, its features.db, and change it. FEATURES.md is kept with it.",
        epilog="Exit code: 0 done, 1 refused or failed, 2 called in a wrong way.",
    )
    verbs = _Verbs(features)
    for add in (_looking, _changing, _exchanging, _rebuilding, _serving_git):
        add(verbs)
    _journal(commands.add_parser("journal", help="look at what is known beside features.db: sessions, money, claims"))
    _comment(commands.add_parser("parse-comment", help="read a comment on stdin as the action would, and print JSON"))
    _config(commands.add_parser("check-config", help="see whether a configuration file can be used, before a run does"))
    _mcp(commands.add_parser("mcp", help="serve the backlog to an MCP client on stdin and stdout"))
    return top


class _Verbs:
    """The commands behind ``autocoder features``."""

    def __init__(self, features: ArgumentParser) -> None:
        """Take the parser that they belong to."""
        self._verbs = features.add_subparsers(dest="verb", required=True, metavar="COMMAND", title="commands")

    def add(self, name: str, does: str, *, epilog: str | None = None, project: bool = True) -> ArgumentParser:
        """Add a command; nearly all of them take a project."""
        verb: ArgumentParser = self._verbs.add_parser(
            name,
            help=does,
            description=f"{does[0].upper()}{does[1:]}.",
            epilog=epilog,
            formatter_class=RawDescriptionHelpFormatter,
        )
        if project:
            _project(verb)
        return verb


def _project(verb: ArgumentParser) -> None:
    verb.add_argument(
        "--project", type=_folder, default=Path(), metavar="PATH", help="the folder of features.db (default: this one)"
    )


def _folder(text: str) -> Path:
    """Take a folder's path; none at all would be the current folder, which nobody meant who named one."""
    if not text.strip():
        raise ArgumentTypeError("it is empty; name a folder, or leave it out for this one")
    return Path(text)


def _category(text: str) -> str:
    if not text.strip():
        raise ArgumentTypeError("it is empty; name one, or leave it out for all")
    return text


def _looking(verbs: _Verbs) -> None:
    listing = verbs.add("list", "list the features")
    statuses = [status.value for status in Status]
    listing.add_argument(
        "--status", action="append", choices=statuses, metavar="STATUS", help=f"only {', '.join(statuses)}; repeatable"
    )
    listing.add_argument("--category", type=_category, help="only those of a category")
    listing.add_argument("--blocked", action="store_true", help="only those that wait for another feature")
    listing.add_argument("--ready", action="store_true", help="only those that could be built now, in order of work")
    listing.add_argument("--built", action="store_true", help="only those that are built and unproved")
    listing.add_argument("--json", action="store_true", help="as JSON, everything that is known")
    show = verbs.add("show", "show one feature, or a whole features.db as text")
    show.add_argument("what", metavar="ID|FILE", help=f"{_ID}; or a path to a features.db")
    show.add_argument("--json", action="store_true", help="as JSON")
    show.add_argument("--textconv", action="store_true", help="for git: what cannot be read is text, too")
    check = verbs.add("check", "see whether features.db is sound, and what to do where it is not")
    check.add_argument("--repair", action="store_true", help="write FEATURES.md anew, and clear up after crashes")
    verbs.add("graph", "draw what depends on what, for Mermaid")


def _changing(verbs: _Verbs) -> None:
    example = "example:\n  autocoder features add 'Export as CSV' --step 'Run it.' --depends-on F2"
    add = verbs.add("add", "add a feature", epilog=example)
    add.add_argument("name", help="what people call it")
    _words(add)
    add.add_argument("--uid", help="a stable key (default: made from the name)")
    edit = verbs.add("edit", "change a feature; what is left out stays")
    edit.add_argument("id", metavar="ID", help=_ID)
    edit.add_argument("--name", help="what people call it")
    _words(edit).add_argument("--depends-on-nothing", action="store_true", help="take all dependencies away")
    standing = edit.add_mutually_exclusive_group()
    standing.add_argument(
        "--reopen", action="store_true", help="have it built again, as if nobody had tried; also what was cancelled"
    )
    standing.add_argument("--accept", metavar="LOGIN", help="it works, on the word of this person")
    remove = verbs.add("remove", "cancel features; they are kept, and their ids stay theirs")
    remove.add_argument("ids", metavar="ID", nargs="+", help=_ID)


def _words(verb: ArgumentParser) -> _MutuallyExclusiveGroup:
    """Add a feature's words; return the group of what it depends on, of which one may be given."""
    verb.add_argument("--description", help="what it does, for whom")
    verb.add_argument("--step", action="append", metavar="TEXT", help="how a person sees that it works; repeatable")
    verb.add_argument("--category", help="a word to sort by")
    verb.add_argument("--priority", type=int, metavar="N", help="lower is sooner (default for a new one: last)")
    verb.add_argument(
        "--check", metavar="COMMAND", help="a shell command that ends with 0 only if it works; edit takes '' for none"
    )
    needs = verb.add_mutually_exclusive_group()
    needs.add_argument(
        "--depends-on", action="append", metavar="ID", help="what must pass first: F12, a uid or a name; repeatable"
    )
    return needs


def _exchanging(verbs: _Verbs) -> None:
    taking = verbs.add("import", "take features from a features.db (AutoCoder's, too), a JSON file or a CSV file")
    taking.add_argument("file", metavar="FILE", type=Path, help="its content decides what it is")
    giving = verbs.add("export", "write all features to a file, or to the standard output")
    giving.add_argument("--format", choices=FORMATS, default="json", help="default: json")
    giving.add_argument("--output", type=Path, metavar="FILE", help="replaced as a whole (default: standard output)")


def _rebuilding(verbs: _Verbs) -> None:
    anew = verbs.add(
        "rebuild",
        "make a lost or damaged features.db anew from the issues that show it",
        epilog="It reads GITHUB_TOKEN or GH_TOKEN, and GITHUB_API_URL where that is not GitHub's own.",
    )
    anew.add_argument("--from-issues", action="store_true", required=True, help="the only source there is")
    anew.add_argument("--repo", metavar="OWNER/NAME", help="whose issues (default: those of the clone's origin)")
    anew.add_argument(
        "--author",
        metavar="LOGIN",
        default="github-actions[bot]",
        help="who writes the issues: the token's owner in the workflow (default: github-actions[bot])",
    )
    anew.add_argument("--dry-run", action="store_true", help="only show what would be written")
    anew.add_argument("--force", action="store_true", help="also replace a features.db that can be read")


def _serving_git(verbs: _Verbs) -> None:
    driver = verbs.add("merge-driver", "merge three features.db; git calls this", project=False)
    driver.add_argument("base", metavar="BASE", type=Path, help="%%O: the common ancestor's; an empty file is none")
    driver.add_argument("ours", metavar="OURS", type=Path, help="%%A: ours, which is replaced by the merged one")
    driver.add_argument("theirs", metavar="THEIRS", type=Path, help="%%B: theirs")
    driver.add_argument("path", metavar="PATH", nargs="?", default="features.db", help="%%P: its name, for messages")
    verbs.add("install-git", "have git merge and show features.db: .gitattributes, and this clone's configuration")


def _journal(journal: ArgumentParser) -> None:
    journal.description = "Look at a project's journal: its sessions, what they cost, and what was decided meanwhile."
    verbs = journal.add_subparsers(dest="verb", required=True, metavar="COMMAND", title="commands")
    show = verbs.add_parser("show", help="show every change, and what they come to")
    _project(show)
    show.add_argument("--remote", metavar="ADDRESS", help="ask this repository; --project is then a path inside it")
    show.add_argument("--json", action="store_true", help="as JSON, everything that is known")


def _comment(verb: ArgumentParser) -> None:
    verb.description = "Read a comment on the standard input as the action would, and print its commands as JSON."
    verb.add_argument("--prefix", default=PREFIX, help=f"what a command begins with (default: {PREFIX})")
    verb.add_argument("--projects", default="", help="names of the repository's projects, as web,api (default: none)")


def _config(verb: ArgumentParser) -> None:
    verb.description = "See whether a configuration file can be used. Nothing is asked of anybody, and nothing written."
    verb.epilog = "Exit code: 0 it can be used, 1 it cannot, 2 called in a wrong way."
    verb.add_argument("file", metavar="FILE", nargs="?", type=Path, default=Path(CONFIG), help=f"default: {CONFIG}")


def _mcp(verb: ArgumentParser) -> None:
    verb.description = "Serve the feature tools to an MCP client that starts this program, on stdin and stdout."
    _project(verb)
    verb.add_argument(
        "--check-seconds",
        type=_seconds,
        default=CHECK_SECONDS,
        metavar="N",
        help=f"how long a feature's check may run (default: {CHECK_SECONDS})",
    )
    verb.add_argument("--no-checks", action="store_true", help="run no command: what is done is built, unproved")


def _seconds(text: str) -> int:
    """Read how long something may take; nothing can be done in no time."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:10]) < _DAY):
        raise ArgumentTypeError(f"{text[:40]!r} is no number of seconds from 1 to {_DAY - 1}")
    return int(text)


def chosen(options: Namespace, name: str) -> tuple[str, ...] | None:
    """Return the values of a repeatable option, or None where it was not given."""
    given: list[str] | None = getattr(options, name)
    return None if given is None else tuple(given)
