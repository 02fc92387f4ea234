"""The worker gives every delivery its verdict: nothing is lost, nothing blocks, nothing spins."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analyzer import attempts, guard, worker
from analyzer.consumers import Ack, DeadLetter, Delivery, Retry, Verdict, open_consumer, open_dead_letters
from analyzer.database import Database, migrate, open_database
from analyzer.errors import BadMessage, TryLater
from analyzer.guard import STOPPED, CountedTries, Guard
from analyzer.handling import Desk, groups, handle
from analyzer.messages import AnyEvent, parse
from analyzer.rows import AnalysedEvent
from analyzer.tables import inbox
from analyzer.worker import pause
from collector.publishers import OutboundMessage, open_publisher
from tests.contract.files import EXAMPLES, example
from tests.schemas import with_tables
from tests.transport.events import withdrawn
from tests.waiting import eventually

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def delivery(number: int, body: bytes | None = None, *, redelivered: bool = False) -> Delivery:
    return Delivery(
        f"event-{number}", "response.withdrawn.v1", body or withdrawn(number), None, redelivered, number
    )


BAD = delivery(99, b"not json")


@dataclass
class FakeTries:
    counted: dict[str, int] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def count(self, key: str) -> int:
        self.counted[key] = self.counted.get(key, 0) + 1
        return self.counted[key]

    def note(self, key: str, error: str) -> None:
        self.notes[key] = error

    def forget(self, key: str) -> None:
        self.counted.pop(key, None)


@dataclass
class FakeDesk:
    """A desk whose analysis and store fail where they are told to."""

    bug: set[str] = field(default_factory=set)  # event ids
    refused: set[str] = field(default_factory=set)
    away: bool = False
    tries: FakeTries = field(default_factory=FakeTries)
    transactions: list[list[str]] = field(default_factory=list)

    def analyse(self, event: AnyEvent) -> AnalysedEvent:
        if event.event_id in self.bug:
            raise ZeroDivisionError("division by zero")
        return AnalysedEvent(event, NOW)

    def record(self, events: Sequence[AnalysedEvent]) -> None:
        if self.away:
            raise TryLater("database: away")
        ids = [analysed.event.event_id for analysed in events]
        if self.refused & set(ids):
            raise BadMessage("the database refuses a value: NUL")
        self.transactions.append(ids)

    def handle(self, *deliveries: Delivery) -> list[Verdict]:
        return handle(deliveries, Desk(parse, self.analyse, self.record, self.tries, max_attempts=3))  # type: ignore[arg-type]


def test_a_batch_is_one_transaction() -> None:
    """However many messages, one commit, then every ack."""
    desk = FakeDesk()
    assert desk.handle(delivery(1), delivery(2), delivery(3)) == [Ack()] * 3
    assert desk.transactions == [["event-1", "event-2", "event-3"]]
    assert desk.tries.counted == {}


def test_a_bad_message_does_not_spoil_its_batch() -> None:
    """It is a dead letter with the reader's reason; the others are recorded together."""
    desk = FakeDesk()
    first, bad, last = desk.handle(delivery(1), BAD, delivery(2))
    assert (first, last) == (Ack(), Ack())
    assert isinstance(bad, DeadLetter)
    assert bad.reason.startswith("body: not JSON")
    assert desk.transactions == [["event-1", "event-2"]]


def test_a_batch_of_bad_messages_needs_no_transaction() -> None:
    """There is nothing to record."""
    desk = FakeDesk()
    assert isinstance(desk.handle(BAD)[0], DeadLetter)
    assert desk.transactions == []


def test_a_database_that_is_away_sends_the_batch_around() -> None:
    """Never into the dead letters."""
    desk = FakeDesk(away=True)
    assert desk.handle(delivery(1), delivery(2)) == [Retry("database: away")] * 2


def test_a_bug_on_one_message_does_not_hold_up_the_others() -> None:
    """The batch is tried again singly; the culprit is counted and comes back later."""
    desk = FakeDesk(bug={"event-2"})
    first, culprit, last = desk.handle(delivery(1), delivery(2), delivery(3))
    assert (first, last) == (Ack(), Ack())
    assert isinstance(culprit, Retry)
    assert desk.transactions == [["event-1"], ["event-3"]]
    assert desk.tries.counted == {"event-2": 1}
    assert "ZeroDivisionError" in desk.tries.notes["event-2"]


