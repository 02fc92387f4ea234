"""The file of the embedded queue: its tables, and the one way to read and write it.

Raises TryLater for whatever goes wrong with the file; the next call opens it anew.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from analyzer.consumers import BINDINGS
from analyzer.errors import TryLater

BUSY_TIMEOUT = 20.0  # seconds; a safety net, writers take turns at the lock file

# ready: no owner, not dead.  leased: an owner.  dead: died_at.  Times are seconds since 1970.
SCHEMA = """
    CREATE TABLE IF NOT EXISTS message (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id TEXT,
        type TEXT NOT NULL,
        body BLOB NOT NULL,
        traceparent TEXT,
        published_at REAL NOT NULL,
        available_at REAL NOT NULL,
        owner TEXT,
        deliveries INTEGER NOT NULL DEFAULT 0,
        reason TEXT,
        died_at REAL
    );
    CREATE INDEX IF NOT EXISTS message_ready ON message (id) WHERE owner IS NULL AND died_at IS NULL;
    CREATE INDEX IF NOT EXISTS message_owner ON message (owner) WHERE owner IS NOT NULL;
    CREATE INDEX IF NOT EXISTS message_dead ON message (died_at) WHERE died_at IS NOT NULL;
    CREATE TABLE IF NOT EXISTS binding (pattern TEXT PRIMARY KEY);
"""


class QueueFile:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    def exists(self) -> bool:
        return self.path.exists()

    def read(self, statement: str, row: dict[str, Any]) -> list[Any]:
        with self._fates():
            return self._open().execute(statement, row).fetchall()

    def data_version(self) -> int:
        """A number that changes when another connection commits."""
        return int(self.read("PRAGMA data_version", {})[0][0])

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction; writers of all processes wait in line."""
        with self._fates():
            connection = self._open()
            with self._turn():
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
                    raise

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _open(self) -> sqlite3.Connection:
        """The open connection; a file that was removed or replaced under us is opened anew."""
        if self._connection is None or self._inode != self._current_inode():
            self.close()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT, isolation_level=None)
            connection.execute("PRAGMA synchronous = NORMAL")
            self._set_up(connection)
            self._connection, self._inode = connection, self._current_inode()
        return self._connection

    def _current_inode(self) -> int:
        try:
            return os.stat(self.path).st_ino
        except FileNotFoundError:
            return -1

    def _set_up(self, connection: sqlite3.Connection) -> None:
        with self._turn():
            if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                connection.execute("PRAGMA journal_mode = WAL")  # stays with the file
            connection.executescript(SCHEMA)
            patterns = [(pattern.replace("#", "*"),) for pattern in BINDINGS]
            connection.executemany("INSERT OR IGNORE INTO binding VALUES (?)", patterns)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with open(f"{self.path}.lock", "a", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _fates(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise TryLater(f"embedded queue: {error}") from error
