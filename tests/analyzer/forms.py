"""One digest in all its forms, and what each form must say: read back with other people's libraries.

`statements` and `quotes` walk the content once; a reader gives the words of a form, whose spaces say
nothing, because paper breaks lines where it likes.
"""

import csv
import email
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from email.policy import default
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

from openpyxl import load_workbook
from pypdf import PdfReader

from analyzer.digests import wording
from analyzer.digests.build import build_digest
from analyzer.digests.comparing import Background, Previous
from analyzer.digests.model import Action, CorrectedStatement, Digest, Need, Quote
from analyzer.digests.renderers import FORMS, Place
from analyzer.digests.statements import Statement
from analyzer.digests.statements import statements as named_statements
from analyzer.errors import CannotRender
from analyzer.messages import ResponseSubmitted
from analyzer.naming import topic_labels
from tests import services
from tests.analyzer.samples import sample_visit
from tests.analyzer.stories import NOW
from tests.analyzer.test_build import rows, visit

SCHEMA = Path(__file__).resolve().parents[2] / "analyzer" / "schemas" / "digest.v1.json"
VISIT = "ruige-1124"
DUST = Need("dust", {"en": "Dust at the source", "zh": "从源头控尘"}, None, ("dust", "粉尘", "镁粉"))
SIZES = {"sample": None, "few": 2, "none": 0}  # responses; None: all of them
BEFORE = {"overall": (12, 36), "recommend": (12, 60), "safety": (12, 48), "production_process": (12, 45)}
FAIR = [dict.fromkeys(BEFORE, (n, n * mean)) for n, mean in ((3, 2), (5, 3), (9, 4), (40, 3), (6, 5))]
FAIR_OF_MAY = {"en": "12th Yuncheng fair", "zh": "第十二届运城产学研交流会"}
MAY = NOW - timedelta(days=190)
NEAR = 400  # characters in which the counts of a statement follow its label
LINK = "https://digests.example.org/d/token"
ADDRESS = re.compile(r"https?://[^\s\"'<>,]+")
FOOTER = re.compile(r"^.*\n?\d+ / \d+\s*$", re.MULTILINE)


@lru_cache(maxsize=8)
def story(name: str) -> Digest:
    """sample: the visit of the sample fair, with a past, a fair and people's own words.

    few: words not shown yet.  none: nobody has answered.
    """
    found = rows(sample_visit(VISIT, SIZES[name]))
    about, labels = visit(needs=(DUST,)), topic_labels(None)
    if name != "sample":
        return build_digest(about, found, labels, NOW)
    background = Background(Previous(MAY, FAIR_OF_MAY, BEFORE), FAIR)
    plain = build_digest(about, found, labels, NOW, background)
    people = {"actions": taken_on(plain), "statements": reworded(plain)}
    return build_digest(about, found, labels, NOW, background, **people)  # type: ignore[arg-type]


def taken_on(digest: Digest) -> dict[str, Action]:
    """The company has started on the first suggestion that can be read."""
    items = [quote for advice in digest.advice for quote in advice.items]
    done = Action("Ms Zhao", "2026-12-31", "started", "Hoods are ordered.", "company", "Ms Zhao", NOW)
    return {items[0].id: done}


def reworded(digest: Digest) -> dict[str, CorrectedStatement]:
    """The first praise in both languages, the first suggestion in one, and something nobody says any more."""
    first, *_ = statements_of(digest)[1:]
    advised = next(one for one in statements_of(digest) if one.side == "advice")
    both = {"en": "Wheels that buyers trust", "zh": "轮毂品质获客户信赖"}
    return {
        first.id: CorrectedStatement(both, "organiser", "Mr Lin", NOW, first.basis),
        advised.id: CorrectedStatement({"zh": "先控粉尘"}, "company", "Ms Zhao", NOW, "another"),
        "praised.gone": CorrectedStatement(both, "company", "Ms Zhao", NOW, "another"),
    }


def statements_of(digest: Digest) -> list[Statement]:
    return list(named_statements(digest))


@lru_cache(maxsize=64)
def rendered(name: str, form: str, language: str) -> bytes:
    return render(story(name), form, language)


def render(digest: Digest, form: str, language: str, place: Place | None = None) -> bytes:
    """Skips, or fails where services are required, on a machine that cannot make a PDF."""
    usual = Place(LINK, photo=photo_place, origin="https://digests.example.org")
    try:
        return FORMS[form].render(digest, language, place or usual)
    except CannotRender as error:
        services.missing(str(error))
        raise


def photo_place(photo_id: str) -> str:
    return f"https://forms.example.org/photos/{photo_id}"


def typed(name: str) -> list[str]:
    """What the experts of a story wrote."""
    return [
        answer.value
        for analysed in sample_visit(VISIT, SIZES[name])
        if isinstance(analysed.event, ResponseSubmitted)
        for answer in analysed.event.answers
        if answer.type == "text"
    ]


