"""What a company asked for before the visit, and what a quote may tell of who said it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("company") as batch_op:
        batch_op.add_column(sa.Column("needs", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("same_as", sa.Text(), nullable=True))
    with op.batch_alter_table("visit") as batch_op:
        batch_op.add_column(sa.Column("attribution", sa.Text(), nullable=False, server_default="named"))
        batch_op.add_column(sa.Column("minimum_text", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("visit") as batch_op:
        batch_op.drop_column("minimum_text")
        batch_op.drop_column("attribution")
    with op.batch_alter_table("company") as batch_op:
        batch_op.drop_column("same_as")
        batch_op.drop_column("needs")
