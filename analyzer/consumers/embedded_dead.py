"""The dead letters of the embedded queue: rows with died_at set."""

import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analyzer.consumers import Dead
from analyzer.consumers.embedded_file import QueueFile

SELECT = "SELECT id, message_id, type, reason, died_at, body FROM message WHERE died_at IS NOT NULL"
WAITING = """
    SELECT count(*) FROM message WHERE owner IS NULL AND died_at IS NULL AND available_at <= :now
"""
REPLAY = """
    UPDATE message SET died_at = NULL, reason = NULL, deliveries = 0, available_at = :now WHERE id = :id
"""
DISCARD = "DELETE FROM message WHERE id = :id"


class EmbeddedDeadLetters:
    """See analyzer.consumers.DeadLetters.  A file that is not there has none, and is not made."""

    def __init__(self, path: str, *, clock: Callable[[], float] = time.time) -> None:
        self._file = QueueFile(Path(path))
        self._clock = clock

    def count(self) -> int:
        return len(self._rows())

    def waiting(self) -> int:
        return int(self._file.read(WAITING, {"now": self._clock()})[0][0]) if self._file.exists() else 0

    def list(self) -> Sequence[Dead]:
        return [dead for _, dead in self._rows()]

    def show(self, id: str) -> Dead | None:
        return next((dead for dead in self.list() if dead.id == id), None)

    def replay(self, ids: Collection[str] | None) -> Sequence[str]:
        return self._each(REPLAY, ids)

    def discard(self, ids: Collection[str] | None) -> Sequence[str]:
        return self._each(DISCARD, ids)

    def close(self) -> None:
        self._file.close()

    def _each(self, statement: str, ids: Collection[str] | None) -> Sequence[str]:
        chosen = [(row, dead.id) for row, dead in self._rows() if ids is None or dead.id in ids]
        if chosen:
            with self._file.write() as file:
                file.executemany(statement, [{"id": row, "now": self._clock()} for row, _ in chosen])
        return [id for _, id in chosen]

    def _rows(self) -> Sequence[tuple[int, Dead]]:
        if not self._file.exists():
            return []
        return [(row[0], _dead(row)) for row in self._file.read(f"{SELECT} ORDER BY died_at, id", {})]


def _dead(row: Any) -> Dead:
    _, message_id, type, reason, died_at, body = row
    return Dead(
        id=message_id or hashlib.sha256(body).hexdigest(),
        type=type,
        reason=reason,
        died_at=datetime.fromtimestamp(died_at, UTC),
        body=bytes(body),
    )
