"""Voice notes: what an expert said instead of typing it, and what the organiser wrote down of it.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "voice_note",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("response_id", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("readership", sa.Text(), nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("stored_at", _MOMENT, nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=True),
        sa.Column("transcribed_by", sa.Text(), nullable=True),
        sa.Column("transcribed_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_voice_note_response_id_response")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_note")),
    )
    op.create_index(op.f("ix_voice_note_response_id"), "voice_note", ["response_id"])
    op.create_table(
        "voice_chunk",
        sa.Column("voice_id", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["voice_id"], ["voice_note.id"], name=op.f("fk_voice_chunk_voice_id_voice_note")
        ),
        sa.PrimaryKeyConstraint("voice_id", "start", name=op.f("pk_voice_chunk")),
    )


def downgrade() -> None:
    op.drop_table("voice_chunk")
    op.drop_table("voice_note")
