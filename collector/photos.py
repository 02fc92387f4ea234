"""Photos of responses: what has arrived of each, and who may look at it.

SQL of the table `photo`.  A photo is declared with its response (answering.py) and uploaded apart, piece by
piece (uploads.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from collector.messages import StoredPhoto
from collector.pictures import Picture
from collector.tables import photo, photo_chunk, response, submission, visit
from collector.uploads import HOUR, STORED, Uploads, is_given_up

UPLOADS = Uploads(photo, photo_chunk)


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


def keep(connection: sa.Connection, photo_id: str, picture: Picture, now: datetime) -> StoredPhoto:
    """The picture lies in the photo store: its pieces are needed no more."""
    size = {"width": picture.width, "height": picture.height}
    UPLOADS.finish(connection, photo_id, state=STORED, stored_at=now, **size)
    query = sa.select(response.c.id, response.c.visit_id).join(photo, photo.c.response_id == response.c.id)
    owner = connection.execute(query.where(photo.c.id == photo_id)).one()
    return StoredPhoto(photo_id, owner.id, owner.visit_id, picture.width, picture.height, now)


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


def _is_left_over(row: Any, now: datetime) -> bool:
    if row.begun_at > now - HOUR:
        return False  # its declaration may still be on its way
    if row.withdrawn_at is not None or all(chosen["id"] != row.id for chosen in row.photos):
        return True
    return is_given_up(row.state, row.begun_at, row.deadline, now)


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
