"""`autocoder features`: looking at a backlog and changing it."""

import pytest

from autocoder_action.backlog import transitions
from autocoder_action.backlog.feature import Backlog, PersonProof, Status
from autocoder_action.backlog.features_md import render
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, changed, passed
from tests.unit.cli.conftest import Here

PLAN = a_backlog(a_draft("Add", check="pytest -q"), a_draft("List", "Add"), a_draft("Sort", "List"), a_draft("Export"))


def test_what_was_added_is_kept_with_its_page(here: Here) -> None:
    words = ("--step", "Run it.", "--step", "Look.", "--category", "ui", "--priority", "7", "--check", "true")
    assert here.features("add", "Add a bookmark", *words).done() == "F1 add-a-bookmark\n"
    assert here.features("add", "List", "--step", "Run.", "--depends-on", "F1", "--uid", "all").done() == "F2 all\n"
    one, two = here.backlog.features
    assert (one.steps, one.category, one.priority, one.check) == (("Run it.", "Look."), "ui", 7, "true")
    assert two.depends_on == (1,)
    assert (here.folder / "FEATURES.md").read_text(encoding="utf-8") == render(here.backlog)
    assert sorted(path.name for path in here.folder.iterdir()) == ["FEATURES.md", "features.db"]


def test_adding_what_exists_is_refused(here: Here) -> None:
    here.put(PLAN)
    assert "F1 is add already" in here.features("add", "Add", "--step", "Other.").refused()
    assert here.backlog == PLAN


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "New"), "steps is empty"),
        (
            ("add", "New", "--step", "x", "--depends-on", "F9"),
            "autocoder: depends_on 9 is no feature's id. Nothing was changed; correct this and try again.\n",
        ),
        (("add", "New", "--step", "x", "--uid", "No uid"), "uid"),
        (("add", "New\x1b[31m", "--step", "x"), "U+001B"),
        (("add", "New", "--step", "x", "--check", ""), "check is empty. Leave --check out where there is none yet"),
        (
            ("add", "New", "--step", "x", "--check", " "),
            "check is empty. Leave --check out where there is none yet",
        ),
        (("add", "New", "--step", "x", "--uid", " "), "uid is empty. Leave --uid out to have it made from the name"),
        (("add", "New", "--step", "x", "--category", ""), "category is empty"),
        (("add", "New", "--step", "x", "--description", " "), "description is empty"),
        (("add", "New", "--step", "x", "--step", " "), "steps[1] is empty"),
        (("add", "New", "--step", "x", "--depends-on", ""), "depends_on '' is no feature"),
        (("add", " ", "--step", "x"), "name is empty"),
        (("edit", "2", "--check", " "), "check is blank. Give a command, or '' to take the check away"),
        (("edit", "F9", "--name", "x"), "There is no feature F9"),
        (("edit", "nobody", "--name", "x"), "Name it as F12"),
        (("edit", "1", "--depends-on", "sort"), "F1 Add → F3 Sort → F2 List → F1 Add"),
        (("edit", "1", "--priority", "-1"), "priority -1"),
        (("edit", "1", "--accept", ""), "login is empty"),
        (("edit", "1", "--depends-on", ""), "depends_on '' is no feature"),
        (("edit", "1", "--name", ""), "name is empty"),
        (("remove", "1", "9"), "There is no feature F9"),
        (("show", "9"), "There is no feature F9"),
        (("show", "none/features.db"), "There is no file none/features.db"),
        (("import", "none.json"), "There is no file none.json"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_changed(
    here: Here, words: tuple[str, ...], why: str
) -> None:
    here.put(PLAN)
    assert why in here.features(*words).refused()
    assert here.backlog == PLAN


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "COMMAND"),
        (("fly",), "fly"),
        (("list", "--status", "done"), "done"),
        (("edit", "1", "--priority", "high"), "high"),
        (("edit", "1"), "at least one option"),
        (("edit", "1", "--project", "."), "at least one option"),
        (("edit", "1", "--depends-on", "2", "--depends-on-nothing"), "not allowed with"),
        (("export", "--format", "xml"), "xml"),
        (("lsit",), "invalid choice: 'lsit'; did you mean list?"),
        (("list", "--status", "pasing"), "invalid choice: 'pasing'; did you mean passing?"),
        (("add", "New", "--setp", "x"), "unrecognized arguments: --setp x; did you mean --step?"),
        (("add", "New", "--setp=x"), "unrecognized arguments: --setp=x; did you mean --step?"),
        (("list", "--project", ""), "argument --project: it is empty; name a folder, or leave it out for this one"),
        (("list", "--category", " "), "argument --category: it is empty; name one, or leave it out for all"),
        (("merge-driver", "a", "b"), "THEIRS"),
    ],
)
def test_a_wrong_call_is_one_line_that_names_the_help_and_exits_with_2(
    here: Here, words: tuple[str, ...], why: str
) -> None:
    line = here.features(*words).refused(code=2)
    assert why in line
    assert "--help" in line


