"""What the database does for its writers and what its failures mean."""

from pathlib import Path
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from analyzer.database import Database, hold, migrate, open_database
from analyzer.errors import BadMessage, TryLater
from analyzer.tables import attempt


@pytest.fixture
def database(any_database_url: str) -> Database:
    database = open_database(any_database_url)
    migrate(database)
    return database


def test_a_write_that_fails_is_undone(database: Database) -> None:
    """One transaction: all of it or nothing."""
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        connection.execute(sa.insert(attempt).values([{"message_key": "m", "attempts": 1}] * 2))
    with database.read() as connection:
        assert connection.execute(sa.select(attempt)).all() == []


def test_who_holds_a_key_keeps_others_waiting(database: Database) -> None:
    """Two workers with one response in hand take turns."""
    entered, order = Event(), []

    def second() -> None:
        entered.wait(10)
        with database.write() as connection:
            hold(connection, ["response r-1"])
            order.append("second")

    thread = Thread(target=second)
    thread.start()
    with database.write() as connection:
        hold(connection, ["response r-1", "response r-2"])
        entered.set()
        thread.join(0.3)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_a_value_that_no_column_can_hold_is_the_messages_fault(postgres_url: str) -> None:
    """A NUL in a text would fail for ever: it belongs to the dead letters, not to the retries."""
    database = open_database(postgres_url.replace("postgresql://", "postgresql+psycopg://", 1))
    migrate(database)
    with pytest.raises(BadMessage), database.write() as connection:
        connection.execute(sa.insert(attempt).values(message_key="a\0b", attempts=1))


def test_a_folder_that_cannot_be_written_means_try_later(tmp_path: Path) -> None:
    """The world is broken, not the message."""
    (tmp_path / "file").write_text("")
    database = open_database(f"sqlite:///{tmp_path}/file/db.sqlite3")
    with pytest.raises(TryLater), database.write():
        pass


def test_a_commit_on_sqlite_survives_a_power_cut(tmp_path: Path) -> None:
    """Write-ahead log and full sync, on every connection."""
    database = open_database(f"sqlite:///{tmp_path}/db.sqlite3")
    migrate(database)
    with database.read() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        ]
    assert pragmas == ["wal", 2]
