"""Whatever form a company takes its digest in, it holds the same statements, counts and quotes."""

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from analyzer.digests import as_csv, as_json, content, wording
from analyzer.digests.model import Action, Digest
from analyzer.digests.renderers import FORMS
from tests.analyzer import forms
from tests.analyzer.forms import READERS, numbers_after, quotes, squeezed, statements, story, words_of
from tests.analyzer.stories import NOW, said
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
    """docs/digest.schema.json is for the programs of companies; it must not promise what is not there."""
    schema = json.loads(forms.SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    for name in ("sample", "few", "none"):
        assert [error.message for error in checker.iter_errors(as_json.document(story(name)))] == []
    assert set(as_json.document(story("sample"))) == set(schema["properties"])
    broken = {**as_json.document(story("sample")), "topics": None}
    assert list(checker.iter_errors(broken))


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
