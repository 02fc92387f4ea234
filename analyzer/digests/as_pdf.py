"""The digest as a tagged PDF (PDF/UA-1), fonts embedded, made from the template paper.html.

In: a Digest and a language.  Out: the bytes of the file, the same for the same digest and fonts.
Raises CannotRender where pango, or a font with Chinese characters, is not installed.  The only door to
WeasyPrint, which asks no network and reads no file: the style sheet is in the page.
"""

import contextlib
import io
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import Any

from analyzer.digests import as_html, content
from analyzer.digests.content import Address, nowhere
from analyzer.digests.model import Digest, Distribution
from analyzer.errors import CannotRender

HAN = range(0x4E00, 0xA000)  # every Chinese font has these; rarer characters may be missing in a good one
COMPARED = {
    False: ("label", "value", "before", "direction", "n", "n_before"),
    True: ("label", "value", "lower", "median", "upper", "n", "companies"),
}


def render(digest: Digest, language: str, photo: Address = nowhere) -> bytes:
    return print_page(page(digest, language, photo))


def print_page(html: str) -> bytes:
    """A character that no installed font can draw, such as an emoji, is told by its name in brackets."""
    pdf, missing = _print(html)
    if any(character in HAN for character in missing):
        raise CannotRender("no font with Chinese characters is installed")
    return _print(_named(html, missing))[0] if missing else pdf


def page(digest: Digest, language: str, photo: Address = nowhere) -> str:
    """What is printed, as HTML."""
    return as_html.render_paper(
        digest,
        language,
        tables=content.tables(digest, language, photo),
        rating_groups=_same_scale(content.distributions(digest)),
        compared=COMPARED,
    )


def _same_scale(distributions: Iterable[Distribution]) -> list[list[Distribution]]:
    """Distributions in one table have one scale, so one head of columns."""
    groups: dict[tuple[int, ...], list[Distribution]] = {}
    for one in distributions:
        groups.setdefault(tuple(value for value, _ in one.counts), []).append(one)
    return list(groups.values())


def _print(html: str) -> tuple[bytes, set[int]]:
    """The file, and the code points that no font could draw."""
    printer = _printer()
    nothing = printer.URLFetcher(allowed_protocols=())
    document = printer.HTML(string=html, url_fetcher=nothing).render()
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", finisher=partial(_tell_languages, printer.String))
    return pdf, {character for font in document.fonts.values() for character in font.missing}


@lru_cache(maxsize=1)
def _printer() -> Any:
    """Loaded at the first PDF: a machine without its system libraries serves everything else."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints a page of advice before it fails
            import weasyprint
            import weasyprint.pdf
            import weasyprint.urls
    except OSError as error:
        raise CannotRender(f"a system library is missing: {error}".splitlines()[0]) from error
    return _Printer(weasyprint.HTML, weasyprint.urls.URLFetcher, weasyprint.pdf.pydyf.String)


class _Printer:
    def __init__(self, html: Any, fetcher: Any, string: Any) -> None:
        self.HTML, self.URLFetcher, self.String = html, fetcher, string


def _tell_languages(string: Any, document: Any, pdf: Any) -> None:
    """Quotes say in which language they are to be read aloud; WeasyPrint tells only that of the whole.

    It makes one structure element for each box, in the same order; a cell's box knows its own.
    """
    boxes = [box for page in document.pages for box in _boxes(page._page_box)]
    elements = [thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("S") == "/BlockQuote"]
    quotes = [box for box in boxes if box.element_tag == "blockquote"]
    cells = [box for box in boxes if box.element_tag == "td" and isinstance(getattr(box, "mark", None), dict)]
    pairs = [*zip(quotes, elements, strict=True), *((cell, cell.mark) for cell in cells)]
    for box, element in pairs:
        if language := box.element.get("lang"):
            element["Lang"] = string(language)


def _boxes(box: Any) -> Iterator[Any]:
    """All of a page, in the order in which they are tagged."""
    box = getattr(box, "_box", box)  # an absolutely placed one is wrapped
    yield box
    for child in getattr(box, "children", ()):
        yield from _boxes(child)


def _named(html: str, missing: set[int]) -> str:
    names = {code: f"[{unicodedata.name(chr(code), f'U+{code:04X}').lower()}]" for code in missing}
    invisible = {code: "" for code in missing if unicodedata.category(chr(code)) in ("Cf", "Mn")}
    return html.translate(names | invisible)
