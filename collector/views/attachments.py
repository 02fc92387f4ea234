"""What experts sent beside their answers, for the organiser: photos to see, voice notes to write down."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from collector import photos, problems, voices
from collector.answering import shown_photos
from collector.desk import desk
from collector.entrance import arrival, find_fair_of
from collector.errors import BadAnswers, TryLater
from collector.intake import Sent
from collector.links import ORGANISER, Sight, photo_token
from collector.overview import Fair, list_visits
from collector.photos import Shown
from collector.plaintext import clean, clean_line
from collector.problems import Problem
from collector.speaking import prefer, request_language, voice
from collector.store import Invitation, StoredResponse, find_invitation, find_response
from collector.text import say_day, say_length, say_moment

attachments = Blueprint("attachments", __name__)
LOOK_FOR = timedelta(hours=2)  # that a link to a file on this page works
LONGEST, LONGEST_NAME = 4000, 100  # characters of a transcript, and of who wrote it
LOOKS = 3  # tries of a transcript that an amendment overtakes


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
        photos=[(photo, reader(photo), _address(photo.id)) for photo in found],
        notes=[(note, _address(note.id, "voice.hear")) for note in notes],
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
    """The same answers with this transcript.  An amendment that comes between is looked at again."""
    here = desk()
    for _ in range(LOOKS):
        with here.database.write() as connection:
            notes = {note.id: note for note in voices.of_fair(connection, fair.id, visit_id)}
            if voice_id not in notes:
                raise Problem(problems.NO_VOICE)
            note = notes[voice_id]
            invitation = find_invitation(connection, note.invitation_id)
            stored = find_response(connection, note.invitation_id, note.response_id)
            voices.transcribe(connection, voice_id, text, name, here.clock())
        if invitation is None or stored is None:
            raise Problem(problems.NO_VOICE)
        try:
            return _next_revision(invitation, stored, f"transcript {voice_id}")
        except Problem as problem:
            if problem.kind is not problems.DIVERGED:
                raise
    raise TryLater("the response keeps changing while a transcript is written")


def _next_revision(invitation: Invitation, stored: StoredResponse, reason: str) -> None:
    here = desk()
    sent = Sent(stored.answers, stored.consent, stored.readership, stored.language, response_id=stored.id)
    try:
        checked = here.intake.check(invitation, sent)
    except BadAnswers as error:
        raise Problem(problems.INVALID, error.errors) from error
    key = str(uuid5(UUID(stored.id), f"{stored.revision} {reason}"))
    here.intake.submit(invitation, key, sent, checked, replace(arrival(), late=True, upon=stored.revision))


def reader(photo: Shown) -> str:
    """quote or organiser: what holds after consent."""
    asked = desk().intake.questionnaire(photo.questionnaire)
    readers = {p["id"]: p["readership"] for p in shown_photos(asked, photo.chosen, photo.consent)}
    return readers[photo.id]


def _address(file_id: str, view: str = "photos.show") -> str:
    here = desk()
    # To the full hour, so that a reload finds the picture in the browser's cache.
    now = here.clock().replace(minute=0, second=0, microsecond=0)
    token = photo_token(here.secret, Sight(file_id, ORGANISER, now + LOOK_FOR))
    return url_for(view, token=token)
