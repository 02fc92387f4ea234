"""The digest as one CSV file: all its tables below each other, told apart by the column `part`.

In: a Digest and a language.  Out: UTF-8 bytes.  Pure.  Excel reads UTF-8 only behind a byte order mark.
"""

import csv
import io

from analyzer.digests.content import Address, Cell, nowhere, tables
from analyzer.digests.model import Digest

BOM = b"\xef\xbb\xbf"
# What a spreadsheet may take for a formula (OWASP, "CSV Injection"); full-width signs count in East Asian
# versions of Excel.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(digest: Digest, language: str, photo: Address = nowhere, *, bom: bool = False) -> bytes:
    found = tables(digest, language, photo)
    columns = list(dict.fromkeys(column for table in found for column in table.columns))
    text = io.StringIO()
    writer = csv.writer(text)  # RFC 4180: CRLF, quotes doubled
    writer.writerow(["part", *columns])
    for table in found:
        for row in table.rows:
            writer.writerow([table.id, *(harmless(row.get(column)) for column in columns)])
    return (BOM if bom else b"") + text.getvalue().encode("utf-8")


def harmless(cell: Cell) -> Cell:
    """Text that a spreadsheet would run becomes text again behind an apostrophe; numbers are ours."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
