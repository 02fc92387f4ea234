"""Photos over HTTP: begun, continued where they broke off, and shown behind signed links."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from collector import arriving, photos, problems
from collector.answering import shown_photos
from collector.desk import desk
from collector.entrance import arrival, bearer, find
from collector.errors import BadLink, ExpiredLink, TryLater
from collector.links import COMPANY, Sight, read_photo_token
from collector.pictures import LARGEST_FILE, BadPicture, shrink
from collector.problems import Problem
from collector.questionnaire import READERSHIPS
from collector.reading import load, read_json
from collector.revising import Change, revise
from collector.schemas import PhotoSchema
from collector.store import StoredResponse
from collector.uploads import STORED, UPLOADING, Upload

picture = Blueprint("photos", __name__)
_PHOTO = PhotoSchema()
NAMES = arriving.Names(problems.NO_PHOTO, problems.BAD_PHOTO, problems.PHOTO_TOO_LARGE)
API = "/api/v1/responses/<uuid:response_id>/photos"


@picture.post(API)
def begin(response_id: UUID) -> ResponseReturnValue:
    """Idempotent.  A photo that the response did not declare amends it."""
    body = load(_PHOTO, read_json())
    invitation = find(bearer(), problems.UNAUTHORIZED)
    stored = arriving.response_of(invitation, response_id)
    photo_id = str(body["id"])
    if body["size"] > LARGEST_FILE:
        raise Problem(problems.PHOTO_TOO_LARGE)
    arriving.let_in(photos.UPLOADS, invitation, photo_id)
    revise(invitation, stored.id, lambda newest: _declared(newest, photo_id, body))
    return arriving.begin(photos.UPLOADS, photo_id, stored, body["size"], _place(response_id, photo_id))


@picture.get(f"{API}/<uuid:photo_id>")
def look(response_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    upload = arriving.upload_of(photos.UPLOADS, response_id, photo_id, NAMES)
    return arriving.told(upload, 200, _place(response_id, photo_id))


@picture.patch(f"{API}/<uuid:photo_id>")
def append(response_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    """One piece, at most as large as any body.  The last one makes it a picture, or refuses it."""
    upload = arriving.append(photos.UPLOADS, response_id, photo_id, NAMES)
    if upload.state == UPLOADING and upload.offset == upload.size:
        upload = _develop(upload)
    return arriving.with_offset(make_response("", 204), upload)


@picture.get("/photos/<token>")
def show(token: str) -> ResponseReturnValue:
    here = desk()
    try:
        sight = read_photo_token(here.secret, token, here.clock())
    except BadLink as error:
        raise Problem(problems.NO_PHOTO) from error
    except ExpiredLink as error:
        raise Problem(problems.EXPIRED) from error
    _must_see(sight)
    jpeg = here.darkroom.store.get(sight.photo_id)
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


def _develop(upload: Upload) -> Upload:
    try:
        desk().darkroom.develop(upload.id, arrival().traceparent)
    except BadPicture as error:
        kind = problems.BAD_PHOTO if str(error) == "not_a_picture" else problems.PHOTO_TOO_LARGE
        raise Problem(kind) from error
    return replace(upload, state=STORED, offset=upload.size)


def _must_see(sight: Sight) -> None:
    """Asked at every look, so that a narrowed readership, a withdrawal and a revoked digest link hold for
    old links too.  Raises Problem."""
    here = desk()
    with here.database.read() as connection:
        found = photos.find_shown(connection, sight.photo_id)
    if found is None:
        raise Problem(problems.NO_PHOTO)
    asked = here.intake.questionnaire(found.questionnaire)
    readers = {p["id"]: p["readership"] for p in shown_photos(asked, found.chosen, found.consent)}
    wanted = ("quote",) if sight.audience == COMPANY else READERSHIPS
    if readers.get(sight.photo_id) not in wanted:
        raise Problem(problems.NO_PHOTO)
    if sight.audience == COMPANY and sight.generation != found.generation:
        raise Problem(problems.EXPIRED)


def _place(response_id: object, photo_id: object) -> str:
    return url_for("photos.look", response_id=response_id, photo_id=photo_id)
