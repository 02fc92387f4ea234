"""The forms that a digest can take, by name; all are pure functions of it and hold the same content.

In: a Digest, a language, a Place.  Out: bytes.  Raises CannotRender where this machine lacks a library
or a font that the form needs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from analyzer.digests import as_csv, as_email, as_html, as_json, as_pdf, as_xlsx, content
from analyzer.digests.model import Digest

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Place:
    """Where the digest is read: what a form needs besides content and language."""

    page: str = ""  # address of the digest's page, language left out; "": there is none
    static: as_html.Static = str  # style sheet -> its address
    photo: content.Address = content.nowhere  # photo id -> where it can be seen
    origin: str | None = None  # of the service's own addresses; None: nothing is served
    bom: bool = False  # of a CSV


Renderer: TypeAlias = Callable[[Digest, str, Place], bytes]


@dataclass(frozen=True)
class Form:
    content_type: str
    disposition: str  # inline, or attachment where a browser could only show noise
    render: Renderer


def links(page: str, language: str) -> dict[str, str]:
    """Form -> its address, for the page."""
    return {name: f"{page}.{name}?lang={language}" for name in FILES}


def _html(digest: Digest, language: str, place: Place) -> bytes:
    files = links(place.page, language) if place.page else {}
    return as_html.render(digest, language, place.static, files, photo=place.photo).encode()


FORMS: dict[str, Form] = {
    "html": Form("text/html; charset=utf-8", "inline", _html),
    "json": Form(
        "application/json",
        "inline",
        lambda d, language, place: as_json.render(d, place.photo, place.origin).encode(),
    ),
    "pdf": Form(
        "application/pdf", "inline", lambda d, language, place: as_pdf.render(d, language, place.photo)
    ),
    "xlsx": Form(SHEET, "attachment", lambda d, language, place: as_xlsx.render(d, language, place.photo)),
    "csv": Form(
        "text/csv; charset=utf-8; header=present",
        "attachment",
        lambda d, language, place: as_csv.render(d, language, place.photo, bom=place.bom),
    ),
    "email": Form(
        "message/rfc822",
        "attachment",
        lambda d, language, place: as_email.render(d, language, place.page, place.photo),
    ),
}
FILES = ("pdf", "xlsx", "csv", "json")  # what the page offers, under its own address and this ending
