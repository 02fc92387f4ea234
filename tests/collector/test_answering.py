"""Promises about answers: what fits is kept in one spelling, what does not is said with how to fix it."""

import json
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.answering import check_answers
from collector.errors import BadAnswers
from tests.collector.builders import (
    ANSWERS,
    CONSENT,
    SCALE,
    answers,
    checked,
    label,
    question,
    questionnaire,
    refused,
    site_visit,
)

OTHER = [
    {"id": "a", "label": label()},
    {"id": "b", "label": label()},
    {"id": "other", "label": label(), "text": True},
]


def kept(raw, **asked):
    """What is kept of one answer to one question."""
    taken = checked({"q": raw}, {"use": True}, of=questionnaire(question(**asked)))
    return taken.answers.get("q")


def code(raw, **asked):
    """{pointer: code} of what is wrong with one answer to one question."""
    found = refused({"q": raw}, {"use": True}, of=questionnaire(question(**asked)))
    return {pointer: error.code for pointer, error in found.items()}


def test_a_complete_response_is_taken():
    """The happy path: everything in the questionnaire's order, choices as objects."""
    taken = checked()
    assert list(taken.answers) == list(ANSWERS)
    assert taken.answers["cooperate"] == {"choice": "yes"}
    assert taken.answers["cooperation_forms"] == {"choices": ["joint_rd", "testing"]}
    assert taken.consent == CONSENT
    assert taken.language == "zh"


def test_only_what_is_required_is_enough():
    """Volunteers who are forced leave."""
    few = {name: ANSWERS[name] for name in ("overall", "aspects", "recommend")} | {"cooperate": "no"}
    assert list(checked(few, {"use": False}).answers) == ["overall", "aspects", "recommend", "cooperate"]


def test_what_is_missing_is_said_in_both_languages():
    """The words beside the question tell what to do."""
    found = refused(answers("recommend"))
    assert found["/answers/recommend"].code == "required"
    assert found["/answers/recommend"].detail == {
        "en": "Choose a number from 0 to 10",
        "zh": "请选择 0 到 10 之间的一个数字",
    }


def test_every_error_comes_at_once():
    """Nobody sends a form five times to learn of five mistakes."""
    found = refused({}, {})
    required = ["overall", "aspects", "recommend", "cooperate"]
    assert list(found) == [*(f"/answers/{name}" for name in required), "/consent/use"]


@pytest.mark.parametrize("raw", [1, 5])
def test_a_rating_takes_the_ends_of_its_scale(raw):
    """Both ends count."""
    assert kept(raw, type="rating", scale=SCALE) == raw


@pytest.mark.parametrize(
    "raw", [0, 6, -1, 10**400, 3.0, 3.5, "3", True, False, [], {}, "opt_out", float("nan")]
)
def test_a_rating_takes_nothing_else(raw):
    """True is not 1, "3" is not 3, and a scale without a way out has none."""
    assert list(code(raw, type="rating", scale=SCALE)) == ["/answers/q"]


def test_the_way_out_is_an_answer_where_it_is_offered():
    """ "Did not see" is not a refusal to answer."""
    scale = {**SCALE, "opt_out": label("Did not see", "没看到")}
    assert kept("opt_out", type="rating", scale=scale, required=True) == "opt_out"


