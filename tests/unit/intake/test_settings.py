"""Inputs win over the file, the file over the defaults, and every problem is told at once with what to do."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.errors import ConfigError
from autocoder_action.intake import registry
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


def test_all_problems_are_told_at_once_each_with_its_place() -> None:
    said = problem("modle: opus\nmax_turns: many\nmax_budget_usd: 0\n", max_features="0", mode="dance")
    assert said.startswith("5 settings need a change: ")
    for words in (
        ".github/autocoder.yml: modle: there is no such setting (did you mean model? there are spec, model,",
        ".github/autocoder.yml: max_turns: ",
        ".github/autocoder.yml: max_budget_usd: ",
        "input max_features: ",
        "input mode: ",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("knowledge: ('knowledge/*.md',)", "knowledge: give a list, such as [one, two]"),
        ("allowed_bots: ()", "allowed_bots: give a list"),
        ("knowledge: [3]", "knowledge.0: give a text"),
        (f"knowledge: {['a'] * 60}", "knowledge: the list should have at most 50 items, not 60"),
        ("prices: []", "prices: give a mapping, such as {name: value}"),
        ("prices: {a: {input: much, output: 1}}", "prices.a.input: give a number"),
        ("prices: {a: {input: 1}}", "prices.a.output: it has to be there"),
        ("regression: 5", "regression: give a mapping"),
        ("projects: web", "projects: give a mapping"),
        ("max_turns: many", "max_turns: give a whole number"),
        ("max_turns: 1.5", "max_turns: give a whole number"),
        ("max_turns: []", "max_turns: give a whole number"),
        ("browser: maybe", "browser: give true or false"),
        ("setup: 3", "setup: give a text; a number or a date needs quotes to be one"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_words_of_yaml(text: str, words: str) -> None:
    said = problem(text)
    assert words in said
    assert not [word for word in ("tuple", "dictionary", "instance", "integer", "string") if word in said]


def test_a_problem_in_the_file_stays_one_though_an_input_hides_it() -> None:
    assert "max_turns" in problem("max_turns: many", max_turns="5")


def test_the_file_is_called_by_its_own_name() -> None:
    assert problem("a: 1", config_file="ci/bot.yml").startswith("ci/bot.yml: a: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("model: [", "no YAML at line 1"),
        ("a: 1\nb: [\n", "no YAML at line"),
        ("a: b: c", "no YAML at line 1"),
        ("\tmodel: opus", "no YAML at line 1"),
        ("model: opus\x00", "no YAML text in UTF-8"),
        (b"model: \xff", "no YAML text in UTF-8"),
        ("- a\n- b", "has to be a mapping"),
        ("just words", "has to be a mapping"),
        ("42", "has to be a mapping"),
        ("a: 1\n---\nb: 2", "no YAML at line 2"),
        ("model: !!python/object/apply:os.system ['true']", "no YAML at line 1"),
        ("model: !!python/name:os.system", "no YAML at line 1"),
        ("model: !mine x", "no YAML at line 1"),
        ("model: *nowhere", "no YAML at line 1"),
        ("? [a, b]\n: 1", "no YAML at line 1"),
        ("model: opus\nmodel: sonnet", "model: it is there twice"),
        ('model: opus\n"model": sonnet', "model: it is there twice"),
        ("max_turns: !!int ''", "no YAML"),
        ("dry_run: !!bool maybe", "no YAML"),
        ("model: !!timestamp soon", "no YAML"),
        ("model: !!float x", "no YAML"),
        ("model: 2001-99-99", "no YAML"),
        ("max_turns: " + "9" * 5_000, "no YAML"),
        ("model: " + "[" * 5_000, "no YAML"),
        ("model: " + "{a: " * 5_000, "no YAML"),
        ("&a a: *a", "there is no such setting"),
        ("<<: {max_turns: 5, modle: opus}", "there is no such setting"),
    ],
)
def test_what_is_no_configuration_is_called_so(text: str | bytes, words: str) -> None:
    assert words in problem(text)


def test_a_bomb_of_aliases_is_refused_in_no_time() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert len(problem("\n".join([*lines, "model: *a29"]))) < 20_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("max_turns: yes", "max_turns"),
        ("max_budget_usd: true", "max_budget_usd"),
        ("max_turns: 1.5", "max_turns"),
        ("max_turns: -1", "max_turns"),
        ("max_turns: 10001", "max_turns"),
        ("timeout_minutes: 351", "timeout_minutes"),
        ("max_features: 51", "max_features"),
        ("max_budget_usd: .nan", "max_budget_usd"),
        ("max_budget_usd: .inf", "max_budget_usd"),
        ("day_budget_usd: .nan", "day_budget_usd"),
        ("total_budget_usd: .inf", "total_budget_usd"),
        ("total_budget_usd: .nan", "total_budget_usd"),
        ("total_budget_usd: 0", "total_budget_usd"),
        ("model: ''", "model"),
        ("model: 4", "model"),
        ("model: true", "model"),
        ("setup: [apt-get, update]", "setup"),
        ("delivery: pr", "delivery"),
        ("mode: continue", "mode: there is no such setting; it is an input of the workflow's step"),
        ("dry_run: true", "dry_run: there is no such setting"),
        ("github_token: x", "github_token: there is no such setting; it is an input of the workflow's step"),
        (
            "assistant: {max_turn: 3}",
            "assistant.max_turn: there is no such setting (did you mean max_turns? there are max_turns, max_",
        ),
        ("assistant: {model: haiku}", "assistant.model: there is no such setting"),
        (
            "models: {coding: opus}",
            "models.coding: there is no such setting (there are initialize, build, review, assist)",
        ),
        ("models: opus", "models: "),
        ("spec: '#12x'", "spec: an issue stands alone, as `spec: "),
        ("spec: [a.md, '#12']", "spec: an issue stands alone, as `spec: "),
        ("spec: []", "spec: it names 0 paths; from 1 to 50 are possible"),
        ("spec: 0", "spec: give a path, a list of paths, or an issue"),
        ("spec: ../a.md", "spec: it has to be a path inside"),
        ("spec: [a.md, /etc/passwd]", "spec: it has to be a path inside"),
        ("spec: {a: b}", "spec: give a path, a list of paths, or an issue"),
        ("spec: true", "spec: it is no switch"),
        ("knowledge: [../a.md]", "knowledge.0: it has to be a path inside"),
        ("features: {count: many}", "features.count: give a range such as 40-60"),
        ("features: {count: 60-40}", "features.count: min (60) is above max (40)"),
        ("features: {count: 0-3}", "features.count.min: "),
        ("features: {count: 5000}", "features.count.min: "),
        ("features: {count: {least: 3}}", "features.count.least: there is no such setting"),
        ("features: {count: yes}", "features.count: give a range such as 40-60"),
        ("models: {build: ''}", "models.build: "),
        ("models: {build: 5}", "models.build: "),
        ("assistant: {max_turns: 0}", "assistant.max_turns: "),
        ("assistant: {max_budget_usd: yes}", "assistant.max_budget_usd: it is no switch"),
        ("assistant: {max_minutes: 351}", "assistant.max_minutes: "),
        ("assistant: yes", "assistant: "),
        ("board: session", "board: "),
        ("board: []", "board: "),
        ("board: {create: never}", "board.create: "),
        ("board: {create: yes}", "board.create: it is no switch"),
        ("board: {create: }", "board.create: "),
        ("board: {creat: merge}", "board.creat: there is no such setting (did you mean create? there are create)"),
        ("prices: 5", "prices: "),
        ("prices: {glm-5: 0.6}", "prices.glm-5: "),
        ("prices: {glm-5: {input: 0.6}}", "prices.glm-5.output: "),
        ("prices: {glm-5: {input: -1, output: 1}}", "prices.glm-5.input: "),
        ("prices: {glm-5: {input: .nan, output: 1}}", "prices.glm-5.input: "),
        ("prices: {glm-5: {input: .inf, output: 1}}", "prices.glm-5.input: "),
        ("prices: {glm-5: {input: yes, output: 1}}", "prices.glm-5.input: it is no switch"),
        ("prices: {'': {input: 1, output: 1}}", "prices"),
        (
            "prices: {glm: {inputs: 1, input: 1, output: 1}}",
            "prices.glm.inputs: there is no such setting (did you mean input?",
        ),
        ("1: 2", "1: there is no such setting"),
        ("true: 2", "True: there is no such setting"),
    ],
)
def test_a_value_that_cannot_be_is_named(text: str, words: str) -> None:
    assert f".github/autocoder.yml: {words}" in problem(text)


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


def settled(inputs: Mapping[str, str], content: bytes | None) -> bool:
    """Return whether these are settings, or one line that says what is wrong with them and what to do."""
    try:
        return isinstance(read_settings(inputs, content), Settings)
    except ConfigError as error:
        return bool(error.cause and error.remedy) and len(str(error).split("\n")) == 1


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_no_file_is_another_error(content: bytes) -> None:
    assert settled({}, content)


ODDITIES = (
    "max_turns model - !!int !!bool !!set !!omap !!pairs !!timestamp !!float &a *a << ? { } [ ] '' 0x 1:30 yes | > ---"
)
yaml_bits = st.sampled_from([": ", "\n", *(f"{one} " for one in ODDITIES.split())])


@given(st.lists(yaml_bits, max_size=12).map("".join))
def test_no_oddity_of_yaml_is_another_error(text: str) -> None:
    assert settled({}, text.encode())


@given(st.dictionaries(st.sampled_from([one.name for one in INPUTS]), st.text(min_size=1)))
def test_no_input_is_another_error(inputs: Mapping[str, str]) -> None:
    assert settled(inputs, None)


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


def test_an_unknown_key_below_another_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match=r"regression.hours: there is no such setting \(there are minutes, count\)"):
        read_settings({}, b"regression: {hours: 1}")


def test_inputs_and_outputs_have_each_name_once() -> None:
    for fields in (INPUTS, OUTPUTS):
        names = [one.name for one in fields]
        assert len(set(names)) == len(names)


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


@pytest.mark.parametrize(("text", "on"), [("", False), ("browser: true", True), ("browser: no", False)])
def test_a_browser_is_a_switch(text: str, on: bool) -> None:
    assert settings(text).file.browser is on


def test_a_switch_takes_no_other_value_and_no_other_key_is_one() -> None:
    assert "browser: " in problem("browser: chromium")
    assert "it is no switch" in problem("max_turns: true")
