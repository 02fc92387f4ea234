"""Opening the analyzer's database and bringing it up to date.

In: a SQLAlchemy URL.  Out: a Database whose read() and write() hand out Core connections.
This is the only place of the service that looks at the URL's scheme.
"""

import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql, sqlite

from analyzer.errors import BadMessage, TryLater

SCHEMA = "analyzer"  # on PostgreSQL; the collector has its own beside it
MIGRATION_LOCK = 7_201_993_001  # any number, as long as it is ours: two `init-db` at once take turns
CONNECT_TIMEOUT = 5  # seconds
BUSY_TIMEOUT = 20_000  # ms; a safety net only, writers queue fairly at the lock file before they begin

PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT}",
    "PRAGMA synchronous = FULL",  # a commit that was answered survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA wal_autocheckpoint = 4000",  # pages; fewer checkpoints in the middle of a rush
    "PRAGMA cache_size = -16000",  # KiB
)


@dataclass(frozen=True)
class Database:
    engine: sa.Engine
    path: Path | None  # of the SQLite file; None: a server

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection in a transaction that sees one state of the data."""
        with _fates(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A connection in a transaction that is committed at the end of the block."""
        with _fates(), self._turn(), self._writer().begin() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    def _writer(self) -> sa.Engine:
        return self.engine.execution_options(begin="BEGIN IMMEDIATE")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Writers of one SQLite file wait in line: its own busy handler sleeps and is unfair."""
        if self.path is None:
            yield
            return
        with open(f"{self.path}.lock", "a", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def open_database(url: str) -> Database:
    """Nothing is connected yet: a server that is away shows at the first read or write."""
    if not url.startswith("sqlite"):
        options = {"options": f"-csearch_path={SCHEMA}", "connect_timeout": CONNECT_TIMEOUT}
        return Database(sa.create_engine(url, connect_args=options, pool_pre_ping=True), None)
    engine = sa.create_engine(url)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, Path(engine.url.database or ""))


def migrate(database: Database) -> None:
    """Bring the schema to the newest revision; twice, or two at once, does no harm."""
    with _fates():
        if database.path is not None:
            _upgrade_file(database, database.path)
        else:
            _upgrade_server(database)


def is_current(database: Database) -> bool:
    """Whether the schema is the one that this version of the service was written for."""
    if database.path is not None and not database.path.exists():
        return False  # to connect would make an empty file
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _newest_revision()


def hold(connection: sa.Connection, keys: Iterable[str]) -> None:
    """Keep other writers away from these keys until the transaction ends.

    SQLite has one writer at a time anyway.  Locks are taken in one order, so two never wait in a circle.
    """
    if connection.dialect.name != "postgresql":
        return
    numbers = sorted({_lock_number(key) for key in keys})
    statement = sa.text("SELECT pg_advisory_xact_lock(n) FROM unnest(CAST(:numbers AS bigint[])) AS n")
    connection.execute(statement, {"numbers": numbers})


def insert(connection: sa.Connection, table: sa.Table) -> Any:
    """An insert that knows ON CONFLICT, which both databases write alike but SQLAlchemy keeps apart."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def _lock_number(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not open transactions on its own
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _upgrade_file(database: Database, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with database._turn():
        raw = database.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode = WAL")  # stays with the file
        finally:
            raw.close()
        with database._writer().begin() as connection:
            _upgrade(connection)


def _upgrade_server(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": MIGRATION_LOCK})
        connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        _upgrade(connection)


def _upgrade(connection: sa.Connection) -> None:
    config = _alembic()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _alembic() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@lru_cache(maxsize=1)
def _newest_revision() -> str | None:
    return ScriptDirectory.from_config(_alembic()).get_current_head()


@contextmanager
def _fates() -> Iterator[None]:
    """Say what happens next: wait for the database, or give the message up."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        raise TryLater(f"database: {_first_line(error)}") from error
    except sa.exc.DataError as error:  # a value that no column can hold, such as a NUL in a text
        raise BadMessage(f"the database refuses a value: {_first_line(error)}") from error
    except OSError as error:  # the lock file, the folder
        raise TryLater(f"database: {error}") from error


def _first_line(error: sa.exc.SQLAlchemyError) -> str:
    """What the driver says, without the statement and its values: they may be personal."""
    return str(getattr(error, "orig", None) or error).splitlines()[0]
