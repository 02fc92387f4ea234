"""Answers that a phone saved as a file: taken once, refused in words, also after the deadline."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from collector import tables
from collector.__main__ import main
from tests.collector.house import NOW, OPEN, SECRET, House, build, good
from tests.collector.served import free_port, running

KEY = "7f0c7a52-58f7-4a52-9c62-0d9a3f6c1a11"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build(f"sqlite:///{tmp_path / 'collector.sqlite3'}", tmp_path)
    yield house
    house.database.close()


def saved(house: House, folder: Path, **more: Any) -> Path:
    """A file as the form writes it; `more` replaces members of it."""
    document = {
        "format": "debrief-answers.v1",
        "visit": "Ruige Magnesium",
        "saved_at": "2026-11-24T09:00:00Z",
        "token": house.token(),
        "idempotency_key": KEY,
        "body": {**good(), "response_id": str(uuid4())},
    }
    path = folder / f"{uuid4()}.json"
    path.write_text(json.dumps(document | more), "utf-8")
    return path


def close_the_visit(house: House) -> None:
    with house.database.write() as connection:
        connection.execute(sa.update(tables.visit).values(deadline=NOW))


def run(folder: Path, *arguments: object) -> int:
    environ = {"DATA_DIR": str(folder), "SECRET_KEY": SECRET}
    return main(["responses", "import", *map(str, arguments)], environ)


@pytest.fixture(autouse=True)
def _open(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The chore has today's clock: before the deadline, whatever day it is."""
    monkeypatch.setattr("collector.chores.responses.utc_now", lambda: house.now)


def test_a_file_is_stored_once(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its event for the analyzer; importing it again gives the same receipt."""
    path = saved(house, tmp_path)
    assert run(tmp_path, path) == 0
    first = capsys.readouterr().out
    assert run(tmp_path, path) == 0
    again = capsys.readouterr().out
    assert ("stored, receipt" in first, "stored before, receipt" in again) == (True, True)
    assert first.split("receipt ")[1][:9] == again.split("receipt ")[1][:9]
    assert [len(house.rows(t)) for t in (tables.response, tables.submission, tables.outbox)] == [1, 1, 1]


def test_what_the_phone_sent_meanwhile_is_not_stored_again(house: House, tmp_path: Path) -> None:
    """The same answers under another key are the same answers."""
    body = {**good(), "response_id": str(uuid4())}
    house.post(body)
    assert run(tmp_path, saved(house, tmp_path, body=body)) == 0
    assert len(house.rows(tables.submission)) == 1


def test_an_open_link_is_taken_too(house: House, tmp_path: Path) -> None:
    """Two people with one link are two responses."""
    files = [saved(house, tmp_path, token=house.token(OPEN), idempotency_key=str(uuid4())) for _ in "ab"]
    assert run(tmp_path, *files) == 0
    assert len(house.rows(tables.response)) == 2


def test_after_the_deadline_the_organiser_has_to_say_so(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--late takes what the form does not take any more."""
    close_the_visit(house)
    path = saved(house, tmp_path)
    assert run(tmp_path, path) == 1
    assert "The time for answers has passed" in capsys.readouterr().err
    assert run(tmp_path, "--late", path) == 0
    assert len(house.rows(tables.submission)) == 1


def test_late_does_not_open_a_withdrawn_link(house: House, tmp_path: Path) -> None:
    """A link that was withdrawn stays withdrawn."""
    house.revoke()
    assert run(tmp_path, "--late", saved(house, tmp_path)) == 1
    assert house.rows(tables.submission) == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"format": "other"}, "no file of saved answers"),
        ({"token": "nonsense"}, "not made by this collector"),
        ({"token": 5}, 'needs "token" and "body"'),
        ({"idempotency_key": "x"}, "is not a UUID"),
        ({"idempotency_key": None}, "is not a UUID"),
        ({"body": good(overall=9)}, "/answers/overall: Choose a number from 1 to 5"),
        ({"body": {**good(), "surprise": 1}}, "/surprise: This field is not known"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: dict[str, Any], reason: str
) -> None:
    """And the good one beside it is taken."""
    bad, fine = saved(house, tmp_path, **more), saved(house, tmp_path, idempotency_key=str(uuid4()))
    assert run(tmp_path, bad, fine) == 1
    said = capsys.readouterr()
    assert reason in said.err
    assert str(bad) in said.err
    assert "1 of 2 responses taken" in said.out


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "not JSON"), (b"\xff", "not JSON"), (b"[]", "no file of saved answers"), (b" " * 2**21, "1 MiB")],
)
def test_a_file_of_something_else_is_refused(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, reason: str
) -> None:
    """A photo, an empty file, a film."""
    path = tmp_path / "other.json"
    path.write_bytes(content)
    assert run(tmp_path, path, tmp_path / "missing.json") == 1
    said = capsys.readouterr().err
    assert reason in said
    assert "cannot be read" in said


def test_files_go_to_a_running_collector(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the address alone, from any machine: stored once, and what it refuses is said in its words."""
    with house.database.write() as connection:  # the server has today's clock
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        connection.execute(sa.update(tables.visit).values(deadline=tomorrow))
    fine, bad = (
        saved(house, tmp_path),
        saved(house, tmp_path, idempotency_key=str(uuid4()), body=good(overall=9)),
    )
    with running(tmp_path) as (port, _):
        url = f"http://127.0.0.1:{port}"
        assert run(tmp_path, "--url", url, fine) == 0
        assert "stored, receipt" in capsys.readouterr().out
        assert run(tmp_path, "--url", url, fine, bad) == 1
    said = capsys.readouterr()
    assert "stored before, receipt" in said.out
    assert "1 of 2 responses taken" in said.out
    assert "422: /answers/overall: Choose a number from 1 to 5" in said.err
    assert len(house.rows(tables.submission)) == len(house.rows(tables.outbox)) == 1


def test_a_collector_that_is_away_is_named(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried for a minute first; the exit code says that trying later helps."""
    slept: list[float] = []
    monkeypatch.setattr("collector.chores.responses.time.monotonic", lambda: sum(slept))
    monkeypatch.setattr("collector.chores.responses.time.sleep", slept.append)
    url = f"http://127.0.0.1:{free_port()}"
    assert run(tmp_path, "--url", url, saved(house, tmp_path)) != 0
    assert f"{url}/api/v1/responses: no answer" in capsys.readouterr().err
    assert 50 < sum(slept) <= 60


def test_a_file_of_several_people_is_taken_one_by_one(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One phone, one open link, three people: the bad response costs the others nothing."""
    mine = {"token": house.token(OPEN)}
    parts = [
        saved(house, tmp_path, **mine, idempotency_key=str(uuid4())),
        saved(house, tmp_path, **mine, idempotency_key="x"),
        saved(house, tmp_path, **mine, idempotency_key=str(uuid4())),
    ]
    path = tmp_path / "phone.json"
    path.write_text(json.dumps([json.loads(part.read_text("utf-8")) for part in parts]), "utf-8")
    assert run(tmp_path, path) == 1
    said = capsys.readouterr()
    assert f'{path} (2 of 3): "idempotency_key" is not a UUID' in said.err
    assert "2 of 3 responses taken" in said.out
    assert len(house.rows(tables.response)) == 2


def test_late_cannot_be_asked_of_another_collector(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Over HTTP the deadline holds for everybody."""
    assert run(tmp_path, "--late", "--url", "http://127.0.0.1:1", saved(house, tmp_path)) == 1
    assert "--late" in capsys.readouterr().err
