"""Promises about questionnaire files: data that is complete, or refused with file, line and field."""

import json
from pathlib import Path

import pytest

from collector.questionnaire import Questionnaire, load_questionnaire
from collector.questionnaire_checks import check_document
from tests.collector.builders import SCALE, document, label, problems_of, question, questionnaire, site_visit

GOOD = """\
# A comment may say anything.
id: short
title: {en: Short, zh: 短问卷}
sections:
  - id: only
    title: {en: Only, zh: 唯一}
    questions:
      - id: overall
        type: rating
        role: overall
        label:
          en: How good?
          zh: 怎么样？
        scale: {min: 1, max: 5, low: {en: Poor, zh: 较差}, high: {en: Excellent, zh: 优秀}}
      - {id: use, type: consent, role: consent_use, required: true, label: {en: Use, zh: 使用}}
"""


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    content = GOOD
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    (folder / "q.yaml").write_text(content, encoding="utf-8")
    return folder / "q.yaml"


def mistakes(*questions: dict, **more) -> list[tuple[str, str]]:
    found = check_document(document(*questions, **more))
    return [(".".join(map(str, one.path)), one.problem) for one in found]


def test_the_built_in_questionnaire_is_the_one_that_analysis_expects():
    """Ids, types and roles are a contract with the digest."""
    asked = [(q.id, q.type, q.role) for q in site_visit().questions]
    assert asked == [
        ("overall", "rating", "overall"),
        ("aspects", "matrix", "aspects"),
        ("recommend", "nps", "recommend"),
        ("impressed", "text", "impressed"),
        ("improve", "text", "improve"),
        ("outlook", "text", "outlook"),
        ("seen", "multiple_choice", "seen"),
        ("cooperate", "single_choice", "cooperation"),
        ("cooperation_forms", "multiple_choice", "cooperation_forms"),
        ("offer", "text", "cooperation_offer"),
        ("visit_organisation", "rating", "visit_organisation"),
        ("contact", "contact", "contact"),
        ("use", "consent", "consent_use"),
        ("quote", "consent", "consent_quote"),
        ("named", "consent", "consent_named"),
    ]


def test_the_database_gives_back_the_same_questionnaire():
    """The document survives a round trip through JSON with its version."""
    loaded = site_visit()
    assert Questionnaire.from_document(json.loads(json.dumps(loaded.document))) == loaded


def test_the_version_follows_the_words_and_not_the_layout(tmp_path):
    """A comment makes no new version; a changed word does."""
    first = load_questionnaire(written(tmp_path)).version
    again = load_questionnaire(written(tmp_path, ("# A comment may say anything.", "# Another."))).version
    other = load_questionnaire(written(tmp_path, ("How good?", "How very good?"))).version
    assert first == again
    assert other != first


def test_yes_and_no_are_words(tmp_path):
    """YAML 1.1 turned `yes` into true; an answer's id must stay what was written."""
    cooperate = site_visit().question("cooperate")
    assert [choice.id for choice in cooperate.choices] == ["yes", "maybe", "no"]


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("          zh: 怎么样？\n", "", 11, "sections[only].questions[overall].label.zh", "is missing"),
        ("zh: 怎么样？", "zh: ' '", 13, "sections[only].questions[overall].label.zh", "is empty"),
        ("zh: 怎么样？", "zh: 5", 13, "sections[only].questions[overall].label.zh", "must be text"),
        ("high: {en: Excellent, zh: 优秀}", "high: {en: Excellent}", 14, "…scale.high.zh", "is missing"),
        ("type: rating", "type: stars", 9, "…type", "unknown: stars"),
        ("role: overall", "role: grade", 10, "…role", "unknown: grade"),
        ("role: overall", "role: recommend", 10, "…role", "recommend fits nps, not rating"),
        ("id: use", "id: overall", 15, "…id", "overall is already the id"),
        ("min: 1", "min: 5", 14, "…scale", "must be below max"),
        ("min: 1", "min: one", 14, "…scale.min", "must be a whole number"),
        ("max: 5", "max: 50", 14, "…scale.max", "must be from 1 to 10"),
        ("role: overall", "rule: overall", 10, "…rule", "not a field that belongs here"),
        ("id: short", "id: Short Name", 2, "id", "small letters"),
        ("required: true", "required: 'yes'", 15, "…required", "must be true or false"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, old, new, line, field, problem):
    """Whoever wrote the file finds the place without help."""
    found = problems_of(lambda: load_questionnaire(written(tmp_path, (old, new))))
    matching = [one for one in found if problem in one[2]]
    assert len(matching) == 1, found
    assert matching[0][0] == line
    assert matching[0][1].endswith(field.removeprefix("…"))


