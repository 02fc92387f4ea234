"""Photos of responses: what has arrived of each, and who may look at it.

All SQL of the tables `photo` and `photo_chunk`.  A photo is declared with its response (answering.py) and
uploaded apart, piece by piece; the pieces wait in the database until the last one is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from collector.messages import StoredPhoto
from collector.pictures import Picture
from collector.tables import photo, photo_chunk, response, submission, visit

UPLOADING, STORED, REFUSED = "uploading", "stored", "refused"
GRACE = timedelta(days=7)  # for photos that were declared in time and met a bad network
# An open link is in many hands, so what can come through the one of a visit has bounds.  A full bus (50
# people, 5 photos each) is far below them; a phone sends one photo at a time.
OPEN_AN_HOUR, OPEN_UNFINISHED, OPEN_IN_ALL = 400, 100, 2000  # photos
HOUR = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=30)  # an upload that has not ended by then begins anew


@dataclass(frozen=True)
class Upload:
    id: str
    response_id: str
    size: int  # bytes that the device is going to send
    state: str
    offset: int  # bytes that are here


@dataclass(frozen=True)
class Shown:
    """A stored photo with what decides who may see it."""

    id: str
    visit_id: str
    stored_at: datetime
    width: int  # pixels
    height: int
    chosen: Sequence[Mapping[str, str]]  # of the newest revision: {"id", "readership"}
    consent: Mapping[str, bool]
    questionnaire: tuple[str, str]
    generation: int  # of its visit's digest links


def begin(connection: sa.Connection, photo_id: str, response_id: str, size: int, now: datetime) -> Upload:
    """The upload of this id, begun now or before."""
    found = find(connection, photo_id)
    if found is not None:
        return found
    row = {"id": photo_id, "response_id": response_id, "size": size, "state": UPLOADING, "begun_at": now}
    connection.execute(sa.insert(photo).values(row))
    return Upload(photo_id, response_id, size, UPLOADING, 0)


def find(connection: sa.Connection, photo_id: str, *, lock: bool = False) -> Upload | None:
    query = sa.select(photo).where(photo.c.id == photo_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        return None
    mine = photo_chunk.c.photo_id == photo_id
    length = sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(photo_chunk.c.content)), 0)).where(mine)
    offset = row.size if row.state == STORED else connection.execute(length).scalar_one()
    return Upload(row.id, row.response_id, row.size, row.state, int(offset))


def full_for(connection: sa.Connection, visit_id: str, now: datetime) -> timedelta | None:
    """How long a visit's open link takes no further photo; None: it does."""
    begun = sa.select(sa.func.count()).select_from(photo.join(response, response.c.id == photo.c.response_id))
    begun = begun.where(response.c.visit_id == visit_id, response.c.verified.is_(False))
    lately, unfinished = photo.c.begun_at > now - HOUR, photo.c.state == UPLOADING
    bounds = (
        (begun, OPEN_IN_ALL, 24 * HOUR),
        (begun.where(lately), OPEN_AN_HOUR, HOUR),
        (begun.where(unfinished), OPEN_UNFINISHED, HOUR / 6),
    )
    return next(
        (wait for query, most, wait in bounds if connection.execute(query).scalar_one() >= most), None
    )


def append(connection: sa.Connection, upload: Upload, content: bytes) -> Upload:
    row = {"photo_id": upload.id, "start": upload.offset, "content": content}
    connection.execute(sa.insert(photo_chunk).values(row))
    return Upload(upload.id, upload.response_id, upload.size, upload.state, upload.offset + len(content))


def content(connection: sa.Connection, photo_id: str) -> bytes:
    mine = photo_chunk.c.photo_id == photo_id
    pieces = sa.select(photo_chunk.c.content).where(mine).order_by(photo_chunk.c.start)
    return b"".join(connection.execute(pieces).scalars())


def keep(connection: sa.Connection, photo_id: str, picture: Picture, now: datetime) -> StoredPhoto:
    """The picture lies in the photo store: its pieces are needed no more."""
    done = {"state": STORED, "stored_at": now, "width": picture.width, "height": picture.height}
    _finish(connection, photo_id, done)
    query = sa.select(response.c.id, response.c.visit_id).join(photo, photo.c.response_id == response.c.id)
    owner = connection.execute(query.where(photo.c.id == photo_id)).one()
    return StoredPhoto(photo_id, owner.id, owner.visit_id, picture.width, picture.height, now)


