"""The worker: takes deliveries, analyses and records them, and gives each one verdict.

The loop, its pauses and its end; what becomes of a batch is decided in handling.py, and whether to
take any more in guard.py.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from analyzer import mailing, store
from analyzer.analysis import load_engine
from analyzer.config import Config
from analyzer.consumers import Ack, Consumer, DeadLetter, Delivery, Retry, Verdict, open_consumer
from analyzer.database import Database, is_current, open_database
from analyzer.errors import TryLater
from analyzer.guard import CountedTries, Guard
from analyzer.handling import Desk, groups, handle
from analyzer.messages import parse
from analyzer.reading import read
from analyzer.rows import AnalysedEvent
from analyzer.stopping import stop_on_signals

LISTEN = 1.0  # seconds that receive() waits; SIGTERM is seen at least so often
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between tries while database or broker are away

log = logging.getLogger(__name__)


def run(consumer: Consumer, desk: Desk, guard: Guard, stop: threading.Event, batch_size: int) -> None:
    """Turn until `stop` is set; the group in hand is finished first."""
    failures = 0
    while not stop.is_set():
        try:
            _turn(consumer, desk, guard, stop, batch_size)
            if failures:
                log.info("working again")
            failures = 0
        except TryLater as error:
            failures += 1
            if failures == 1:
                log.warning("cannot work, waiting: %s", error)
            guard.look_again()
            _rest(consumer, stop, pause(failures, random.random()))


def _turn(consumer: Consumer, desk: Desk, guard: Guard, stop: threading.Event, batch_size: int) -> None:
    if guard.stopped():
        consumer.close()
        stop.wait(LISTEN)
        return
    for group in groups(consumer.receive(batch_size, LISTEN)):
        if stop.is_set() or guard.stopped():
            consumer.close()  # gives back what is still in hand
            return
        verdicts = _verdicts(group, desk, guard)
        consumer.settle(group, verdicts)
        _log(group, verdicts)
        if all(isinstance(verdict, Retry) for verdict in verdicts):
            guard.look_again()  # is it the world?  Then the next turn finds out before it takes more.


def _verdicts(group: Sequence[Delivery], desk: Desk, guard: Guard) -> list[Verdict]:
    try:
        return guard.admit(handle(group, desk))
    except TryLater as error:
        return [Retry(str(error))] * len(group)


def _log(group: Sequence[Delivery], verdicts: Sequence[Verdict]) -> None:
    for delivery, verdict in zip(group, verdicts, strict=True):
        if isinstance(verdict, DeadLetter):
            log.error("dead letter: %s", verdict.reason, extra={"message_id": delivery.message_id})
    done = sum(isinstance(verdict, Ack) for verdict in verdicts)
    log.debug("batch of %d: %d recorded", len(group), done)


def pause(failures: int, jitter: float) -> float:
    """Seconds to wait after so many failures (from 1) in a row: doubles up to the longest, -25 % at most."""
    doubled = FIRST_PAUSE * 2.0 ** min(failures - 1, 16)
    return min(doubled, LONGEST_PAUSE) * (1 - jitter / 4)


def _rest(consumer: Consumer, stop: threading.Event, seconds: float) -> None:
    """Wait, but answer the broker's heartbeats."""
    deadline = time.monotonic() + seconds
    while not stop.is_set() and (left := deadline - time.monotonic()) > 0:
        try:
            consumer.receive(0, min(left, LISTEN))
        except TryLater:
            stop.wait(min(left, LISTEN))


def recorder(database: Database) -> Callable[[Sequence[AnalysedEvent]], None]:
    def record(events: Sequence[AnalysedEvent]) -> None:
        with database.write() as connection:
            store.record(connection, events)

    return record


def wait_for_tables(database: Database, stop: threading.Event) -> None:
    """Take nothing from the broker before there is somewhere to put it."""
    said = False
    while not stop.is_set():
        with suppress(TryLater):
            if is_current(database):
                return
        if not said:
            log.warning("waiting for the database: run `python -m analyzer init-db`")
        said = True
        stop.wait(FIRST_PAUSE)


def _office(config: Config, database: Database) -> mailing.Office | None:
    """None without a key: a worker can do without links, mails cannot."""
    if config.secret_key is None:
        log.warning("no SECRET_KEY, so no digests are mailed")
        return None
    return mailing.open_office(config, database)


def main(config: Config) -> int:
    """The role `work`: until SIGTERM or Ctrl-C.  Gives the exit code."""
    stop = stop_on_signals()
    database = open_database(config.database_url)
    engine = load_engine(config.taxonomy)

    def clock() -> datetime:
        return datetime.now(UTC)

    desk = Desk(
        parse=parse,
        analyse=lambda event: read(event, engine, clock()),
        record=recorder(database),
        tries=CountedTries(database),
        max_attempts=config.max_attempts,
    )
    guard = Guard(database, config.dead_letter_limit, clock)
    office = _office(config, database)
    consumer = open_consumer(config.amqp_url, prefetch=2 * config.batch_size)
    log.info("worker started")
    try:
        wait_for_tables(database, stop)
        if office is not None:
            # A daemon: a mail server that does not answer must not hold up the end of the worker.
            threading.Thread(target=mailing.run, args=(office, stop), name="mailing", daemon=True).start()
        run(consumer, desk, guard, stop, config.batch_size)
    finally:
        consumer.close()
        database.close()
    log.info("worker stopped")
    return 0
