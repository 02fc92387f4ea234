"""The digest as an Excel workbook: one sheet a table, with filters, headings that stay, readable widths.

In: a Digest and a language.  Out: the bytes of an .xlsx file, the same for the same digest.  Pure.
Text is written as text whatever it begins with, and marked so that editing a cell does not turn it
into a formula.
"""

import io
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from analyzer.digests import wording
from analyzer.digests.as_csv import FORMULA
from analyzer.digests.content import Address, Cell, Table, nowhere, tables
from analyzer.digests.model import Digest

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,  # an address that an expert typed is no link that we vouch for
    "strings_to_numbers": False,
}
WIDE = {
    "quote": 60,
    "text": 90,
    "label": 34,
    "reply": 40,
    "forms": 28,
    "organisation": 28,
    "email": 26,
    "address": 60,
}
NARROW, USUAL = 9, 16  # characters
NUMBERS = {"start", "end", "n", "value", "experts", "remarks", "positive", "neutral", "negative", "average"}
OFTEN_EMPTY = ("photos",)  # no sheet is better than an empty one where most visits have none
FONT = {"en": "Calibri", "zh": "Microsoft YaHei"}


def render(digest: Digest, language: str, photo: Address = nowhere) -> bytes:
    file = io.BytesIO()
    book = Workbook(file, OPTIONS)
    _describe(book, digest, language)
    formats = _formats(book, language)
    for table in tables(digest, language, photo):
        if not table.rows and table.id in OFTEN_EMPTY:
            continue
        _sheet(book.add_worksheet(table.title(language)), table, language, formats)
    book.close()
    return file.getvalue()


def _describe(book: Workbook, digest: Digest, language: str) -> None:
    """The time in the file is that of the newest answer, so that the same digest is the same file."""
    properties: dict[str, Any] = {
        "title": wording.title(digest.visit, language),
        "company": digest.visit.company[language],
        "comments": "Debrief",
        "created": (digest.as_of or digest.visit.visited_at).replace(tzinfo=None),
    }
    book.set_properties(properties)


def _formats(book: Workbook, language: str) -> dict[str, Any]:
    base = {"font_name": FONT[language], "font_size": 11, "valign": "top", "text_wrap": True}
    return {
        "head": book.add_format(
            {**base, "bold": True, "font_color": "#FFFFFF", "bg_color": "#0D5A54", "valign": "vcenter"}
        ),
        "text": book.add_format(base),
        "typed": book.add_format({**base, "quote_prefix": True}),
        "link": book.add_format({**base, "font_color": "#0D5A54", "underline": 1}),
        "whole": book.add_format({**base, "num_format": "0", "text_wrap": False}),
        "mean": book.add_format({**base, "num_format": "0.00", "text_wrap": False}),
    }


def _sheet(sheet: Worksheet, table: Table, language: str, formats: dict[str, Any]) -> None:
    for x, column in enumerate(table.columns):
        sheet.write_string(0, x, table.heading(column, language), formats["head"])
        sheet.set_column(x, x, WIDE.get(column, NARROW if _counts(column) else USUAL))
        for y, row in enumerate(table.rows, 1):
            _cell(sheet, y, x, row.get(column), formats, ours=column == "address")
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _counts(column: str) -> bool:
    return column in NUMBERS or column[1:].isdigit()


def _cell(
    sheet: Worksheet, y: int, x: int, cell: Cell, formats: dict[str, Any], *, ours: bool = False
) -> None:
    """ours: a link that we made; no other text becomes one."""
    if ours and isinstance(cell, str):
        sheet.write_url(y, x, cell, formats["link"])
    elif isinstance(cell, str):
        sheet.write_string(y, x, cell, formats["typed" if cell.startswith(FORMULA) else "text"])
    elif cell is not None:
        sheet.write_number(y, x, cell, formats["mean" if isinstance(cell, float) else "whole"])
