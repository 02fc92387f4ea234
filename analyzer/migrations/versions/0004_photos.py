"""Photos of responses: which were declared, and which have arrived.

Responses that were recorded before are given the photos that their own events declared.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("response") as batch_op:
        batch_op.add_column(sa.Column("photos", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "photo",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("response_id", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    op.create_index(op.f("ix_photo_visit_id"), "photo", ["visit_id"])
    op.create_index(op.f("ix_photo_response_id"), "photo", ["response_id"])
    _fill()


def _fill() -> None:
    """Only the events that speak of photos are read: the others may be a million."""
    connection = op.get_bind()
    inbox = sa.table("inbox", sa.column("type"), sa.column("body"))
    response = sa.table("response", sa.column("id"), sa.column("revision"), sa.column("photos", sa.JSON()))
    declaring = sa.select(inbox.c.body).where(
        inbox.c.type == "response.submitted.v1", inbox.c.body.contains('"photos"')
    )
    for body in connection.execute(declaring).scalars().all():
        data = json.loads(body)["data"]
        photos = [{"id": p["id"], "readership": p["readership"]} for p in data.get("photos") or []]
        mine = sa.and_(response.c.id == data["response_id"], response.c.revision == data["revision"])
        connection.execute(sa.update(response).where(mine).values(photos=photos))


def downgrade() -> None:
    op.drop_table("photo")
    # Not as a batch: on SQLite that drops and copies the table, and all that hangs on its rows goes with it.
    op.drop_column("response", "photos")
