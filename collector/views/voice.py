"""Voice notes over HTTP: sent like photos, heard by their sender and the organiser, and by nobody else."""

import io
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Blueprint, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from collector import arriving, problems, voices
from collector.desk import desk
from collector.entrance import find, granted, let_in, named_response, questionnaire_of
from collector.errors import TryLater
from collector.links import COMPANY, read_photo_token
from collector.narrowing import fewer
from collector.photostore import SPEECH, TYPES
from collector.problems import Problem
from collector.reading import load, read_json
from collector.recordings import LARGEST_FILE, BadRecording
from collector.revising import Change, revise
from collector.schemas import VoiceSchema
from collector.speaking import prefer, request_language
from collector.store import PERSONAL, Invitation, StoredResponse
from collector.voices import VoiceNote

speech = Blueprint("voice", __name__)
_VOICE = VoiceSchema()
API = "/api/v1/responses/<uuid:response_id>/voice"
LARGEST_FORM = LARGEST_FILE + 64 * 1024


@speech.post(API)
def begin(response_id: UUID) -> ResponseReturnValue:
    """Idempotent.  The answers stay as they are: a note is no revision until somebody has written it down."""
    body = load(_VOICE, read_json())
    voice_id = str(body["id"])
    invitation, stored = arriving.expect(FILES, response_id, voice_id, body["size"])
    reader = _reader(invitation, stored, body["readership"], voice_id)
    return arriving.begin(FILES, voice_id, stored, body["size"], readership=reader)


@speech.get(f"{API}/<uuid:voice_id>")
def look(response_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    return arriving.look(FILES, response_id, voice_id)


@speech.patch(f"{API}/<uuid:voice_id>")
def append(response_id: UUID, voice_id: UUID) -> ResponseReturnValue:
    return arriving.append(FILES, response_id, voice_id)


@speech.get("/voice/<token>")
def hear(token: str) -> ResponseReturnValue:
    """In ranges, as players ask for it.  A voice names its speaker: no company's link opens one."""
    sight = granted(read_photo_token, token, problems.NO_VOICE)
    if sight.audience == COMPANY or not _stands(sight.photo_id):
        raise Problem(problems.NO_VOICE)
    content = desk().studio.store.get(sight.photo_id, SPEECH)
    if content is None:
        raise TryLater(f"voice note {sight.photo_id} is not in the store")
    answer = send_file(io.BytesIO(content), mimetype=TYPES[SPEECH], conditional=True)
    answer.headers["Cache-Control"] = "private, max-age=300"  # a withdrawal is felt after five minutes
    answer.headers["Content-Security-Policy"] = "default-src 'none'; media-src 'self'; sandbox"
    return answer


@speech.post("/f/<token>/voice")
def add(token: str) -> ResponseReturnValue:
    """Without script: a whole file.  The answers are stored already, so a bad file can cost none."""
    request.max_content_length = LARGEST_FORM
    invitation, stored = _own(token)
    arriving.let_in(voices.UPLOADS, invitation)
    file = request.files.get("voice")
    if file is None or not file.filename:
        return _back(token, invitation, stored, "voice_choose")
    try:
        reader = _reader(invitation, stored, request.form.get("readership"))
        desk().studio.take(str(uuid4()), stored.id, file.stream.read(LARGEST_FILE + 1), reader)
    except BadRecording as error:
        return _back(token, invitation, stored, "voice_long" if "too" in str(error) else "voice_bad")
    return _back(token, invitation, stored)


@speech.post("/f/<token>/voice/<uuid:voice_id>/remove")
def remove(token: str, voice_id: UUID) -> ResponseReturnValue:
    """As long as nobody has written it down: what is in the digest goes by withdrawing."""
    invitation, stored = _own(token)
    note = _note(stored, voice_id)
    if note and note.transcript is None:
        desk().studio.remove(note.id)
    return _back(token, invitation, stored)


@speech.post("/f/<token>/voice/<uuid:voice_id>/narrow")
def narrow(token: str, voice_id: UUID) -> ResponseReturnValue:
    """Fewer people read what was said; where it is written down already, the digest is told."""
    invitation, stored = _own(token)
    reader, offered = request.form.get("readership", ""), _offered(invitation, stored)
    note = _note(stored, voice_id)
    if note and reader in fewer(offered, note.readership):
        _narrow(invitation, note, reader)
    return _back(token, invitation, stored)


def _note(stored: StoredResponse, voice_id: UUID) -> VoiceNote | None:
    with desk().database.read() as connection:
        mine = voices.of_response(connection, stored.id)
    return next((note for note in mine if note.id == str(voice_id)), None)


def _narrow(invitation: Invitation, note: VoiceNote, reader: str) -> None:
    with desk().database.write() as connection:
        if voices.narrow(connection, note.id, reader, unwritten=True):
            return

    def written(connection: sa.Connection) -> None:
        voices.narrow(connection, note.id, reader)

    change = Change(f"voice {note.id} for {reader}", also=written)
    revise(invitation, note.response_id, lambda _: change)


def _offered(invitation: Invitation, stored: StoredResponse) -> tuple[str, ...]:
    asked = questionnaire_of(invitation, stored).voice
    return asked.readership if asked else ()


def _reader(
    invitation: Invitation, stored: StoredResponse, wanted: object, voice_id: str | None = None
) -> str:
    """Who may read the transcript.  Raises Problem where no further note is taken."""
    asked = questionnaire_of(invitation, stored).voice
    with desk().database.read() as connection:
        others = [n for n in voices.of_response(connection, stored.id) if n.id != voice_id]
    if asked is None or len(others) >= asked.most:
        raise Problem(problems.NO_MORE_VOICE)
    return wanted if isinstance(wanted, str) and wanted in asked.readership else asked.readership[0]


def _develop(voice_id: str) -> None:
    try:
        desk().studio.develop(voice_id)
    except BadRecording as error:
        kind = problems.VOICE_TOO_LARGE if "too" in str(error) else problems.BAD_VOICE
        raise Problem(kind) from error


def _stands(voice_id: str) -> bool:
    with desk().database.read() as connection:
        return voices.stands(connection, voice_id)


def _own(token: str) -> tuple[Invitation, StoredResponse]:
    """Raises Problem: unknown link, revoked, closed, or nothing stored."""
    invitation = find(token, problems.NOT_FOUND)
    if request.form.get("lang"):
        prefer(request.form["lang"])
    let_in(invitation)
    stored = named_response(invitation)
    if stored is None or stored.withdrawn_at is not None:
        raise Problem(problems.NOT_FOUND)
    return invitation, stored


def _back(
    token: str, invitation: Invitation, stored: StoredResponse, note: str | None = None
) -> ResponseReturnValue:
    named = None if invitation.kind == PERSONAL else stored.id
    lang = request_language()
    return redirect(url_for("forms.receipt", token=token, r=named, lang=lang, note=note) + "#voice", 303)


def _place(response_id: object, voice_id: object) -> str:
    return url_for("voice.look", response_id=response_id, voice_id=voice_id)


FILES = arriving.Files(
    voices.UPLOADS,
    _place,
    _develop,
    LARGEST_FILE,
    missing=problems.NO_VOICE,
    bad=problems.BAD_VOICE,
    too_large=problems.VOICE_TOO_LARGE,
)