def test_an_edit_changes_what_was_given_and_nothing_else(here: Here) -> None:
    here.put(passed(PLAN, 1))
    here.features("edit", "F2", "--name", "List all", "--step", "See.", "--depends-on", "Export").done()
    feature = here.backlog.features[1]
    assert (feature.name, feature.steps, feature.depends_on) == ("List all", ("See.",), (4,))
    assert (feature.uid, feature.description) == ("list", "List, whole.")
    here.features("edit", "F2", "--depends-on-nothing").done()
    assert here.backlog.features[1].depends_on == ()
    assert "says that already" in here.features("edit", "F2", "--name", "List all").done()
    assert here.backlog.features[0].status is Status.PASSING


def test_a_check_can_be_taken_away_and_with_it_what_it_proved(here: Here) -> None:
    here.put(passed(PLAN, 1))
    assert here.features("edit", "F1", "--check", "").done() == "F1 is changed.\n"
    first = here.backlog.features[0]
    assert (first.check, first.proof, first.status) == (None, None, Status.PENDING)
    assert "says that already" in here.features("edit", "F1", "--check", "").done()


def test_the_first_place_is_something_to_change(here: Here) -> None:
    here.put(PLAN)
    assert here.features("edit", "F2", "--priority", "0").done() == "F2 is changed.\n"


def test_a_person_can_accept_what_nothing_proves_and_have_it_built_again(here: Here) -> None:
    here.put(PLAN)
    assert "depends on F1" in here.features("edit", "F2", "--accept", "ann").refused()
    here.features("edit", "F1", "--accept", "ann").done()
    assert here.backlog.features[0].proof == PersonProof(login="ann", at=here.backlog.features[0].updated_at)
    assert "accepted by ann" in here.features("show", "F1").done()
    here.features("edit", "F1", "--reopen").done()
    assert here.backlog.features[0].status is Status.PENDING
    assert "login holds the control character" in here.features("edit", "F1", "--accept", "a\x1b").refused()


def test_a_refusal_names_options_of_this_program_only(here: Here) -> None:
    here.put(changed(transitions.claim(passed(PLAN, 1), 2, now=NOW)))
    assert (
        here.features("edit", "F1", "--accept", "ann").refused().endswith("Possible now: `edit --reopen`, `remove`.\n")
    )
    line = here.features("edit", "F2", "--reopen").refused()
    assert line.endswith("F2 is in progress: reopen is not possible. Possible now: `edit --accept LOGIN`, `remove`.\n")


@pytest.mark.parametrize("status", [Status.PENDING, Status.FAILING])
def test_what_was_built_or_tried_in_vain_is_built_again_as_if_nobody_had_tried(here: Here, status: Status) -> None:
    tried = PLAN.features[0].replace(
        status=status, regressed=status is Status.FAILING, built=True, attempts=3, last_error="exit 1"
    )
    here.put(PLAN.put(tried))
    assert here.features("edit", "F1", "--reopen").done() == "F1 is changed.\n"
    first = here.backlog.features[0]
    assert (first.status, first.built, first.attempts, first.last_error) == (status, False, 0, None)


def test_removing_cancels_and_names_who_depends_on_it(here: Here) -> None:
    here.put(PLAN)
    assert here.features("remove", "F1", "export").done().splitlines() == [
        "F1 is cancelled.",
        "F2 List depends on it: give it other dependencies, or remove it, too.",
        "F4 is cancelled.",
    ]
    assert here.features("remove", "F2", "2", "list").done().count("F2 is cancelled.") == 1
    here.features("edit", "F2", "--reopen").done()
    assert "F2 waits for F1, which is cancelled" in here.features("check").done()
    here.features("edit", "F1", "--reopen").done()
    assert [one.status.value for one in here.backlog.features] == ["pending"] * 3 + ["cancelled"]


def test_a_backlog_that_is_empty_is_listed_as_nothing(here: Here) -> None:
    here.put(Backlog())
    assert here.features("list").done() == ""
    assert here.features("list", "--json").done() == "[]\n"


def test_what_is_cancelled_itself_is_not_named_as_waiting(here: Here) -> None:
    here.put(a_backlog(a_draft("Add"), a_draft("List", "Add"), a_draft("Sort", "Add")))
    here.features("remove", "list").done()
    said = here.features("remove", "add").done()
    assert "F3 Sort depends on it" in said
    assert "F2" not in said


def test_a_number_that_it_depends_on_is_an_id_wherever_there_is_one(here: Here) -> None:
    here.put(a_backlog(a_draft("2"), a_draft("F1"), a_draft("9")))
    here.features("add", "New", "--step", "x", "--depends-on", "2", "--depends-on", "F1", "--depends-on", "9").done()
    here.features("add", "Other", "--step", "x", "--depends-on", "1").done()
    here.features("edit", "other", "--depends-on", "2").done()
    assert [one.depends_on for one in here.backlog.features[3:]] == [(1, 2, 3), (2,)]
    assert "is no feature" in here.features("edit", "new", "--depends-on", "F77").refused()
