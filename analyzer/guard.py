"""What workers keep in the database beside their results: counted tries, a sign of life, the stop.

The SQL is in attempts.py; here is when to write what.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from analyzer import attempts
from analyzer.consumers import Ack, DeadLetter, Retry, Verdict
from analyzer.database import Database

LOOK_EVERY = 1.0  # seconds between two looks at worker_state
BEAT_EVERY = 5.0  # seconds between two signs of life in it
STOPPED = "too many dead letters in a row: workers are stopped until `analyzer dead resume`"

log = logging.getLogger(__name__)


class CountedTries:
    """See handling.Tries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, key: str) -> int:
        with self._database.write() as connection:
            return attempts.count(connection, key)

    def note(self, key: str, error: str) -> None:
        with self._database.write() as connection:
            attempts.note(connection, key, error)

    def forget(self, key: str) -> None:
        with self._database.write() as connection:
            attempts.forget(connection, [key])


class Guard:
    """Keeps a bad deploy from emptying the queue into the dead letters, and tells that we live.

    The state is one row that all workers share: whoever reaches the limit stops them all.
    """

    def __init__(self, database: Database, limit: int, clock: Callable[[], datetime]) -> None:
        self._database, self._limit, self._clock = database, limit, clock
        self._in_a_row = 0
        self._stopped = False
        self._next_look = self._next_beat = 0.0

    def stopped(self) -> bool:
        """Whether to consume nothing.  Raises TryLater while the database is away."""
        if time.monotonic() >= self._next_look:
            with self._database.read() as connection:
                state = attempts.state(connection)
            self._in_a_row = state.dead_letters_in_a_row
            self._note(state.stopped_at is not None)
            self._beat()
            self._next_look = time.monotonic() + LOOK_EVERY
        return self._stopped

    def look_again(self) -> None:
        """At the next stopped(), whatever the time: the database may have gone."""
        self._next_look = 0.0

    def admit(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """The verdicts, with dead letters beyond the limit kept in the pipe instead."""
        before, admitted = self._in_a_row, []
        for verdict in verdicts:
            if isinstance(verdict, Ack):
                self._in_a_row = 0
            elif isinstance(verdict, DeadLetter):
                self._in_a_row += 1
            over = isinstance(verdict, DeadLetter) and self._in_a_row > self._limit
            admitted.append(Retry(STOPPED) if over else verdict)
        if self._in_a_row != before:
            self._save()
        return admitted

    def _save(self) -> None:
        reached = self._in_a_row >= self._limit
        with self._database.write() as connection:
            attempts.count_dead(connection, self._in_a_row)
            if reached and not self._stopped:
                attempts.stop(connection, self._clock(), STOPPED)
        self._note(self._stopped or reached)

    def _note(self, stopped: bool) -> None:
        if stopped and not self._stopped:
            log.error(STOPPED)
        elif self._stopped and not stopped:
            log.info("resumed")
        self._stopped = stopped

    def _beat(self) -> None:
        if time.monotonic() >= self._next_beat:
            with self._database.write() as connection:
                attempts.beat(connection, self._clock())
            self._next_beat = time.monotonic() + BEAT_EVERY
