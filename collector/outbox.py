"""The outbox: events that were committed with what they tell of, waiting to be published.

All SQL of the table `outbox` and of the relay's one row `relay_state`.  Rows are claimed by a lease,
never by "id > last": on PostgreSQL ids become visible out of order, and several relays may run.
A lease that runs out is claimed again, so a row is published at least once whatever dies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from collector.tables import outbox, relay_state

LAST_ERROR = 500  # characters kept of an error


class NewEvent(Protocol):
    """What intake and load hand in; frozen when it is written."""

    @property
    def event_id(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def traceparent(self) -> str: ...


@dataclass(frozen=True)
class LeasedRow:
    id: int
    event_id: str
    type: str
    body: str
    traceparent: str
    attempts: int  # failed ones so far


@dataclass(frozen=True)
class Failure:
    """Why one row was not published, and when to try again."""

    id: int
    error: str
    due_at: datetime


@dataclass(frozen=True)
class OutboxStats:
    accepted: int  # rows, without those purged
    published: int
    waiting: int
    oldest_waiting_at: datetime | None  # created_at; None: nothing waits


def add(connection: sa.Connection, events: Sequence[NewEvent], now: datetime) -> None:
    """Write the events, due at once, inside the caller's transaction."""
    rows = [
        {
            "event_id": event.event_id,
            "type": event.type,
            "subject": event.subject,
            "body": event.body,
            "traceparent": event.traceparent,
            "created_at": now,
            "due_at": now,
        }
        for event in events
    ]
    if rows:
        connection.execute(sa.insert(outbox), rows)


def has_due(connection: sa.Connection, now: datetime) -> bool:
    """A cheap look that takes no lock."""
    return connection.execute(sa.select(outbox.c.id).where(_due(now)).limit(1)).first() is not None


def lease(connection: sa.Connection, limit: int, now: datetime, seconds: float) -> list[LeasedRow]:
    """Claim up to `limit` due rows for so long, the longest due first."""
    oldest = sa.select(outbox.c.id).where(_due(now)).order_by(outbox.c.due_at, outbox.c.id).limit(limit)
    # A CTE, so that PostgreSQL runs the locking SELECT once; SQLite ignores FOR UPDATE.
    due = oldest.with_for_update(skip_locked=True).cte("due")
    claim = (
        sa.update(outbox)
        .where(outbox.c.id.in_(sa.select(due.c.id)))
        .values(leased_until=now + timedelta(seconds=seconds))
        .returning(*(outbox.c[name] for name in LeasedRow.__annotations__))
    )
    rows = [LeasedRow(*row) for row in connection.execute(claim)]
    return sorted(rows, key=lambda row: row.id)  # RETURNING promises no order


def mark_published(connection: sa.Connection, ids: Sequence[int], now: datetime) -> None:
    done = {"published_at": now, "leased_until": None, "last_error": None}
    connection.execute(sa.update(outbox).where(outbox.c.id.in_(ids)).values(done))


def release(connection: sa.Connection, failures: Sequence[Failure]) -> None:
    """These rows were tried and stay; each comes due again at its own time."""
    if not failures:
        return
    statement = (
        sa.update(outbox)
        .where(outbox.c.id == sa.bindparam("row"), outbox.c.published_at.is_(None))
        .values(
            leased_until=None,
            attempts=outbox.c.attempts + 1,
            last_error=sa.bindparam("error"),
            due_at=sa.bindparam("due"),
        )
    )
    rows = [{"row": f.id, "error": f.error[:LAST_ERROR], "due": f.due_at} for f in failures]
    connection.execute(statement, rows)


def give_back(connection: sa.Connection, ids: Sequence[int]) -> None:
    """These rows were never tried: the broker is away.  They are due as before."""
    mine = sa.and_(outbox.c.id.in_(ids), outbox.c.published_at.is_(None))
    connection.execute(sa.update(outbox).where(mine).values(leased_until=None))


def stats(connection: sa.Connection, kind: str = "") -> OutboxStats:
    """Of all events, or of those whose type begins with `kind`."""
    waiting = outbox.c.published_at.is_(None)
    row = connection.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(outbox.c.published_at),
            sa.func.min(outbox.c.created_at).filter(waiting),
        )
        .select_from(outbox)
        .where(outbox.c.type.startswith(kind, autoescape=True))
    ).one()
    return OutboxStats(row[0], row[1], row[0] - row[1], row[2])


def replay(
    connection: sa.Connection,
    now: datetime,
    *,
    event_ids: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Publish again what was published: these events, or those created in [since, until).

    Gives the number of events.  Safe: the reader's inbox makes a second copy a no-op.
    """
    chosen: list[Any] = [outbox.c.published_at.is_not(None)]
    if event_ids is not None:
        chosen.append(outbox.c.event_id.in_(event_ids))
    if since is not None:
        chosen.append(outbox.c.created_at >= since)
    if until is not None:
        chosen.append(outbox.c.created_at < until)
    again = {"published_at": None, "leased_until": None, "due_at": now, "attempts": 0}
    return connection.execute(sa.update(outbox).where(*chosen).values(again)).rowcount


def purge(connection: sa.Connection, published_before: datetime) -> int:
    """Forget what was published before then; what still waits is never touched.  Gives the number."""
    old = sa.delete(outbox).where(outbox.c.published_at < published_before)
    return connection.execute(old).rowcount


def beat(connection: sa.Connection, **state: Any) -> None:
    """Write these columns of the relay's one row, progress_at among them.  Several relays may race for it."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = dialect.insert(relay_state).values(id=1, **state)
    connection.execute(row.on_conflict_do_update(index_elements=[relay_state.c.id], set_=state))


def _due(now: datetime) -> sa.ColumnElement[bool]:
    free = sa.or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    return sa.and_(outbox.c.published_at.is_(None), outbox.c.due_at <= now, free)
