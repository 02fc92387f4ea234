"""What all uploads over HTTP have in common, whatever is uploaded.

A small part of tus (https://tus.io): GET or HEAD tell Upload-Offset, PATCH appends there.  Runs inside a
request; raises Problem.
"""

from dataclasses import dataclass
from uuid import UUID

from flask import Response, jsonify, make_response, request

from collector import problems
from collector.desk import desk
from collector.entrance import bearer, find
from collector.problems import Kind, Problem
from collector.store import PERSONAL, Invitation, StoredResponse, find_response
from collector.uploads import GRACE, REFUSED, Upload, Uploads

PIECE = "application/offset+octet-stream"


@dataclass(frozen=True)
class Names:
    """How the problems of a kind of upload are called."""

    missing: Kind
    bad: Kind
    too_large: Kind


def response_of(invitation: Invitation, response_id: UUID) -> StoredResponse:
    """Refuses what is unknown, withdrawn, behind a revoked link, or long after the deadline."""
    if invitation.revoked:
        raise Problem(problems.REVOKED)
    if desk().clock() >= invitation.visit.deadline + GRACE:
        raise Problem(problems.CLOSED)
    with desk().database.read() as connection:
        stored = find_response(connection, invitation.id, str(response_id), withdrawn=True)
    if stored is None:
        raise Problem(problems.NOT_STORED_YET)
    if stored.withdrawn_at is not None:
        raise Problem(problems.WITHDRAWN)
    return stored


def let_in(uploads: Uploads, invitation: Invitation, file_id: str | None = None) -> None:
    """Refuses where the open link, which is in many hands, has had enough.  What has begun goes on."""
    if invitation.kind == PERSONAL:
        return
    with desk().database.read() as connection:
        if file_id and uploads.find(connection, file_id):
            return
        wait = uploads.full_for(connection, invitation.visit.id, desk().clock())
    if wait:
        raise Problem(problems.TOO_MANY_REQUESTS, retry_after=int(wait.total_seconds()))


def begin(
    uploads: Uploads, file_id: str, stored: StoredResponse, size: int, place: str, **more: str
) -> Response:
    """place: the address that further pieces go to."""
    with desk().database.write() as connection:
        known = uploads.find(connection, file_id)
        upload = known or uploads.begin(connection, file_id, stored.id, size, desk().clock(), **more)
    if upload.response_id != stored.id:
        raise Problem(problems.FOREIGN_RESPONSE)
    return told(upload, 200 if known else 201, place)


def upload_of(uploads: Uploads, response_id: UUID, file_id: UUID, names: Names) -> Upload:
    stored = response_of(find(bearer(), problems.UNAUTHORIZED), response_id)
    with desk().database.read() as connection:
        upload = uploads.find(connection, str(file_id))
    if upload is None or upload.response_id != stored.id:
        raise Problem(names.missing)
    if upload.state == REFUSED:
        raise Problem(names.bad)
    return upload


def append(uploads: Uploads, response_id: UUID, file_id: UUID, names: Names) -> Upload:
    """The piece of this request, at the place that it names."""
    piece = request.get_data(cache=False)
    if request.mimetype != PIECE:
        raise Problem(problems.UNSUPPORTED)
    upload = upload_of(uploads, response_id, file_id, names)
    told_offset = request.headers.get("Upload-Offset", "")
    with desk().database.write() as connection:
        now = uploads.find(connection, upload.id, lock=True) or upload
        if not told_offset.isdecimal() or int(told_offset) != now.offset:
            raise Problem(problems.WRONG_OFFSET, more={"offset": now.offset})
        if now.offset + len(piece) > now.size:
            raise Problem(names.too_large)
        return uploads.append(connection, now, piece) if piece else now


def told(upload: Upload, status: int, place: str) -> Response:
    document = {
        "id": upload.id,
        "state": upload.state,
        "offset": upload.offset,
        "size": upload.size,
        "links": {"upload": desk().config.public_url + place},
    }
    return with_offset(make_response(jsonify(document), status), upload)


def with_offset(answer: Response, upload: Upload) -> Response:
    answer.headers["Upload-Offset"] = str(upload.offset)
    answer.headers["Upload-Length"] = str(upload.size)
    return answer
