"""The files behind the digest's link: who may open the page may take it along, nobody else."""

import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from analyzer import printing
from analyzer.digests.renderers import FORMS
from tests.analyzer import forms
from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.stories import NOW, analysed, photo_stored, said

FILES = ("xlsx", "csv")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ReadingRoom]:
    room = open_room(tmp_path)
    room.record(said(f"r-{i}") for i in range(4))
    yield room
    room.database.close()


def test_the_page_offers_every_file(room: ReadingRoom) -> None:
    """In the language that is being read."""
    page = room.client.get(f"/d/{room.token()}?lang=zh").text
    for form in ("pdf", "xlsx", "csv", "json"):
        assert f'href="/d/{room.token()}.{form}?lang=zh"' in page


@pytest.mark.parametrize("form", FILES)
def test_a_file_says_what_it_is(room: ReadingRoom, form: str) -> None:
    """Type, name without any secret, language, and no copy in shared caches."""
    answer = room.client.get(f"/d/{room.token()}.{form}?lang=zh")
    assert answer.status_code == 200
    assert answer.content_type == FORMS[form].content_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="debrief-ruige-1124-zh.{form}"'
    assert answer.headers["Content-Language"] == "zh"
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_the_workbook_opens(room: ReadingRoom) -> None:
    """Straight from the answer."""
    book = load_workbook(io.BytesIO(room.client.get(f"/d/{room.token()}.xlsx?lang=en").data))
    assert "The furnace is modern." in [cell.value for row in book["Statements"].iter_rows() for cell in row]


def test_a_csv_for_excel_begins_with_its_mark(room: ReadingRoom) -> None:
    """Only where it is asked for."""
    address = f"/d/{room.token()}.csv"
    assert room.client.get(address + "?bom=1").data.startswith(b"\xef\xbb\xbf")
    assert room.client.get(address).data.startswith(b"part,")


def test_the_pdf_opens_in_the_browser(room: ReadingRoom) -> None:
    """Phones show it at once."""
    words_of_none = forms.words_of("none", "pdf", "en")  # skips where there is no pango
    assert words_of_none
    answer = room.client.get(f"/d/{room.token()}.pdf?lang=en")
    assert answer.data.startswith(b"%PDF-1.7")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "The furnace is modern." in " ".join(forms.pdf_words(answer.data).split())


def test_an_unchanged_file_is_not_sent_twice(room: ReadingRoom) -> None:
    """304 until somebody answers."""
    address = f"/d/{room.token()}.csv"
    headers = {"If-None-Match": room.client.get(address).headers["ETag"]}
    assert room.client.get(address, headers=headers).status_code == 304
    room.record([said("new")])
    assert room.client.get(address, headers=headers).status_code == 200


@pytest.mark.parametrize(("photos", "made"), [({}, 1), ({"p-1": "quote"}, 2)])
def test_links_share_a_file_unless_their_own_photos_are_in_it(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch, photos: dict[str, str], made: int
) -> None:
    """A PDF takes seconds; only links to photos tell one holder's from another's."""
    room.record([said("r-p", photos=photos), *(analysed(photo_stored(one, "r-p")) for one in photos)])
    printed: list[str] = []

    def render(*_: object) -> bytes:
        printed.append("csv")
        return b"part,"

    monkeypatch.setitem(FORMS, "csv", replace(FORMS["csv"], render=render))
    for days in (7, 30):
        assert room.client.get(f"/d/{room.token(days=days)}.csv").status_code == 200
    assert len(printed) == made


@pytest.mark.parametrize("form", ["pdf", *FILES])
def test_a_file_stays_shut_where_the_page_does(room: ReadingRoom, form: str) -> None:
    """Forged 404, expired 410, in words."""
    assert room.client.get(f"/d/nonsense.{form}").status_code == 404
    token = room.token(days=1)
    room.now[0] = NOW + timedelta(days=2)
    answer = room.client.get(f"/d/{token}.{form}")
    assert answer.status_code == 410
    assert "链接已失效" in answer.text


def test_a_server_that_cannot_print_says_what_to_install(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In both languages; page and print style sheet serve meanwhile."""

    code = "import sys; print('no libpango-1.0-0', file=sys.stderr); sys.exit(3)"
    monkeypatch.setattr(printing.print_apart, "__defaults__", ((sys.executable, "-c", code),))
    answer = room.client.get(f"/d/{room.token()}.pdf?lang=en")
    assert answer.status_code == 503
    assert "This server cannot make PDF files yet" in answer.text
    assert "此服务器暂时无法生成 PDF" in answer.text
    assert "fonts-noto-cjk" in answer.text
    assert "Retry-After" not in answer.headers
    assert room.client.get(f"/d/{room.token()}").status_code == 200


@pytest.mark.parametrize("code", ["import os; os.kill(os.getpid(), 9)", "raise SystemExit(1)"])
def test_a_print_that_dies_takes_no_page_with_it(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """C libraries crash, memory ends: the reader is asked to come again, the page stands."""
    monkeypatch.setattr(printing.print_apart, "__defaults__", ((sys.executable, "-c", code),))
    answer = room.client.get(f"/d/{room.token()}.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert room.client.get(f"/d/{room.token()}").status_code == 200