def test_all_mistakes_come_at_once(tmp_path):
    """A file is put right in one go, top to bottom."""
    path = written(tmp_path, ("type: rating", "type: stars"), ("zh: 短问卷", "zh: ''"), ("id: use", "id: U"))
    assert [line for line, _, _ in problems_of(lambda: load_questionnaire(path))] == [3, 9, 15]


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"", None, "empty"),
        (b"- a\n- b\n", 1, "must consist of fields"),
        (b"id: a\ntitle: [1, 2\nsections: x\n", 3, "not valid YAML"),
        (b"id: a\nid: b\n", 2, "duplicate key"),
        (b"id: a\ntitle: \xff\n", 2, "UTF-8"),
        (
            b"a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + b"".join(b"%c: &%c [%s]\n" % (c, c, b", ".join([b"*%c" % (c - 1)] * 10)) for c in b"bcdefgh"),
            None,
            "too large",
        ),
    ],
    ids=["empty", "list", "syntax", "key-twice", "encoding", "aliases-that-multiply"],
)
def test_a_file_that_is_no_questionnaire_is_refused(tmp_path, content, line, problem):
    """Nothing that stands in a file can bring the collector down."""
    (tmp_path / "q.yaml").write_bytes(content)
    (found,) = problems_of(lambda: load_questionnaire(tmp_path / "q.yaml"))
    assert found[0] == line
    assert problem in found[2]


def test_an_alias_of_itself_has_an_end(tmp_path):
    """A loop in the file is a mistake like any other."""
    (tmp_path / "q.yaml").write_text("id: a\ntitle: &a [*a]\n")
    found = problems_of(lambda: load_questionnaire(tmp_path / "q.yaml"))
    assert (2, "title", "must be a group of fields (name: value)") in found


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    """A mistyped path is not a bug."""
    (found,) = problems_of(lambda: load_questionnaire(tmp_path / "none.yaml"))
    assert found == (None, "", "cannot be read: No such file or directory")


def test_a_tag_runs_nothing(tmp_path):
    """A YAML file is data: a Python tag is at most text."""
    path = written(tmp_path, ("en: How good?", "en: !!python/object/apply:os.getcwd []"))
    assert any("must be text" in problem for _, _, problem in problems_of(lambda: load_questionnaire(path)))


def test_nothing_is_used_unasked():
    """A questionnaire without the question for consent is refused."""
    assert mistakes(question(), consent=False) == [
        ("sections", "no question has the role consent_use: nothing may be used unasked")
    ]


def test_a_rule_may_not_point_forward():
    """The form asks from top to bottom."""
    early = question("a", show_if={"question": "b", "answered": True})
    assert mistakes(early, question("b")) == [
        ("sections.0.questions.0.show_if.question", "b is not the id of an earlier question")
    ]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (question(type="rating"), "is missing: a rating question needs it"),
        (question(type="single_choice"), "is missing: a single_choice question needs it"),
        (question(type="matrix", scale=SCALE), "is missing: a matrix question needs it"),
        (question(type="text", scale=SCALE), "does not belong to a text question"),
        (
            question(type="contact", role="contact", readership=["quote"]),
            "does not belong to a contact question",
        ),
        (
            question(type="nps", scale={**SCALE, "min": 1, "max": 5}),
            "an nps question always goes from 0 to 10",
        ),
        (
            question(type="single_choice", choices=[{"id": "a", "label": label()}] * 2),
            "a is already the id of another choice",
        ),
    ],
)
def test_a_question_has_what_its_type_needs_and_no_more(asked, problem):
    """A field in the wrong place is a misunderstanding, not a detail."""
    assert [found for _, found in mistakes(asked)] == [problem]


def test_defaults_are_what_the_manual_says():
    """600 characters, optional, the expert chooses among all three kinds of reader."""
    (asked, _) = questionnaire(question()).questions
    assert (asked.max_length, asked.required, asked.role) == (600, False, "other")
    assert asked.readership == ("quote", "summary", "organiser")
