"""What the organiser's overview counts: visits with their answers, and the state of the pipe.

In: a connection and the time.  Out: frozen facts; no names of experts, no answers.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from collector import outbox
from collector.tables import company, fair, invitation, relay_state, response, submission, visit
from collector.text import Bilingual

DELAYED_AFTER = timedelta(minutes=5)  # design README: "oldest waiting over 5 minutes"
STOPPED_AFTER = timedelta(minutes=15)  # design README: "no progress for 15 minutes"


@dataclass(frozen=True)
class Fair:
    id: str
    name: Bilingual
    zone: ZoneInfo
    starts_on: date
    ends_on: date
    sample: bool
    link_generation: int


@dataclass(frozen=True)
class VisitLine:
    id: str
    company: Bilingual
    visited_at: datetime
    deadline: datetime
    minimum_group: int
    link_generation: int
    open_invitation_id: str | None  # what the QR on the spot leads to
    invited: int  # personal invitations that are not withdrawn
    answered: int  # responses to personal invitations
    by_open: int  # responses through the open link: unverified

    @property
    def has_digest(self) -> bool:
        return self.answered + self.by_open >= self.minimum_group

    def state(self, now: datetime) -> str:
        """planned, closed, under (too few answers yet) or open: the first that holds."""
        if now < self.visited_at:
            return "planned"
        if now >= self.deadline:
            return "closed"
        return "open" if self.has_digest else "under"


@dataclass(frozen=True)
class Pipe:
    """Where the answers are on their way to the queue."""

    accepted: int
    published: int
    waiting: int
    oldest_waiting_at: datetime | None
    last_answer_at: datetime | None
    last_published_at: datetime | None

    def state(self, now: datetime) -> str:
        """working, delayed or stopped.

        Stopped means that nothing moves.  After a long outage the oldest event is old while the relay
        is already catching up: that is delayed.
        """
        if self.oldest_waiting_at is None or now - self.oldest_waiting_at <= DELAYED_AFTER:
            return "working"
        moved_at = max(self.oldest_waiting_at, self.last_published_at or self.oldest_waiting_at)
        return "stopped" if now - moved_at > STOPPED_AFTER else "delayed"


def find_fair(connection: sa.Connection, fair_id: str) -> Fair | None:
    row = connection.execute(sa.select(fair).where(fair.c.id == fair_id)).one_or_none()
    if row is None:
        return None
    return Fair(
        row.id,
        row.name,
        ZoneInfo(row.timezone),
        date.fromisoformat(row.starts_on),
        date.fromisoformat(row.ends_on),
        row.sample,
        row.link_generation,
    )


def list_visits(connection: sa.Connection, fair_id: str) -> list[VisitLine]:
    """All visits of a fair, in the order in which they take place."""
    invited = _counts(connection, _invitations(fair_id))
    answered = _counts(connection, _responses(fair_id, verified=True))
    by_open = _counts(connection, _responses(fair_id, verified=False))
    rows = connection.execute(_visits(fair_id)).all()
    return [
        VisitLine(
            row.id,
            row.name,
            row.visited_at,
            row.deadline,
            row.minimum_group,
            row.link_generation,
            row.invitation_id,
            invited.get(row.id, 0),
            answered.get(row.id, 0),
            by_open.get(row.id, 0),
        )
        for row in rows
    ]


def read_pipe(connection: sa.Connection) -> Pipe:
    stats = outbox.stats(connection, "response.")
    moved_at = connection.execute(sa.select(relay_state.c.published_at)).scalar_one_or_none()
    last = connection.execute(sa.select(sa.func.max(submission.c.received_at))).scalar_one()
    return Pipe(stats.accepted, stats.published, stats.waiting, stats.oldest_waiting_at, last, moved_at)


def _visits(fair_id: str) -> sa.Select[Any]:
    opened = sa.and_(
        invitation.c.visit_id == visit.c.id,
        invitation.c.kind == "open",
        invitation.c.revoked_at.is_(None),
    )
    return (
        sa.select(visit, company.c.name, invitation.c.id.label("invitation_id"))
        .select_from(visit.join(company, company.c.id == visit.c.company_id).outerjoin(invitation, opened))
        .where(visit.c.fair_id == fair_id)
        .order_by(visit.c.visited_at, visit.c.id)
    )


def _invitations(fair_id: str) -> sa.Select[Any]:
    return (
        sa.select(visit.c.id, sa.func.count().label("number"))
        .join(invitation, invitation.c.visit_id == visit.c.id)
        .where(visit.c.fair_id == fair_id, invitation.c.kind == "personal", invitation.c.revoked_at.is_(None))
        .group_by(visit.c.id)
    )


def _responses(fair_id: str, verified: bool) -> sa.Select[Any]:
    return (
        sa.select(visit.c.id, sa.func.count().label("number"))
        .join(response, response.c.visit_id == visit.c.id)
        .where(
            visit.c.fair_id == fair_id, response.c.verified.is_(verified), response.c.withdrawn_at.is_(None)
        )
        .group_by(visit.c.id)
    )


def _counts(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, int]:
    return {row.id: row.number for row in connection.execute(query)}
