"""The analyzer's web app on a database of its own, with links into it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from analyzer import store
from analyzer.app import create_app
from analyzer.config import Config
from analyzer.database import Database, migrate, open_database
from analyzer.links import Grant, digest_token
from analyzer.rows import AnalysedEvent
from tests.analyzer.stories import NOW, analysed, scheduled
from tests.schemas import with_tables

SECRET = "only-for-tests-" + "x" * 32


@dataclass
class ReadingRoom:
    config: Config
    database: Database
    app: Flask
    now: list[datetime]  # one element: the time, which tests may turn

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def record(self, events: Iterable[AnalysedEvent]) -> None:
        with self.database.write() as connection:
            store.record(connection, list(events))

    def token(
        self, visit_id: str = "ruige-1124", generation: int = 1, days: int = 30, role: str = "company"
    ) -> str:
        grant = Grant(visit_id, generation, NOW + timedelta(days=days), role)
        return digest_token(self.config.require_secret_key(), grant)


def open_room(
    folder: Path, database_url: str | None = None, *, migrated: bool = True, **settings: str
) -> ReadingRoom:
    """One announced visit, nobody has answered."""
    config = Config.from_env({"DATA_DIR": str(folder), "SECRET_KEY": SECRET, **settings})
    config = replace(config, database_url=database_url or config.database_url)
    database = open_database(config.database_url)
    now = [NOW]
    app = create_app(config, clock=partial(now.__getitem__, 0), database=database)
    room = ReadingRoom(config, database, app, now)
    if migrated:
        with_tables(database, open_database, migrate)
        room.record([analysed(scheduled())])
    return room
