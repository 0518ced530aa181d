"""Several projects in one repository: their names, their folders, and which of them is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.intake import registry
from tests.unit.intake.test_settings import problem, settings


def test_a_registry_names_the_projects_and_their_folders() -> None:
    text = "projects:\n  web: ./apps/web/\n  api: services/api\n"
    every = settings(text)
    assert [(one.name, one.project_path, one.project) for one in every.projects] == [
        ("web", "apps/web", "apps-web"),
        ("api", "services/api", "services-api"),
    ]
    assert every.name == ""
    one = settings(text, project="api", project_path=".")
    assert (one.name, one.path("features.db"), one.projects) == ("api", "services/api/features.db", (one,))
    assert settings(text, project_path="apps/web").name == "web"


def test_without_a_registry_there_is_one_project_without_a_name() -> None:
    one = settings("", project_path="apps/web")
    assert one.projects == (one,)
    assert one.name == ""


def test_everything_that_is_wrong_with_a_registry_is_told_at_once() -> None:
    said = problem("projects: {Web: apps/web, sync: apps/web, api: apps/web/api, a b: x, up: ../up, n: 3}", model="")
    for words in (
        ".github/autocoder.yml: projects.up: it has to be a path inside the repository",
        ".github/autocoder.yml: projects.n: ",
        "input model: ",
    ):
        assert words in said
    said = problem("projects: {Web: apps/web, sync: apps/web, api: apps/web/api, a b: x}")
    for words in (
        "'Web' has to be a name in small letters",
        "sync is a command's name",
        "Web and sync have the same path apps/web",
        "apps/web/api (api) lies in apps/web (Web)",
        "'a b' has to be a name in small letters",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("text", "inputs", "words"),
    [
        ("", {"project": "web"}, "input project: there is no project web; `projects:` names none"),
        ("projects: {web: apps/web}", {"project": "wep"}, "there is no project wep (did you mean web? there are web)"),
        ("projects: {web: apps/web}", {"project_path": "apps"}, "no project has the path apps; there are web"),
        (
            "projects: {web: apps/web}",
            {"project": "web", "project_path": "apps/api"},
            "the project web has the path apps/web, not apps/api",
        ),
    ],
)
def test_a_project_has_to_be_one_of_the_registry(text: str, inputs: dict[str, str], words: str) -> None:
    assert words in problem(text, **inputs)


@given(st.dictionaries(st.text(max_size=5), st.text(alphabet="ab/.", max_size=6), max_size=5))
def test_no_registry_is_an_error_of_another_kind(projects: dict[str, str]) -> None:
    for one in registry.problems(projects):
        assert one