def test_the_way_out_is_offered_in_its_own_words():
    """The hint names every way to answer."""
    found = refused(answers(aspects={**ANSWERS["aspects"], "safety": 9}))
    assert found["/answers/aspects/safety"].detail == {
        "en": "Choose a number from 1 to 5, or “Did not see”",
        "zh": "请选择 1 到 5 之间的一个数字，或选“没看到”",
    }


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("a", {"choice": "a"}),
        ({"choice": "a"}, {"choice": "a"}),
        ({"choice": "other", "text": " own  words "}, {"choice": "other", "text": "own words"}),
        ({"choice": "other"}, {"choice": "other"}),
        ({"choice": "other", "text": ""}, {"choice": "other"}),
        ({"choice": "a", "text": " "}, {"choice": "a"}),
        ("", None),
        (None, None),
        ({"choice": None}, None),
    ],
)
def test_a_single_choice_is_kept_in_one_spelling(raw, stored):
    """Readers need to know one shape only."""
    assert kept(raw, type="single_choice", choices=OTHER) == stored


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("c", {"/answers/q": "unknown_choice"}),
        (1, {"/answers/q": "unknown_choice"}),
        (["a"], {"/answers/q": "unknown_choice"}),
        ({"choice": ["a"]}, {"/answers/q": "unknown_choice"}),
        ({"choices": ["a"]}, {"/answers/q": "unknown_field"}),
        ({"choice": "a", "text": "words"}, {"/answers/q/text": "words_without_choice"}),
        ({"choice": "other", "text": 5}, {"/answers/q/text": "not_text"}),
        ({"choice": "other", "text": "x" * 201}, {"/answers/q/text": "too_long"}),
    ],
)
def test_a_single_choice_takes_nothing_else(raw, found):
    """Also not an object where a word is due."""
    assert code(raw, type="single_choice", choices=OTHER) == found


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        (["b", "a", "b"], {"choices": ["a", "b"]}),
        ({"choices": ["other"], "text": "氢"}, {"choices": ["other"], "text": "氢"}),
        ([], None),
        ({"choices": []}, None),
    ],
)
def test_multiple_choices_are_kept_in_the_questionnaires_order(raw, stored):
    """The same choices are the same answer, in whatever order they were tapped."""
    assert kept(raw, type="multiple_choice", choices=OTHER) == stored


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("a", {"/answers/q": "not_a_list"}),
        ({"a": True}, {"/answers/q": "unknown_field"}),
        ([1], {"/answers/q": "not_a_list"}),
        ([["a"]], {"/answers/q": "not_a_list"}),
        (["a"] * 101, {"/answers/q": "not_a_list"}),
        (["a", "c"], {"/answers/q": "unknown_choice"}),
        ({"choices": ["a"], "text": "words"}, {"/answers/q/text": "words_without_choice"}),
    ],
)
def test_multiple_choices_take_nothing_else(raw, found):
    """Hostile shapes get an answer, not a crash."""
    assert code(raw, type="multiple_choice", choices=OTHER) == found


MATRIX = {
    "type": "matrix",
    "scale": SCALE,
    "items": [{"id": "x", "label": label()}, {"id": "y", "label": label()}],
}


def test_a_required_matrix_wants_every_row():
    """The error stands at the row, not at the table."""
    assert code({"x": 4}, **MATRIX, required=True) == {"/answers/q/y": "required"}


def test_an_optional_matrix_takes_some_rows():
    """What was rated counts; null is no answer."""
    assert kept({"y": 4, "x": None}, **MATRIX) == {"y": 4}
    assert kept({}, **MATRIX) is None


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ([4, 5], {"/answers/q": "not_an_object"}),
        ({"z": 4}, {"/answers/q": "unknown_item"}),
        ({"x": "4"}, {"/answers/q/x": "not_a_number"}),
        ({"x": {}}, {"/answers/q/x": "not_a_number"}),
    ],
)
def test_a_matrix_takes_nothing_else(raw, found):
    """Each row is a rating of its own."""
    assert code(raw, **MATRIX) == found


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  两侧空白  ", "两侧空白"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("nul\x00 bell\x07 tab\t", "nul bell tab"),
        ("half \ud83d pair", "half  pair"),
        ("e\u0301", "é"),
        ("\u202a+86 000\u202c", "+86 000"),
        ("👩\u200d🔬 很好", "👩\u200d🔬 很好"),
        ("\n \t\u3000", None),
        ("", None),
    ],
)
def test_text_is_made_safe_and_kept_whole(raw, stored):
    """No byte that a database refuses, no mark that turns a digest round, and no lost emoji."""
    assert kept(raw) == stored


