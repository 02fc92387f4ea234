"""Everything that the digest of a visit is built from, read in one transaction.

In: a connection, a visit's id.  Out: the visit, its link generation, the rows of its responses, and a
name for the state of all that, which is quick to find out; and the digest made of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from analyzer import store
from analyzer.accuracy import measured
from analyzer.acting import newest_actions, newest_statements
from analyzer.digests.build import build_digest
from analyzer.digests.comparing import Background
from analyzer.digests.model import Bilingual, Digest, Need, Visit
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


def find_some(connection: sa.Connection, visit_id: str, ids: Collection[str]) -> list[Rows]:
    """Those of these responses that the visit has."""
    of_visit = response.c.visit_id == visit_id
    return store.fetch_rows(connection, of_visit & response.c.id.in_(ids))


def find_keys(connection: sa.Connection, visit_id: str) -> dict[str, tuple[object, ...]]:
    """What the rows of each response depend on: its revision, its last reading, people's corrections.

    By response id, in the order of `find_responses`; 200 responses take a millisecond, their rows a hundred.
    """
    columns = (response.c.id, response.c.revision, response.c.analysed_at)
    rows = connection.execute(
        sa.select(*columns).where(response.c.visit_id == visit_id).order_by(response.c.id)
    ).all()
    newest = (sa.func.count(), sa.func.max(correction.c.id), sa.func.max(correction.c.made_at))
    made = sa.select(correction.c.response_id, *newest).where(correction.c.visit_id == visit_id)
    corrections = {r[0]: tuple(r[1:]) for r in connection.execute(made.group_by(correction.c.response_id))}
    return {r.id: (r.revision, r.analysed_at, corrections.get(r.id)) for r in rows}


def find_photos(connection: sa.Connection, visit_id: str) -> Sizes:
    """The photos of a visit that have arrived, whoever may see them."""
    found = sa.select(photo.c.id, photo.c.width, photo.c.height).where(photo.c.visit_id == visit_id)
    return {row.id: (row.width, row.height) for row in connection.execute(found)}


def make_digest(
    connection: sa.Connection,
    announced: Announced,
    responses: Iterable[Rows],
    labels: Mapping[str, Bilingual],
    now: datetime,
    background: Background,
) -> Digest:
    """The visit's digest, with all that people did with it so far; see build_digest."""
    visit_id = announced.visit.id
    return build_digest(
        announced.visit,
        responses,
        labels,
        now,
        background,
        newest_actions(connection, visit_id),
        measured(),
        find_photos(connection, visit_id),
        newest_statements(connection, visit_id),
    )


def find_state(
    connection: sa.Connection, announced: Announced, keys: Mapping[str, object], *outside: object
) -> str:
    """Another name whenever the visit, its responses, their photos or what people did with them changed.

    keys: of its responses.  outside: what else the digest depends on.
    """
    visit_id = announced.visit.id
    parts = [repr((announced, outside)), *(f"{id} {key}" for id, key in keys.items())]
    for table, moment in ((action, "made_at"), (statement, "made_at"), (photo, "stored_at")):
        counted = sa.select(sa.func.count(), sa.func.max(table.c.id), sa.func.max(table.c[moment]))
        parts.append(repr(tuple(connection.execute(counted.where(table.c.visit_id == visit_id)).one())))
    return sha256("\n".join(parts).encode()).hexdigest()
