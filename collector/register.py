"""The programme in the database: fairs, companies, experts, visits and personal invitations.

All SQL that loading a programme needs.  In: a connection inside the caller's transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from collector import tables as t
from collector.differences import ACTIVE, BARRED, OFF, Changes, Difference, Place
from collector.programme import Company, Expert, Fair, Programme, Visit
from collector.questionnaire import Questionnaire

BY_PROGRAMME, BY_ORGANISER = "programme", "organiser"  # invitation.revoked_by
IDS_AT_ONCE = 500  # in one IN (…): SQLite and PostgreSQL both have a limit


def stored_programme(connection: sa.Connection, fair_id: str) -> Programme | None:
    """Visits come without their experts: invitation_states() has them."""
    row = connection.execute(sa.select(t.fair).where(t.fair.c.id == fair_id)).one_or_none()
    if row is None:
        return None
    starts_on, ends_on = (date.fromisoformat(day) for day in (row.starts_on, row.ends_on))
    return Programme(
        Fair(row.id, row.name, row.timezone, starts_on, ends_on, row.sample),
        tuple(
            Company(r.id, r.name, r.industry, tuple(r.needs), r.same_as, tuple(r.contacts))
            for r in _of_fair(connection, t.company, fair_id)
        ),
        tuple(_expert(r) for r in _of_fair(connection, t.expert, fair_id)),
        tuple(_visit(r) for r in _of_fair(connection, t.visit, fair_id)),
    )


def edition(questionnaire_id: str, version: str) -> str:
    """One version of one questionnaire as one word, to be compared."""
    return f"{questionnaire_id}@{version}"


def invitation_states(connection: sa.Connection, fair_id: str) -> dict[Place, str]:
    """(visit, expert) -> ACTIVE, OFF or BARRED, for every personal invitation."""
    rows = connection.execute(
        sa.select(t.invitation)
        .join(t.visit, t.visit.c.id == t.invitation.c.visit_id)
        .where(t.visit.c.fair_id == fair_id, t.invitation.c.kind == "personal")
        .order_by(t.invitation.c.id)
    )
    return {(row.visit_id, row.expert_id): _state(row) for row in rows}


def taken_ids(connection: sa.Connection, table: sa.Table, ids: Sequence[str], fair_id: str) -> dict[str, str]:
    """Which of the ids belong to another fair, and to which."""
    taken: dict[str, str] = {}
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = table.c.id.in_(ids[start : start + IDS_AT_ONCE])
        rows = connection.execute(sa.select(table.c.id, table.c.fair_id).where(some))
        taken |= {row.id: row.fair_id for row in rows if row.fair_id != fair_id}
    return taken


def store_questionnaires(connection: sa.Connection, used: Iterable[Questionnaire], now: datetime) -> None:
    """Every version that a form ever showed is kept."""
    known = {
        tuple(row) for row in connection.execute(sa.select(t.questionnaire.c.id, t.questionnaire.c.version))
    }
    for one in {(q.id, q.version): q for q in used}.values():
        if (one.id, one.version) not in known:
            row = {"id": one.id, "version": one.version, "document": dict(one.document), "loaded_at": now}
            connection.execute(sa.insert(t.questionnaire), row)


def write(
    connection: sa.Connection,
    programme: Programme,
    questionnaires: Mapping[str, Questionnaire],  # visit id -> what its form shows
    difference: Difference,
) -> None:
    """Fair, companies, experts and visits as the file has them; nothing is deleted."""
    fair_id = programme.fair.id
    _put(connection, t.fair, difference.fair, [_fair_row(programme.fair)], {"link_generation": 1})
    companies = [{**asdict(company), "fair_id": fair_id} for company in programme.companies]
    _put(connection, t.company, difference.companies, companies)
    experts = [{**asdict(expert), "fair_id": fair_id} for expert in programme.experts]
    _put(connection, t.expert, difference.experts, experts)
    visits = [_visit_row(visit, fair_id, questionnaires[visit.id]) for visit in programme.visits]
    _put(connection, t.visit, difference.visits, visits, {"link_generation": 1})


def write_invitations(
    connection: sa.Connection, difference: Difference, new_id: Callable[[], str], now: datetime
) -> None:
    """One open invitation for each new visit, one personal for each new expert of a visit."""
    places: list[tuple[str, str, str | None]] = [("open", visit, None) for visit in difference.visits.added]
    places += [("personal", visit, expert) for visit, expert in difference.invitations.added]
    rows = [
        {"id": new_id(), "kind": kind, "visit_id": visit, "expert_id": expert, "created_at": now}
        for kind, visit, expert in places
    ]
    if rows:
        connection.execute(sa.insert(t.invitation), rows)
    _set_revoked(connection, difference.invitations.revoked, now, BY_PROGRAMME)
    _set_revoked(connection, difference.invitations.restored, None, None)


def _of_fair(connection: sa.Connection, table: sa.Table, fair_id: str) -> Sequence[Any]:
    return connection.execute(sa.select(table).where(table.c.fair_id == fair_id).order_by(table.c.id)).all()


def _expert(row: Any) -> Expert:
    return Expert(
        row.id, row.name, row.organisation, row.organisation_kind, row.discipline, row.language, row.email
    )


def _visit(row: Any) -> Visit:
    shows = edition(row.questionnaire_id, row.questionnaire_version)
    rules = (row.attribution, row.minimum_text)
    return Visit(row.id, row.company_id, row.visited_at, row.deadline, shows, row.minimum_group, (), *rules)


def _state(row: Any) -> str:
    if row.revoked_at is None:
        return ACTIVE
    return OFF if row.revoked_by == BY_PROGRAMME else BARRED


def _fair_row(fair: Fair) -> dict[str, Any]:
    days = {"starts_on": fair.starts_on.isoformat(), "ends_on": fair.ends_on.isoformat()}
    return {**asdict(fair), **days}


def _visit_row(visit: Visit, fair_id: str, questionnaire: Questionnaire) -> dict[str, Any]:
    return {
        "id": visit.id,
        "fair_id": fair_id,
        "company_id": visit.company,
        "visited_at": visit.visited_at,
        "deadline": visit.deadline,
        "minimum_group": visit.minimum_group,
        "attribution": visit.attribution,
        "minimum_text": visit.minimum_text,
        "questionnaire_id": questionnaire.id,
        "questionnaire_version": questionnaire.version,
    }


def _put(
    connection: sa.Connection,
    table: sa.Table,
    changes: Changes,
    rows: Sequence[dict[str, Any]],
    first: Mapping[str, Any] | None = None,
) -> None:
    """Insert what is new, with the columns of `first`; write what changed over what is there."""
    added, changed = set(changes.added), {change.id for change in changes.changed}
    new = [{**row, **(first or {})} for row in rows if row["id"] in added]
    if new:
        connection.execute(sa.insert(table), new)
    for row in rows:
        if row["id"] in changed:
            values = {name: value for name, value in row.items() if name != "id"}
            connection.execute(sa.update(table).where(table.c.id == row["id"]).values(values))


def _set_revoked(
    connection: sa.Connection, places: Iterable[Place], at: datetime | None, by: str | None
) -> None:
    for visit, expert in places:
        this = sa.and_(t.invitation.c.visit_id == visit, t.invitation.c.expert_id == expert)
        connection.execute(sa.update(t.invitation).where(this).values(revoked_at=at, revoked_by=by))
