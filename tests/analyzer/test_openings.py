"""The company sees when its digest was opened and through which link, and nobody's address."""

import json
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from analyzer.__main__ import main
from analyzer.errors import TryLater
from analyzer.openings import openings_of
from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.stories import NOW


def reader(room: ReadingRoom) -> str:
    return room.token(days=7, role="reader")


def opens(room: ReadingRoom, *addresses: str) -> None:
    """As a server does: the answer is closed once it has been sent."""
    for address in addresses:
        answer = room.client.get(address)
        assert answer.status_code == 200
        answer.close()


def log(room: ReadingRoom) -> list[tuple[str, str, int]]:
    with room.database.read() as connection:
        found = openings_of(connection, "ruige-1124")
    return sorted((one.role, one.form, one.hour.hour) for one in found)


def test_each_link_form_and_hour_is_noted_once(room: ReadingRoom) -> None:
    """Whoever reloads all day writes one row an hour."""
    token = room.token()
    opens(room, f"/d/{token}", f"/d/{token}?lang=zh", f"/d/{token}.csv", f"/d/{reader(room)}")
    assert log(room) == [("company", "csv", 9), ("company", "html", 9), ("reader", "html", 9)]
    room.now[0] = NOW + timedelta(hours=1)
    opens(room, f"/d/{token}")
    assert log(room)[2] == ("company", "html", 10)


def test_two_processes_note_the_same_opening_once(room: ReadingRoom, tmp_path: Path) -> None:
    """Each has its own memory; the table has one row."""
    other = open_room(tmp_path / "other", room.config.database_url, migrated=False)
    for one in (room, other):
        opens(one, f"/d/{room.token()}")
    other.database.close()
    assert len(log(room)) == 1


def test_the_company_reads_the_log_and_a_reader_does_not(room: ReadingRoom) -> None:
    """In both languages; links are told apart by a hash that opens nothing."""
    opens(room, f"/d/{reader(room)}")
    address = f"/d/{room.token()}/openings"
    assert "reading link" in room.client.get(f"{address}?lang=en").text
    assert "只读链接" in room.client.get(f"{address}?lang=zh").text
    assert reader(room) not in room.client.get(address).text
    assert room.client.get(f"/d/{reader(room)}/openings").status_code == 403
    assert "/openings" in room.client.get(f"/d/{room.token()}").text
    assert "/openings" not in room.client.get(f"/d/{reader(room)}").text


def test_nobody_opened_it_yet(room: ReadingRoom) -> None:
    """The empty state."""
    assert "Nobody has opened it yet." in room.client.get(f"/d/{room.token()}/openings?lang=en").text


def test_a_link_that_does_not_open_is_not_an_opening(room: ReadingRoom) -> None:
    """Nor is a look at the headers."""
    room.client.get("/d/nonsense").close()
    room.client.head(f"/d/{room.token()}").close()
    assert log(room) == []


def test_the_digest_is_read_even_where_the_log_cannot_be_written(room: ReadingRoom) -> None:
    """And the next opening tries again."""
    with patch.object(type(room.database), "write", side_effect=TryLater("read only")):
        opens(room, f"/d/{room.token()}")
    opens(room, f"/d/{room.token()}")
    assert len(log(room)) == 1


def test_the_organiser_lists_the_log(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For people, and for a script."""
    monkeypatch.setenv("DATABASE_URL", room.config.database_url.replace("+psycopg", ""))
    assert main(["openings", "ruige-1124"]) == 0
    assert capsys.readouterr().out == "Nobody has opened it yet.\n"
    opens(room, f"/d/{reader(room)}")
    assert main(["openings", "ruige-1124", "--json"]) == 0
    [one] = json.loads(capsys.readouterr().out)
    assert (one["role"], one["form"], one["hour"]) == ("reader", "html", "2026-11-25T09:00:00+00:00")
