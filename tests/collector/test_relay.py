"""The relay loses nothing and says little, whatever the broker does."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from collector import outbox, relay
from collector.database import Database, open_database
from collector.errors import TryLater
from collector.migrations import migrate
from collector.publishers import NotConfirmed, OutboundMessage, Outcome, Published, Unroutable
from collector.pulse import RelayReport
from collector.relay import pause, relay_once
from collector.tables import outbox as outbox_table
from collector.tables import relay_state
from tests.collector.test_outbox import add, stats
from tests.waiting import eventually

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class FakePublisher:
    """Answers with what `answer` says of each message; an exception is raised instead."""

    def __init__(self) -> None:
        self.answer: Callable[[OutboundMessage], Outcome] = lambda _message: Published()
        self.away: Exception | None = None
        self.taken: list[OutboundMessage] = []
        self.calls = 0

    def publish(self, messages: Sequence[OutboundMessage]) -> list[Outcome]:
        self.calls += 1
        if self.away:
            raise self.away
        outcomes = [self.answer(message) for message in messages]
        self.taken += [m for m, o in zip(messages, outcomes, strict=True) if o == Published()]
        return outcomes

    def close(self) -> None:
        pass


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'collector.sqlite3'}")
    migrate(database)
    yield database
    database.close()


def turn(database: Database, publisher: FakePublisher, now: datetime = NOW) -> RelayReport:
    return relay_once(database, publisher, lambda: now, lambda: 0.0)


def column(database: Database, name: str) -> list[object]:
    with database.read() as connection:
        rows = connection.execute(sa.select(outbox_table.c[name]).order_by(outbox_table.c.id))
        return list(rows.scalars())


def test_what_is_due_is_published_and_marked(database: Database) -> None:
    """Body, type, id and trace go to the broker as they were written."""
    add(database, 1, 2)
    publisher = FakePublisher()
    assert turn(database, publisher) == RelayReport(leased=2, published=2)
    [first, _] = publisher.taken
    assert (first.event_id, first.routing_key) == ("event-1", "response.submitted.v1")
    assert first.body.decode() == '{"number": 1, "text": "镁合金"}'
    assert column(database, "published_at") == [NOW, NOW]


def test_nothing_due_does_not_bother_the_broker(database: Database) -> None:
    """An idle relay is silent."""
    publisher = FakePublisher()
    assert turn(database, publisher) == RelayReport()
    assert publisher.calls == 0


def test_a_broker_that_is_away_leaves_the_rows_due(database: Database) -> None:
    """No lease keeps them from the next try, and no row is blamed."""
    add(database, 1)
    publisher = FakePublisher()
    publisher.away = TryLater("no RabbitMQ")
    with pytest.raises(TryLater):
        turn(database, publisher)
    publisher.away = None
    assert turn(database, publisher).published == 1
    assert column(database, "attempts") == [0]


@pytest.mark.parametrize("outcome", [Unroutable("no queue"), NotConfirmed("nack")])
def test_an_event_that_was_not_taken_stays(database: Database, outcome: Outcome) -> None:
    """It is due again later, with its error, and the others go on."""
    add(database, 1, 2)
    publisher = FakePublisher()
    publisher.answer = lambda message: outcome if message.event_id == "event-1" else Published()
    report = turn(database, publisher)
    assert (report.published, report.error) == (1, None)
    assert column(database, "last_error") == [outcome.reason, None]  # type: ignore[union-attr]
    assert turn(database, publisher) == RelayReport()  # not due yet
    publisher.answer = lambda message: Published()
    later = NOW + timedelta(seconds=pause(1, 0))
    assert turn(database, publisher, later).published == 1
    assert column(database, "last_error") == [None, None]


def test_an_event_that_keeps_failing_waits_longer_each_time(database: Database) -> None:
    """Up to the longest pause, so that it is soon there when its queue is."""
    add(database, 1)
    publisher = FakePublisher()
    publisher.answer = lambda message: Unroutable("no queue")
    now, waits = NOW, []
    for _ in range(9):
        turn(database, publisher, now)
        [due] = column(database, "due_at")
        assert isinstance(due, datetime)
        waits.append((due - now).total_seconds())
        now = due
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_pauses_are_spread(database: Database) -> None:
    """Relays that lost the same broker do not all come back in the same instant."""
    assert pause(1, 0) == 0.5
    assert pause(1, 1) == 0.375
    assert pause(10_000, 0) == relay.LONGEST_PAUSE


def test_an_idle_relay_looks_less_often() -> None:
    """At once while events flow, ten times a second at night."""
    assert [relay.poll(idle) for idle in (0, 0.9, 1, 59, 60, 1e6)] == [0.002, 0.002, 0.02, 0.02, 0.1, 0.1]


def test_a_bug_in_the_publisher_gives_the_rows_back(database: Database) -> None:
    """Whatever flies, the next relay need not wait for a lease."""
    add(database, 1)
    publisher = FakePublisher()
    publisher.away = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        turn(database, publisher)
    assert column(database, "leased_until") == [None]


def run_until(database: Database, publisher: FakePublisher, done: Callable[[], bool]) -> None:
    """The real loop in a thread, stopped as soon as `done`."""
    stop = threading.Event()
    thread = threading.Thread(target=relay.run, args=(database, publisher, stop, lambda: datetime.now(UTC)))
    thread.start()
    try:
        eventually(done, "done")
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def state(database: Database) -> sa.Row[tuple[object, ...]] | None:
    with database.read() as connection:
        return connection.execute(sa.select(relay_state)).one_or_none()


def test_the_loop_publishes_all_there_is(database: Database) -> None:
    """Also more than one batch, and leaves a sign of life for health."""
    add(database, *range(600))
    publisher = FakePublisher()
    run_until(database, publisher, lambda: len(publisher.taken) == 600)
    assert stats(database).waiting == 0
    row = state(database)
    assert row is not None
    assert (row.last_error, row.failing_since) == (None, None)
    assert row.published_at is not None


def test_an_outage_is_said_once_and_its_end_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Days without a broker must not fill the disk with log lines; health knows the reason meanwhile."""
    caplog.set_level(logging.INFO, "collector")
    monkeypatch.setattr(relay, "LONGEST_PAUSE", 0.01)
    add(database, 1)
    publisher = FakePublisher()
    publisher.away = TryLater("no RabbitMQ: connection refused")
    seen: list[object] = []

    def tried_often() -> bool:
        if publisher.calls > 5 and publisher.away:
            row = state(database)
            seen.append((row.last_error, row.failing_since is not None) if row else None)
            publisher.away = None
        return bool(publisher.taken) and (row := state(database)) is not None and row.failing_since is None

    run_until(database, publisher, tried_often)
    assert seen == [("no RabbitMQ: connection refused", True)]
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("collector")]
    assert lines == [
        "cannot publish, events wait in the outbox: no RabbitMQ: connection refused",
        "publishing again",
    ]


