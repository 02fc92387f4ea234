"""Mails on their way: written in the transaction of whatever causes them, delivered by the relay's side.

All SQL of the table `mail`.  Who asks too often is counted here too: by keyed hashes, so that the table
tells nobody's address or place, and known and unknown addresses leave the same trace.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from collector.tables import mail

LAST_ERROR = 300  # characters kept
KEEP = timedelta(days=7)  # a finished row, for the counting and for whoever asks what became of a mail


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


@dataclass(frozen=True)
class Asker:
    """Keyed hashes of the address that is written to, and of where the wish came from."""

    address: str
    origin: str


@dataclass(frozen=True)
class Limits:
    """Mails of one kind to one address, and wishes of one kind from one origin, in so many hours."""

    address: int
    origin: int
    hours: int


@dataclass(frozen=True)
class LeasedMail:
    id: int
    recipient: str
    subject: str
    body: str
    created_at: datetime
    attempts: int


def blur(secret: str, words: str) -> str:
    """The same words give the same hash, and without the secret nobody can try out addresses."""
    return hmac.new(secret.encode(), words.strip().lower().encode(), hashlib.sha256).hexdigest()[:32]


def within_limits(
    connection: sa.Connection, kind: str, asker: Asker, limits: Limits, now: datetime
) -> tuple[bool, bool]:
    """(address, origin): whether each may ask once more."""
    recent = sa.and_(mail.c.kind == kind, mail.c.created_at > now - timedelta(hours=limits.hours))
    count = sa.func.count()
    row = connection.execute(
        sa.select(
            count.filter(mail.c.address_hash == asker.address),
            count.filter(mail.c.origin_hash == asker.origin),
        )
        .select_from(mail)
        .where(recent)
    ).one()
    return row[0] < limits.address, row[1] < limits.origin


def post(
    connection: sa.Connection,
    kind: str,
    recipient: str,
    letter: Letter,
    asker: Asker,
    limits: Limits,
    now: datetime,
) -> bool:
    """Write the mail, due at once, unless it would be one too many.  Gives whether it was written."""
    if not all(within_limits(connection, kind, asker, limits, now)):
        return False
    put(connection, kind, recipient, letter, asker, now)
    return True


def put(
    connection: sa.Connection, kind: str, recipient: str, letter: Letter, asker: Asker, now: datetime
) -> None:
    """Without a recipient it is a wish that gets no mail, and counts all the same."""
    row = {
        "kind": kind,
        "recipient": recipient,
        "subject": letter.subject if recipient else "",
        "body": letter.body if recipient else "",
        "address_hash": asker.address,
        "origin_hash": asker.origin,
        "created_at": now,
        "due_at": now,
        "finished_at": None if recipient else now,
    }
    connection.execute(sa.insert(mail).values(row))


def lease(connection: sa.Connection, limit: int, now: datetime, seconds: float) -> list[LeasedMail]:
    free = sa.or_(mail.c.leased_until.is_(None), mail.c.leased_until <= now)
    due = sa.and_(mail.c.finished_at.is_(None), mail.c.due_at <= now, free)
    oldest = sa.select(mail.c.id).where(due).order_by(mail.c.due_at, mail.c.id).limit(limit)
    chosen = oldest.with_for_update(skip_locked=True).cte("due")
    claim = (
        sa.update(mail)
        .where(mail.c.id.in_(sa.select(chosen.c.id)))
        .values(leased_until=now + timedelta(seconds=seconds))
        .returning(*(mail.c[name] for name in LeasedMail.__annotations__))
    )
    return sorted((LeasedMail(*row) for row in connection.execute(claim)), key=lambda one: one.id)


def has_due(connection: sa.Connection, now: datetime) -> bool:
    """A cheap look that takes no lock."""
    due = sa.select(mail.c.id).where(mail.c.finished_at.is_(None), mail.c.due_at <= now).limit(1)
    return connection.execute(due).first() is not None


def finish(connection: sa.Connection, mail_id: int, now: datetime, error: str | None = None) -> None:
    """Sent, or given up with the reason.  The words and the address are needed no more."""
    gone = {"finished_at": now, "leased_until": None, "body": "", "recipient": "", "last_error": error}
    _change(connection, mail_id, gone)


def postpone(connection: sa.Connection, one: LeasedMail, error: str, due_at: datetime) -> None:
    later = {"leased_until": None, "due_at": due_at, "attempts": one.attempts + 1, "last_error": error}
    _change(connection, one.id, later)


def purge(connection: sa.Connection, now: datetime) -> int:
    """Forget what was finished long ago.  Gives the number."""
    return connection.execute(sa.delete(mail).where(mail.c.finished_at < now - KEEP)).rowcount


def _change(connection: sa.Connection, mail_id: int, values: Mapping[str, object]) -> None:
    short = {k: v[:LAST_ERROR] if k == "last_error" and isinstance(v, str) else v for k, v in values.items()}
    connection.execute(sa.update(mail).where(mail.c.id == mail_id).values(short))
