"""What the documents say is so: tables, links, paths, commands, conclusions."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from msgspec import structs

from autocoder_action.backlog.journal import Change
from autocoder_action.cli.parser import parser
from autocoder_action.intake.commands import COMMANDS
from autocoder_action.intake.file import File
from autocoder_action.intake.inputs import INPUTS, OUTPUTS
from autocoder_action.intake.settings import read_settings
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.report.report import Report
from autocoder_action.session.install import install_command
from script import docs
from tests.contract.house.documents import Document, documents

CHECKOUT = Path(__file__).resolve().parents[3]
DOCUMENTS = documents(CHECKOUT)
NAMES = [str(document.path.relative_to(CHECKOUT)) for document in DOCUMENTS]
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)


def test_every_table_and_list_is_what_the_code_says() -> None:
    wanted = docs.documents(CHECKOUT)
    old = [path.name for path, text in wanted.items() if path.read_text(encoding="utf-8") != text]
    assert old == [], "run ./script/docs"


def test_every_table_has_a_place_in_a_document() -> None:
    text = "".join(document.path.read_text(encoding="utf-8") for document in DOCUMENTS)
    assert set(re.findall(r"^<!-- script/docs: (\w+) -->$", text, re.MULTILINE)) == set(docs.TABLES)


def test_a_place_is_filled_and_what_stands_around_it_stays() -> None:
    old = "before\n<!-- script/docs: commands -->\nold\n<!-- script/docs end -->\nafter\n"
    new = docs.fill(old)
    assert new.startswith("before\n<!-- script/docs: commands -->\n| command |")
    assert "| `/autocoder continue " in new
    assert new.endswith("\n<!-- script/docs end -->\nafter\n")
    assert docs.fill(new) == new


def test_a_place_for_an_unknown_table_is_an_error() -> None:
    with pytest.raises(KeyError, match="wishes"):
        docs.fill("<!-- script/docs: wishes -->\n<!-- script/docs end -->")


def test_the_check_is_silent_where_nothing_is_out_of_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


def test_action_yml_declares_what_the_code_reads_and_writes() -> None:
    action: dict[str, Any] = yaml.safe_load((CHECKOUT / "action.yml").read_text(encoding="utf-8"))
    inputs = [(one.name, {"description": one.description, "required": False} | _default(one.default)) for one in INPUTS]
    assert list(action["inputs"].items()) == inputs
    assert list(action["outputs"].items()) == [(one.name, {"description": one.description}) for one in OUTPUTS]


def _default(value: str | None) -> dict[str, str]:
    return {} if value is None else {"default": value}


def test_an_input_s_words_name_the_default_that_the_file_would_have() -> None:
    told = {one.name: re.search(r"Default `?([\w/]+)`?\.$", one.description) for one in INPUTS}
    named = {name: found[1] for name, found in told.items() if found and name in File.model_fields}
    real = {name: docs._plain(File.model_fields[name].default) for name in named}  # noqa: SLF001  # its own wording of a default
    assert named == real
    assert len(named) >= 6


@each_document
def test_links_inside_the_repository_lead_somewhere(document: Document) -> None:
    assert [link for link in document.links if not _leads(document, link)] == []


def _leads(document: Document, link: str) -> bool:
    if re.match(r"https?://", link):
        return True
    name, _, anchor = link.partition("#")
    target = document.path.parent / name if name else document.path
    return target.exists() and (not anchor or anchor in Document(target).anchors)


@each_document
def test_paths_that_are_named_exist(document: Document) -> None:
    top = {path.name for path in CHECKOUT.iterdir()} - {"prompts", ".git"}  # paths of a user's repository, too
    named = [re.split(r"[\s:]", code.removeprefix("./"), maxsplit=1)[0] for code in document.code]
    real = [name for name in named if "/" in name and name.partition("/")[0] in top and "<" not in name]
    here = [name for name in real if name != ".github/autocoder.yml"]  # likewise a user's
    assert [name for name in here if not (CHECKOUT / name).exists()] == []


@each_document
def test_commands_of_the_shell_exist_with_their_options(document: Document) -> None:
    inline = [code.split() for code in document.code if code.startswith(("./script/", "script/"))]
    assert [words for words in [*document.commands, *inline] if not _runs(words)] == []


def _runs(words: list[str]) -> bool:
    name = words[0].removeprefix("./")
    if name.startswith(".venv/bin/"):
        return Path(sys.executable).with_name(Path(name).name).exists()
    if name.startswith("script/") and (CHECKOUT / name).is_file():
        ours = words[1 : words.index("--")] if "--" in words else words[1:]
        return all(word in _help(name) for word in ours if word.startswith("--"))
    return _parses(words[1:]) if name == "autocoder" else name == "git"


def _parses(words: list[str]) -> bool:
    """Return whether the command line takes these words; nothing is done."""
    try:
        parser().parse_args(words)
    except SystemExit:
        return False
    return True


@cache
def _help(name: str) -> str:
    return subprocess.run([CHECKOUT / name, "--help"], capture_output=True, text=True, check=True, timeout=60).stdout


@each_document
def test_commands_in_comments_exist(document: Document) -> None:
    used = {name for code in document.code for name in re.findall(r"^/autocoder (?:web )?([\w-]+)", code)}
    assert used - {one.name for one in COMMANDS} == set()


def test_the_run_s_document_names_every_conclusion_with_its_exit_code() -> None:
    rows = Document(CHECKOUT / "docs/run.md").rows("conclusion")
    wanted = {one.value: str(Report(conclusion=one, reason="").exit_code) for one in Conclusion}
    assert {row[0]: row[2] for row in rows} == wanted


def test_the_run_s_document_names_every_kind_of_change() -> None:
    rows = Document(CHECKOUT / "docs/run.md").rows("kind")
    kinds = [one.default for kind in get_args(Change) for one in structs.fields(kind) if one.name == "kind"]
    assert [row[0] for row in rows] == kinds


def test_configurations_that_are_shown_are_accepted() -> None:
    blocks = [block for one in DOCUMENTS for block in one.fences("yaml")]
    assert blocks
    for block in blocks:
        read_settings({}, block.encode())


def test_a_default_that_is_shown_may_be_copied() -> None:
    rows = [one.split(" | ") for one in docs.TABLES["settings"]().splitlines()[2:]]
    shown = {row[0].strip("|` "): row[3].strip("`") for row in rows if row[3]}
    assert len(shown) > 20
    for name, default in shown.items():
        *above, key = name.split(".")
        config = "".join(f"{one}: {{" for one in above) + f"{key}: {default}" + "}" * len(above)
        assert read_settings({}, config.encode()).file == File(), config


def test_the_configuration_s_document_names_files_that_decide_what_is_installed() -> None:
    rows = Document(CHECKOUT / "docs/configuration.md").rows("file")
    files = [name.strip("` ") for row in rows for name in row[0].split(",")]
    assert len(files) == 9
    assert [name for name in files if install_command(None, [name]) is None] == []


def test_the_configuration_s_document_names_variables_that_are_read() -> None:
    rows = Document(CHECKOUT / "docs/configuration.md").rows("variable")
    source = "".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "autocoder_action").rglob("*.py"))
    variables = [name.strip("` ") for row in rows for name in row[0].split(",")]
    assert len(variables) >= 8
    assert [name for name in variables if name not in source] == []
