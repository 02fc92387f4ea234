"""The workbook opens in another library, can be filtered, and runs nothing."""

import io
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from analyzer.digests import as_xlsx
from analyzer.digests.content import tables
from tests.analyzer import forms
from tests.analyzer.test_forms import hostile

SHEETS = {
    "en": "Summary|Ratings|Topics|Statements|Advice|Leads|Your needs|Comparison|All remarks|Notes",
    "zh": "概要|评分|主题|观点|建议|合作线索|企业需求|对比|全部评语|说明",
}


def opened(raw: bytes) -> Workbook:
    return load_workbook(io.BytesIO(raw))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_part_of_the_digest_has_its_sheet(language: str) -> None:
    """Named in the reader's language, headed, filterable, headings in sight while scrolling."""
    book = opened(forms.rendered("sample", "xlsx", language))
    assert book.sheetnames == SHEETS[language].split("|")
    shown = [table for table in tables(forms.story("sample"), language) if table.id != "photos"]
    for sheet, table in zip(book, shown, strict=True):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert [cell.value for cell in sheet[1]] == [table.heading(c, language) for c in table.columns]
        assert sheet.max_row == len(table.rows) + 1 or not table.rows


def test_numbers_are_numbers() -> None:
    """They can be summed and charted."""
    sheet = opened(forms.rendered("sample", "xlsx", "en"))["Topics"]
    topic = forms.story("sample").topics[0]
    assert [cell.value for cell in sheet[2]][1:5] == [
        topic.label["en"],
        topic.positive,
        topic.neutral,
        topic.negative,
    ]


def test_no_cell_is_a_formula_or_a_link() -> None:
    """What an expert typed stays text, also after somebody has edited the cell beside it."""
    raw = as_xlsx.render(hostile(), "en")
    cells = [cell for sheet in opened(raw) for row in sheet.iter_rows() for cell in row if cell.value]
    risky = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@", "＝"))]
    assert "=cmd|' /C calc'!A0" in {cell.value for cell in risky}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.quotePrefix for cell in risky)
    names = ZipFile(io.BytesIO(raw)).namelist()
    sheets = [ZipFile(io.BytesIO(raw)).read(name) for name in names if "worksheets/sheet" in name]
    assert sheets
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)
