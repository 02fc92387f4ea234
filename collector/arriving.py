"""What all uploads over HTTP have in common, whatever is uploaded.

A small part of tus (https://tus.io): GET or HEAD tell Upload-Offset, PATCH appends there.  Runs inside a
request; raises Problem.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Response, jsonify, make_response, request

from collector import problems
from collector.desk import desk
from collector.entrance import bearer, find
from collector.problems import Kind, Problem
from collector.store import PERSONAL, Invitation, StoredResponse, find_response
from collector.uploads import GRACE, REFUSED, UPLOADING, Upload, Uploads

PIECE = "application/offset+octet-stream"


@dataclass(frozen=True)
class Files:
    """One kind of files that come piece by piece."""

    uploads: Uploads
    place: Callable[[object, object], str]  # (response id, file id) -> the address that pieces go to
    develop: Callable[[str], None]  # makes of the whole file what is kept; raises Problem
    largest: int  # bytes
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


def expect(files: Files, response_id: UUID, file_id: str, size: int) -> tuple[Invitation, StoredResponse]:
    """Whose file it is going to be.  Raises Problem where it may not come."""
    invitation = find(bearer(), problems.UNAUTHORIZED)
    stored = response_of(invitation, response_id)
    if size > files.largest:
        raise Problem(files.too_large)
    let_in(files.uploads, invitation, file_id)
    return invitation, stored


def begin(files: Files, file_id: str, stored: StoredResponse, size: int, **more: str) -> Response:
    """Idempotent."""
    with desk().database.write() as connection:
        known = files.uploads.find(connection, file_id)
        upload = known or files.uploads.begin(connection, file_id, stored.id, size, desk().clock(), **more)
    if upload.response_id != stored.id:
        raise Problem(problems.FOREIGN_RESPONSE)
    return _told(files, upload, 200 if known else 201)


def look(files: Files, response_id: UUID, file_id: UUID) -> Response:
    """How much of it is here."""
    return _told(files, _upload_of(files, response_id, file_id), 200)


def append(files: Files, response_id: UUID, file_id: UUID) -> Response:
    """One piece, at most as large as any body.  The last one develops the file, or refuses it."""
    upload = _appended(files, response_id, file_id)
    if upload.state == UPLOADING and upload.offset == upload.size:
        files.develop(upload.id)
    return _with_offset(make_response("", 204), upload)


def _upload_of(files: Files, response_id: UUID, file_id: UUID) -> Upload:
    stored = response_of(find(bearer(), problems.UNAUTHORIZED), response_id)
    with desk().database.read() as connection:
        upload = files.uploads.find(connection, str(file_id))
    if upload is None or upload.response_id != stored.id:
        raise Problem(files.missing)
    if upload.state == REFUSED:
        raise Problem(files.bad)
    return upload


def _appended(files: Files, response_id: UUID, file_id: UUID) -> Upload:
    """With the piece of this request, at the place that it names."""
    piece = request.get_data(cache=False)
    if request.mimetype != PIECE:
        raise Problem(problems.UNSUPPORTED)
    upload = _upload_of(files, response_id, file_id)
    told_offset = request.headers.get("Upload-Offset", "")
    with desk().database.write() as connection:
        now = files.uploads.find(connection, upload.id, lock=True) or upload
        if not told_offset.isdecimal() or int(told_offset) != now.offset:
            raise Problem(problems.WRONG_OFFSET, more={"offset": now.offset})
        if now.offset + len(piece) > now.size:
            raise Problem(files.too_large)
        return files.uploads.append(connection, now, piece) if piece else now


def _told(files: Files, upload: Upload, status: int) -> Response:
    place = files.place(upload.response_id, upload.id)
    document = {
        "id": upload.id,
        "state": upload.state,
        "offset": upload.offset,
        "size": upload.size,
        "links": {"upload": desk().config.public_url + place},
    }
    return _with_offset(make_response(jsonify(document), status), upload)


def _with_offset(answer: Response, upload: Upload) -> Response:
    answer.headers["Upload-Offset"] = str(upload.offset)
    answer.headers["Upload-Length"] = str(upload.size)
    return answer
