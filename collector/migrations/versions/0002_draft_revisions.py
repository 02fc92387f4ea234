"""Drafts know their revision, so that two devices that went apart are noticed and both kept.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("draft", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    op.add_column("draft", sa.Column("device", sa.Text(), nullable=True))
    op.add_column("draft", sa.Column("diverged", sa.JSON(), nullable=True))
