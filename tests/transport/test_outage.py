"""Whatever happens to the broker while events flow: all of them arrive, and nobody did anything."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analyzer.consumers import Ack, Consumer, open_consumer
from collector import outbox, relay
from collector.database import Database, open_database
from collector.messages import TracedEvent
from collector.migrations import migrate
from collector.publishers.rabbit import RabbitPublisher
from tests.transport.proxy import Proxy

pytestmark = pytest.mark.rabbitmq

COUNT = 3000


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'collector.sqlite3'}")
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def consumer(amqp_url: str) -> Iterator[Consumer]:
    consumer = open_consumer(amqp_url, prefetch=1000)
    consumer.open()
    yield consumer
    consumer.close()


@pytest.fixture
def relaying(database: Database, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real relay that publishes through the proxy."""
    monkeypatch.setattr(relay, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(relay, "LONGEST_PAUSE", 0.1)
    stop = threading.Event()
    publisher = RabbitPublisher(proxy.url, confirm_timeout=1.0, block_timeout=0.1)
    thread = threading.Thread(target=relay.run, args=(database, publisher, stop, lambda: datetime.now(UTC)))
    thread.start()
    yield
    stop.set()
    thread.join(10)
    publisher.close()


def add(database: Database, first: int, last: int) -> None:
    events = [
        TracedEvent(f"event-{n}", "response.submitted.v1", "r", "{}" * 500, "") for n in range(first, last)
    ]
    with database.write() as connection:
        outbox.add(connection, events, datetime.now(UTC))


def collect(consumer: Consumer, seconds: float) -> list[str | None]:
    got = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        deliveries = consumer.receive(500, 0.05)
        consumer.settle(deliveries, [Ack()] * len(deliveries))
        got += [delivery.message_id for delivery in deliveries]
    return got


def waiting(database: Database) -> int:
    with database.read() as connection:
        return outbox.stats(connection).waiting


def test_no_trouble_loses_an_event(
    database: Database, consumer: Consumer, proxy: Proxy, relaying: None
) -> None:
    """Connections cut, an alarm, a stopped broker, one after the other, in the middle of the flow."""
    got: list[str | None] = []
    troubles = [proxy.cut, lambda: proxy.block("low on memory"), proxy.unblock, proxy.cut]
    troubles += [proxy.refuse, proxy.accept_again, proxy.cut]
    step = COUNT // len(troubles)
    for number, trouble in enumerate(troubles):
        add(database, number * step, (number + 1) * step)
        got += collect(consumer, 0.02)
        trouble()
        got += collect(consumer, 0.2)
    deadline = time.monotonic() + 30
    while waiting(database):
        assert time.monotonic() < deadline, "events are stuck"
        got += collect(consumer, 0.1)
    got += collect(consumer, 0.5)
    assert set(got) == {f"event-{n}" for n in range(step * len(troubles))}


def test_a_broker_that_was_never_there_costs_only_delay(
    database: Database, consumer: Consumer, proxy: Proxy, relaying: None
) -> None:
    """Events accepted while it is down arrive when it comes up, each once."""
    proxy.refuse()
    add(database, 0, 100)
    assert collect(consumer, 0.3) == []
    proxy.accept_again()
    got = collect(consumer, 1.5)
    assert sorted(got, key=str) == sorted(f"event-{n}" for n in range(100))