def words_of(name: str, form: str, language: str) -> str:
    return READERS[form](rendered(name, form, language))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def numbers_after(words: str, label: str) -> list[list[int]]:
    """The numbers that follow the label, for each place where it stands."""
    pattern = r"\s*".join(re.escape(letter) for letter in squeezed(label))
    places = [found.end() for found in re.finditer(pattern, words, re.IGNORECASE)]
    return [[int(n) for n in re.findall(r"\d+", words[place : place + NEAR])] for place in places]


def decimals_after(words: str, label: str) -> list[list[float]]:
    pattern = r"\s*".join(re.escape(letter) for letter in squeezed(label))
    places = [found.end() for found in re.finditer(pattern, words, re.IGNORECASE)]
    return [[float(n) for n in re.findall(r"\d+(?:\.\d+)?", words[place : place + NEAR])] for place in places]


def quotes(digest: Digest) -> list[Quote]:
    """Every quote that stands below a statement, in the order of the page."""
    groups = [
        *(theme.quotes for theme in (*digest.praised, *digest.criticised)),
        *(advice.items for advice in digest.advice),
        digest.cooperation.offers if digest.cooperation else (),
        *(need.quotes for need in digest.needs),
    ]
    return [quote for group in groups for quote in group]


def comparisons(digest: Digest, language: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """What is compared with the past and with the fair, to one decimal, where paper and page show both."""
    for move in digest.change.measures if digest.change else ():
        if move.id != "recommend":  # the page tells its difference in a card of its own
            yield move.label[language], (move.now, move.before)
    for one in digest.fair:
        if one.id != "recommend":
            yield one.label[language], (one.lower, one.median, one.upper)


def statements(digest: Digest, language: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What is stated, each with its counts."""
    yield wording.headline_text(digest.headline, digest.labels, language), ()
    yield digest.visit.company[language], ()
    for topic in digest.topics:
        yield topic.label[language], (topic.positive, topic.negative, topic.neutral)
    for theme in (*digest.praised, *digest.criticised):
        yield theme.label[language], (theme.experts, theme.remarks)
    for advice in digest.advice:
        yield advice.label[language], (advice.experts,)
    for need in digest.needs:
        yield need.label[language], (need.experts,)
    for rating in (digest.overall, *digest.ratings, digest.recommend):
        if rating:
            yield rating.label[language], (rating.n,)
    if digest.cooperation:
        for option in (*digest.cooperation.options, *digest.cooperation.forms):
            yield option.label[language], (option.n,)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.skip = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.skip += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self.skip -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.parts.append(data)


def html_words(page: str) -> str:
    words = _Words()
    words.feed(page)
    return "".join(words.parts)


def pdf_words(raw: bytes) -> str:
    return "\n".join(FOOTER.sub("", page.extract_text()) for page in PdfReader(io.BytesIO(raw)).pages)


def sheet_words(raw: bytes) -> str:
    book = load_workbook(io.BytesIO(raw))
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return " ".join(str(cell) for row in rows for cell in row if cell is not None)


def sheet_titles(name: str, language: str) -> list[str]:
    return load_workbook(io.BytesIO(rendered(name, "xlsx", language))).sheetnames


def links_of(form: str, raw: bytes) -> set[str]:
    """All addresses that a reader of this form can follow."""
    if form == "pdf":
        notes = [note for page in PdfReader(io.BytesIO(raw)).pages for note in page.get("/Annots", [])]
        return {str(note.get_object().get("/A", {}).get("/URI")) for note in notes}
    if form == "xlsx":
        cells = (cell for sheet in load_workbook(io.BytesIO(raw)) for row in sheet for cell in row)
        return {cell.hyperlink.target for cell in cells if cell.hyperlink}
    if form == "email":
        plain, page = (set(ADDRESS.findall(part)) for part in mail_parts(raw))
        return plain & page
    return set(ADDRESS.findall(raw.decode()))


def csv_rows(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def csv_words(raw: bytes) -> str:
    return " ".join(cell for row in csv_rows(raw) for cell in row.values())


def mail_parts(raw: bytes) -> tuple[str, str]:
    """The text part and the HTML part."""
    message = email.message_from_bytes(raw, policy=default)
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    return plain.get_content(), page.get_content()


def mail_words(raw: bytes) -> str:
    """The text part: format=flowed never happens, so its lines are whole."""
    return mail_parts(raw)[0]


def json_words(raw: bytes) -> str:
    """All strings and numbers in it."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for part in value.values():
                yield from walk(part)
        elif isinstance(value, list):
            for part in value:
                yield from walk(part)
        elif value is not None:
            yield str(value)

    return " ".join(walk(json.loads(raw)))


READERS = {
    "html": lambda raw: html_words(raw.decode()),
    "json": json_words,
    "pdf": pdf_words,
    "xlsx": sheet_words,
    "csv": csv_words,
    "email": mail_words,
}
