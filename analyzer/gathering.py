"""Everything that the digest of a visit is built from, read in one transaction.

In: a connection, a visit's id.  Out: the visit, its link generation and the rows of its responses.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from analyzer import store
from analyzer.digests.model import Need, Visit
from analyzer.rows import Rows
from analyzer.tables import response, visit


@dataclass(frozen=True)
class Announced:
    """A visit as it was last announced."""

    visit: Visit
    link_generation: int


def find_visit(connection: sa.Connection, visit_id: str) -> Announced | None:
    row = connection.execute(sa.select(visit).where(visit.c.id == visit_id)).one_or_none()
    if row is None:
        return None
    found = Visit(
        id=row.id,
        company=row.company_name,
        industry=row.industry,
        fair=row.fair_name,
        timezone=row.timezone,
        visited_at=row.visited_at,
        deadline=row.deadline,
        invited=row.invited,
        minimum_group=row.minimum_group,
        visitors=row.visitors,
        sample=row.sample,
        attribution=row.attribution,
        minimum_text=row.minimum_text,
        needs=tuple(
            Need(n["id"], n["label"], n.get("topic"), tuple(n.get("phrases", ()))) for n in row.needs
        ),
    )
    return Announced(found, row.link_generation)


def find_responses(connection: sa.Connection, visit_id: str) -> list[Rows]:
    return store.fetch_rows(connection, response.c.visit_id == visit_id)