def test_an_unroutable_event_keeps_health_red(database: Database) -> None:
    """Turns in which it is not due yet do not count as success."""
    add(database, 1)
    publisher = FakePublisher()
    publisher.answer = lambda message: Unroutable("no queue is bound for it")
    run_until(database, publisher, lambda: publisher.calls >= 2)
    row = state(database)
    assert row is not None
    assert row.last_error == "no queue is bound for it"
    assert row.failing_since is not None


def test_old_published_events_are_forgotten(database: Database) -> None:
    """Once an hour, beginning at the start."""
    add(database, 1, now=NOW - timedelta(days=400))
    with database.write() as connection:
        outbox.mark_published(connection, [1], datetime.now(UTC) - timedelta(days=399))
    add(database, 2)
    publisher = FakePublisher()
    run_until(database, publisher, lambda: stats(database).accepted == 1)


RELAY = """
import os, sys
from collector import relay
from collector.config import Config
sys.exit(relay.main(Config.from_env(os.environ)))
"""


def test_sigterm_ends_the_relay_cleanly(database: Database, tmp_path: Path) -> None:
    """Exit 0 within seconds, with all that was due published into the embedded queue."""
    from analyzer.consumers import open_consumer

    queue = f"embedded:///{tmp_path / 'queue.sqlite3'}"
    consumer = open_consumer(queue)
    consumer.open()
    add(database, *range(20))
    environ = {
        "DATABASE_URL": str(database.engine.url),
        "AMQP_URL": queue,
        "SECRET_KEY": "s" * 32,
        "DATA_DIR": str(tmp_path),
    }
    child = subprocess.Popen([sys.executable, "-c", RELAY], env=environ)
    got = []
    while len(got) < 20 and child.poll() is None:
        got += consumer.receive(20, 0.1)
    child.send_signal(signal.SIGTERM)
    assert child.wait(10) == 0
    assert len(got) == 20
    assert stats(database).waiting == 0
    consumer.close()