def test_a_bug_that_stays_is_parked_after_its_tries() -> None:
    """Three tries, then a dead letter that names the error."""
    desk = FakeDesk(bug={"event-1"})
    verdicts = [desk.handle(delivery(1))[0] for _ in range(3)]
    assert [type(verdict) for verdict in verdicts] == [Retry, Retry, DeadLetter]
    assert verdicts[2] == DeadLetter("failed 3 times: ZeroDivisionError: division by zero")


def test_a_value_that_no_column_holds_is_the_messages_fault() -> None:
    """The store's BadMessage goes to the culprit alone."""
    desk = FakeDesk(refused={"event-2"})
    assert desk.handle(delivery(1), delivery(2)) == [
        Ack(),
        DeadLetter("the database refuses a value: NUL"),
    ]


def test_a_redelivered_message_is_counted_before_it_is_tried() -> None:
    """If it kills us, the next worker knows."""
    desk = FakeDesk()
    seen: list[dict[str, int]] = []
    record = desk.record

    def looking(events: Sequence[AnalysedEvent]) -> None:
        seen.append(dict(desk.tries.counted))
        record(events)

    desk.record = looking  # type: ignore[method-assign]
    assert desk.handle(delivery(1, redelivered=True)) == [Ack()]
    assert seen == [{"event-1": 1}]
    assert desk.tries.counted == {}  # it was innocent


def test_a_message_that_killed_its_worker_too_often_is_parked_untried() -> None:
    """Its body is not even looked at."""
    desk = FakeDesk(tries=FakeTries({"event-1": 3}))
    assert desk.handle(delivery(1, redelivered=True)) == [DeadLetter("killed its worker 3 times")]
    assert desk.transactions == []


def test_an_outage_is_not_counted_against_a_message() -> None:
    """However often the database goes away under it."""
    desk = FakeDesk(away=True)
    for _ in range(10):
        assert desk.handle(delivery(1, redelivered=True)) == [Retry("database: away")]
    desk.away = False
    assert desk.handle(delivery(1, redelivered=True)) == [Ack()]


def test_a_message_without_id_is_counted_by_its_body() -> None:
    """Even a stranger's message cannot kill us for ever."""
    nameless = Delivery(None, "response.withdrawn.v1", b"{}", None, True, 1)
    assert attempts.key_of(None, b"{}") == attempts.key_of(None, b"{}") != attempts.key_of(None, b"")
    desk = FakeDesk(tries=FakeTries({attempts.key_of(None, b"{}"): 3}))
    assert isinstance(desk.handle(nameless)[0], DeadLetter)


@pytest.mark.parametrize("id", ["a\0b", "x" * 5000, "\ud83d", ""])
def test_a_hostile_message_id_cannot_stop_the_counting(database: Database, id: str) -> None:
    """Whatever a stranger writes into it, the database takes the key."""
    key = attempts.key_of(id, b"{}")
    assert [CountedTries(database).count(key) for _ in range(2)] == [1, 2]


def test_redelivered_messages_stand_alone() -> None:
    """New ones together, the others each for itself."""
    again = delivery(2, redelivered=True)
    assert list(groups([delivery(1), again, delivery(3)])) == [[delivery(1), delivery(3)], [again]]
    assert list(groups([])) == []


def test_every_example_of_the_contract_is_recorded(database: Database) -> None:
    """By the real engine into the real tables, and a second time without effect."""
    from analyzer.analysis import load_engine
    from analyzer.reading import read

    engine = load_engine()
    desk = Desk(
        parse,
        lambda event: read(event, engine, NOW),
        worker.recorder(database),
        CountedTries(database),
        max_attempts=3,
    )
    deliveries = [delivery(n, path.read_bytes()) for n, path in enumerate(EXAMPLES)]
    for _ in range(2):
        assert handle(deliveries, desk) == [Ack()] * len(EXAMPLES)
    with database.read() as connection:
        assert len(connection.execute(inbox.select()).all()) == len(EXAMPLES)


# --- the loop -------------------------------------------------------------------------------------


