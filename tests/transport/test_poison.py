"""A message that kills its worker (kill -9, for real) is parked after its tries, and the rest flows on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.consumers import open_consumer, open_dead_letters
from analyzer.database import Database, migrate, open_database
from analyzer.tables import attempt, inbox
from collector.publishers import OutboundMessage, Published, open_publisher
from tests.transport.events import withdrawn

MAX_ATTEMPTS = 2
COUNT, POISON = 30, 7

# A real worker, but for one thing: the analysis of one message kills the process.
WORKER = f"""
import os, signal, sys
from datetime import UTC, datetime
from analyzer import worker
from analyzer.consumers import open_consumer
from analyzer.database import open_database
from analyzer.guard import CountedTries, Guard
from analyzer.handling import Desk
from analyzer.messages import parse
from analyzer.rows import AnalysedEvent
from analyzer.stopping import stop_on_signals

def analyse(event):
    if event.event_id == "event-{POISON}":
        os.kill(os.getpid(), signal.SIGKILL)
    return AnalysedEvent(event, datetime.now(UTC))

stop = stop_on_signals()
database = open_database(sys.argv[1])
consumer = open_consumer(sys.argv[2], prefetch=20)
clock = lambda: datetime.now(UTC)
desk = Desk(parse, analyse, worker.recorder(database), CountedTries(database), {MAX_ATTEMPTS})
worker.run(consumer, desk, Guard(database, 20, clock), stop, 10)
consumer.close()
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'analyzer.sqlite3'}")
    migrate(database)
    yield database
    database.close()


def recorded(database: Database) -> set[str]:
    with database.read() as connection:
        return {row.event_id for row in connection.execute(inbox.select())}


def test_a_message_that_kills_its_worker_is_parked(database: Database, any_amqp_url: str) -> None:
    """Its neighbours, handed out with it and given back by every kill, are recorded once each."""
    consumer = open_consumer(any_amqp_url)
    consumer.open()
    consumer.close()
    publisher = open_publisher(any_amqp_url)
    sent = [OutboundMessage(f"event-{n}", "response.withdrawn.v1", withdrawn(n), None) for n in range(COUNT)]
    assert publisher.publish(sent) == [Published()] * COUNT
    publisher.close()
    door, kills = open_dead_letters(any_amqp_url), 0
    deadline = time.monotonic() + 60
    while len(recorded(database)) < COUNT - 1 or not door.count():
        assert time.monotonic() < deadline
        kills += run_until_killed(database, any_amqp_url, deadline)
    assert recorded(database) == {message.event_id for message in sent} - {f"event-{POISON}"}
    [dead] = door.list()
    assert (dead.id, dead.reason) == (f"event-{POISON}", f"killed its worker {MAX_ATTEMPTS} times")
    assert kills == MAX_ATTEMPTS + 1  # once in its batch, then alone
    with database.read() as connection:
        assert [row.message_key for row in connection.execute(attempt.select())] == [f"event-{POISON}"]


def run_until_killed(database: Database, amqp_url: str, deadline: float) -> int:
    """1 when the worker was killed, 0 when it had done everything and was told to stop."""
    database_url = str(database.engine.url)
    child = subprocess.Popen([sys.executable, "-c", WORKER, database_url, amqp_url])
    while child.poll() is None and time.monotonic() < deadline:
        if len(recorded(database)) == COUNT - 1 and open_dead_letters(amqp_url).count():
            child.send_signal(signal.SIGTERM)
            assert child.wait(10) == 0
            return 0
        time.sleep(0.05)
    if child.poll() is None:
        os.kill(child.pid, signal.SIGKILL)
    assert child.wait(10) == -signal.SIGKILL
    return 1
