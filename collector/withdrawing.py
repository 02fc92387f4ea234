"""Taking answers back: the mark and the message about it are written together or not at all.

Revisions stay, for the record; nothing of them is shown to anybody any more, and the analyzer forgets
what it counted.  Withdrawing stays possible after the deadline: consent can be taken back at any time.
"""

from datetime import datetime

import sqlalchemy as sa

from collector import messages, outbox
from collector.tables import draft, response


def withdraw(
    connection: sa.Connection, response_id: str, event_id: str, now: datetime, traceparent: str
) -> datetime:
    """When it was withdrawn; a second time changes nothing."""
    mine = response.c.id == response_id
    row = connection.execute(sa.select(response).where(mine).with_for_update()).one()
    if row.withdrawn_at is not None:
        before: datetime = row.withdrawn_at
        return before
    connection.execute(sa.update(response).where(mine).values(withdrawn_at=now, photos=[]))
    # A draft of the same answers would fill the form again.
    if row.sole_invitation_id is not None:
        connection.execute(sa.delete(draft).where(draft.c.invitation_id == row.sole_invitation_id))
    event = messages.response_withdrawn(event_id, row.id, row.visit_id, row.revision, now)
    outbox.add(connection, [event.traced(traceparent)], now)
    return now
