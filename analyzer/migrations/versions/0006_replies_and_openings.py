"""A company's reply that its expert may read, and when a digest's links were opened."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("action") as batch_op:
        batch_op.add_column(sa.Column("to_expert", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "opening",
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("hour", _MOMENT, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("visit_id", "link", "form", "hour", name=op.f("pk_opening")),
    )


def downgrade() -> None:
    op.drop_table("opening")
    with op.batch_alter_table("action") as batch_op:
        batch_op.drop_column("to_expert")
