"""Whatever form a company takes its digest in, it holds the same statements, counts and quotes."""

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from analyzer.digests import as_csv, as_json, content, wording
from analyzer.digests.model import Action, Digest
from analyzer.digests.renderers import FORMS
from analyzer.rows import AnalysedEvent
from tests.analyzer import forms
from tests.analyzer.forms import (
    READERS,
    html_words,
    numbers_after,
    quotes,
    squeezed,
    statements,
    story,
    words_of,
)
from tests.analyzer.stories import NOW, answer, said
from tests.analyzer.test_build import build, crowd

LANGUAGES = ("en", "zh")
every_form = pytest.mark.parametrize("form", FORMS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
@every_form
def test_every_form_makes_the_same_statements(form: str, language: str) -> None:
    """Each label of the digest stands there, with its counts behind it."""
    words = words_of("sample", form, language)
    told = squeezed(words)
    for label, counts in statements(story("sample"), language):
        assert squeezed(label) in told
        near = numbers_after(words, label)
        assert any(set(counts) <= set(numbers) for numbers in near), (label, counts, near)


@every_language
@every_form
def test_every_form_quotes_the_same_words(form: str, language: str) -> None:
    """Verbatim, as often as they stand in the digest, in the same order where a form is read from the top."""
    told = squeezed(words_of("sample", form, language))
    place = 0
    for quote in quotes(story("sample")):
        words = squeezed(quote.text)
        assert words in told
        if form in ("pdf", "xlsx", "csv", "email"):
            place = told.index(words, place)


@every_language
@every_form
def test_every_form_has_its_empty_state(form: str, language: str) -> None:
    """Nobody has answered: each form says so."""
    digest = story("none")
    told = squeezed(words_of("none", form, language))
    assert squeezed(next(statements(digest, language))[0]) in told


@every_language
@every_form
def test_no_form_tells_words_before_their_time(form: str, language: str) -> None:
    """Two answers: counted, and nothing that anybody wrote in any form."""
    told = squeezed(words_of("few", form, language))
    texts = [text for text in forms.typed("few") if len(text) > 8]
    assert texts
    assert not [text for text in texts if squeezed(text) in told]


@every_language
@every_form
def test_one_sentence_for_the_counts_only_is_quoted_nowhere(form: str, language: str) -> None:
    """Readership holds in the page, in every file and in the mail."""
    kept = said(
        "kept", "improve", "Secret remark about the dust.", "safety", "negative", readership="summary"
    )
    own = said("own", "improve", "For the organiser alone.", "safety", "negative", readership="organiser")
    digest = build(*crowd(4), kept, own)
    words = squeezed(READERS[form](forms.render(digest, form, language)))
    assert "secretremark" not in words
    assert "fortheorganiser" not in words
    assert digest.tone.negative == 1


NEAR_WORDS = 120  # letters between a quote and what is told beside it
SAID = ("The press shop is well lit.", "Hoods should stand at the source.")
SPOKEN = {"en": "spoken, written down by the organiser", "zh": "口述，由主办方记录"}


@every_language
@every_form
def test_every_form_says_which_words_were_spoken(form: str, language: str) -> None:
    """Beside each such quote, as praise, criticism and advice; typed ones say nothing."""
    spoken = {"transcribed": True, "sentiment": "negative", "topic": "safety", "suggestion": True}
    digest = build(
        *crowd(4),
        said("s-1", text=SAID[0], transcribed=True, topic="safety"),
        said("s-2", "improve", SAID[1], **spoken),
    )
    raw = forms.render(digest, form, language)
    if form == "json":
        told = [quote["text"] for quote in json.loads(raw)["remarks"] if quote["transcribed"]]
        assert sorted(told) == sorted(SAID)
        return
    words, mark = squeezed(READERS[form](raw)), squeezed(SPOKEN[language])
    shown = quotes(digest) + list(digest.remarks if form in ("csv", "xlsx") else ())
    assert words.count(mark) == sum(quote.transcribed for quote in shown) >= 3
    for text in SAID:
        behind = words[words.index(squeezed(text)) :][:NEAR_WORDS]
        assert mark in behind
    if form == "email":
        assert mark in squeezed(html_words(forms.mail_parts(raw)[1]))


@every_language
@every_form
def test_every_form_says_which_offers_were_spoken(form: str, language: str) -> None:
    """A voice note is no answer to the question about cooperation, yet somebody may offer something in it."""
    typed, spoken = "We could test your alloys.", "We could lend you a spectrometer."
    digest = build(*crowd(4), offering("o-1", typed), offering("o-2", spoken, transcribed=True))
    assert digest.cooperation
    assert {quote.text: quote.transcribed for quote in digest.cooperation.offers} == {
        typed: False,
        spoken: True,
    }
    raw = forms.render(digest, form, language)
    if form == "json":
        offers = json.loads(raw)["cooperation"]["offers"]
        assert [one["text"] for one in offers if one["transcribed"]] == [spoken]
        return
    words, mark = squeezed(READERS[form](raw)), squeezed(SPOKEN[language])
    assert words.count(mark) == words.count(squeezed(spoken)) >= 1
    assert mark in words[words.index(squeezed(spoken)) :][:NEAR_WORDS]


def offering(name: str, text: str, **changed: Any) -> AnalysedEvent:
    """Somebody who may cooperate later offers something without leaving a contact."""
    willing = [answer("cooperate", {"choice": "maybe"})]
    event = said(name, text=text, topic="other", sentiment="neutral", more=willing, **changed)
    [(question, whole)] = event.analyses.items()
    sentences = tuple(replace(sentence, kind="offer") for sentence in whole.sentences)
    return replace(event, analyses={question: replace(whole, sentences=sentences)})


@every_language
@every_form
def test_no_form_calls_typed_words_spoken(form: str, language: str) -> None:
    """Rows from before, and the sample, know of no voice note."""
    assert squeezed(SPOKEN[language]) not in squeezed(words_of("sample", form, language))


@every_language
@every_form
def test_every_form_links_to_the_same_photos(form: str, language: str) -> None:
    """Those that the company may see: each with its number, who sent it, and a link; no other one's."""
    kept = {"p-given": "quote", "p-other": "quote", "p-kept": "organiser"}
    digest = build(*crowd(4), said("r-1", photos=kept, name={"en": "Li Wei", "zh": "李伟"}))
    raw = forms.render(digest, form, language)
    assert forms.links_of(form, raw) >= {forms.photo_place("p-given"), forms.photo_place("p-other")}
    assert not [link for link in forms.links_of(form, raw) if "p-kept" in link]
    if form != "json":
        told = squeezed(READERS[form](raw))
        assert squeezed(wording.say("photo_n", language, n=2)) in told
        assert squeezed(content.said_by(digest.photos[0].attribution, language)) in told


@every_language
@every_form
def test_without_photos_no_form_speaks_of_them(form: str, language: str) -> None:
    """No heading above nothing."""
    words = squeezed(words_of("sample", form, language))
    assert squeezed(wording.say("photo_n", language, n=1)) not in words
    assert squeezed(wording.say("h_photos", language, n="")) not in words
    if form == "xlsx":
        assert wording.say("t_photos", language) not in forms.sheet_titles("sample", language)


@every_language
@every_form
def test_every_form_compares_alike(form: str, language: str) -> None:
    """With the previous visit and with the fair: the same measures and values, to a decimal."""
    words = words_of("sample", form, language)
    found = list(forms.comparisons(story("sample"), language))
    assert {len(values) for _, values in found} == {2, 3}
    for label, values in found:
        near = forms.decimals_after(words, label)
        assert any(all(beside(value, told) for value in values) for told in near), (label, values)


def beside(value: float, told: list[float]) -> bool:
    return any(abs(value - number) <= 0.05 for number in told)


@every_language
@every_form
def test_every_form_says_what_people_corrected(form: str, language: str) -> None:
    """Their words in the place of the software's, who wrote them, and words of one language in both."""
    told = squeezed(words_of("sample", form, language))
    first = {"en": "Wheels that buyers trust", "zh": "轮毂品质获客户信赖"}[language]
    for words in (first, "先控粉尘", "Mr Lin", "Ms Zhao"):
        assert squeezed(words) in told
    assert told.index(squeezed(first)) < told.index(squeezed("先控粉尘"))
    if form != "json":
        assert ("更正" if language == "zh" else "orrected") in words_of("sample", form, language)


@every_language
def test_words_in_another_language_are_marked_as_such(language: str) -> None:
    """So that they are read aloud and drawn right on the English page, and not marked on the Chinese one."""
    page = forms.rendered("sample", "html", language).decode()
    assert ('<span lang="zh-Hans">先控粉尘</span>' in page) == (language == "en")
    assert "轮毂品质获客户信赖" not in page or language == "zh"


def landmarks(digest: Digest, language: str) -> list[str]:
    """Words that stand once in each part of the digest, in the order in which a manager is to read them."""
    first = next(iter(digest.topics))
    assert digest.cooperation
    assert digest.overall
    assert digest.fair
    return [
        wording.headline(digest, language),
        digest.overall.label[language],
        first.label[language],
        digest.praised[0].quotes[0].text,
        digest.criticised[0].quotes[0].text,
        digest.advice[0].items[0].text,
        digest.cooperation.offers[0].text,
        digest.needs[0].label[language],
        digest.fair[0].label[language],
        next(content.notes(digest, language))[1],
    ]


@every_language
@pytest.mark.parametrize("form", ["html", "pdf", "xlsx", "csv", "email"])
def test_every_form_tells_it_in_one_order(form: str, language: str) -> None:
    """Headline, ratings, topics, praise, criticism, advice, offers, needs, comparison, notes."""
    told, place = squeezed(words_of("sample", form, language)), 0
    for landmark in landmarks(story("sample"), language):
        assert squeezed(landmark) in told[place:], landmark
        place = told.index(squeezed(landmark), place) + 1


def test_the_json_keeps_the_same_order() -> None:
    """For who reads it with their own eyes."""
    fields = list(json.loads(forms.rendered("sample", "json", "en")))
    order = (
        *("headline", "responses", "overall", "recommend", "ratings", "topics", "praised", "criticised"),
        *("advice", "cooperation", "needs", "change", "fair", "notes"),
    )
    assert [field for field in fields if field in order] == list(order)


@every_form
def test_the_same_digest_is_the_same_file(form: str) -> None:
    """Byte for byte, or caches and comparisons are useless."""
    again = forms.render(story("sample"), form, "en")
    assert again == forms.rendered("sample", form, "en")


def test_both_languages_hold_the_same_rows() -> None:
    """Counts, quotes and their order are one evidence set."""
    english, chinese = (forms.csv_rows(forms.rendered("sample", "csv", lang)) for lang in LANGUAGES)
    same = ("part", "item", "value", "quote", "lang", "experts", "remarks", "answer", "start", "end", "n")
    assert [[row[c] for c in same] for row in english] == [[row[c] for c in same] for row in chinese]


def hostile() -> Digest:
    """Quotes that a spreadsheet would run."""
    texts = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1")
    return build(*[said(f"h-{i}", text=text, suggestion=True) for i, text in enumerate(texts)])


def test_no_cell_of_a_csv_is_a_formula() -> None:
    """An apostrophe makes text of it; the JSON keeps the words as typed."""
    rows = forms.csv_rows(as_csv.render(hostile(), "en"))
    cells = [cell for row in rows for cell in row.values()]
    assert "'=cmd|' /C calc'!A0" in cells
    assert [cell for cell in cells if cell.startswith(as_csv.FORMULA)] == []
    assert "=cmd|" in as_json.render(hostile())


def test_a_csv_may_begin_with_a_byte_order_mark() -> None:
    """Excel needs it to read Chinese; other programs must not get it unasked."""
    digest = story("sample")
    plain, marked = as_csv.render(digest, "zh"), as_csv.render(digest, "zh", bom=True)
    assert marked == as_csv.BOM + plain
    assert not plain.startswith(as_csv.BOM)


def test_actions_and_corrections_are_told(everything_told: Digest) -> None:
    """What the company wrote about an item stands beside it."""
    for form in ("csv", "xlsx"):
        words = READERS[form](forms.render(everything_told, form, "en"))
        assert "Ms Zhao" in words
        assert "started" in words


def test_the_json_is_what_its_schema_says() -> None:
    """For programs: what it promises is there, and nothing is there that it does not name."""
    schema = json.loads(forms.SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator(closed(schema), format_checker=FormatChecker())
    for name in forms.SIZES:
        written = json.loads(forms.rendered(name, "json", "en"))
        assert [error.message for error in checker.iter_errors(written)] == []
    assert set(json.loads(forms.rendered("sample", "json", "en"))) == set(schema["properties"])
    broken = {**as_json.document(story("sample")), "topics": None}
    assert list(checker.iter_errors(broken))


def closed(schema: Any) -> Any:
    """The same schema, where a field without a description is an error."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(part) for key, part in schema.items()}
    return {"additionalProperties": False, **inner} if "properties" in schema else inner


@pytest.fixture
def everything_told() -> Digest:
    """A digest whose first advice somebody has taken on."""
    digest = build(
        *[said(f"a-{i}", "improve", "Add dust hoods.", "safety", suggestion=True) for i in range(4)]
    )
    [advice, *_] = digest.advice
    item = replace(advice.items[0], id="i-1")
    action = Action("Ms Zhao", "2026-12-31", "started", "Ordered.", "company", "Ms Zhao", NOW)
    advice = replace(advice, items=(item, *advice.items[1:]))
    return replace(digest, advice=(advice,), actions={"i-1": action})
