"""Inputs win over the file, the file over the defaults, and every problem is told at once with what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.errors import ConfigError
from autocoder_action.intake.file import File
from autocoder_action.intake.inputs import INPUTS, OUTPUTS, read_inputs
from autocoder_action.intake.settings import Mode, Part, Settings, project_name, read_call, read_settings
from autocoder_action.plan.activity import Activity, model_of
from autocoder_action.plan.conclusion import Conclusion


def settings(text: str = "", /, **inputs: str) -> Settings:
    return read_settings(inputs, text.encode())


def problem(text: str | bytes = "", /, **inputs: str) -> str:
    """Return what is said of settings that need a change; each has a remedy."""
    with pytest.raises(ConfigError) as caught:
        read_settings(inputs, text if isinstance(text, bytes) else text.encode())
    assert "docs/configuration.md" in caught.value.remedy
    assert "\n" not in str(caught.value)
    return caught.value.cause


def test_without_anything_the_defaults_count() -> None:
    chosen = read_call({})
    assert (chosen.mode, chosen.part, chosen.project_path) == (Mode.AUTO, Part.AUTO, ".")
    assert (chosen.caps.turns, chosen.caps.cost_micro, chosen.caps.minutes, chosen.caps.features) == (
        200,
        5_000_000,
        45,
        2,
    )
    assert (chosen.file.day_budget_usd, chosen.file.total_budget_usd) == (20.0, None)
    assert chosen.branches == "autocoder/root/session-"


def test_defaults_that_nothing_checks_are_those_that_a_check_lets_through() -> None:
    checked = File.model_validate({})
    assert read_call({}).file == checked
    assert File.model_validate(checked.model_dump()) == checked


def test_an_input_wins_over_the_file_and_the_file_over_the_default() -> None:
    text = "max_turns: 50\nmodel: opus\n"
    assert settings(text).caps.turns == 50
    chosen = settings(text, max_turns="7")
    assert (chosen.caps.turns, chosen.file.model, chosen.caps.minutes) == (7, "opus", 45)


MODELS = "model: opus\nmodels: {build: sonnet, assist: haiku}\n"


@pytest.mark.parametrize(
    ("activity", "model"),
    [
        (Activity.INITIALIZE, "opus"),
        (Activity.BUILD, "sonnet"),
        (Activity.REVIEW, "opus"),
        (Activity.ASSIST, "haiku"),
        (Activity.SPECIFY, "haiku"),
        (Activity.EXPAND, "haiku"),
    ],
)
def test_a_kind_of_session_may_have_its_own_model_and_an_input_is_for_all_of_them(
    activity: Activity, model: str
) -> None:
    assert model_of(activity, settings(MODELS).file) == model
    assert model_of(activity, settings(MODELS, model="claude-x").file) == "claude-x"


def test_an_input_for_the_model_hides_no_mistake_in_the_file() -> None:
    assert "models.coding: there is no such setting" in problem("models: {coding: opus}", model="opus")


def test_an_empty_input_is_not_set() -> None:
    given = read_inputs({"INPUT_MAX_TURNS": " ", "INPUT_MODEL": "", "INPUT_DELIVERY": "push"})
    assert given == {"delivery": "push"}
    assert settings("max_turns: 50", **given).caps.turns == 50


def test_a_key_without_a_value_is_not_set_either() -> None:
    assert settings("max_turns:\nmodel: ~\nspec: null\n").file == File()


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "{}", "\ufeffmax_turns: 200\n", "~"])
def test_a_file_that_says_nothing_changes_nothing(text: str) -> None:
    assert settings(text).file == File()


@pytest.mark.parametrize(
    ("text", "create"), [("board: {create: session}", "session"), ("board: {}", "merge"), ("board:", "merge")]
)
def test_a_key_may_have_keys_of_its_own(text: str, create: str) -> None:
    assert settings(text).file.board.create == create


def test_a_model_s_price_may_be_given() -> None:
    own = settings("prices: {glm-5: {input: 0.6, output: 2.2, cache_read: 0.11}}").file.prices
    assert (own["glm-5"].input, own["glm-5"].output, own["glm-5"].cache_read) == (0.6, 2.2, 0.11)
    assert own["glm-5"].cache_write is None


@pytest.mark.parametrize("text", ['max_turns: "100"', "max_turns: 100.0", "max_turns: 0x64", "max_turns: 100"])
def test_a_number_may_be_written_as_text(text: str) -> None:
    assert settings(text).caps.turns == 100


@pytest.mark.parametrize(
    ("given", "dry"), [("true", True), ("TRUE", True), ("yes", True), ("1", True), ("false", False)]
)
def test_a_switch_may_be_written_as_text(given: str, dry: bool) -> None:
    assert read_call({"dry_run": given}).dry_run is dry


@pytest.mark.parametrize(
    "path",
    ["/etc", "../x", "a/../../x", "a/../b", ".git", ".git/config", "a/.git/hooks", "a\\b", "C:\\x", "a\nb", "a\x00b"],
)
@pytest.mark.parametrize("name", ["project_path", "config_file"])
def test_a_path_that_leads_out_of_the_repository_is_refused(path: str, name: str) -> None:
    assert f"input {name}: it has to be a path inside the repository" in problem("", **{name: path})


def test_a_path_is_written_one_way() -> None:
    assert read_call({"project_path": "./apps//web/"}).project_path == "apps/web"
    assert settings("spec: ./docs/spec.md").file.spec == "docs/spec.md"


@pytest.mark.parametrize(
    "name", ["-x", "/x", ".x", "a..b", "a//b", "a@{b", "a b", "a~b", "a^b", "a:b", "a\\b", "a?b", "a*b", "a[b", "a\nb"]
)
@pytest.mark.parametrize("field", ["base_branch", "branch_prefix"])
def test_a_name_that_git_does_not_accept_is_refused(name: str, field: str) -> None:
    assert f"input {field}: git does not accept it" in problem("", **{field: name})


@pytest.mark.parametrize("name", ["main/", "main.", "main.lock", "a.lock/b", "a/.b", "@"])
def test_a_whole_branch_name_keeps_to_the_rules_for_its_end_too(name: str) -> None:
    assert "input base_branch: git does not accept it" in problem("", base_branch=name)


segments = st.text(st.sampled_from("ab-_./ÄB0 r"), min_size=1, max_size=6)


@given(
    st.lists(segments | st.just("root"), min_size=1, max_size=3).map("/".join), st.sampled_from(["a", "root", "a-b"])
)
def test_different_folders_have_different_names_and_each_fits_into_a_ref(path: str, other: str) -> None:
    try:
        one, two = (read_call({"project_path": text}).project_path for text in (path, other))
    except ConfigError:
        return
    assert (project_name(one) == project_name(two)) == (one == two)
    assert project_name(one).replace("-", "").replace("_", "").isalnum()
    assert project_name(one).isascii()


@given(segments, segments)
def test_a_projects_name_gives_its_folder_away(one: str, two: str) -> None:
    assert (project_name(one) == project_name(two)) == (one == two)


def test_the_workflow_names_the_conclusions_for_which_the_run_is_red() -> None:
    assert read_call({}).fail_on == {"error", "blocked", "no_progress"}
    assert read_call({"fail_on": "error, timeout,"}).fail_on == {"error", "timeout"}
    assert read_call({"fail_on": ",".join(Conclusion)}).fail_on == set(Conclusion), "every conclusion can be named"


@pytest.mark.parametrize("given", ["failure", "error timeout", ",", "Error"])
def test_a_conclusion_that_there_is_not_is_a_problem(given: str) -> None:
    with pytest.raises(ConfigError, match="input fail_on"):
        read_call({"fail_on": given})


def test_inputs_and_outputs_have_each_name_once() -> None:
    for fields in (INPUTS, OUTPUTS):
        names = [one.name for one in fields]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(("text", "on"), [("", False), ("browser: true", True), ("browser: no", False)])
def test_a_browser_is_a_switch(text: str, on: bool) -> None:
    assert settings(text).file.browser is on


def test_a_switch_takes_no_other_value_and_no_other_key_is_one() -> None:
    assert "browser: " in problem("browser: chromium")
    assert "it is no switch" in problem("max_turns: true")
