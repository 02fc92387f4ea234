"""Tables for tests that are about something else: the migrations run once, and their file is copied."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any


def with_tables(database: Any, open_database: Callable[[str], Any], migrate: Callable[[Any], None]) -> Any:
    """The same database, with the tables of its service; PostgreSQL runs the migrations each time."""
    url = database.engine.url
    if url.get_backend_name() == "sqlite":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        Path(url.database).write_bytes(_migrated(open_database, migrate))
    else:
        migrate(database)
    return database


@cache
def _migrated(open_database: Callable[[str], Any], migrate: Callable[[Any], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.sqlite3"
        database = open_database(f"sqlite:///{file}")
        migrate(database)
        database.close()
        assert not Path(f"{file}-wal").exists(), "all of it is in the one file"
        return file.read_bytes()
