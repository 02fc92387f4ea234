"""What only the embedded queue must cope with: its file, and the locks of living consumers."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from analyzer.consumers import Ack, open_consumer
from analyzer.consumers.embedded import EmbeddedConsumer
from analyzer.errors import TryLater as ConsumerTryLater
from collector.errors import TryLater
from collector.publishers import Published, Unroutable, open_publisher
from collector.publishers.embedded import EmbeddedPublisher
from tests.transport.conftest import message


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "queue.sqlite3"


def consumer_of(path: Path, prefetch: int = 10) -> EmbeddedConsumer:
    consumer = EmbeddedConsumer(str(path), prefetch=prefetch, retry_seconds=0.1)
    consumer.open()
    return consumer


def test_the_url_names_an_absolute_file(path: Path) -> None:
    """As SQLAlchemy writes it: three slashes, then the path with its own."""
    consumer = open_consumer(f"embedded:///{path}")
    consumer.open()
    publisher = open_publisher(f"embedded:///{path}")
    assert path.is_file()
    assert publisher.publish([message(1)]) == [Published()]
    publisher.close()
    consumer.close()


def test_the_publisher_creates_nothing(path: Path) -> None:
    """The consumer owns the file; before that, nobody listens."""
    [outcome] = EmbeddedPublisher(str(path)).publish([message(1)])
    assert isinstance(outcome, Unroutable)
    assert not path.parent.exists()


def test_a_file_without_tables_is_nobody_listening(path: Path) -> None:
    """The consumer may be in the middle of making it."""
    path.parent.mkdir()
    path.touch()
    assert isinstance(EmbeddedPublisher(str(path)).publish([message(1)])[0], Unroutable)


def test_a_file_that_is_no_database_is_the_worlds_fault(path: Path) -> None:
    """Events wait; nothing is thrown away because a disk went bad."""
    path.parent.mkdir()
    path.write_bytes(b"not a database, just some text " * 100)
    with pytest.raises(TryLater, match="embedded queue"):
        EmbeddedPublisher(str(path)).publish([message(1)])
    with pytest.raises(ConsumerTryLater, match="embedded queue"):
        consumer_of(path)


def test_a_removed_folder_is_made_again(path: Path) -> None:
    """Someone cleaned up under the running pair: both ends find the new file."""
    consumer, publisher = consumer_of(path), EmbeddedPublisher(str(path))
    assert publisher.publish([message(1)]) == [Published()]
    shutil.rmtree(path.parent)
    assert isinstance(publisher.publish([message(2)])[0], Unroutable)
    consumer.open()
    assert publisher.publish([message(2)]) == [Published()]
    assert [delivery.message_id for delivery in consumer.receive(5, 5)] == ["event-2"]
    consumer.close()


def test_a_message_is_on_disk_when_publish_returns(path: Path) -> None:
    """synchronous=FULL in WAL mode, as the publisher's confirm needs it."""
    consumer_of(path).close()
    publisher = EmbeddedPublisher(str(path))
    publisher.publish([message(1)])
    assert publisher._file is not None
    assert publisher._file.execute("PRAGMA synchronous").fetchone() == (2,)
    assert publisher._file.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_nothing_of_a_batch_is_kept_when_its_commit_fails(path: Path) -> None:
    """All or nothing, so that the relay's idea of it is right."""
    consumer_of(path).close()
    file = sqlite3.connect(path)
    file.execute(
        "CREATE TRIGGER full BEFORE INSERT ON message WHEN NEW.message_id = 'event-3' "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    file.commit()
    with pytest.raises(TryLater, match="disk full"):
        EmbeddedPublisher(str(path)).publish([message(number) for number in range(5)])
    assert file.execute("SELECT count(*) FROM message").fetchone() == (0,)


def test_a_settle_that_failed_gives_its_messages_back(path: Path) -> None:
    """They come again to the same consumer, though it never died."""
    consumer, publisher = consumer_of(path), EmbeddedPublisher(str(path))
    publisher.publish([message(1), message(2)])
    deliveries = consumer.receive(5, 5)
    file = sqlite3.connect(path)
    file.execute("CREATE TRIGGER full BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    file.commit()
    with pytest.raises(ConsumerTryLater, match="disk full"):
        consumer.settle(deliveries, [Ack(), Ack()])
    file.execute("DROP TRIGGER full")
    file.commit()
    again = consumer.receive(5, 5)
    assert [(delivery.message_id, delivery.redelivered) for delivery in again] == [
        ("event-1", True),
        ("event-2", True),
    ]
    consumer.close()


def test_a_closed_consumer_leaves_no_lock_behind(path: Path) -> None:
    """Restarts over months must not fill the folder."""
    consumer = consumer_of(path)
    EmbeddedPublisher(str(path)).publish([message(1)])
    consumer.receive(1, 5)
    assert [name for name in os.listdir(path.parent) if "consumer" in name]
    consumer.close()
    assert not [name for name in os.listdir(path.parent) if "consumer" in name]


def test_a_slow_consumer_is_not_taken_for_dead(path: Path) -> None:
    """Liveness is a lock, not a clock: an hour-long analysis keeps its lease."""
    slow, other = consumer_of(path), consumer_of(path)
    EmbeddedPublisher(str(path)).publish([message(1)])
    assert len(slow.receive(1, 5)) == 1
    other._clock = lambda: 4e9  # decades later
    assert other.receive(1, 0.7) == []
    slow.close()
    assert len(other.receive(1, 5)) == 1
    other.close()
