"""What a request needs at hand, gathered once per app: settings, database, clock, the way in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import current_app

from collector.config import Config
from collector.darkroom import Darkroom
from collector.database import Database
from collector.intake import Intake
from collector.stages import AnalyzerDesk
from collector.studio import Studio

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Desk:
    config: Config
    secret: str
    database: Database
    intake: Intake
    darkroom: Darkroom
    studio: Studio
    analyzer: AnalyzerDesk
    clock: Clock


def utc_now() -> datetime:
    return datetime.now(UTC)


def desk() -> Desk:
    """The current app's."""
    return cast(Desk, current_app.extensions["debrief"])
