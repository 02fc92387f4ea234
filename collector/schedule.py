"""What the analyzer is told about a visit: gathered from the tables, compared, put into the outbox.

In: a connection inside the caller's transaction.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from collector import outbox
from collector import tables as t
from collector.messages import ScheduledVisit, visit_scheduled


@dataclass(frozen=True)
class Chance:
    """What must not be the same twice, handed in so that tests can fix it."""

    new_id: Callable[[], str]  # UUIDv7
    traceparent: Callable[[], str]


def announce(
    connection: sa.Connection, visits: Iterable[ScheduledVisit], now: datetime, chance: Chance
) -> None:
    """Put visit.scheduled.v1 of these visits into the outbox."""
    events = [visit_scheduled(chance.new_id(), visit, now).traced(chance.traceparent()) for visit in visits]
    outbox.add(connection, events, now)


def scheduled_visits(
    connection: sa.Connection, *, fair_id: str | None = None, visit_id: str | None = None
) -> dict[str, ScheduledVisit]:
    """What the analyzer should know of these visits, by id."""
    query = (
        sa.select(
            t.visit,
            t.fair.c.name.label("fair_name"),
            t.fair.c.timezone,
            t.fair.c.sample,
            t.company.c.name.label("company_name"),
            t.company.c.industry,
            t.company.c.needs,
            t.company.c.same_as,
            t.company.c.contacts,
        )
        .join(t.fair, t.fair.c.id == t.visit.c.fair_id)
        .join(t.company, t.company.c.id == t.visit.c.company_id)
        .order_by(t.visit.c.visited_at, t.visit.c.id)
    )
    chosen = t.visit.c.fair_id == fair_id if visit_id is None else t.visit.c.id == visit_id
    counts = _visitors(connection, chosen)
    return {row.id: _scheduled(row, counts) for row in connection.execute(query.where(chosen))}


def _visitors(connection: sa.Connection, chosen: sa.ColumnElement[bool]) -> dict[str, list[Any]]:
    """Visit id -> its invited experts."""
    rows = connection.execute(
        sa.select(
            t.invitation.c.visit_id, t.expert.c.organisation_kind, t.expert.c.discipline, t.expert.c.language
        )
        .join(t.expert, t.expert.c.id == t.invitation.c.expert_id)
        .join(t.visit, t.visit.c.id == t.invitation.c.visit_id)
        .where(chosen, t.invitation.c.revoked_at.is_(None))
        .order_by(t.expert.c.id)
    )
    visitors: dict[str, list[Any]] = {}
    for row in rows:
        visitors.setdefault(row.visit_id, []).append(row)
    return visitors


def _scheduled(row: Any, visitors: Mapping[str, list[Any]]) -> ScheduledVisit:
    invited = visitors.get(row.id, [])
    counts = {
        name: dict(sorted(Counter(value for one in invited if (value := getattr(one, name))).items()))
        for name in ("organisation_kind", "discipline", "language")
    }
    counts |= {
        f"{name}/language": dict(
            sorted(Counter(f"{getattr(one, name) or ''}/{one.language}" for one in invited).items())
        )
        for name in ("organisation_kind", "discipline")
    }
    return ScheduledVisit(
        visit_id=row.id,
        fair_id=row.fair_id,
        fair_name=row.fair_name,
        timezone=row.timezone,
        company_id=row.company_id,
        company_name=row.company_name,
        industry=row.industry,
        visited_at=row.visited_at,
        deadline=row.deadline,
        invited=len(invited),
        minimum_group=row.minimum_group,
        link_generation=row.link_generation,
        sample=row.sample,
        visitors=counts,
        needs=tuple(row.needs),
        same_as=row.same_as,
        contacts=tuple(row.contacts),
        attribution=row.attribution,
        minimum_text=row.minimum_text,
    )
