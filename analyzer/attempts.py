"""Tries of single messages, and the one row of state that all workers share.

All SQL of the tables `attempt` and `worker_state`.  A try is counted and committed before it is made,
so that a message that kills its worker is known by name after the restart.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from analyzer.database import insert
from analyzer.tables import attempt, worker_state

MAX_KEY = 200  # characters
LAST_ERROR = 500  # characters kept of an error


@dataclass(frozen=True)
class WorkerState:
    dead_letters_in_a_row: int = 0
    stopped_at: datetime | None = None  # set: workers consume nothing until somebody resumes them
    stopped_reason: str | None = None
    progress_at: datetime | None = None  # a worker's loop turned; None: none ever ran


def key_of(message_id: str | None, body: bytes) -> str:
    """The message's id; a hash where it has none, or one that a database might not take."""
    if message_id and message_id.isprintable() and len(message_id) <= MAX_KEY:
        return message_id
    return hashlib.sha256((message_id or "").encode("utf-8", "replace") or body).hexdigest()


def count(connection: sa.Connection, key: str) -> int:
    """One more try of this message; gives how many that makes."""
    first = insert(connection, attempt).values(message_key=key, attempts=1)
    again = first.on_conflict_do_update(
        index_elements=[attempt.c.message_key], set_={"attempts": attempt.c.attempts + 1}
    )
    return int(connection.execute(again.returning(attempt.c.attempts)).scalar_one())


def note(connection: sa.Connection, key: str, error: str) -> None:
    """Why the last try failed."""
    statement = sa.update(attempt).where(attempt.c.message_key == key)
    connection.execute(statement.values(last_error=error[:LAST_ERROR]))


def forget(connection: sa.Connection, keys: Collection[str]) -> None:
    """These messages start at zero again: recorded, or about to be replayed."""
    connection.execute(sa.delete(attempt).where(attempt.c.message_key.in_(keys)))


def state(connection: sa.Connection) -> WorkerState:
    columns = (worker_state.c[name] for name in WorkerState.__annotations__)
    row = connection.execute(sa.select(*columns)).one_or_none()
    return WorkerState(*row) if row else WorkerState()


def beat(connection: sa.Connection, now: datetime) -> None:
    """A sign of life."""
    _write(connection, {"progress_at": now})


def count_dead(connection: sa.Connection, in_a_row: int) -> None:
    _write(connection, {"dead_letters_in_a_row": in_a_row})


def stop(connection: sa.Connection, now: datetime, reason: str) -> None:
    """No worker consumes from now on."""
    _write(connection, {"stopped_at": now, "stopped_reason": reason})


def resume(connection: sa.Connection) -> bool:
    """Let the workers go on.  Gives whether they were stopped."""
    stopped = state(connection).stopped_at is not None
    _write(connection, {"dead_letters_in_a_row": 0, "stopped_at": None, "stopped_reason": None})
    return stopped


def _write(connection: sa.Connection, values: dict[str, Any]) -> None:
    new = insert(connection, worker_state).values({"id": 1, "dead_letters_in_a_row": 0} | values)
    connection.execute(new.on_conflict_do_update(index_elements=[worker_state.c.id], set_=values))