def refuse(connection: sa.Connection, photo_id: str) -> None:
    _finish(connection, photo_id, {"state": REFUSED})


def count(connection: sa.Connection) -> dict[str, int]:
    """How many there are in each state, zeros included."""
    query = sa.select(photo.c.state, sa.func.count().label("number")).group_by(photo.c.state)
    found: dict[str, int] = {row.state: row.number for row in connection.execute(query)}
    return {state: found.get(state, 0) for state in (STORED, UPLOADING, REFUSED)}


def states(connection: sa.Connection, response_id: str) -> dict[str, str]:
    """Photo id -> state, of those whose upload has begun."""
    query = sa.select(photo.c.id, photo.c.state).where(photo.c.response_id == response_id)
    return {row.id: row.state for row in connection.execute(query)}


def find_shown(connection: sa.Connection, photo_id: str) -> Shown | None:
    """None: not stored, or its response was withdrawn."""
    row = connection.execute(_SHOWN.where(photo.c.id == photo_id)).one_or_none()
    return None if row is None else _shown(row)


def of_fair(connection: sa.Connection, fair_id: str, visit_id: str | None = None) -> list[Shown]:
    """All that are stored and still belong to a response, of one visit or of all, in the order they came."""
    query = _SHOWN.where(visit.c.fair_id == fair_id).order_by(photo.c.stored_at, photo.c.id)
    if visit_id is not None:
        query = query.where(visit.c.id == visit_id)
    found = map(_shown, connection.execute(query))
    return [one for one in found if any(chosen["id"] == one.id for chosen in one.chosen)]


def left_over(connection: sa.Connection, now: datetime) -> list[tuple[str, str]]:
    """(id, state) of photos that nobody will finish or see: their response was withdrawn or names them no
    more, or their upload came to nothing."""
    rows = connection.execute(
        sa.select(
            photo.c.id,
            photo.c.state,
            photo.c.begun_at,
            response.c.photos,
            response.c.withdrawn_at,
            visit.c.deadline,
        ).select_from(
            photo.join(response, response.c.id == photo.c.response_id).join(
                visit, visit.c.id == response.c.visit_id
            )
        )
    )
    return [(row.id, row.state) for row in rows if _is_left_over(row, now)]


def forget(connection: sa.Connection, photo_id: str) -> None:
    connection.execute(sa.delete(photo_chunk).where(photo_chunk.c.photo_id == photo_id))
    connection.execute(sa.delete(photo).where(photo.c.id == photo_id))


def _is_left_over(row: Any, now: datetime) -> bool:
    if row.begun_at > now - HOUR:
        return False  # its declaration may still be on its way
    if row.withdrawn_at is not None or all(chosen["id"] != row.id for chosen in row.photos):
        return True
    late = now >= row.deadline + GRACE or row.begun_at <= now - GIVE_UP_AFTER
    return bool(row.state != STORED and late)


def _shown(row: Any) -> Shown:
    asked = (row.questionnaire_id, row.questionnaire_version)
    return Shown(
        row.id,
        row.visit_id,
        row.stored_at,
        row.width,
        row.height,
        row.photos,
        row.consent,
        asked,
        row.generation,
    )


_SHOWN = (
    sa.select(
        photo.c.id,
        photo.c.stored_at,
        photo.c.width,
        photo.c.height,
        response.c.photos,
        response.c.visit_id,
        submission.c.consent,
        submission.c.questionnaire_version,
        visit.c.questionnaire_id,
        visit.c.link_generation.label("generation"),
    )
    .select_from(
        photo.join(response, response.c.id == photo.c.response_id)
        .join(
            submission,
            sa.and_(submission.c.response_id == response.c.id, submission.c.revision == response.c.revision),
        )
        .join(visit, visit.c.id == response.c.visit_id)
    )
    .where(photo.c.state == STORED, response.c.withdrawn_at.is_(None))
)


def _finish(connection: sa.Connection, photo_id: str, state: Mapping[str, object]) -> None:
    connection.execute(sa.update(photo).where(photo.c.id == photo_id).values(state))
    connection.execute(sa.delete(photo_chunk).where(photo_chunk.c.photo_id == photo_id))
