"""Health tells the truth: red when somebody must look, not when the broker restarts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from analyzer import attempts
from analyzer.database import Database
from analyzer.errors import TryLater
from analyzer.reception import Reception
from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.stories import NOW, said


@dataclass
class Letters:
    """A broker with so many messages in it."""

    waits: int = 0
    dead: int = 0
    reachable: bool = True

    def waiting(self) -> int:
        if not self.reachable:
            raise TryLater("broker: connection refused")
        return self.waits

    def count(self) -> int:
        return self.dead

    def close(self) -> None:
        pass


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ReadingRoom]:
    room = open_room(tmp_path)
    with room.database.write() as connection:
        attempts.beat(connection, NOW)
    yield room
    room.database.close()


def ask(room: ReadingRoom, letters: Letters | None = None) -> tuple[int, str, dict[str, str]]:
    here: Reception = room.app.extensions["debrief"]
    room.app.extensions["debrief"] = replace(here, dead_letters=lambda: letters or Letters())
    answer = room.client.get("/readyz")
    return answer.status_code, answer.json["status"], answer.json["checks"]


def test_all_is_well(room: ReadingRoom) -> None:
    """Database, tables, a worker that beats, a broker that answers."""
    assert ask(room)[:2] == (200, "ready")


def test_the_process_answers_whatever_else_is_away(tmp_path: Path) -> None:
    """/healthz asks nobody."""
    room = open_room(tmp_path, "postgresql+psycopg://postgres@127.0.0.1:1/none", migrated=False)
    assert room.client.get("/healthz").json == {"status": "ok"}


def test_a_broker_that_is_away_is_only_degraded(room: ReadingRoom) -> None:
    """Digests are still served, and nothing is lost."""
    status, word, checks = ask(room, Letters(reachable=False))
    assert (status, word, checks["broker"]) == (200, "degraded", "cannot be reached")


def test_stopped_workers_are_red_with_the_reason(room: ReadingRoom) -> None:
    """Too many dead letters in a row: somebody must look."""
    with room.database.write() as connection:
        attempts.stop(connection, NOW, "20 dead letters in a row")
    status, word, checks = ask(room)
    assert (status, word) == (503, "down")
    assert "20 dead letters in a row" in checks["worker"]


def test_work_that_waits_for_a_silent_worker_is_red(room: ReadingRoom) -> None:
    """Responses pile up and nobody takes them."""
    room.now[0] = NOW + timedelta(minutes=2)
    status, _, checks = ask(room, Letters(waits=7))
    assert (status, checks["worker"]) == (503, "no sign of life, and 7 waiting")


def test_a_silent_worker_without_work_is_only_degraded(room: ReadingRoom) -> None:
    """A restart is no alarm."""
    room.now[0] = NOW + timedelta(minutes=2)
    assert ask(room)[:2] == (200, "degraded")


def test_missing_tables_are_red(tmp_path: Path) -> None:
    """And the page says which command makes them."""
    status, word, checks = ask(open_room(tmp_path, migrated=False))
    assert (status, word, checks["migrations"]) == (503, "down", "not current: run init-db")


def test_a_database_that_is_away_is_red(tmp_path: Path) -> None:
    """Without it no digest can be shown."""
    room = open_room(tmp_path, "postgresql+psycopg://postgres@127.0.0.1:1/none", migrated=False)
    status, _, checks = ask(room)
    assert (status, checks["database"]) == (503, "cannot be reached")


def metrics(room: ReadingRoom) -> dict[str, float]:
    lines = room.client.get("/metrics").text.splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def test_the_metrics_tell_what_an_operator_watches(room: ReadingRoom) -> None:
    """Inbox, responses, dead letters, the worker's age."""
    room.record([said("r-1")])
    ask(room, Letters(waits=2, dead=3))
    room.now[0] = NOW + timedelta(seconds=30)
    found = metrics(room)
    assert (found["analyzer_events"], found["analyzer_responses"]) == (2, 1)
    assert (found["analyzer_waiting"], found["analyzer_dead_letters"]) == (2, 3)
    assert found["analyzer_worker_silent_seconds"] == 30
    assert found["analyzer_worker_stopped"] == 0


def test_metrics_without_the_broker_tell_the_rest(room: ReadingRoom) -> None:
    """A gauge that cannot be known is left out, never zero."""
    ask(room, Letters(reachable=False))
    found = metrics(room)
    assert "analyzer_dead_letters" not in found
    assert found["analyzer_events"] == 1


def test_metrics_name_routes_and_never_tokens(room: ReadingRoom) -> None:
    """The token is a key, and metrics are read by many."""
    room.client.get(f"/d/{room.token()}")
    assert room.token() not in room.client.get("/metrics").text


def test_the_real_broker_is_asked(room: ReadingRoom) -> None:
    """The embedded queue, which has no file yet, is an empty one."""
    answer = room.client.get("/readyz")
    assert answer.json["checks"]["broker"] == "ok"


def test_a_database_stays_open_between_two_looks(room: ReadingRoom) -> None:
    """Health is asked every few seconds, for months."""
    for _ in range(30):
        assert ask(room)[0] == 200
    database: Database = room.database
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
