"""The PDF: tagged, every letter in it drawn by a font that travels along, or a clear word why not."""

import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject

from analyzer.digests import as_pdf
from analyzer.errors import CannotRender
from tests.analyzer import forms
from tests.analyzer.forms import squeezed, words_of
from tests.analyzer.stories import said
from tests.analyzer.test_build import build

NO_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}</cachedir></fontconfig>"""
LATIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@pytest.fixture(params=["en", "zh"])
def pdf(request: pytest.FixtureRequest) -> PdfReader:
    return PdfReader(io.BytesIO(forms.rendered("sample", "pdf", request.param)))


def fonts(pdf: PdfReader) -> Iterator[DictionaryObject]:
    for page in pdf.pages:
        yield from (font.get_object() for font in page["/Resources"]["/Font"].values())


def elements(part: object) -> Iterator[DictionaryObject]:
    """All elements of the structure tree, in reading order."""
    found = part.get_object() if hasattr(part, "get_object") else part
    if isinstance(found, list):
        for one in found:
            yield from elements(one)
    elif isinstance(found, dict):
        if "/S" in found:
            yield found  # type: ignore[misc]
        yield from elements(found.get("/K", []))


def tags(root: object) -> list[str]:
    """Structure types of the tree, in reading order."""
    return [str(one["/S"]) for one in elements(root)]


def test_it_is_tagged_and_says_its_language_and_title(pdf: PdfReader) -> None:
    """PDF/UA-1: a screen reader gets headings, tables with heads, quotes and the language."""
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] in ("en", "zh-Hans")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert pdf.metadata is not None
    assert pdf.metadata.title
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    count = Counter(tags(root["/StructTreeRoot"]))
    assert count["/H1"] == 1
    assert count["/H2"] >= 5
    assert count["/Table"] >= 5
    assert count["/TH"] > 20
    assert count["/BlockQuote"] == len(forms.quotes(forms.story("sample")))


def test_headings_go_down_step_by_step(pdf: PdfReader) -> None:
    """Who jumps from heading to heading misses no level."""
    found = tags(pdf.root_object["/StructTreeRoot"])
    levels = [int(tag[2:]) for tag in found if tag[:2] == "/H" and tag[2:].isdigit()]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_nothing_is_told_by_a_picture_alone(pdf: PdfReader) -> None:
    """Every figure has words in its place; bars are drawn beside their numbers and are no figures."""
    found = list(elements(pdf.root_object["/StructTreeRoot"]))
    figures = [one for one in found if one["/S"] in ("/Figure", "/Formula")]
    assert all(one.get("/Alt") or one.get("/ActualText") for one in figures)


def test_each_number_of_a_table_names_its_headings(pdf: PdfReader) -> None:
    """By the ids of the headings, which all exist."""
    found = list(elements(pdf.root_object["/StructTreeRoot"]))
    heads = {one["/ID"] for one in found if one["/S"] == "/TH"}
    cells = [one["/A"]["/Headers"] for one in found if one["/S"] == "/TD"]
    assert len(cells) > 50
    assert all(names and set(names) <= heads for names in cells)


def test_a_quote_says_its_language(pdf: PdfReader) -> None:
    """A Chinese quote on an English page is read aloud in Chinese, in the order of the digest."""
    found = [one for one in elements(pdf.root_object["/StructTreeRoot"]) if one["/S"] == "/BlockQuote"]
    written = {"en": "en", "zh": "zh-Hans", "mixed": "zh-Hans"}
    expected = [written[quote.lang] for quote in forms.quotes(forms.story("sample"))]
    assert [str(one["/Lang"]) for one in found] == expected
    assert len(set(expected)) == 2


def test_every_font_travels_along(pdf: PdfReader) -> None:
    """A phone without Chinese fonts shows Chinese."""
    kept = {key for font in fonts(pdf) for key in font["/DescendantFonts"][0].get_object()["/FontDescriptor"]}
    assert kept & {"/FontFile2", "/FontFile3"}
    for font in fonts(pdf):
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]


def test_no_letter_is_missing(pdf: PdfReader) -> None:
    """Glyph 0 is the empty box; a font with letters missing has a map of its own instead of the identity."""
    assert {font["/Encoding"] for font in fonts(pdf)} == {"/Identity-H"}
    shown = 0
    for page in pdf.pages:
        for operands, operator in ContentStream(page.get_contents(), pdf).operations:
            parts = operands[0] if operator == b"TJ" else operands if operator == b"Tj" else ()
            for text in (part.original_bytes for part in parts if hasattr(part, "original_bytes")):
                glyphs = [text[place : place + 2] for place in range(0, len(text), 2)]
                assert b"\0\0" not in glyphs
                shown += len(glyphs)
    assert shown > 2_000


def test_each_page_is_numbered() -> None:
    """Loose sheets find their order."""
    pages = PdfReader(io.BytesIO(forms.rendered("sample", "pdf", "zh"))).pages
    assert [f"{n} / {len(pages)}" in page.extract_text() for n, page in enumerate(pages, 1)] == [True] * len(
        pages
    )


def test_what_no_font_can_draw_is_told_by_its_name() -> None:
    """An emoji is part of what an expert said; an empty box tells nothing."""
    digest = build(*[said(f"e-{i}", text="镁炉很好 \U0001f44d\ufe0f") for i in range(4)])
    words = squeezed(forms.pdf_words(forms.render(digest, "pdf", "zh")))
    assert "镁炉很好[thumbsupsign]" in words or "镁炉很好\U0001f44d" in words


def test_a_machine_without_pango_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bare laptop serves everything but PDF."""
    (tmp_path / "weasyprint.py").write_text(
        "print('a page of advice')\nraise OSError('cannot load library libpango-1.0-0')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    as_pdf._printer.cache_clear()
    try:
        with pytest.raises(CannotRender, match="libpango"):
            as_pdf.render(forms.story("none"), "en")
    finally:
        as_pdf._printer.cache_clear()
    assert capsys.readouterr().out == ""


def test_a_machine_without_chinese_fonts_refuses_rather_than_print_boxes(tmp_path: Path) -> None:
    """Latin letters alone are not enough for a digest in Chinese."""
    words_of("none", "pdf", "en")  # skips where there is no pango
    (tmp_path / "fonts").mkdir()
    if LATIN.exists():
        (tmp_path / "fonts" / LATIN.name).symlink_to(LATIN)
    config = tmp_path / "fonts.conf"
    config.write_text(NO_FONTS.format(folder=tmp_path / "fonts"))
    code = (
        "from tests.analyzer import forms\nfrom analyzer.digests import as_pdf\n"
        "as_pdf.render(forms.story('none'), 'zh')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        env={**os.environ, "FONTCONFIG_FILE": str(config)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "CannotRender: no font with Chinese characters is installed" in done.stderr
