"""What the relay tells of itself: one log line a change, one row in the database for health."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from collector import outbox
from collector.database import Database
from collector.errors import TryLater

BEAT_EVERY = 5.0  # seconds between two signs of life in relay_state

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RelayReport:
    leased: int = 0
    published: int = 0
    errors: tuple[str, ...] = ()  # one a row that stays

    @property
    def error(self) -> str | None:
        """What to say of this turn: nothing where anything got through."""
        return self.errors[0] if self.errors and not self.published else None


class Pulse:
    """Knows since when publishing fails, and why."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._failing_since: datetime | None = None
        self._reason: str | None = None
        self._rows_fail = False  # single rows fail, not the world
        self._published_at: datetime | None = None
        self._next_beat = 0.0

    def turned(self, report: RelayReport) -> None:
        """After a turn.  Rows that fail come due later, so an idle turn does not mean that they work."""
        if report.published:
            self._published_at = self._clock()
        if report.error:
            self._fails(report.error, rows_fail=True)
        elif self._failing_since and (report.published or not self._rows_fail):
            log.info("publishing again", extra={"failing_since": self._failing_since.isoformat()})
            self._failing_since = self._reason = None
            self._next_beat = 0.0
        self._beat()

    def stuck(self, error: TryLater) -> None:
        """Database or broker are away."""
        self._fails(str(error), rows_fail=False)
        self._beat()

    def _fails(self, reason: str, *, rows_fail: bool) -> None:
        self._rows_fail, self._reason = rows_fail, reason[: outbox.LAST_ERROR]
        if self._failing_since is None:
            log.warning("cannot publish, events wait in the outbox: %s", reason)
            self._failing_since = self._clock()
            self._next_beat = 0.0

    def _beat(self) -> None:
        if time.monotonic() < self._next_beat:
            return
        state = {
            "progress_at": self._clock(),
            "last_error": self._reason,
            "failing_since": self._failing_since,
        }
        if self._published_at:
            state["published_at"] = self._published_at
        try:
            with self._database.write() as connection:
                outbox.beat(connection, **state)
        except TryLater as away:
            log.debug("no heartbeat: %s", away)
        self._next_beat = time.monotonic() + BEAT_EVERY
