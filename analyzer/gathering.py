"""Everything that the digest of a visit is built from, read in one transaction.

In: a connection, a visit's id.  Out: the visit, its link generation, the rows of its responses, and a
name for the state of all that, which is quick to find out.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from analyzer import store
from analyzer.digests.model import Need, Visit
from analyzer.digests.photos import Sizes
from analyzer.rows import Rows
from analyzer.tables import action, correction, photo, response, statement, visit


@dataclass(frozen=True)
class Announced:
    """A visit as it was last announced."""

    visit: Visit
    link_generation: int
    fair_id: str
    announced_at: datetime


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
    return Announced(found, row.link_generation, row.fair_id, row.announced_at)


def find_responses(connection: sa.Connection, visit_id: str) -> list[Rows]:
    return store.fetch_rows(connection, response.c.visit_id == visit_id)


def find_photos(connection: sa.Connection, visit_id: str) -> Sizes:
    """The photos of a visit that have arrived, whoever may see them."""
    found = sa.select(photo.c.id, photo.c.width, photo.c.height).where(photo.c.visit_id == visit_id)
    return {row.id: (row.width, row.height) for row in connection.execute(found)}


def find_state(connection: sa.Connection, announced: Announced, *outside: object) -> str:
    """Another name whenever the visit, its responses, their photos or what people did with them changed.

    outside: what else the digest depends on.  Reads only the keys: 200 responses take a millisecond,
    their texts a hundred.
    """
    visit_id = announced.visit.id
    columns = (response.c.id, response.c.revision, response.c.analysed_at)
    rows = connection.execute(
        sa.select(*columns).where(response.c.visit_id == visit_id).order_by(response.c.id)
    )
    parts = [repr((announced, outside)), *(f"{r.id} {r.revision} {r.analysed_at.timestamp()}" for r in rows)]
    written = ((correction, "made_at"), (action, "made_at"), (statement, "made_at"), (photo, "stored_at"))
    for table, moment in written:
        counted = sa.select(sa.func.count(), sa.func.max(table.c.id), sa.func.max(table.c[moment]))
        parts.append(repr(tuple(connection.execute(counted.where(table.c.visit_id == visit_id)).one())))
    return sha256("\n".join(parts).encode()).hexdigest()