@pytest.fixture
def database(any_database_url: str) -> Iterator[Database]:
    database = with_tables(open_database(any_database_url), open_database, migrate)
    yield database
    database.close()


@dataclass
class FakeConsumer:
    """Hands out what is in `waiting`, batch by batch; remembers verdicts."""

    waiting: list[list[Delivery]] = field(default_factory=list)
    settled: list[tuple[str | None, Verdict]] = field(default_factory=list)
    away: int = 0  # how many receives fail
    closed: int = 0
    rests: list[float] = field(default_factory=list)

    def open(self) -> None:
        pass

    def receive(self, limit: int, timeout: float) -> list[Delivery]:
        if limit == 0:
            self.rests.append(timeout)
            return []
        if self.away:
            self.away -= 1
            raise TryLater("RabbitMQ: away")
        return self.waiting.pop(0) if self.waiting else []

    def settle(self, deliveries: Sequence[Delivery], verdicts: Sequence[Verdict]) -> None:
        self.settled += zip((d.message_id for d in deliveries), verdicts, strict=True)

    def close(self) -> None:
        self.closed += 1


def run_until(
    consumer: FakeConsumer, desk: FakeDesk, guard: Guard, done: Callable[[], bool]
) -> threading.Thread:
    stop = threading.Event()
    real = Desk(parse, desk.analyse, desk.record, desk.tries, max_attempts=3)  # type: ignore[arg-type]
    thread = threading.Thread(target=worker.run, args=(consumer, real, guard, stop, 10))
    thread.start()
    try:
        eventually(done, "done")
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    return thread


def guard_of(database: Database, limit: int = 5) -> Guard:
    return Guard(database, limit, lambda: NOW)


def state(database: Database) -> attempts.WorkerState:
    with database.read() as connection:
        return attempts.state(connection)


def test_the_loop_settles_and_tells_that_it_lives(database: Database) -> None:
    """Each group is settled after it was handled, redelivered ones each on its own."""
    consumer = FakeConsumer([[delivery(1), delivery(2, redelivered=True), delivery(3)]])
    run_until(consumer, FakeDesk(), guard_of(database), lambda: len(consumer.settled) == 3)
    assert [id for id, _ in consumer.settled] == ["event-1", "event-3", "event-2"]
    assert state(database).progress_at == NOW


def test_a_broker_that_is_away_is_said_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One line at the start, one at the end, and pauses between the tries."""
    caplog.set_level(logging.INFO, "analyzer")
    monkeypatch.setattr(worker, "LONGEST_PAUSE", 0.01)
    consumer = FakeConsumer([[delivery(1)]], away=5)
    run_until(consumer, FakeDesk(), guard_of(database), lambda: len(consumer.settled) == 1)
    lines = [record.getMessage() for record in caplog.records]
    assert lines.count("cannot work, waiting: RabbitMQ: away") == 1
    assert lines.count("working again") == 1
    assert len(consumer.rests) >= 5


def test_a_database_that_is_away_stops_the_taking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first batch goes around; no other is taken before the database is back."""
    monkeypatch.setattr(worker, "LONGEST_PAUSE", 0.01)
    gone = open_database("postgresql+psycopg://postgres@127.0.0.1:1/gone")
    consumer = FakeConsumer([[delivery(1)], [delivery(2)]])
    run_until(consumer, FakeDesk(), guard_of(gone), lambda: len(consumer.rests) > 3)
    assert consumer.settled == []
    assert len(consumer.waiting) == 2


def test_too_many_dead_letters_in_a_row_stop_the_workers(database: Database) -> None:
    """A bad deploy must not empty the queue into the morgue: the rest stays in the pipe."""
    consumer = FakeConsumer([[BAD] * 8, [delivery(1)]])
    run_until(consumer, FakeDesk(), guard_of(database, limit=5), lambda: consumer.closed > 0)
    kinds = [type(verdict) for _, verdict in consumer.settled]
    assert kinds == [DeadLetter] * 5 + [Retry] * 3
    assert state(database).stopped_at == NOW
    assert "dead resume" in str(state(database).stopped_reason)
    assert len(consumer.waiting) == 1  # nothing is taken any more


