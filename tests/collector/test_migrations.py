"""Promises about the tables: they come into being once, completely, however often it is asked."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from collector import tables
from collector.database import Database, open_database
from collector.errors import TryLater
from collector.migrations import is_current, migrate
from collector.tables import metadata
from tests.collector.house import NOW, OPEN, build, good
from tests.contract.files import schema_of


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
        ours = sa.inspect(connection).get_table_names(schema="collector")
        public = sa.inspect(connection).get_table_names(schema="public")
    database.close()
    assert "alembic_version" in ours
    assert "fair" in ours
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


def test_photos_from_before_are_told_to_the_analyzer(any_database_url, tmp_path):
    """They were stored by a version that told nobody; a withdrawn one stays untold."""
    house = build(any_database_url, tmp_path)
    ids = [house.post(good(), house.token(OPEN)).json["response_id"] for _ in range(2)]
    photo = {"size": 9, "state": "stored", "begun_at": NOW, "stored_at": NOW, "width": 4, "height": 3}
    with house.database.write() as connection:
        rows = [{**photo, "id": f"photo-{n}", "response_id": one} for n, one in enumerate(ids)]
        connection.execute(sa.insert(tables.photo), [*rows, {**rows[0], "id": "half", "state": "uploading"}])
        gone = tables.response.c.id == ids[1]
        connection.execute(sa.update(tables.response).where(gone).values(withdrawn_at=NOW))
        for later in ("voice_chunk", "voice_note"):
            connection.execute(sa.text(f"DROP TABLE {later}"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0006'"))
    migrate(house.database)
    [told] = [json.loads(row.body) for row in house.rows(tables.outbox) if row.type == "photo.stored.v1"]
    house.database.close()
    schema_of("photo.stored.v1").validate(told)
    assert told["data"]["photo_id"] == "photo-0"