def test_length_is_counted_in_characters():
    """A Chinese character or an emoji is one, as the counter beside the field shows."""
    assert kept("镁" * 600) == "镁" * 600
    assert code("镁" * 601) == {"/answers/q": "too_long"}


def test_a_text_that_is_too_long_is_told_by_how_much():
    """Nobody counts characters by hand."""
    found = refused(answers(improve="x" * 650))
    assert found["/answers/improve"].detail["en"] == "Shorten your text to 600 characters; it has 650"
    assert found["/answers/improve"].detail["zh"] == "请将文字缩短到 600 字以内（现有 650 字）"


@pytest.mark.parametrize("raw", [5, True, ["x"], {"text": "x"}, "x" * 1_000_000])
def test_text_takes_nothing_else(raw):
    """Also not a megabyte."""
    assert list(code(raw)) == ["/answers/q"]


def test_contact_that_is_not_agreed_drops_what_was_typed():
    """A change of mind leaves no address behind."""
    raw = {"agreed": False, "name": "Sample", "email": "not an address"}
    assert kept(raw, type="contact", role="contact") == {"agreed": False}


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (True, {"/answers/q": "not_agreed"}),
        ({"email": "a@example.org"}, {"/answers/q": "not_agreed"}),
        ({"agreed": 1, "phone": "1"}, {"/answers/q": "not_agreed"}),
        ({"agreed": True}, {"/answers/q/email": "required"}),
        ({"agreed": True, "name": "Sample"}, {"/answers/q/email": "required"}),
        ({"agreed": True, "email": "nowhere"}, {"/answers/q/email": "bad_email"}),
        ({"agreed": True, "phone": ["1"]}, {"/answers/q/phone": "not_text"}),
        ({"agreed": True, "phone": "1", "fax": "2"}, {"/answers/q": "unknown_field"}),
    ],
)
def test_contact_can_be_used_or_is_refused(raw, found):
    """ "You may contact me" without a way to do so helps nobody."""
    assert code(raw, type="contact", role="contact") == found


def test_hidden_answers_are_dropped_whatever_they_are():
    """Who changes "yes" to "no" has taken back what was typed below it."""
    taken = checked(answers(cooperate="no", cooperation_forms=["nonsense"], offer=5))
    assert not {"cooperation_forms", "offer", "contact"} & set(taken.answers)


def test_a_wrong_answer_counts_as_none_for_the_questions_below():
    """One mistake gives one error, not one for every question that hangs on it."""
    assert list(refused(answers(cooperate="perhaps", cooperation_forms=["nonsense"]))) == [
        "/answers/cooperate"
    ]


def test_an_unknown_question_is_refused():
    """A typing mistake in a client must not lose an answer silently."""
    found = refused(answers(imrpove="x"))
    assert found["/answers/imrpove"].code == "unknown_question"


def test_consent_is_not_an_answer():
    """It is asked for in an object of its own."""
    assert list(refused(answers(use=True))) == ["/answers/use"]


def test_the_names_of_strangers_are_made_safe():
    """A hostile key cannot break the pointer, and a flood of them gives a short reply."""
    found = refused(answers(**{"a/b~c\x00\ud800": 1, "x" * 5000: 2}))
    assert "/answers/a~1b~0c" in found
    assert max(map(len, found)) < 100
    assert len(refused(answers(**{f"k{n}": n for n in range(5000)}))) == 20


@pytest.mark.parametrize("raw", [1, "yes", "true", [True], {}])
def test_consent_is_yes_or_no(raw):
    """Consent is never guessed from something that looks like it."""
    assert refused(ANSWERS, {"use": raw})["/consent/use"].code == "not_yes_or_no"


