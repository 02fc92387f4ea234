"""Answers that were spoken and written down by the organiser are told apart from typed ones.

Answers that were recorded before are marked as their own events say.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("answer") as batch_op:
        batch_op.add_column(sa.Column("transcribed", sa.Boolean(), nullable=False, server_default=sa.false()))
    _fill()


def _fill() -> None:
    """Only the events that speak of transcripts are read: the others may be a million."""
    connection = op.get_bind()
    inbox = sa.table("inbox", sa.column("type"), sa.column("body"))
    answer = sa.table("answer", *map(sa.column, ("response_id", "question_id", "transcribed")))
    telling = sa.select(inbox.c.body).where(
        inbox.c.type == "response.submitted.v1", inbox.c.body.contains('"transcribed"')
    )
    for body in connection.execute(telling).scalars().all():
        data = json.loads(body)["data"]
        spoken = [one["question_id"] for one in data["answers"] if one.get("transcribed")]
        mine = sa.and_(answer.c.response_id == data["response_id"], answer.c.question_id.in_(spoken))
        connection.execute(sa.update(answer).where(mine).values(transcribed=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("answer") as batch_op:
        batch_op.drop_column("transcribed")