def test_a_good_message_between_resets_the_count(database: Database) -> None:
    """Only an unbroken row is an alarm."""
    consumer = FakeConsumer([[BAD] * 4, [delivery(1)], [BAD] * 4])
    run_until(consumer, FakeDesk(), guard_of(database, limit=5), lambda: len(consumer.settled) == 9)
    assert state(database).stopped_at is None
    assert state(database).dead_letters_in_a_row == 4


def test_the_count_survives_a_restart(database: Database) -> None:
    """A worker that is restarted between dead letters goes on counting."""
    for _ in range(2):
        consumer = FakeConsumer([[BAD] * 3])
        run_until(consumer, FakeDesk(), guard_of(database, limit=5), lambda c=consumer: len(c.settled) == 3)  # type: ignore[misc]
    assert state(database).stopped_at == NOW


def test_a_stopped_worker_goes_on_when_resumed(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a restart, and with a fresh count."""
    monkeypatch.setattr(worker, "LISTEN", 0.01)
    monkeypatch.setattr(guard, "LOOK_EVERY", 0.01)
    with database.write() as connection:
        attempts.count_dead(connection, 5)
        attempts.stop(connection, NOW, STOPPED)
    consumer = FakeConsumer([[BAD, delivery(1)]])

    def resumed_and_done() -> bool:
        if consumer.closed >= 3 and state(database).stopped_at and not consumer.settled:
            with database.write() as connection:
                assert attempts.resume(connection) is True
        return len(consumer.settled) == 2

    run_until(consumer, FakeDesk(), guard_of(database, limit=5), resumed_and_done)
    assert state(database).stopped_at is None


def test_tries_are_kept_in_the_database(database: Database) -> None:
    """They outlive the worker that made them."""
    assert CountedTries(database).count("event-1") == 1
    assert CountedTries(database).count("event-1") == 2
    CountedTries(database).note("event-1", "x" * 9000)
    CountedTries(database).forget("event-1")
    assert CountedTries(database).count("event-1") == 1


def test_before_any_worker_the_state_is_empty(database: Database) -> None:
    """Health can ask at any time; resuming what was never stopped is no error."""
    assert state(database) == attempts.WorkerState()
    with database.write() as connection:
        assert attempts.resume(connection) is False


def test_pauses_grow_and_are_spread() -> None:
    """Up to the longest."""
    assert [pause(n, 0) for n in (1, 2, 3, 8, 1000)] == [0.5, 1, 2, 30, 30]
    assert pause(1, 1) == 0.375


# --- the role -------------------------------------------------------------------------------------


def start(tmp_path: Path, **environ: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "analyzer", "work"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **environ},
        stderr=subprocess.PIPE,
    )


def test_the_role_works_and_ends_on_sigterm(tmp_path: Path) -> None:
    """On the embedded default: analysed and recorded, bad ones parked, exit 0."""
    queue = f"embedded:///{tmp_path / 'queue.sqlite3'}"
    database = open_database(f"sqlite:///{tmp_path / 'analyzer.sqlite3'}")
    migrate(database)
    consumer = open_consumer(queue)
    consumer.open()
    consumer.close()
    publisher = open_publisher(queue)
    good = json.dumps(example("response-chinese")).encode()
    publisher.publish(
        [
            OutboundMessage("event-1", "response.submitted.v1", good, None),
            OutboundMessage("event-2", "response.submitted.v1", b"{}", None),
        ]
    )
    child = start(tmp_path)
    door, pulse = open_dead_letters(queue), threading.Event()
    for _ in range(200):
        with database.read() as connection:
            recorded = len(connection.execute(inbox.select()).all())
        if recorded and door.count():
            break
        pulse.wait(0.05)
    child.send_signal(signal.SIGTERM)
    assert child.wait(10) == 0
    assert recorded == 1
    assert [dead.reason for dead in door.list()] == ["specversion: Missing data for required field."]


def test_the_role_waits_for_its_tables(tmp_path: Path) -> None:
    """Nothing is taken before there is somewhere to put it; one line says what to do."""
    child = start(tmp_path)
    assert child.stderr is not None
    assert any(b"init-db" in line for line in iter(child.stderr.readline, b""))
    child.send_signal(signal.SIGTERM)
    assert child.wait(10) == 0
    assert not (tmp_path / "queue.sqlite3").exists()
