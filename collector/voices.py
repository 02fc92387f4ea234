"""Voice notes of responses: what has arrived, and what the organiser wrote down.

SQL of the table `voice_note`.  A note needs no declaration: it belongs to the response that it is uploaded
to, and the organiser alone hears it.  Its transcript travels with every later revision as one more answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from collector.messages import Transcript
from collector.narrowing import wider
from collector.tables import response, visit, voice_chunk, voice_note
from collector.uploads import HOUR, STORED, Uploads, is_given_up

UPLOADS = Uploads(voice_note, voice_chunk)


@dataclass(frozen=True)
class VoiceNote:
    id: str
    response_id: str
    invitation_id: str
    state: str
    readership: str  # of the transcript, as chosen
    seconds: float | None  # None: not stored
    stored_at: datetime | None
    transcript: str | None
    transcribed_by: str | None
    transcribed_at: datetime | None


def keep(connection: sa.Connection, voice_id: str, seconds: float, now: datetime) -> None:
    UPLOADS.finish(connection, voice_id, state=STORED, stored_at=now, seconds=seconds)


def of_response(connection: sa.Connection, response_id: str) -> list[VoiceNote]:
    return _notes(connection, voice_note.c.response_id == response_id)


def of_fair(connection: sa.Connection, fair_id: str, visit_id: str | None = None) -> list[VoiceNote]:
    """All that are stored and not withdrawn, of one visit or of all, in the order they came."""
    wanted = sa.and_(visit.c.fair_id == fair_id, voice_note.c.state == STORED)
    return _notes(connection, wanted if visit_id is None else sa.and_(wanted, visit.c.id == visit_id))


def by_visit(connection: sa.Connection, fair_id: str) -> dict[str, int]:
    """How many are stored of each visit."""
    query = (
        sa.select(response.c.visit_id, sa.func.count().label("number"))
        .select_from(_JOINED)
        .where(visit.c.fair_id == fair_id, voice_note.c.state == STORED, response.c.withdrawn_at.is_(None))
        .group_by(response.c.visit_id)
    )
    return {row.visit_id: row.number for row in connection.execute(query)}


def stands(connection: sa.Connection, voice_id: str) -> bool:
    """Whether it is stored and not withdrawn."""
    wanted = sa.and_(voice_note.c.id == voice_id, voice_note.c.state == STORED)
    return bool(_notes(connection, wanted))


def transcribe(connection: sa.Connection, voice_id: str, text: str, name: str, now: datetime) -> None:
    values = {"transcript": text or None, "transcribed_by": name, "transcribed_at": now}
    connection.execute(sa.update(voice_note).where(voice_note.c.id == voice_id).values(values))


def narrow(connection: sa.Connection, voice_id: str, reader: str, *, unwritten: bool = False) -> bool:
    """Whether its readers became fewer.  `unwritten`: only as long as nobody has written it down."""
    mine = sa.and_(voice_note.c.id == voice_id, voice_note.c.readership.in_(wider(reader)))
    if unwritten:
        mine = sa.and_(mine, voice_note.c.transcript.is_(None))
    done = connection.execute(sa.update(voice_note).where(mine).values(readership=reader))
    return bool(done.rowcount)


def transcripts(connection: sa.Connection, response_ids: Iterable[str]) -> dict[str, tuple[Transcript, ...]]:
    """What travels with each of these responses; ids without are left out."""
    query = sa.select(voice_note).where(
        voice_note.c.response_id.in_(set(response_ids)), voice_note.c.transcript.is_not(None)
    )
    found: dict[str, tuple[Transcript, ...]] = {}
    for row in connection.execute(query.order_by(voice_note.c.begun_at, voice_note.c.id)):
        one = Transcript(row.id, row.transcript, row.readership, row.transcribed_at)
        found[row.response_id] = (*found.get(row.response_id, ()), one)
    return found


def left_over(connection: sa.Connection, now: datetime) -> list[tuple[str, str]]:
    """(id, state) of notes whose response was withdrawn, or whose upload came to nothing."""
    columns = (voice_note.c.id, voice_note.c.state, voice_note.c.begun_at)
    rows = connection.execute(
        sa.select(*columns, response.c.withdrawn_at, visit.c.deadline).select_from(_JOINED)
    )
    return [
        (row.id, row.state)
        for row in rows
        if row.begun_at <= now - HOUR
        and (row.withdrawn_at is not None or is_given_up(row.state, row.begun_at, row.deadline, now))
    ]


def _notes(connection: sa.Connection, wanted: sa.ColumnElement[bool]) -> list[VoiceNote]:
    query = (
        sa.select(voice_note, response.c.invitation_id)
        .select_from(_JOINED)
        .where(wanted, response.c.withdrawn_at.is_(None))
        .order_by(voice_note.c.begun_at, voice_note.c.id)
    )
    return [_note(row) for row in connection.execute(query)]


def _note(row: Any) -> VoiceNote:
    return VoiceNote(**{name: getattr(row, name) for name in VoiceNote.__annotations__})


_JOINED = voice_note.join(response, response.c.id == voice_note.c.response_id).join(
    visit, visit.c.id == response.c.visit_id
)
