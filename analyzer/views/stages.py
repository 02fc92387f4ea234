"""How far one response has come and what the company replied to it, for the receipt of its expert."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from analyzer.errors import BadLink
from analyzer.links import read_stage_token
from analyzer.reception import reception
from analyzer.replying import replies_to
from analyzer.tables import metadata, response, withdrawal
from analyzer.views.access import bearer_token

stages = Blueprint("stages", __name__)


@stages.get("/api/v1/responses/<response_id>/stage")
def show(response_id: str) -> ResponseReturnValue:
    """The token in the header must be for this very response.  One that is not here yet has revision null."""
    here = reception()
    if read_stage_token(here.secret, bearer_token(), here.clock()) != response_id:
        raise BadLink("the token is not for this response")
    with here.database.read() as connection:
        return jsonify(_stage(connection, response_id))


def _stage(connection: sa.Connection, response_id: str) -> dict[str, Any]:
    mine = sa.select(response.c.revision, response.c.analysed_at, response.c.visit_id)
    found = connection.execute(mine.where(response.c.id == response_id)).one_or_none()
    taken_back = sa.select(withdrawal.c.withdrawn_at).where(withdrawal.c.response_id == response_id)
    return {
        "response_id": response_id,
        "revision": found.revision if found else None,
        "analysed_at": _time(found.analysed_at) if found else None,
        "withdrawn_at": None if found else _time(connection.execute(taken_back).scalar_one_or_none()),
        "digest": _edition(connection, found.visit_id, found.analysed_at) if found else None,
        "replies": replies_to(connection, response_id) if found else [],
    }


def _edition(connection: sa.Connection, visit_id: str, since: datetime) -> dict[str, Any] | None:
    """The first edition of the digest that was issued with this response in it."""
    edition = metadata.tables.get("edition")
    if edition is None:  # digests are only shown as they stand, nothing is issued
        return None
    query = (
        sa.select(edition.c.number, edition.c.issued_at)
        .where(edition.c.visit_id == visit_id, edition.c.issued_at >= since)
        .order_by(edition.c.issued_at)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else {"number": row.number, "issued_at": _time(row.issued_at)}


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
