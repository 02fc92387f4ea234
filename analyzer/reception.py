"""What the views share: configuration, database, topic names and the clock, kept with the app."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias, cast

from flask import current_app

from analyzer.config import Config
from analyzer.consumers import DeadLetters
from analyzer.database import Database
from analyzer.digests.model import Bilingual

Clock: TypeAlias = Callable[[], datetime]


@dataclass(frozen=True)
class Reception:
    config: Config
    secret: str
    database: Database
    labels: Mapping[str, Bilingual]  # topic id -> its names
    dead_letters: Callable[[], DeadLetters]  # opens them
    clock: Clock


def utc_now() -> datetime:
    return datetime.now(UTC)


def reception() -> Reception:
    return cast(Reception, current_app.extensions["debrief"])
