"""Mails to companies: whom to write to, what was issued, and what became of each copy."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("visit") as batch_op:
        batch_op.add_column(sa.Column("contacts", sa.JSON(), nullable=False, server_default="[]"))

    op.create_table(
        "edition",
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("issued_at", _MOMENT, nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("digest", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("digest_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("visit_id", "number", name=op.f("pk_edition")),
        sa.UniqueConstraint("visit_id", "period", name=op.f("uq_edition_visit_id_period")),
    )
    op.create_table(
        "delivery",
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["visit_id", "number"],
            ["edition.visit_id", "edition.number"],
            name=op.f("fk_delivery_visit_id_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visit_id", "number", "recipient", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_state"), "delivery", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("delivery")
    op.drop_table("edition")
    with op.batch_alter_table("visit") as batch_op:
        batch_op.drop_column("contacts")
