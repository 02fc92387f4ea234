"""Brings the collector's tables to the newest revision.

In: a Database.  Out: its tables as tables.py declares them.  Running it twice, or two at once, is fine:
on PostgreSQL an advisory lock, on SQLite the file lock lets one work while the other waits and finds
nothing left to do.
"""

import logging
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from collector.database import SCHEMA, Database

# It announces its settings at INFO each time anybody looks at the revision.
logging.getLogger("alembic").setLevel(logging.WARNING)

ADVISORY_LOCK = 7_263_001  # any number that nobody else in this database uses


def migrate(database: Database) -> None:
    """Raises TryLater when the database is away."""
    database.prepare()
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
            connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        config = _alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether the tables are as this version of the code needs them.  Raises TryLater."""
    with database.read() as connection:
        found = MigrationContext.configure(connection).get_current_heads()
    return frozenset(found) == _newest()


@cache
def _newest() -> frozenset[str]:
    """Read once: /readyz asks all the time."""
    return frozenset(ScriptDirectory.from_config(_alembic_config()).get_heads())


def _alembic_config() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
