"""The relay: takes events from the outbox to the broker, at least once, whatever breaks.

relay_once() is one turn; run() turns until it is told to stop.  A broker that is away costs nothing
but delay: the rows stay due, the relay tries again with growing pauses and says so once, not each time.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from collector import outbox
from collector.config import Config
from collector.database import Database, open_database
from collector.errors import TryLater
from collector.housekeeping import housekeeping
from collector.mailing import mailing
from collector.migrations import is_current
from collector.outbox import Failure, LeasedRow
from collector.photostore import open_photo_store
from collector.postmen import open_postman
from collector.publishers import OutboundMessage, Outcome, Published, Publisher, open_publisher
from collector.pulse import Pulse, RelayReport
from collector.stopping import stop_on_signals

BATCH = 256  # rows of one turn: the publisher's window
LEASE = 15.0  # seconds; a relay that was killed delays its rows by so long, a slow one sends a copy
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between tries while the broker is away
# Seconds between two looks for due rows, by seconds since the last event: an idle relay costs 1 % CPU.
POLLS = ((1.0, 0.002), (60.0, 0.02), (float("inf"), 0.1))
PURGE_EVERY = 3600.0  # seconds
KEEP = timedelta(days=90)  # how long a published event can be replayed

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def relay_once(
    database: Database, publisher: Publisher, clock: Clock, jitter: Callable[[], float] = random.random
) -> RelayReport:
    """Publish one batch of due rows.  Raises TryLater when database or broker are away.

    jitter() -> 0..1 spreads the next tries of rows that failed.
    """
    with database.read() as connection:
        if not outbox.has_due(connection, clock()):
            return RelayReport()
    with database.write() as connection:
        rows = outbox.lease(connection, BATCH, clock(), LEASE)
    outcomes = _publish(database, publisher, rows)
    return _note(database, rows, outcomes, clock(), jitter)


def pause(failures: int, jitter: float) -> float:
    """Seconds to wait after so many failures (from 1) in a row: doubles up to the longest, -25 % at most."""
    doubled = FIRST_PAUSE * 2.0 ** min(failures - 1, 16)
    return min(doubled, LONGEST_PAUSE) * (1 - jitter / 4)


def _publish(database: Database, publisher: Publisher, rows: Sequence[LeasedRow]) -> Sequence[Outcome]:
    messages = [OutboundMessage(r.event_id, r.type, r.body.encode(), r.traceparent) for r in rows]
    try:
        return publisher.publish(messages)
    except BaseException:
        with database.write() as connection:
            outbox.give_back(connection, [row.id for row in rows])
        raise


def _note(
    database: Database,
    rows: Sequence[LeasedRow],
    outcomes: Sequence[Outcome],
    now: datetime,
    jitter: Callable[[], float],
) -> RelayReport:
    """Write down what became of each row, in one transaction."""
    done, failures = [], []
    for row, outcome in zip(rows, outcomes, strict=True):
        if isinstance(outcome, Published):
            done.append(row.id)
        else:
            due_at = now + timedelta(seconds=pause(row.attempts + 1, jitter()))
            failures.append(Failure(row.id, outcome.reason, due_at))
    with database.write() as connection:
        outbox.mark_published(connection, done, now)
        outbox.release(connection, failures)
    return RelayReport(len(rows), len(done), tuple(failure.error for failure in failures))


def run(database: Database, publisher: Publisher, stop: threading.Event, clock: Clock) -> None:
    """Turn until `stop` is set; the batch in flight is finished first."""
    pulse, failures = Pulse(database, clock), 0
    last_event = time.monotonic()
    next_purge = 0.0
    while not stop.is_set():
        try:
            report = relay_once(database, publisher, clock)
            next_purge = _purge_sometimes(database, clock, next_purge)
        except TryLater as error:
            failures += 1
            pulse.stuck(error)
            stop.wait(pause(failures, random.random()))
            continue
        failures = 0
        pulse.turned(report)
        if report.leased:
            last_event = time.monotonic()
        if report.leased < BATCH:
            stop.wait(poll(time.monotonic() - last_event))


def poll(idle: float) -> float:
    """Seconds until the next look, after so many seconds without an event."""
    return next(pause for limit, pause in POLLS if idle < limit)


def _purge_sometimes(database: Database, clock: Clock, next_purge: float) -> float:
    """Gives the time of the next purge."""
    if time.monotonic() < next_purge:
        return next_purge
    with database.write() as connection:
        purged = outbox.purge(connection, clock() - KEEP)
    if purged:
        log.info("old published events forgotten", extra={"events": purged})
    return time.monotonic() + PURGE_EVERY


def wait_for_tables(database: Database, stop: threading.Event) -> None:
    """Before the first `init-db` there is nothing to look into."""
    said = False
    while not stop.is_set():
        with suppress(TryLater):
            if is_current(database):
                return
        if not said:
            log.warning("waiting for the database: run `python -m collector init-db`")
        said = True
        stop.wait(FIRST_PAUSE)


def utc_now() -> datetime:
    return datetime.now(UTC)


def main(config: Config) -> int:
    """The role `relay`: until SIGTERM or Ctrl-C.  Gives the exit code."""
    stop = stop_on_signals()
    database = open_database(config.database_url)
    publisher = open_publisher(config.amqp_url)
    log.info("relay started")
    try:
        wait_for_tables(database, stop)
        postman = open_postman(config.smtp_url, config.data_dir / "mail")
        store = open_photo_store(config.photo_store_url)
        with (
            mailing(database, postman, config.mail_from, utc_now),
            housekeeping(database, store, utc_now),
        ):
            run(database, publisher, stop, utc_now)
    finally:
        publisher.close()
        database.close()
    log.info("relay stopped")
    return 0
