"""Promises about transactions: whole or not at all, one writer at a time, and a clear word when away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from collector.database import Database, open_database
from collector.errors import TryLater

NOTE = sa.Table(
    "note", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer)
)


@pytest.fixture
def database(any_database_url: str) -> Iterator[Database]:
    opened = open_database(any_database_url)
    with opened.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("CREATE SCHEMA collector"))
        NOTE.create(connection)
        connection.execute(sa.insert(NOTE).values(id=1, n=0))
    yield opened
    opened.close()


def number(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(sa.select(NOTE.c.n)).scalar_one())


def test_leaving_the_block_commits(database):
    """The happy path."""
    with database.write() as connection:
        connection.execute(sa.update(NOTE).values(n=5))
    assert number(database) == 5


def test_an_exception_undoes_everything(database):
    """Half a transaction is none; the exception goes on."""

    def break_off() -> None:
        with database.write() as connection:
            connection.execute(sa.update(NOTE).values(n=5))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert number(database) == 0


def test_writers_queue_and_lose_nothing(database):
    """Eight threads add one twenty-five times; on PostgreSQL the row is locked, on SQLite the file."""

    def add(_: int) -> None:
        for _ in range(25):
            with database.write() as connection:
                found = connection.execute(sa.select(NOTE.c.n).with_for_update()).scalar_one()
                connection.execute(sa.update(NOTE).values(n=found + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    assert number(database) == 200


def test_a_mistake_in_our_sql_is_not_taken_for_an_outage(database):
    """A missing table does not come back by waiting."""
    with pytest.raises(sa.exc.DBAPIError), database.read() as connection:
        connection.execute(sa.text("SELECT * FROM nowhere"))


def test_a_connection_that_breaks_asks_to_try_later(postgres_url):
    """The server was restarted: the next transaction works again."""
    database = open_database(postgres_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with pytest.raises(TryLater), database.read() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with database.read() as connection:
        assert connection.execute(sa.select(1)).scalar() == 1
    database.close()


def test_sqlite_waits_for_the_disk(tmp_path):
    """An answered response survives a power cut; relations are held."""
    database = open_database(f"sqlite:///{tmp_path}/x.sqlite3")
    database.prepare()
    with database.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
