"""The analyzer is told of every stored photo; of those stored before this revision, now.

Revision ID: 0007
"""

import json
from datetime import UTC, datetime
from secrets import token_hex

import sqlalchemy as sa
from alembic import op
from uuid6 import uuid7

from collector.tables import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    connection, now = op.get_bind(), datetime.now(UTC)
    moment = sa.column("stored_at", UtcDateTime())
    names = ("id", "response_id", "state", "width", "height")
    photo = sa.table("photo", *(sa.column(name) for name in names), moment)
    response = sa.table("response", sa.column("id"), sa.column("visit_id"), sa.column("withdrawn_at"))
    outbox = sa.table(
        "outbox",
        *(sa.column(name) for name in ("event_id", "type", "subject", "body", "traceparent")),
        *(sa.column(name, UtcDateTime()) for name in ("created_at", "due_at")),
    )
    stored = (
        sa.select(photo, response.c.visit_id)
        .join(response, response.c.id == photo.c.response_id)
        .where(photo.c.state == "stored", response.c.withdrawn_at.is_(None))
    )
    rows = [_row(found, now) for found in connection.execute(stored).all()]
    if rows:
        connection.execute(sa.insert(outbox), rows)


def _row(found: sa.Row, now: datetime) -> dict[str, object]:
    event_id, at = str(uuid7()), found.stored_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    envelope = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/collector",
        "type": "photo.stored.v1",
        "subject": found.id,
        "time": at,
        "datacontenttype": "application/json",
        "data": {
            "photo_id": found.id,
            "response_id": found.response_id,
            "visit_id": found.visit_id,
            "width": found.width,
            "height": found.height,
            "stored_at": at,
        },
    }
    return {
        "event_id": event_id,
        "type": "photo.stored.v1",
        "subject": found.id,
        "body": json.dumps(envelope, ensure_ascii=False, separators=(",", ":")),
        "traceparent": f"00-{token_hex(16)}-{token_hex(8)}-01",
        "created_at": now,
        "due_at": now,
    }


def downgrade() -> None:
    """What was told stays told."""
