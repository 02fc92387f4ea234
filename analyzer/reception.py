"""What the views share: configuration, database, topic names and the clock, kept with the app."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias, cast

from flask import current_app

from analyzer.config import Config
from analyzer.consumers import DeadLetters
from analyzer.database import Database
from analyzer.digests.comparing import Previous, Scores
from analyzer.digests.model import Bilingual, Digest
from analyzer.kept_rows import KeptRows
from analyzer.shelf import KEPT, Noted, Shelf

DIGESTS, PAGES, FAIRS = 24, 96, 24  # kept by each web process; a digest of 200 responses is about 3 MB
OPENINGS = 1000  # of this hour that need not be written down again
FILES = 16  # kept, too; a PDF with its fonts is about 0.4 MB
Clock: TypeAlias = Callable[[], datetime]


@dataclass(frozen=True)
class Reception:
    config: Config
    secret: str
    database: Database
    labels: Mapping[str, Bilingual]  # topic id -> its names
    dead_letters: Callable[[], DeadLetters]  # opens them
    clock: Clock
    rows: KeptRows = field(default_factory=lambda: KeptRows(DIGESTS))
    digests: Shelf[Digest] = field(default_factory=lambda: Shelf(DIGESTS))
    pages: Shelf[bytes] = field(default_factory=lambda: Shelf(PAGES))
    files: Shelf[bytes] = field(default_factory=lambda: Shelf(FILES))
    companies: Shelf[Sequence[Scores]] = field(default_factory=lambda: Shelf(FAIRS, KEPT))
    opened: Noted = field(default_factory=lambda: Noted(OPENINGS))
    previous: Shelf[Previous | None] = field(default_factory=lambda: Shelf(DIGESTS, KEPT))


def utc_now() -> datetime:
    return datetime.now(UTC)


def reception() -> Reception:
    return cast(Reception, current_app.extensions["debrief"])
