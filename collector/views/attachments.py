"""What experts sent beside their answers, for the organiser: photos to see, voice notes to write down."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from collector import photos, problems, voices
from collector.desk import desk
from collector.entrance import find_fair_of
from collector.fileaddress import file_address
from collector.links import ORGANISER
from collector.overview import Fair, list_visits
from collector.plaintext import clean, clean_line
from collector.problems import Problem
from collector.revising import Change, revise
from collector.speaking import prefer, request_language, voice
from collector.store import find_invitation
from collector.text import say_day, say_length, say_moment
from collector.views.photos import reader_of

attachments = Blueprint("attachments", __name__)
LONGEST, LONGEST_NAME = 4000, 100  # characters of a transcript, and of who wrote it


@attachments.get("/o/<token>/attachments/<visit_id>")
def show(token: str, visit_id: str) -> ResponseReturnValue:
    fair, language = find_fair_of(token), request_language()
    with desk().database.read() as connection:
        visits = {visit.id: visit for visit in list_visits(connection, fair.id)}
        found = photos.of_fair(connection, fair.id, visit_id)
        notes = voices.of_fair(connection, fair.id, visit_id)
    if visit_id not in visits:
        raise Problem(problems.NOT_FOUND)
    visit = visits[visit_id]
    return render_template(
        "attachments.html",
        **voice(language),
        fair=fair,
        visit=visit,
        token=token,
        day=say_day(visit.visited_at.astimezone(fair.zone).date(), language),
        photos=[(photo, reader_of(photo), file_address(photo.id, ORGANISER)) for photo in found],
        notes=[(note, file_address(note.id, ORGANISER, "voice.hear")) for note in notes],
        saved=request.args.get("saved"),
        wrong=request.args.get("wrong"),
        most=LONGEST,
        length=say_length,
        when=lambda moment: say_moment(moment, fair.zone, language),
    )


@attachments.post("/o/<token>/attachments/<visit_id>/voice/<uuid:voice_id>")
def write_down(token: str, visit_id: str, voice_id: UUID) -> ResponseReturnValue:
    """A transcript, which travels as the next revision of its response; an empty one takes it back."""
    fair = find_fair_of(token)
    prefer(request.form.get("lang"))
    text, name = clean(request.form.get("text", "")), clean_line(request.form.get("name", ""))
    told: dict[str, Any] = {"saved": str(voice_id)}
    if not name or len(name) > LONGEST_NAME or len(text) > LONGEST:
        told = {"wrong": str(voice_id)}
    else:
        publish(fair, visit_id, str(voice_id), text, name)
    place = url_for("attachments.show", token=token, visit_id=visit_id, lang=request_language(), **told)
    return redirect(f"{place}#v-{voice_id}", 303)


def publish(fair: Fair, visit_id: str, voice_id: str, text: str, name: str) -> None:
    """The same answers with this transcript, written down and told at once or not at all."""
    here = desk()
    with here.database.read() as connection:
        notes = {note.id: note for note in voices.of_fair(connection, fair.id, visit_id)}
        note = notes.get(voice_id)
        invitation = find_invitation(connection, note.invitation_id) if note else None
    if note is None or invitation is None:
        raise Problem(problems.NO_VOICE)

    def written(connection: sa.Connection) -> None:
        voices.transcribe(connection, voice_id, text, name, here.clock())

    change = Change(f"transcript {voice_id} {name}: {text}", also=written)
    revise(invitation, note.response_id, lambda _: change, late=True)
