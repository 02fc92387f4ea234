"""When a digest was opened, through which of its links and in which form: the company's access log.

In: a connection, an Opening.  One row for each link, form and hour, so that a popular page writes no more
than once an hour; no address and no browser is kept.  A mail program that looks at links for its reader
counts as an opening too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from analyzer.database import insert
from analyzer.links import Grant
from analyzer.tables import opening


@dataclass(frozen=True)
class Opening:
    visit_id: str
    link: str  # a hash of the token: tells links apart and opens nothing
    form: str  # html, json, pdf, xlsx, csv
    hour: datetime  # its beginning
    role: str  # whose link it is: company, organiser, reader
    expires_at: datetime  # of the link


def opening_of(token: str, grant: Grant, form: str, now: datetime) -> Opening:
    hour = now.replace(minute=0, second=0, microsecond=0)
    link = sha256(token.encode()).hexdigest()[:8]
    return Opening(grant.visit_id, link, form, hour, grant.role, grant.expires_at)


def note(connection: sa.Connection, one: Opening) -> None:
    """A second opening in the same hour changes nothing."""
    connection.execute(insert(connection, opening).values(**vars(one)).on_conflict_do_nothing())


def openings_of(connection: sa.Connection, visit_id: str) -> Sequence[Opening]:
    """Newest first."""
    chosen = sa.select(opening).where(opening.c.visit_id == visit_id)
    rows = connection.execute(chosen.order_by(opening.c.hour.desc(), opening.c.link, opening.c.form))
    return [Opening(**row) for row in rows.mappings()]
