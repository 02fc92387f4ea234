"""Promises about the tables: they come into being once, completely, however often it is asked."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from collector.database import Database, open_database
from collector.errors import TryLater
from collector.migrations import is_current, migrate
from collector.tables import metadata


@pytest.fixture
def database(any_database_url: str) -> Iterator[Database]:
    opened = open_database(any_database_url)
    yield opened
    opened.close()


def difference(database: Database) -> list:
    with database.read() as connection:
        return compare_metadata(MigrationContext.configure(connection), metadata)


def test_a_fresh_database_is_not_current(database):
    """A web process can tell that nobody has run init-db yet."""
    assert not is_current(database)


def test_the_revisions_give_what_the_code_declares(database):
    """tables.py and the revisions cannot drift apart."""
    migrate(database)
    assert is_current(database)
    assert difference(database) == []


def test_migrating_twice_changes_nothing(database):
    """init-db may run at every start."""
    migrate(database)
    with database.write() as connection:
        connection.execute(sa.insert(metadata.tables["fair"]), FAIR)
    migrate(database)
    with database.read() as connection:
        assert connection.execute(sa.select(metadata.tables["fair"].c.id)).scalars().all() == ["f"]


def test_two_migrations_at_once_are_one(any_database_url):
    """Two machines that start together do not trip over each other."""

    def start(_number: int) -> bool:
        database = open_database(any_database_url)
        try:
            migrate(database)
            return is_current(database)
        finally:
            database.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(start, range(4))) == [True] * 4


def test_postgresql_keeps_the_tables_in_a_schema_of_their_own(postgres_url):
    """Collector and analyzer may share one PostgreSQL database."""
    database = open_database(postgres_url.replace("postgresql://", "postgresql+psycopg://", 1))
    migrate(database)
    with database.read() as connection:
        tables = sa.inspect(connection).get_table_names(schema="collector")
        public = sa.inspect(connection).get_table_names(schema="public")
    database.close()
    assert "alembic_version" in tables
    assert "fair" in tables
    assert public == []


def test_a_database_that_is_away_asks_to_try_later():
    """Nobody listens on port 1: a caller hears TryLater, not a driver's error."""
    database = open_database("postgresql+psycopg://postgres@127.0.0.1:1/none")
    with pytest.raises(TryLater):
        migrate(database)


def test_a_sqlite_folder_that_cannot_be_made_asks_to_try_later(tmp_path):
    """A DATA_DIR below a plain file cannot hold a database."""
    (tmp_path / "file").write_text("")
    with pytest.raises(TryLater):
        migrate(open_database(f"sqlite:///{tmp_path}/file/var/collector.sqlite3"))


FAIR = {
    "id": "f",
    "name": {"en": "Fair", "zh": "展会"},
    "timezone": "Asia/Shanghai",
    "starts_on": "2026-11-24",
    "ends_on": "2026-11-25",
    "sample": True,
    "link_generation": 0,
}
