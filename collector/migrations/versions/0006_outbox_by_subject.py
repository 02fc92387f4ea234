"""Find a response's events without reading the whole outbox: every receipt page asks for them.

Revision ID: 0006
"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index(op.f("ix_outbox_subject"), "outbox", ["subject"])