@pytest.mark.parametrize("raw", [[], "x", 5, True])
@pytest.mark.parametrize("name", ["answers", "consent", "readership"])
def test_a_group_that_is_none_is_refused(name, raw):
    """The body's parts are objects."""
    parts = {"answers": ANSWERS, "consent": CONSENT, "readership": {}, "language": "en"} | {name: raw}
    assert refused(*parts.values())[f"/{name}"].code == "not_an_object"


@pytest.mark.parametrize("language", ["fr", None, 5, ["en"]])
def test_an_unknown_language_is_refused(language):
    """The digest counts by language."""
    assert "/language" in refused(language=language)


@pytest.mark.parametrize(
    ("consent", "chosen", "improve", "overall"),
    [
        ({"use": True, "quote": True}, None, "quote", "quote"),
        ({"use": True, "quote": False}, None, "summary", "quote"),
        ({"use": True}, None, "summary", "quote"),
        ({"use": False, "quote": True}, None, "organiser", "organiser"),
        ({"use": True, "quote": True}, "summary", "summary", "quote"),
        ({"use": True, "quote": True}, "organiser", "organiser", "quote"),
        ({"use": True, "quote": False}, "quote", "summary", "quote"),
        ({"use": True, "quote": False}, "organiser", "organiser", "quote"),
    ],
)
def test_the_narrowest_wish_holds(consent, chosen, improve, overall):
    """No setting can widen what another one has closed."""
    taken = checked(ANSWERS, consent, {"improve": chosen} if chosen else None)
    assert (taken.readership["improve"], taken.readership["overall"]) == (improve, overall)


def test_words_beside_other_are_words_too():
    """Without consent to quote, nobody at the company reads them."""
    seen = {"choices": ["other"], "text": "the gate"}
    assert checked(answers(seen=seen), {"use": True}).readership["seen"] == "summary"
    assert checked(answers(seen=["lines"]), {"use": True}).readership["seen"] == "quote"


@pytest.mark.parametrize(
    "readership", [{"improve": "everybody"}, {"improve": ["quote"]}, {"overall": "quote"}]
)
def test_an_unknown_reader_is_refused(readership):
    """Only what the question offers, and only for texts."""
    assert len(refused(ANSWERS, CONSENT, readership)) == 1


def test_the_readers_on_offer_are_told_in_the_words_of_the_form():
    """No expert knows what "summary" stands for inside."""
    error = refused(ANSWERS, CONSENT, {"improve": "everybody"})["/readership/improve"]
    assert error.detail == {
        "en": "Choose “The company, word for word” or “Only counted in a summary” or “Only the organisers”",
        "zh": "请选择“企业可见原文”或“仅计入汇总”或“仅组委会可见”",
    }
    photo = {"id": str(uuid4()), "readership": "everybody"}
    with pytest.raises(BadAnswers) as wrong:
        check_answers(VISIT, ANSWERS, CONSENT, {}, "en", [photo])
    [error] = wrong.value.errors
    assert error.detail["en"] == "Choose “Only the organisers” or “The company too”"


def test_checking_again_changes_nothing():
    """What is stored can be sent again from the edit form."""
    taken = checked()
    assert checked(dict(taken.answers), dict(taken.consent)).answers == taken.answers


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
IDS = [asked.id for asked in site_visit().questions]
VISIT = site_visit()


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from(IDS), JSON, max_size=6) | JSON,
    JSON,
    JSON,
    st.sampled_from(["en", "zh", 1]),
)
def test_any_json_is_taken_or_refused(raw, consent, readership, language):
    """Whatever is sent, the answer is a decision in words that JSON in UTF-8 can carry."""
    try:
        taken = check_answers(VISIT, raw, consent, readership, language)
        json.dumps(taken.answers, ensure_ascii=False).encode("utf-8")
    except BadAnswers as error:
        for one in error.errors:
            f"{one.pointer}{one.code}{one.detail['en']}{one.detail['zh']}".encode()
