"""The embedded queue: one SQLite file that keeps what RabbitMQ promises, for one machine.

The analyzer owns the file and its tables; the collector only inserts.  A delivery that is handed out
carries its consumer's name, and that consumer holds a lock (flock) which the kernel lets go when the
process dies, however it dies: the others see it within a second and take its deliveries over.
Order is by id.  A lost lease or ack (power cut) only means that a message comes again, so the
consumer does not wait for the disk; the publisher does.
"""

import fcntl
import os
import sqlite3
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from analyzer.consumers import DELIVERY_LIMIT, Ack, DeadLetter, Delivery, Verdict
from analyzer.consumers.embedded_file import QueueFile
from analyzer.errors import TryLater

LOOK_EVERY = 0.5  # seconds between two looks for due retries and dead consumers; news is seen at once
POLL_ACTIVE, POLL_IDLE = 0.002, 0.02  # seconds; polling reads one number, no rows
ACTIVE_FOR = 1.0  # seconds after the last delivery

READY = "owner IS NULL AND died_at IS NULL AND available_at <= :now"
LEASE = f"""
    UPDATE message SET owner = :me, deliveries = deliveries + 1
    WHERE id IN (SELECT id FROM message WHERE {READY} ORDER BY id LIMIT :limit)
    RETURNING id, message_id, type, body, traceparent, deliveries
"""
DELETE = "DELETE FROM message WHERE id = :id AND owner = :me"
RETRY = """
    UPDATE message SET owner = NULL, deliveries = 0, available_at = :due, reason = :reason
    WHERE id = :id AND owner = :me
"""
PARK = """
    UPDATE message SET owner = NULL, died_at = :now, reason = :reason WHERE id = :id AND owner = :me
"""
GIVE_BACK = "UPDATE message SET owner = NULL WHERE owner = :owner AND deliveries < :limit"
PARK_ALL = "UPDATE message SET owner = NULL, died_at = :now, reason = :reason WHERE owner = :owner"


class EmbeddedConsumer:
    """See analyzer.consumers.Consumer.  For one thread."""

    def __init__(
        self, path: str, *, prefetch: int, retry_seconds: float, clock: Callable[[], float] = time.time
    ) -> None:
        self._file = QueueFile(Path(path))
        self._prefetch, self._retry_seconds, self._clock = prefetch, retry_seconds, clock
        self._me = uuid.uuid4().hex
        self._alive: int | None = None  # locked as long as we live
        self._held: set[int] = set()
        self._unsure = False  # a settle() failed: our leases are void
        self._seen = -1  # PRAGMA data_version of the last look
        self._next_look = self._active_until = 0.0

    def open(self) -> None:
        self._file.data_version()  # any look sets the file up

    def receive(self, limit: int, timeout: float) -> list[Delivery]:
        deadline = time.monotonic() + timeout
        if self._unsure and limit > 0:
            self._give_all_back()
        limit = min(limit, self._prefetch - len(self._held))
        while True:
            deliveries = self._look(limit) if limit > 0 and self._worth_a_look() else []
            left = deadline - time.monotonic()
            if deliveries or left <= 0:
                return deliveries
            poll = POLL_ACTIVE if time.monotonic() < self._active_until else POLL_IDLE
            time.sleep(min(poll if limit > 0 else left, left))

    def settle(self, deliveries: Sequence[Delivery], verdicts: Sequence[Verdict]) -> None:
        try:
            with self._file.write() as file:
                for delivery, verdict in zip(deliveries, verdicts, strict=True):
                    self._carry_out(file, delivery, verdict)
        except TryLater:
            self._unsure = True
            raise
        self._held.difference_update(int(delivery.tag) for delivery in deliveries)  # type: ignore[call-overload]

    def close(self) -> None:
        with suppress(TryLater):  # what stays leased is taken over as a dead consumer's
            self._give_all_back()
        self._file.close()
        if self._alive is not None:
            os.close(self._alive)
            _lock_path(self._file.path, self._me).unlink(missing_ok=True)
        self._alive = None

    def _carry_out(self, file: sqlite3.Connection, delivery: Delivery, verdict: Verdict) -> None:
        now = self._clock()
        row = {"id": delivery.tag, "me": self._me, "now": now, "due": now + self._retry_seconds}
        if isinstance(verdict, Ack):
            file.execute(DELETE, row)
        else:
            move = PARK if isinstance(verdict, DeadLetter) else RETRY
            file.execute(move, row | {"reason": verdict.reason})

    def _give_all_back(self) -> None:
        if self._alive is not None:
            self._take_over(self._me)
        self._held.clear()
        self._unsure = False

    def _worth_a_look(self) -> bool:
        version = self._file.data_version()
        news = version != self._seen
        self._seen = version
        return news or time.monotonic() >= self._next_look

    def _look(self, limit: int) -> list[Delivery]:
        self._stay_known()
        if time.monotonic() >= self._next_look:
            self._bury_dead_consumers()
            self._next_look = time.monotonic() + LOOK_EVERY
        row = {"now": self._clock(), "me": self._me, "limit": limit}
        if not self._file.read(f"SELECT 1 FROM message WHERE {READY} LIMIT 1", row):
            return []
        with self._file.write() as file:
            rows = sorted(file.execute(LEASE, row).fetchall())  # RETURNING promises no order
        self._held.update(row[0] for row in rows)
        self._active_until = time.monotonic() + ACTIVE_FOR
        if len(rows) == limit:
            self._next_look = 0.0  # there may be more
        return [_delivery(row) for row in rows]

    def _stay_known(self) -> None:
        """Hold the lock that says we live, before the first lease carries our name."""
        if self._alive is None:
            self._alive = os.open(_lock_path(self._file.path, self._me), os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._alive, fcntl.LOCK_EX)

    def _bury_dead_consumers(self) -> None:
        for (owner,) in self._file.read("SELECT DISTINCT owner FROM message WHERE owner IS NOT NULL", {}):
            if owner != self._me and _is_dead(_lock_path(self._file.path, owner)):
                self._take_over(owner)
                _lock_path(self._file.path, owner).unlink(missing_ok=True)

    def _take_over(self, owner: str) -> None:
        with self._file.write() as file:
            row = {"owner": owner, "limit": DELIVERY_LIMIT, "now": self._clock()}
            file.execute(GIVE_BACK, row)
            reason = f"delivery limit: handed out {DELIVERY_LIMIT} times and never settled"
            file.execute(PARK_ALL, row | {"reason": reason})


def _delivery(row: Any) -> Delivery:
    id, message_id, type, body, traceparent, deliveries = row
    return Delivery(message_id, type, bytes(body), traceparent, deliveries > 1, id)


def _lock_path(path: Path, owner: str) -> Path:
    return path.with_name(f"{path.name}.consumer-{owner}")


def _is_dead(lock: Path) -> bool:
    """The kernel frees a lock when its process dies."""
    try:
        with open(lock, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True
