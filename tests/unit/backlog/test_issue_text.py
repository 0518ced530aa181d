"""A feature becomes an issue's title and body and is read back whole; nothing that people write is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.issue_facts import Facts, read_facts, write_facts
from autocoder_action.backlog.issue_labels import MOST, categories, category_label, labels_of, short
from autocoder_action.backlog.issue_text import read, words_of
from autocoder_action.backlog.quiet import keep_marks, unhush
from autocoder_action.backlog.text import DESCRIPTION, NAME, STEP
from autocoder_action.publish.issue_body import TITLE_LIMIT, write_body, write_title
from autocoder_action.publish.outgoing import BODY_LIMIT, plain
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, backlogs

_PIECES = (
    "@me", "#123", "closes #3", "octo/app#7", "<!-- autocoder:steps -->", "<!-- autocoder:state x -->", "-->",
    "<!-- autocoder:feature x project=y id=1 -->", "<b>", "&lt;", "&#64;me", "&amp;", "```", "~~~~", "````py", "/run",
    "  /run", "### Steps", "Priority: 9", "- [ ] item", "- [x] item", "* x", "1. x", "\u200b", "@\u200bme", "\u200b/x",
    "שלום", "书签", "🙂", "👩‍👩‍👧", "é", "\n", "\n\n", " ", "\t", "F1", "F12 x",
    "|", "`", "\\", "#", "@", "<", "&", "-",
)  # fmt: skip
nasty = st.lists(st.sampled_from(_PIECES) | st.text("ab#@<&/- \n", max_size=5), min_size=1, max_size=12).map("".join)


def texts(most: int) -> st.SearchStrategy[str]:
    """Draw texts that no validation would refuse for their length or emptiness."""
    return nasty.map(lambda text: text[:most]).filter(lambda text: bool(text.strip()))


features = st.builds(
    Feature,
    id=st.integers(1, 99_999),
    uid=st.sampled_from(["add-tags", "f-94b8975c"]),
    name=texts(NAME),
    category=st.sampled_from(["cli", "Äpfel", "x" * 60]),
    description=texts(DESCRIPTION),
    steps=st.lists(texts(STEP), min_size=1, max_size=4).map(tuple),
    priority=st.integers(0, 1_000_000),
    status=st.sampled_from(Status),
    created_at=st.just(NOW),
    updated_at=st.just(NOW),
)


def written(feature: Feature, state: str = "### State\n\n**pending**", facts: str = '{"a": "-->"}') -> str:
    """Return the body of a feature's issue."""
    return write_body(feature, project="root", state=state, facts=facts)


@given(nasty)
def test_marks_are_taken_out_without_loss(text: str) -> None:
    marked = "".join(f"{one}\u200b" for one in keep_marks(text).replace("\u200b\u2060", "\0")).replace(
        "\0", "\u200b\u2060"
    )
    assert unhush(marked) == text


@given(features, nasty)
def test_what_was_written_is_read_back(feature: Feature, state: str) -> None:
    text = read(write_title(feature), written(feature, plain(state)))
    assert text.words == words_of(feature)
    assert (text.marker and text.marker.uid, text.marker and text.marker.id) == (feature.uid, feature.id)
    assert not text.broken
    assert text.facts is not None


@given(features)
def test_the_ends_of_lines_do_not_matter(feature: Feature) -> None:
    text = read(write_title(feature), written(feature).replace("\n", "\r\n"))
    assert text.words == words_of(feature)
    assert not text.broken


@given(nasty, nasty)
def test_any_text_is_read(title: str, body: str) -> None:
    text = read(title, body)
    assert text.words.description or not text.broken or not unhush(body).strip() or "<!--" in body


@pytest.mark.parametrize("sign", ["#", "@", "-", "<", "🙂"])
def test_the_longest_texts_fit_into_title_and_body(sign: str) -> None:
    long = Feature(
        id=1_000_000, uid="x" * 80, name=(sign + "a") * 60, category="c", description=sign * DESCRIPTION,
        steps=(sign * STEP,) * 50, priority=1, created_at=NOW, updated_at=NOW, check=sign * 1_000,
        skip_reason="-" * 2_000,
    )  # fmt: skip
    body = written(long, "x\n" * 40_000, write_facts(long, Backlog()))
    assert len(write_title(long)) <= TITLE_LIMIT
    assert len(body) <= BODY_LIMIT
    assert read(write_title(long), body).words == words_of(long)


