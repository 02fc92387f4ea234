"""Photos over HTTP: begun, continued where they broke off, and shown behind signed links."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from collector import arriving, photos, problems
from collector.answering import shown_photos
from collector.desk import desk
from collector.entrance import arrival, granted
from collector.errors import TryLater
from collector.links import COMPANY, Sight, read_photo_token
from collector.photos import Shown
from collector.pictures import LARGEST_FILE, BadPicture, shrink
from collector.problems import Problem
from collector.questionnaire import READERSHIPS
from collector.reading import load, read_json
from collector.revising import Change, revise
from collector.schemas import PhotoSchema
from collector.store import StoredResponse

picture = Blueprint("photos", __name__)
_PHOTO = PhotoSchema()
API = "/api/v1/responses/<uuid:response_id>/photos"


@picture.post(API)
def begin(response_id: UUID) -> ResponseReturnValue:
    """Idempotent.  A photo that the response did not declare amends it."""
    body = load(_PHOTO, read_json())
    photo_id = str(body["id"])
    invitation, stored = arriving.expect(FILES, response_id, photo_id, body["size"])
    revise(invitation, stored.id, lambda newest: _declared(newest, photo_id, body))
    return arriving.begin(FILES, photo_id, stored, body["size"])


@picture.get(f"{API}/<uuid:photo_id>")
def look(response_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    return arriving.look(FILES, response_id, photo_id)


@picture.patch(f"{API}/<uuid:photo_id>")
def append(response_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    return arriving.append(FILES, response_id, photo_id)


@picture.get("/photos/<token>")
def show(token: str) -> ResponseReturnValue:
    sight = granted(read_photo_token, token, problems.NO_PHOTO)
    _must_see(sight)
    jpeg = desk().darkroom.store.get(sight.photo_id)
    if jpeg is None:
        raise TryLater(f"photo {sight.photo_id} is not in the store")
    if request.args.get("size") == "small":
        jpeg = shrink(jpeg)
    answer = Response(jpeg, content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=300"  # a withdrawal is felt after five minutes
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _declared(newest: StoredResponse, photo_id: str, body: dict[str, Any]) -> Change | None:
    if photo_id in [photo["id"] for photo in newest.photos]:
        return None
    chosen = {"readership": body["readership"]} if body["readership"] else {}
    return Change(f"photos {photo_id}", photos=[*newest.photos, {"id": photo_id, **chosen}])


def _develop(photo_id: str) -> None:
    try:
        desk().darkroom.develop(photo_id, arrival().traceparent)
    except BadPicture as error:
        kind = problems.BAD_PHOTO if str(error) == "not_a_picture" else problems.PHOTO_TOO_LARGE
        raise Problem(kind) from error


def _must_see(sight: Sight) -> None:
    """Asked at every look, so that a narrowed readership, a withdrawal and a revoked digest link hold for
    old links too.  Raises Problem."""
    with desk().database.read() as connection:
        found = photos.find_shown(connection, sight.photo_id)
    wanted = ("quote",) if sight.audience == COMPANY else READERSHIPS
    if found is None or reader_of(found) not in wanted:
        raise Problem(problems.NO_PHOTO)
    if sight.audience == COMPANY and sight.generation != found.generation:
        raise Problem(problems.EXPIRED)


def reader_of(photo: Shown) -> str | None:
    """quote or organiser: what holds after consent; None: its response shows it to nobody any more."""
    asked = desk().intake.questionnaire(photo.questionnaire)
    shown = shown_photos(asked, photo.chosen, photo.consent)
    return next((one["readership"] for one in shown if one["id"] == photo.id), None)


def _place(response_id: object, photo_id: object) -> str:
    return url_for("photos.look", response_id=response_id, photo_id=photo_id)


FILES = arriving.Files(
    photos.UPLOADS,
    _place,
    _develop,
    LARGEST_FILE,
    missing=problems.NO_PHOTO,
    bad=problems.BAD_PHOTO,
    too_large=problems.PHOTO_TOO_LARGE,
)
