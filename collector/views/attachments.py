"""What experts sent beside their answers, for the organiser: all photos of one visit."""

from datetime import timedelta

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from collector import photos, problems
from collector.answering import shown_photos
from collector.desk import desk
from collector.entrance import find_fair_of
from collector.links import ORGANISER, Sight, photo_token
from collector.overview import list_visits
from collector.photos import Shown
from collector.problems import Problem
from collector.speaking import request_language, voice
from collector.text import say_day, say_moment

attachments = Blueprint("attachments", __name__)
LOOK_FOR = timedelta(hours=2)  # that a picture's link on this page works


@attachments.get("/o/<token>/attachments/<visit_id>")
def show(token: str, visit_id: str) -> ResponseReturnValue:
    fair, language = find_fair_of(token), request_language()
    with desk().database.read() as connection:
        visits = {visit.id: visit for visit in list_visits(connection, fair.id)}
        found = photos.of_fair(connection, fair.id, visit_id)
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
        when=lambda moment: say_moment(moment, fair.zone, language),
    )


def reader(photo: Shown) -> str:
    """quote or organiser: what holds after consent."""
    asked = desk().intake.questionnaire(photo.questionnaire)
    readers = {p["id"]: p["readership"] for p in shown_photos(asked, photo.chosen, photo.consent)}
    return readers[photo.id]


def _address(photo_id: str) -> str:
    here = desk()
    # To the full hour, so that a reload finds the picture in the browser's cache.
    now = here.clock().replace(minute=0, second=0, microsecond=0)
    token = photo_token(here.secret, Sight(photo_id, ORGANISER, now + LOOK_FOR))
    return url_for("photos.show", token=token)
