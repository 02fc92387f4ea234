"""Files on their way from a phone, piece by piece: what has arrived of each.

SQL that photos and voice notes share.  The pieces wait in the database until the last one is there, because
the next piece may reach another machine.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from collector.tables import response

UPLOADING, STORED, REFUSED = "uploading", "stored", "refused"
GRACE = timedelta(days=7)  # for files that belong to answers sent in time and met a bad network
# An open link is in many hands, so what can come through the one of a visit has bounds.  A full bus (50
# people, 5 photos each) is far below them; a phone sends one file at a time.
OPEN_AN_HOUR, OPEN_UNFINISHED, OPEN_IN_ALL = 400, 100, 2000  # files of a kind
HOUR = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=30)  # an upload that has not ended by then begins anew


@dataclass(frozen=True)
class Upload:
    id: str
    response_id: str
    size: int  # bytes that the device is going to send
    state: str
    offset: int  # bytes that are here


class Uploads:
    """The files of one kind.  The chunk table's first column names the file."""

    def __init__(self, files: sa.Table, chunks: sa.Table) -> None:
        self._files, self._chunks = files, chunks
        self._owner = next(iter(chunks.c))

    def begin(
        self, connection: sa.Connection, file_id: str, response_id: str, size: int, now: datetime, **more: str
    ) -> Upload:
        row = {"id": file_id, "response_id": response_id, "size": size, "state": UPLOADING, "begun_at": now}
        connection.execute(sa.insert(self._files).values({**row, **more}))
        return Upload(file_id, response_id, size, UPLOADING, 0)

    def find(self, connection: sa.Connection, file_id: str, *, lock: bool = False) -> Upload | None:
        query = sa.select(self._files).where(self._files.c.id == file_id)
        row = connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            return None
        arrived = sa.func.coalesce(sa.func.sum(sa.func.length(self._chunks.c.content)), 0)
        length = sa.select(arrived).where(self._owner == file_id)
        offset = row.size if row.state == STORED else connection.execute(length).scalar_one()
        return Upload(row.id, row.response_id, row.size, row.state, int(offset))

    def append(self, connection: sa.Connection, upload: Upload, content: bytes) -> Upload:
        row = {self._owner.name: upload.id, "start": upload.offset, "content": content}
        connection.execute(sa.insert(self._chunks).values(row))
        return Upload(upload.id, upload.response_id, upload.size, upload.state, upload.offset + len(content))

    def content(self, connection: sa.Connection, file_id: str) -> bytes:
        pieces = sa.select(self._chunks.c.content).where(self._owner == file_id)
        return b"".join(connection.execute(pieces.order_by(self._chunks.c.start)).scalars())

    def finish(self, connection: sa.Connection, file_id: str, **state: object) -> None:
        """Its pieces are needed no more."""
        connection.execute(sa.update(self._files).where(self._files.c.id == file_id).values(state))
        connection.execute(sa.delete(self._chunks).where(self._owner == file_id))

    def refuse(self, connection: sa.Connection, file_id: str) -> None:
        self.finish(connection, file_id, state=REFUSED)

    def forget(self, connection: sa.Connection, file_id: str) -> None:
        connection.execute(sa.delete(self._chunks).where(self._owner == file_id))
        connection.execute(sa.delete(self._files).where(self._files.c.id == file_id))

    def count(self, connection: sa.Connection) -> dict[str, int]:
        """How many there are in each state, zeros included."""
        query = sa.select(self._files.c.state, sa.func.count().label("number")).group_by(self._files.c.state)
        found: dict[str, int] = {row.state: row.number for row in connection.execute(query)}
        return {state: found.get(state, 0) for state in (STORED, UPLOADING, REFUSED)}

    def full_for(self, connection: sa.Connection, visit_id: str, now: datetime) -> timedelta | None:
        """How long a visit's open link takes no further file; None: it does."""
        files = self._files
        begun = sa.select(sa.func.count()).select_from(
            files.join(response, response.c.id == files.c.response_id)
        )
        begun = begun.where(response.c.visit_id == visit_id, response.c.verified.is_(False))
        bounds = (
            (begun, OPEN_IN_ALL, 24 * HOUR),
            (begun.where(files.c.begun_at > now - HOUR), OPEN_AN_HOUR, HOUR),
            (begun.where(files.c.state == UPLOADING), OPEN_UNFINISHED, HOUR / 6),
        )
        return next(
            (wait for query, most, wait in bounds if connection.execute(query).scalar_one() >= most), None
        )


def is_given_up(state: str, begun_at: datetime, deadline: datetime, now: datetime) -> bool:
    """Nobody will finish it: refused or broken off, and too old."""
    return state != STORED and (now >= deadline + GRACE or begun_at <= now - GIVE_UP_AFTER)
