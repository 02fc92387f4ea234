"""What an expert can still do on the receipt: withdraw, add or remove photos, get a copy by mail."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from uuid6 import uuid7

from collector import arriving, mailbox, metrics, photos, problems, receiptpage
from collector.desk import desk
from collector.entrance import arrival, find, let_in, named_response, questionnaire_of
from collector.mailwords import copy_of
from collector.narrowing import fewer
from collector.pictures import LARGEST_FILE, BadPicture
from collector.problems import Problem
from collector.revising import Change, revise
from collector.shapes import EMAIL
from collector.speaking import prefer, request_language
from collector.store import PERSONAL, Invitation, StoredResponse
from collector.withdrawing import withdraw as take_back

receipt = Blueprint("receipt", __name__)
LARGEST_FORM = 24 * 1024 * 1024  # bytes of photos in one go
COPIES_A_DAY = 3  # of one response


@receipt.get("/f/<token>/withdraw")
def ask(token: str) -> ResponseReturnValue:
    invitation, stored = _own(token)
    if stored.withdrawn_at is not None:
        return _back(token, invitation, stored)
    return receiptpage.confirm(invitation, stored, token)


@receipt.post("/f/<token>/withdraw")
def withdraw(token: str) -> ResponseReturnValue:
    """Also after the deadline; a second time is the first time."""
    invitation, stored = _own(token)
    came = arrival()
    with desk().database.write() as connection:
        take_back(connection, stored.id, str(uuid7()), came.received_at, came.traceparent)
    metrics.RESPONSES.labels("withdrawn").inc()
    return _back(token, invitation, stored)


@receipt.post("/f/<token>/photos")
def add_photos(token: str) -> ResponseReturnValue:
    """Without script: whole files.  The answers are stored already, so a bad file can cost none."""
    request.max_content_length = LARGEST_FORM
    invitation, stored = _own(token)
    let_in(invitation)
    arriving.let_in(photos.UPLOADS, invitation)
    asked = questionnaire_of(invitation, stored).photos
    files = [file for file in request.files.getlist("photo") if file.filename]
    if asked is None or not files:
        return _back(token, invitation, stored, note="photo_choose_one")
    if len(stored.photos) + len(files) > asked.most:
        return _back(token, invitation, stored, note="photo_too_many")
    wanted = request.form.get("readership", "")
    reader = wanted if wanted in asked.readership else asked.readership[0]
    trace = arrival().traceparent
    taken = [one for one in (_take(stored.id, file, trace) for file in files) if one]
    if taken:
        new = [{"id": photo_id, "readership": reader} for photo_id in taken]
        revise(invitation, stored.id, lambda newest: Change(f"photos {taken[0]}", [*newest.photos, *new]))
    missing = len(files) - len(taken)
    note = ("photo_some" if taken else "photo_none") if missing else ""
    return _back(token, invitation, stored, note=note, n=str(missing))


@receipt.post("/f/<token>/photos/<uuid:photo_id>/remove")
def remove_photo(token: str, photo_id: UUID) -> ResponseReturnValue:
    invitation, stored = _own(token)
    let_in(invitation)
    if str(photo_id) in [photo["id"] for photo in stored.photos]:
        revise(invitation, stored.id, lambda newest: _without(newest, str(photo_id)))
        desk().darkroom.remove(str(photo_id))
    return _back(token, invitation, stored)


@receipt.post("/f/<token>/photos/<uuid:photo_id>/narrow")
def narrow_photo(token: str, photo_id: UUID) -> ResponseReturnValue:
    """Fewer people see it from now on; more never."""
    invitation, stored = _own(token)
    let_in(invitation)
    asked, reader = questionnaire_of(invitation, stored).photos, request.form.get("readership", "")
    offered = asked.readership if asked else ()
    revise(invitation, stored.id, lambda newest: _narrowed(newest, str(photo_id), reader, offered))
    return _back(token, invitation, stored)


@receipt.post("/f/<token>/copy")
def send_copy(token: str) -> ResponseReturnValue:
    invitation, stored = _own(token)
    address = request.form.get("email", "").strip()
    if stored.withdrawn_at is not None:
        return _back(token, invitation, stored)
    if len(address) > 254 or not address.isascii() or not EMAIL.fullmatch(address):
        return _back(token, invitation, stored, note="copy_wrong")
    here = desk()
    letter = copy_of(invitation, stored, questionnaire_of(invitation, stored), request_language())
    limits = mailbox.Limits(address=COPIES_A_DAY, origin=COPIES_A_DAY, hours=24)
    asker = mailbox.Asker(mailbox.blur(here.secret, address), mailbox.blur(here.secret, stored.id))
    with here.database.write() as connection:
        sent = mailbox.post(connection, "copy", address, letter, asker, limits, here.clock())
    return _back(token, invitation, stored, note="copy_sent" if sent else "copy_limit")


def _without(newest: StoredResponse, photo_id: str) -> Change | None:
    kept = [photo for photo in newest.photos if photo["id"] != photo_id]
    return Change(f"photos without {photo_id}", kept) if len(kept) < len(newest.photos) else None


def _narrowed(newest: StoredResponse, photo_id: str, reader: str, offered: Sequence[str]) -> Change | None:
    photos = {photo["id"]: photo for photo in newest.photos}
    mine = photos.get(photo_id)
    if mine is None or reader not in fewer(offered, mine["readership"]):
        return None
    photos[photo_id] = {**mine, "readership": reader}
    return Change(f"photos {photo_id} for {reader}", list(photos.values()))


def _take(response_id: str, file: Any, trace: str) -> str | None:
    photo_id = str(uuid4())
    try:
        desk().darkroom.take(photo_id, response_id, file.stream.read(LARGEST_FILE + 1), trace)
    except BadPicture:
        return None
    return photo_id


def _own(token: str) -> tuple[Invitation, StoredResponse]:
    """Raises Problem: unknown link, revoked, or nothing stored."""
    invitation = find(token, problems.NOT_FOUND)
    if request.form.get("lang"):
        prefer(request.form["lang"])
    if invitation.revoked:
        raise Problem(problems.REVOKED)
    stored = named_response(invitation)
    if stored is None:
        raise Problem(problems.NOT_FOUND)
    return invitation, stored


def _back(token: str, invitation: Invitation, stored: StoredResponse, **more: str) -> ResponseReturnValue:
    named = None if invitation.kind == PERSONAL else stored.id
    kept: dict[str, Any] = {name: value for name, value in more.items() if value}
    address = url_for("forms.receipt", token=token, r=named, lang=request_language(), **kept)
    return redirect(address + ("#photos" if "photo" in more.get("note", "") else ""), 303)
