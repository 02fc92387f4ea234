"""Which digests were sent, and what became of each copy.  All SQL of the tables `edition` and `delivery`.

In: a connection in a transaction.  Several workers may look at the same moment: an edition is issued by
the one whose row gets in, a copy is tried by the one whose compare-and-set wins.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from analyzer.database import hold, insert
from analyzer.tables import delivery, edition, visit

WAITING, SENT, REFUSED, GIVEN_UP = "waiting", "sent", "refused", "given_up"
GRACE = timedelta(minutes=30)  # after the deadline: what a phone sent at the last moment is analysed by then
TOO_OLD = timedelta(days=14)  # after the deadline, nobody waits for a mail any more
WEEK = timedelta(days=7)
LEASE = timedelta(minutes=10)  # a try that has not ended by then died with its worker
LONGEST_ERROR = 500  # characters


@dataclass(frozen=True)
class Due:
    """An edition that is to be issued."""

    visit_id: str
    reason: str
    period: str  # the same edition always has the same
    contacts: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Copy:
    """One mail to one reader, ours to send until `due_at`."""

    visit_id: str
    number: int
    recipient: str
    language: str
    attempts: int  # this one included
    issued_at: datetime
    due_at: datetime


def find_due(connection: sa.Connection, now: datetime) -> list[Due]:
    """Visits with contacts that have closed, or whose next week is full, and were not yet told so."""
    rows = connection.execute(
        sa.select(visit)
        .where(visit.c.deadline > now - TOO_OLD, visit.c.visited_at <= now)
        .order_by(visit.c.id)
    )
    told = _told(connection)
    wanted = [
        Due(row.id, *period, tuple(row.contacts))
        for row in rows
        if row.contacts and (period := _period(row.visited_at, row.deadline, now))
    ]
    return [due for due in wanted if (due.visit_id, due.period) not in told]


def _period(visited_at: datetime, deadline: datetime, now: datetime) -> tuple[str, str] | None:
    """Reason and name of what a reader should have had by now; None between two of them."""
    if now >= deadline + GRACE:
        return "closed", "closed"
    week = (now - visited_at) // WEEK
    return ("weekly", f"week-{week}") if week and now < deadline else None


def _told(connection: sa.Connection) -> set[tuple[str, str]]:
    return {
        (r.visit_id, r.period) for r in connection.execute(sa.select(edition.c.visit_id, edition.c.period))
    }


def last_responses(connection: sa.Connection, visit_id: str) -> int:
    """How many responses the newest edition held; 0: there is none."""
    newest = sa.select(edition.c.responses).where(edition.c.visit_id == visit_id)
    return connection.execute(newest.order_by(edition.c.number.desc()).limit(1)).scalar() or 0


def issue(
    connection: sa.Connection, due: Due, document: Mapping[str, Any], responses: int, now: datetime
) -> int | None:
    """Write the edition and a waiting copy for each contact.  None: another worker was first."""
    hold(connection, [f"edition {due.visit_id}"])
    highest = sa.select(sa.func.coalesce(sa.func.max(edition.c.number), 0))
    number = int(connection.execute(highest.where(edition.c.visit_id == due.visit_id)).scalar_one()) + 1
    row = {
        "visit_id": due.visit_id,
        "number": number,
        "reason": due.reason,
        "period": due.period,
        "issued_at": now,
        "responses": responses,
        "digest": dict(document),
        "digest_hash": _hash(document),
    }
    statement = insert(connection, edition).values(row).on_conflict_do_nothing()
    if connection.execute(statement.returning(edition.c.number)).scalar() is None:
        return None
    copies = list({contact["email"]: _copy(due, number, contact, now) for contact in due.contacts}.values())
    if copies:
        connection.execute(sa.insert(delivery), copies)
    return number


def _hash(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _copy(due: Due, number: int, contact: Mapping[str, str], now: datetime) -> dict[str, Any]:
    return {
        "visit_id": due.visit_id,
        "number": number,
        "recipient": contact["email"],
        "language": contact["language"],
        "state": WAITING,
        "attempts": 0,
        "due_at": now,
    }


def find_waiting(connection: sa.Connection, now: datetime) -> Sequence[Any]:
    """Copies that may be tried now, the longest waiting first."""
    return connection.execute(
        sa.select(delivery, edition.c.issued_at)
        .join(edition, sa.and_(*_same(edition, delivery)))
        .where(delivery.c.state == WAITING, delivery.c.due_at <= now)
        .order_by(delivery.c.due_at, delivery.c.visit_id, delivery.c.recipient)
        .limit(100)
    ).all()


def _same(one: sa.Table, other: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    return one.c.visit_id == other.c.visit_id, one.c.number == other.c.number


def claim(connection: sa.Connection, row: Any, now: datetime) -> Copy | None:
    """Take a waiting copy.  The try is counted before it is made.  None: another worker took it."""
    due_at = now + LEASE
    statement = (
        sa.update(delivery)
        .where(*_is(row), delivery.c.state == WAITING, delivery.c.due_at == row.due_at)
        .values(due_at=due_at, attempts=delivery.c.attempts + 1)
    )
    if not connection.execute(statement).rowcount:
        return None
    names = (row.visit_id, row.number, row.recipient, row.language)
    return Copy(*names, row.attempts + 1, row.issued_at, due_at)


def _is(copy: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        delivery.c.visit_id == copy.visit_id,
        delivery.c.number == copy.number,
        delivery.c.recipient == copy.recipient,
    )


def settle(
    connection: sa.Connection,
    copy: Copy,
    state: str,
    *,
    error: str | None = None,
    due_at: datetime | None = None,
    sent_at: datetime | None = None,
) -> None:
    """What became of a try: SENT, REFUSED, GIVEN_UP, or WAITING again until `due_at`."""
    values = {
        "state": state,
        "error": error[:LONGEST_ERROR] if error else None,
        "due_at": due_at or copy.due_at,
        "sent_at": sent_at,
    }
    connection.execute(sa.update(delivery).where(*_is(copy)).values(**values))


def retry(connection: sa.Connection, now: datetime) -> int:
    """Refused and given-up copies wait again, as after an address was put right; says how many."""
    chosen = delivery.c.state.in_((REFUSED, GIVEN_UP))
    statement = sa.update(delivery).where(chosen).values(state=WAITING, due_at=now, attempts=0)
    return int(connection.execute(statement).rowcount)


def fetch_deliveries(connection: sa.Connection) -> Sequence[Any]:
    """Every copy with the edition it is of, newest first."""
    return connection.execute(
        sa.select(delivery, edition.c.reason, edition.c.issued_at)
        .join(edition, sa.and_(*_same(edition, delivery)))
        .order_by(edition.c.issued_at.desc(), delivery.c.visit_id, delivery.c.recipient)
    ).all()


def forget(connection: sa.Connection, visit_ids: Iterable[str]) -> None:
    """An answer of these visits was withdrawn: what we kept of their digests goes, the hash stays."""
    chosen = edition.c.visit_id.in_(set(visit_ids))
    connection.execute(sa.update(edition).where(chosen).values(digest=None))