@pytest.mark.parametrize("sign", ["x", "ü", "🙂"])
def test_what_is_ours_is_cut_by_bytes_and_says_so(sign: str) -> None:
    feature = a_backlog(a_draft("Add")).features[0]
    body = written(feature, f"{sign * 50}\n" * 5_000)
    assert BODY_LIMIT - 300 < len(body.encode()) <= BODY_LIMIT
    assert body.count("(cut: the whole is in FEATURES.md)") == 1
    assert read("F1 Add", body).facts == '{"a": "-\\u002d>"}'


def test_a_ticked_box_says_that_it_passes_and_changes_no_step() -> None:
    feature = a_backlog(a_draft("Add")).features[0]
    assert "- [x] Look." in written(feature.replace(status=Status.PASSING))
    assert read("F1 Add", written(feature).replace("[ ]", "[x]")).words.steps == ("Look.",)


def test_steps_and_priority_that_a_person_edits_are_read() -> None:
    feature = a_backlog(a_draft("Add")).features[0]
    body = written(feature).replace("- [ ] Look.", "* Look.\n2. And listen.\n- [ ] Then @ann says so.")
    text = read("Add bookmarks", body.replace("Priority: 1", "**Priority:** 7"))
    assert text.words.steps == ("Look.", "And listen.", "Then @ann says so.")
    assert (text.words.name, text.words.priority) == ("Add bookmarks", 7)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("<!-- autocoder:steps -->", "Look."),
        ("<!-- autocoder:feature add project=root id=1 -->", "Add, whole."),
        ("### Steps\n\n- [ ] Look.", "Add, whole."),
    ],
)
def test_a_broken_form_loses_nothing(line: str, kept: str) -> None:
    feature = a_backlog(a_draft("Add")).features[0]
    text = read("F1 Add", written(feature).replace(line, "My own words."))
    assert text.broken
    assert "My own words." in text.words.description
    assert kept in text.words.description
    assert "autocoder:" not in text.words.description


def test_text_between_the_steps_joins_the_description() -> None:
    feature = a_backlog(a_draft("Add")).features[0]
    text = read("F1 Add", written(feature).replace("- [ ] Look.", "- [ ] Look.\n\nMind the rain."))
    assert (text.broken, text.words.steps) == (True, ("Look.",))
    assert text.words.description == "Add, whole.\n\nMind the rain."


def test_a_block_of_code_that_is_left_open_swallows_nothing() -> None:
    feature = a_backlog(a_draft("Add")).features[0].replace(description="Run:\n```sh\nadd #3")
    body = written(feature)
    assert body.index("\n```\n") < body.index("### Steps")
    assert read("F1 Add", body).words.description == feature.description


@given(backlogs(), st.integers(0, 30))
def test_facts_are_read_back(backlog: Backlog, place: int) -> None:
    for feature in backlog.features[place : place + 1]:
        body = write_body(feature, project="root", state="", facts=write_facts(feature, backlog))
        facts = read_facts(read("", body).facts)
        needs = tuple(sorted(found.uid for one in feature.depends_on if (found := backlog.get(one))))
        assert facts == Facts(
            category=feature.category, status=feature.status, needs=needs, check=feature.check, proof=feature.proof,
            built=feature.built, regressed=feature.regressed, attempts=feature.attempts,
            skip_reason=feature.skip_reason, created_at=feature.created_at,
        )  # fmt: skip


_FACTS = '{"category": "general", "status": "passing", "needs": [], "created_at": 1, "proof": %s}'


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "{}", "{", "[]", '{"status": "great"}'),
        *(_FACTS % proof for proof in ("7", "{}", '{"login": "ada", "at": true}', '{"login": 1, "at": 1}')),
        _FACTS % '{"command": "c", "exit_code": 0, "duration_ms": 1, "at": 1, "run": "1-1", "session": "s"}',
    ],
)
def test_damaged_facts_are_none(text: str | None) -> None:
    assert read_facts(text) is None


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_labels_are_short_and_stay_apart(one: str, other: str) -> None:
    assert len(short(one).encode("utf-16-le", "surrogatepass")) <= 2 * MOST
    assert (short(one) == short(other)) == (one == other) or len(one) <= MOST or len(other) <= MOST
    assert short(short(one)) == short(one)


def test_a_shortened_category_is_recognised() -> None:
    long = "Everything about the import of bookmarks from other browsers"
    feature = a_backlog(a_draft("Add")).features[0].replace(category=long)
    assert category_label(long) in labels_of(feature)
    assert list(categories(labels_of(feature), [long]).values()) == [long]
