"""The outbox gives each event to one relay at a time, and forgets none, on both databases."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from collector import outbox
from collector.database import Database, open_database
from collector.messages import TracedEvent
from collector.migrations import migrate
from collector.outbox import Failure, LeasedRow, OutboxStats
from tests.schemas import with_tables

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def database(any_database_url: str) -> Iterator[Database]:
    database = with_tables(open_database(any_database_url), open_database, migrate)
    yield database
    database.close()


def event(number: int) -> TracedEvent:
    body = f'{{"number": {number}, "text": "镁合金"}}'
    return TracedEvent(f"event-{number}", "response.submitted.v1", f"response-{number}", body, "00-a-b-01")


def add(database: Database, *numbers: int, now: datetime = NOW) -> None:
    with database.write() as connection:
        outbox.add(connection, [event(number) for number in numbers], now)


def lease(database: Database, limit: int = 10, now: datetime = NOW, seconds: float = 15) -> list[LeasedRow]:
    with database.write() as connection:
        return outbox.lease(connection, limit, now, seconds)


def publish(database: Database, rows: list[LeasedRow], now: datetime = NOW) -> None:
    with database.write() as connection:
        outbox.mark_published(connection, [row.id for row in rows], now)


def fail(database: Database, rows: list[LeasedRow], due_at: datetime) -> None:
    with database.write() as connection:
        outbox.release(connection, [Failure(row.id, "no queue", due_at) for row in rows])


def stats(database: Database) -> OutboxStats:
    with database.read() as connection:
        return outbox.stats(connection)


def ids(rows: list[LeasedRow]) -> list[str]:
    return [row.event_id for row in rows]


def test_a_new_event_is_due_at_once(database: Database) -> None:
    """As it was handed in, and in the order it was handed in."""
    add(database, 1, 2, 3)
    rows = lease(database)
    assert ids(rows) == ["event-1", "event-2", "event-3"]
    assert (rows[0].type, rows[0].body, rows[0].traceparent) == (event(1).type, event(1).body, "00-a-b-01")


def test_an_event_goes_with_its_transaction(database: Database) -> None:
    """A response that was rolled back is never told of."""
    with suppress(ZeroDivisionError), database.write() as connection:
        outbox.add(connection, [event(1)], NOW)
        raise ZeroDivisionError
    assert lease(database) == []


def test_a_leased_event_is_nobody_elses(database: Database) -> None:
    """Until its lease ends: then its relay counts as dead."""
    add(database, 1)
    assert len(lease(database, seconds=15)) == 1
    assert lease(database, now=NOW + 14 * SECOND) == []
    assert len(lease(database, now=NOW + 15 * SECOND)) == 1


def test_a_lease_takes_no_more_than_asked(database: Database) -> None:
    """The rest is for the next turn, the longest due first."""
    add(database, 2, now=NOW)
    add(database, 1, now=NOW - SECOND)
    add(database, 3, now=NOW)
    assert ids(lease(database, limit=2)) == ["event-2", "event-1"]  # in the order they were written
    assert ids(lease(database, limit=2)) == ["event-3"]


def test_a_published_event_is_done(database: Database) -> None:
    """It is counted, and never leased again."""
    add(database, 1, 2)
    publish(database, lease(database, limit=1))
    assert ids(lease(database, now=NOW + 3600 * SECOND)) == ["event-2"]


def test_a_failed_event_comes_due_at_its_own_time(database: Database) -> None:
    """With its number of tries, and without holding up the others."""
    add(database, 1, 2)
    fail(database, lease(database, limit=1), NOW + 5 * SECOND)
    assert ids(lease(database)) == ["event-2"]
    [row] = lease(database, now=NOW + 5 * SECOND)
    assert (row.event_id, row.attempts) == ("event-1", 1)


def test_a_given_back_event_is_due_as_before(database: Database) -> None:
    """The broker was away: no blame, no delay."""
    add(database, 1)
    [row] = lease(database)
    with database.write() as connection:
        outbox.give_back(connection, [row.id])
    [again] = lease(database)
    assert again.attempts == 0


def test_a_late_failure_cannot_undo_a_success(database: Database) -> None:
    """Two relays held the row, one after the other; the slow one failed, the fast one did not."""
    add(database, 1)
    slow = lease(database)
    publish(database, lease(database, now=NOW + 15 * SECOND))
    fail(database, slow, NOW)
    assert lease(database, now=NOW + 60 * SECOND) == []


def test_has_due_looks_without_taking(database: Database) -> None:
    """True while something is due, False while it is leased."""
    add(database, 1)
    with database.read() as connection:
        assert outbox.has_due(connection, NOW)
    lease(database)
    with database.read() as connection:
        assert not outbox.has_due(connection, NOW)


def test_the_numbers_of_the_pipe(database: Database) -> None:
    """Accepted, published, waiting, and since when the oldest waits."""
    assert stats(database) == OutboxStats(0, 0, 0, None)
    add(database, 1, now=NOW - SECOND)
    add(database, 2, 3, now=NOW)
    publish(database, lease(database, limit=1))
    assert stats(database) == OutboxStats(3, 1, 2, NOW)


def test_replay_by_id_and_by_time(database: Database) -> None:
    """Only what was published and only what was asked for."""
    for number in range(1, 5):
        add(database, number, now=NOW + number * SECOND)
    publish(database, lease(database, limit=3, now=NOW + 9 * SECOND))
    with database.write() as connection:
        assert outbox.replay(connection, NOW, event_ids=["event-1", "event-4", "event-9"]) == 1
    with database.write() as connection:
        assert outbox.replay(connection, NOW, since=NOW + 2 * SECOND, until=NOW + 3 * SECOND) == 1
    assert ids(lease(database, now=NOW + 9 * SECOND)) == ["event-1", "event-2", "event-4"]


def test_purge_forgets_only_the_old_and_published(database: Database) -> None:
    """What waits stays, however old it is."""
    add(database, 1, 2, 3, now=NOW - 100 * SECOND)
    publish(database, lease(database, limit=1), now=NOW - 50 * SECOND)
    publish(database, lease(database, limit=1), now=NOW)
    with database.write() as connection:
        assert outbox.purge(connection, NOW - 10 * SECOND) == 1
    assert stats(database) == OutboxStats(2, 1, 1, NOW - 100 * SECOND)


def test_relays_side_by_side_share_the_work(database: Database) -> None:
    """No event is leased by two, none is left, and none waits for the other."""
    add(database, *range(200))
    got: list[list[str]] = [[], [], []]

    def relay(mine: list[str]) -> None:
        while rows := lease(database, limit=7):
            mine.extend(ids(rows))

    threads = [threading.Thread(target=relay, args=(mine,)) for mine in got]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    everything = [event_id for mine in got for event_id in mine]
    assert len(everything) == len(set(everything)) == 200


def test_the_same_event_cannot_be_added_twice(database: Database) -> None:
    """An id is an event's name."""
    add(database, 1)
    with pytest.raises(Exception, match=r"(?i)unique"):
        add(database, 1)
