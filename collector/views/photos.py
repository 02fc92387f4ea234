"""Photos over HTTP: begun, continued where they broke off, and shown behind signed links.

The upload is a small part of tus (https://tus.io): GET or HEAD tell Upload-Offset, PATCH appends there.
"""

from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, Response, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue

from collector import photos, problems
from collector.answering import shown_photos
from collector.desk import desk
from collector.entrance import arrival, bearer, find
from collector.errors import BadAnswers, BadLink, ExpiredLink, TryLater
from collector.intake import Sent
from collector.links import COMPANY, Sight, read_photo_token
from collector.pictures import LARGEST_FILE, BadPicture, shrink
from collector.problems import Problem
from collector.questionnaire import READERSHIPS
from collector.reading import load, read_json
from collector.schemas import PhotoSchema
from collector.store import PERSONAL, Invitation, StoredResponse, find_response

picture = Blueprint("photos", __name__)
_PHOTO = PhotoSchema()
PIECE = "application/offset+octet-stream"
API = "/api/v1/responses/<uuid:response_id>/photos"


@picture.post(API)
def begin(response_id: UUID) -> ResponseReturnValue:
    """Idempotent.  A photo that the response did not declare amends it."""
    body = load(_PHOTO, read_json())
    invitation = find(bearer(), problems.UNAUTHORIZED)
    stored = _response(invitation, response_id)
    photo_id = str(body["id"])
    if body["size"] > LARGEST_FILE:
        raise Problem(problems.PHOTO_TOO_LARGE)
    let_photo_in(invitation, photo_id)
    if photo_id not in [photo["id"] for photo in stored.photos]:
        declare(invitation, stored, [*stored.photos, _declared(photo_id, body)], photo_id)
    now = desk().clock()
    with desk().database.write() as connection:
        known = photos.find(connection, photo_id)
        upload = known or photos.begin(connection, photo_id, stored.id, body["size"], now)
    if upload.response_id != stored.id:
        raise Problem(problems.FOREIGN_RESPONSE)
    return _told(upload, 200 if known else 201)


@picture.get(f"{API}/<uuid:photo_id>")
def look(response_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    return _told(_upload(response_id, photo_id), 200)


@picture.patch(f"{API}/<uuid:photo_id>")
def append(response_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    """One piece, at most as large as any body.  The last one makes it a picture, or refuses it."""
    piece = request.get_data(cache=False)
    if request.mimetype != PIECE:
        raise Problem(problems.UNSUPPORTED)
    upload = _append(_upload(response_id, photo_id), request.headers.get("Upload-Offset", ""), piece)
    if upload.state == photos.UPLOADING and upload.offset == upload.size:
        upload = _develop(upload)
    return _with_offset(make_response("", 204), upload)


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


def let_photo_in(invitation: Invitation, photo_id: str | None = None) -> None:
    """Raises Problem where the open link, which is in many hands, has had enough.  A photo that has begun
    goes on."""
    if invitation.kind == PERSONAL:
        return
    now = desk().clock()
    with desk().database.read() as connection:
        if photo_id and photos.find(connection, photo_id):
            return
        wait = photos.full_for(connection, invitation.visit.id, now)
    if wait:
        raise Problem(problems.TOO_MANY_REQUESTS, retry_after=int(wait.total_seconds()))


def declare(invitation: Invitation, stored: StoredResponse, declared: list[Any], reason: str) -> None:
    """The next revision: the same answers with these photos.  `reason` makes a repetition the same one."""
    sent = Sent(
        stored.answers,
        stored.consent,
        stored.readership,
        stored.language,
        response_id=stored.id,
        photos=declared,
    )
    here = desk()
    try:
        checked = here.intake.check(invitation, sent)
    except BadAnswers as error:
        raise Problem(problems.INVALID, error.errors) from error
    key = str(uuid5(UUID(stored.id), f"photos {stored.revision} {reason}"))
    here.intake.submit(invitation, key, sent, checked, arrival())


def _declared(photo_id: str, body: dict[str, Any]) -> dict[str, str]:
    chosen = {"readership": body["readership"]} if body["readership"] else {}
    return {"id": photo_id, **chosen}


def _response(invitation: Invitation, response_id: UUID) -> StoredResponse:
    """Raises Problem: unknown, withdrawn, link revoked, or long after the deadline."""
    if invitation.revoked:
        raise Problem(problems.REVOKED)
    if desk().clock() >= invitation.visit.deadline + photos.GRACE:
        raise Problem(problems.CLOSED)
    with desk().database.read() as connection:
        stored = find_response(connection, invitation.id, str(response_id), withdrawn=True)
    if stored is None:
        raise Problem(problems.NOT_STORED_YET)
    if stored.withdrawn_at is not None:
        raise Problem(problems.WITHDRAWN)
    return stored


def _upload(response_id: UUID, photo_id: UUID) -> photos.Upload:
    stored = _response(find(bearer(), problems.UNAUTHORIZED), response_id)
    with desk().database.read() as connection:
        upload = photos.find(connection, str(photo_id))
    if upload is None or upload.response_id != stored.id:
        raise Problem(problems.NO_PHOTO)
    if upload.state == photos.REFUSED:
        raise Problem(problems.BAD_PHOTO)
    return upload


def _append(upload: photos.Upload, told: str, piece: bytes) -> photos.Upload:
    with desk().database.write() as connection:
        now = photos.find(connection, upload.id, lock=True) or upload
        if not told.isdecimal() or int(told) != now.offset:
            raise Problem(problems.WRONG_OFFSET, more={"offset": now.offset})
        if now.offset + len(piece) > now.size:
            raise Problem(problems.PHOTO_TOO_LARGE)
        return photos.append(connection, now, piece) if piece else now


def _develop(upload: photos.Upload) -> photos.Upload:
    try:
        desk().darkroom.develop(upload.id, arrival().traceparent)
    except BadPicture as error:
        kind = problems.BAD_PHOTO if str(error) == "not_a_picture" else problems.PHOTO_TOO_LARGE
        raise Problem(kind) from error
    return photos.Upload(upload.id, upload.response_id, upload.size, photos.STORED, upload.size)


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


def _told(upload: photos.Upload, status: int) -> Response:
    place = url_for("photos.look", response_id=upload.response_id, photo_id=upload.id)
    document = {
        "id": upload.id,
        "state": upload.state,
        "offset": upload.offset,
        "size": upload.size,
        "links": {"upload": desk().config.public_url + place},
    }
    return _with_offset(make_response(jsonify(document), status), upload)


def _with_offset(answer: Response, upload: photos.Upload) -> Response:
    answer.headers["Upload-Offset"] = str(upload.offset)
    answer.headers["Upload-Length"] = str(upload.size)
    return answer
