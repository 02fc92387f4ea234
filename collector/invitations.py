"""Invitations, and the generations of digest and organiser links, as the operator's chores need them.

In: a connection inside the caller's transaction.  Raises NotFound for an id that nothing has.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from collector import tables as t
from collector.errors import NotFound
from collector.register import BY_ORGANISER
from collector.text import Bilingual


@dataclass(frozen=True)
class Invitation:
    id: str
    kind: str  # personal or open
    visit: str
    company: Bilingual
    expert: str | None
    name: Bilingual | None
    email: str | None
    language: str | None
    deadline: datetime
    revoked_at: datetime | None
    revoked_by: str | None
    answered: bool | None  # None: an open link has no one answer


def find_invitations(
    connection: sa.Connection, visit: str | None = None, expert: str | None = None
) -> list[Invitation]:
    """By time of visit; of each visit the personal ones by expert, then the open one."""
    _must_exist(connection, t.visit, visit)
    _must_exist(connection, t.expert, expert)
    query = _INVITATIONS
    if visit is not None:
        query = query.where(t.invitation.c.visit_id == visit)
    if expert is not None:
        query = query.where(t.invitation.c.expert_id == expert)
    return [Invitation(*row) for row in connection.execute(query)]


def revoke_invitation(connection: sa.Connection, invitation_id: str, now: datetime) -> str:
    """For good, whatever a later load says.  Gives the visit's id."""
    this = t.invitation.c.id == invitation_id
    row = connection.execute(sa.select(t.invitation).where(this)).one_or_none()
    if row is None:
        raise NotFound(f"no invitation has the id {invitation_id}")
    values = {"revoked_at": row.revoked_at or now, "revoked_by": BY_ORGANISER}
    connection.execute(sa.update(t.invitation).where(this).values(values))
    return str(row.visit_id)


def link_generation(connection: sa.Connection, table: sa.Table, name: str) -> int:
    """Of a visit's digest links or a fair's organiser links: only links of this generation open."""
    _must_exist(connection, table, name)
    found = connection.execute(sa.select(table.c.link_generation).where(table.c.id == name))
    return int(found.scalar_one())


def revoke_links(connection: sa.Connection, table: sa.Table, name: str) -> int:
    """Every link so far stops working.  Gives the new generation."""
    generation = link_generation(connection, table, name) + 1
    connection.execute(sa.update(table).where(table.c.id == name).values(link_generation=generation))
    return generation


def _must_exist(connection: sa.Connection, table: sa.Table, name: str | None) -> None:
    if name is None or connection.execute(sa.select(table.c.id).where(table.c.id == name)).first():
        return
    known = connection.execute(sa.select(table.c.id).order_by(table.c.id).limit(20)).scalars().all()
    hint = f"known: {', '.join(known)}" if known else "none is loaded"
    raise NotFound(f"no {table.name} has the id {name} ({hint})")


_INVITATIONS: sa.Select[*tuple[Any, ...]] = (
    sa.select(
        t.invitation.c.id,
        t.invitation.c.kind,
        t.invitation.c.visit_id,
        t.company.c.name.label("company"),
        t.invitation.c.expert_id,
        t.expert.c.name,
        t.expert.c.email,
        t.expert.c.language,
        t.visit.c.deadline,
        t.invitation.c.revoked_at,
        t.invitation.c.revoked_by,
        sa.case((t.invitation.c.kind == "personal", t.response.c.id.is_not(None))).label("answered"),
    )
    .select_from(
        t.invitation.join(t.visit, t.visit.c.id == t.invitation.c.visit_id)
        .join(t.company, t.company.c.id == t.visit.c.company_id)
        .outerjoin(t.expert, t.expert.c.id == t.invitation.c.expert_id)
        .outerjoin(
            t.response,
            (t.response.c.sole_invitation_id == t.invitation.c.id) & t.response.c.withdrawn_at.is_(None),
        )
    )
    .order_by(t.visit.c.visited_at, t.visit.c.id, t.invitation.c.kind.desc(), t.invitation.c.expert_id)
)
