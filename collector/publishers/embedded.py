"""Publishing into the embedded queue: one SQLite file that the analyzer owns.

The collector only inserts.  No file, no table or no binding means that nobody listens yet, which is
Unroutable just as on a broker.  A commit with synchronous=FULL stands for the publisher confirm.
The file's shape is the analyzer's: analyzer/consumers/embedded.py.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from collector.errors import TryLater
from collector.publishers import OutboundMessage, Outcome, Published, Unroutable

BUSY_TIMEOUT = 20.0  # seconds; a safety net, writers take turns at the lock file

# A message is kept only where a binding wants its type.
INSERT = """
    INSERT INTO message (message_id, type, body, traceparent, published_at, available_at)
    SELECT :id, :type, :body, :traceparent, :now, :now
    WHERE EXISTS (SELECT 1 FROM binding WHERE :type GLOB pattern)
"""


class EmbeddedPublisher:
    """See collector.publishers.Publisher.  For one thread at a time."""

    def __init__(self, path: str, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._file: sqlite3.Connection | None = None
        self._inode = 0

    def publish(self, messages: Sequence[OutboundMessage]) -> list[Outcome]:
        try:
            with self._transaction() as file:
                return [self._insert(file, message) for message in messages]
        except FileNotFoundError:
            return [Unroutable("no embedded queue yet: has the analyzer's worker ever run?")] * len(messages)
        except sqlite3.OperationalError as error:
            self.close()
            if "no such table" in str(error):
                return [Unroutable("the embedded queue is not set up yet")] * len(messages)
            raise TryLater(f"embedded queue: {error}") from error
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise TryLater(f"embedded queue: {error}") from error

    def close(self) -> None:
        if self._file:
            self._file.close()
        self._file = None

    def _insert(self, file: sqlite3.Connection, message: OutboundMessage) -> Outcome:
        row = {
            "id": message.event_id,
            "type": message.routing_key,
            "body": message.body,
            "traceparent": message.traceparent,
            "now": self._clock(),
        }
        if file.execute(INSERT, row).rowcount:
            return Published()
        return Unroutable(f"no queue is bound for {message.routing_key}")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        file = self._open()
        with open(f"{self._path}.lock", "a", encoding="ascii") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            file.execute("BEGIN IMMEDIATE")
            try:
                yield file
                file.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    file.execute("ROLLBACK")
                raise

    def _open(self) -> sqlite3.Connection:
        """Raises FileNotFoundError.  A file that was replaced under us is opened anew."""
        inode = os.stat(self._path).st_ino
        if self._file is None or inode != self._inode:
            self.close()
            self._file = sqlite3.connect(
                self._path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False
            )
            self._file.execute("PRAGMA synchronous = FULL")
            self._inode = inode
        return self._file
