"""The worker: takes deliveries, analyses and records them, and gives each one verdict.

A batch is one transaction and is acked after its commit.  What a failure means is said by its class:
BadMessage goes to the dead letters, TryLater comes back when the world does, anything else is a bug
of ours.  A message that was handed out before may have killed its worker: it is tried alone, each try
counted first, and parked after `max_attempts`, so that the rest flows on.
"""

import logging
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from analyzer import attempts, store
from analyzer.analysis import load_engine
from analyzer.config import Config
from analyzer.consumers import Ack, Consumer, DeadLetter, Delivery, Retry, Verdict, open_consumer
from analyzer.database import Database, is_current, open_database
from analyzer.errors import BadMessage, TryLater
from analyzer.messages import AnyEvent, parse
from analyzer.reading import read
from analyzer.rows import AnalysedEvent

LISTEN = 1.0  # seconds that receive() waits; SIGTERM is seen at least so often
LOOK_EVERY = 1.0  # seconds between two looks at worker_state
BEAT_EVERY = 5.0  # seconds between two signs of life in it
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between tries while database or broker are away
STOPPED = "too many dead letters in a row: workers are stopped until `analyzer dead resume`"

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Desk:
    """What handling needs; each part may be a fake."""

    parse: Callable[[bytes], AnyEvent]  # raises BadMessage
    analyse: Callable[[AnyEvent], AnalysedEvent]
    record: Callable[[Sequence[AnalysedEvent]], None]  # one transaction; raises TryLater
    tries: "Tries"
    max_attempts: int


class Tries:
    """The counted tries of messages that had to be tried alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, key: str) -> int:
        """Committed when it returns."""
        with self._database.write() as connection:
            return attempts.count(connection, key)

    def note(self, key: str, error: str) -> None:
        with self._database.write() as connection:
            attempts.note(connection, key, error)

    def forget(self, key: str) -> None:
        with self._database.write() as connection:
            attempts.forget(connection, [key])


def handle(deliveries: Sequence[Delivery], desk: Desk) -> list[Verdict]:
    """One verdict a delivery.  A batch that fails for one of its members is handled one by one."""
    if len(deliveries) == 1 and deliveries[0].redelivered:
        return [_alone(deliveries[0], desk)]
    try:
        return _together(deliveries, desk)
    except TryLater as error:
        return [Retry(str(error))] * len(deliveries)
    except Exception as error:
        log.warning("a batch of %d failed, trying each alone: %r", len(deliveries), error)
        return [_alone(delivery, desk) for delivery in deliveries]


def groups(deliveries: Sequence[Delivery]) -> Iterable[Sequence[Delivery]]:
    """What may be handled together: the new ones; each one that was handed out before stands alone."""
    fresh = [delivery for delivery in deliveries if not delivery.redelivered]
    if fresh:
        yield fresh
    yield from ([delivery] for delivery in deliveries if delivery.redelivered)


def _together(deliveries: Sequence[Delivery], desk: Desk) -> list[Verdict]:
    verdicts: list[Verdict] = []
    analysed = []
    for delivery in deliveries:
        try:
            analysed.append(desk.analyse(desk.parse(delivery.body)))
            verdicts.append(Ack())
        except BadMessage as error:
            verdicts.append(DeadLetter(str(error)))
    if analysed:
        desk.record(analysed)
    return verdicts


def _alone(delivery: Delivery, desk: Desk) -> Verdict:
    key = attempts.key_of(delivery.message_id, delivery.body)
    try:
        tries = desk.tries.count(key)
        if tries > desk.max_attempts:
            return DeadLetter(f"killed its worker {tries - 1} times")
        return _try(delivery, desk, key, tries)
    except TryLater as error:
        return Retry(str(error))


def _try(delivery: Delivery, desk: Desk, key: str, tries: int) -> Verdict:
    try:
        [verdict] = _together([delivery], desk)
    except TryLater:
        with suppress(TryLater):
            desk.tries.forget(key)  # the world's fault, not the message's
        raise
    except BadMessage as error:
        verdict = DeadLetter(str(error))
    except Exception as error:
        return _bug(error, desk, key, tries)
    desk.tries.forget(key)
    return verdict


def _bug(error: Exception, desk: Desk, key: str, tries: int) -> Verdict:
    """Counted and tried again later, parked after its tries."""
    log.exception("try %d of message %s failed", tries, key)
    reason = f"failed {tries} times: {type(error).__name__}: {error}"
    desk.tries.note(key, reason)
    return DeadLetter(reason) if tries >= desk.max_attempts else Retry(reason)


class Guard:
    """Keeps a bad deploy from emptying the queue into the dead letters, and tells that we live.

    The state is one row that all workers share: whoever reaches the limit stops them all.
    """

    def __init__(self, database: Database, limit: int, clock: Clock) -> None:
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
        stop.wait(LOOK_EVERY)
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


def main(config: Config) -> int:
    """The role `work`: until SIGTERM or Ctrl-C.  Gives the exit code."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    database = open_database(config.database_url)
    engine = load_engine(config.taxonomy)

    def clock() -> datetime:
        return datetime.now(UTC)

    desk = Desk(
        parse=parse,
        analyse=lambda event: read(event, engine, clock()),
        record=recorder(database),
        tries=Tries(database),
        max_attempts=config.max_attempts,
    )
    guard = Guard(database, config.dead_letter_limit, clock)
    consumer = open_consumer(config.amqp_url, prefetch=2 * config.batch_size)
    log.info("worker started")
    try:
        wait_for_tables(database, stop)
        run(consumer, desk, guard, stop, config.batch_size)
    finally:
        consumer.close()
        database.close()
    log.info("worker stopped")
    return 0
