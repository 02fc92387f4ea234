"""In which revision its expert last changed an answer: a photo or a transcript is none.

For responses that were recorded before, their own events are compared.
"""

import json
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

CHUNK = 500  # responses at a time; bounds memory and the number of bound values


def upgrade() -> None:
    with op.batch_alter_table("response") as batch_op:
        batch_op.add_column(sa.Column("answers_revision", sa.Integer(), nullable=True))
    _fill()


def _fill() -> None:
    """Only responses with a second revision are looked at; of the others it is the first."""
    connection = op.get_bind()
    response = sa.table("response", *map(sa.column, ("id", "revision", "answers_revision")))
    connection.execute(sa.update(response).where(response.c.revision == 1).values(answers_revision=1))
    ids = connection.execute(sa.select(response.c.id).where(response.c.revision > 1)).scalars().all()
    for start in range(0, len(ids), CHUNK):
        for response_id, since in _last_changes(connection, ids[start : start + CHUNK]):
            mine = response.c.id == response_id
            connection.execute(sa.update(response).where(mine).values(answers_revision=since))


def _last_changes(connection: sa.Connection, ids: Any) -> list[tuple[str, int]]:
    inbox = sa.table("inbox", *map(sa.column, ("type", "subject", "body")))
    wanted = sa.and_(inbox.c.type == "response.submitted.v1", inbox.c.subject.in_(ids))
    rows = connection.execute(sa.select(inbox.c.subject, inbox.c.body).where(wanted).order_by("subject"))
    return [
        (name, _last_change(row.body for row in mine)) for name, mine in groupby(rows, attrgetter("subject"))
    ]


def _last_change(bodies: Any) -> int:
    told = sorted((json.loads(body)["data"] for body in bodies), key=lambda data: data["revision"])
    since, before = 0, None
    for data in told:
        said = {a["question_id"]: a["value"] for a in data["answers"] if not a.get("transcribed")}
        since = since if said == before else data["revision"]
        before = said
    return since


def downgrade() -> None:
    # Not as a batch: on SQLite that drops and copies the table, and all that hangs on its rows goes with it.
    op.drop_column("response", "answers_revision")
