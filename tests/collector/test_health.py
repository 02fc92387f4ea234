"""/healthz, /readyz, /metrics: what an operator's machines ask."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from collector import outbox, tables
from collector.errors import TryLater
from collector.health import check_disk
from tests.collector.house import NOW, House, good


def beat(house: House, **state: Any) -> None:
    with house.database.write() as connection:
        outbox.beat(
            connection, **{"progress_at": house.now, "last_error": None, "failing_since": None, **state}
        )


def ready(house: House) -> tuple[int, dict[str, Any]]:
    answer = house.client.get("/readyz")
    return answer.status_code, answer.json


def test_the_process_is_alive(house: House) -> None:
    """Asks nothing of the database: a database outage must not restart the web process."""
    house.database.close()
    assert house.client.get("/healthz").json == {"status": "ok"}


def test_all_well(house: House) -> None:
    """Database, migrations, disk and relay are fine."""
    beat(house)
    assert ready(house) == (
        200,
        {"status": "ready", "checks": {"database": "ok", "disk": "ok", "migrations": "ok", "relay": "ok"}},
    )


def test_a_broker_that_is_away_degrades(house: House) -> None:
    """Answers are still taken, so it stays ready; the error itself, which may name hosts, is not shown."""
    beat(house, last_error="amqp://user@secret-host: refused", failing_since=NOW)
    status, found = ready(house)
    assert (status, found["status"]) == (200, "degraded")
    assert found["checks"]["relay"] == "cannot publish since 2026-11-24T09:00:00Z"


def test_an_old_event_degrades(house: House) -> None:
    """Whatever the relay says of itself: an event older than 30 seconds tells another story."""
    house.post(good())
    house.now += timedelta(seconds=31)
    beat(house)
    status, found = ready(house)
    assert (status, found["status"]) == (200, "degraded")
    assert found["checks"]["relay"] == "an event has been waiting for 31 s"


def test_a_silent_relay_degrades(house: House) -> None:
    """No heartbeat for a minute: it is not running."""
    beat(house)
    house.now += timedelta(seconds=61)
    assert ready(house)[1]["checks"]["relay"] == "not running"


def test_a_database_that_is_away_is_not_ready(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """503, so that a proxy sends nobody here; no address of the database in the answer."""

    def read(_: Any) -> Any:
        raise TryLater("database: connection to secret-host refused")

    monkeypatch.setattr(type(house.database), "read", read)
    status, found = ready(house)
    assert (status, found["status"], found["checks"]["database"]) == (503, "down", "cannot be reached")


def test_old_migrations_are_not_ready(house: House) -> None:
    """A new release in front of an old schema must not take answers."""
    with house.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    status, found = ready(house)
    assert (status, found["checks"]["migrations"]) == (503, "not current: run init-db")


def test_a_full_disk_is_not_ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stop before a write fails."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 5 * 1024 * 1024})())
    assert check_disk(tmp_path) == "only 5 MiB free"


def test_a_folder_that_takes_no_file_is_not_ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Read-only or out of inodes: free space alone does not tell."""

    def refuse(**_: Any) -> Any:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    assert check_disk(tmp_path) == "not writable: Read-only file system"


def test_a_folder_that_is_not_used_is_fine(tmp_path: Path) -> None:
    """With PostgreSQL the data folder need not exist."""
    assert check_disk(tmp_path / "none") == "ok"


def test_metrics_tell_of_the_outbox(house: House) -> None:
    """Depth and age come from the database, so every process tells the same."""
    house.post(good())
    house.now += timedelta(seconds=12)
    text = house.client.get("/metrics").text
    assert "collector_outbox_waiting 1.0" in text
    assert "collector_outbox_oldest_seconds 12.0" in text


def test_metrics_count_requests_by_route(house: House) -> None:
    """Patterns, not addresses: a label must never hold a token, nor grow without end."""
    house.client.get(f"/f/{house.token()}")
    house.client.get("/nowhere/at/all")
    text = house.client.get("/metrics").text
    assert 'collector_http_requests_total{method="GET",route="/f/<token>",status="200"}' in text
    assert 'route="unknown"' in text
    assert house.token() not in text
    assert "/nowhere" not in text


def test_metrics_answer_without_a_database(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counters of the process are most needed when something is broken."""

    def read(_: Any) -> Any:
        raise TryLater("away")

    monkeypatch.setattr(type(house.database), "read", read)
    answer = house.client.get("/metrics")
    assert answer.status_code == 200
    assert "collector_outbox_waiting" not in answer.text


def test_health_leaves_no_trace(house: House) -> None:
    """Probes come every few seconds and must not write."""
    beat(house)
    before = [len(house.rows(table)) for table in tables.metadata.sorted_tables]
    for path in ("/healthz", "/readyz", "/metrics"):
        house.client.get(path)
    assert [len(house.rows(table)) for table in tables.metadata.sorted_tables] == before
