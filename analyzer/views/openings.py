"""The access log of a digest: written after an answer has left, read by the company and the organiser."""

import logging

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from analyzer.digests import as_items
from analyzer.errors import Forbidden, TryLater
from analyzer.openings import Opening, note, opening_of, openings_of
from analyzer.reception import Reception, reception
from analyzer.views.access import Opened, open_digest
from analyzer.views.writing import frame, page

openings = Blueprint("openings", __name__)
log = logging.getLogger(__name__)


@openings.get("/d/<token>/openings")
def show(token: str) -> ResponseReturnValue:
    opened = open_digest(token)
    if opened.grant.role == "reader":
        raise Forbidden("a link for reading does not tell who else reads")
    with reception().database.read() as connection:
        found = openings_of(connection, opened.digest.visit.id)
    return page(as_items.render_openings(opened.digest, found, frame(token, opened)))


def noted(answer: Response, token: str, opened: Opened, form: str) -> Response:
    """The same answer; once it has been sent, the opening is written down."""
    here = reception()
    one = opening_of(token, opened.grant, form, here.clock())
    if request.method == "GET" and one not in here.opened:
        answer.call_on_close(lambda: _write(here, one))
    return answer


def _write(here: Reception, one: Opening) -> None:
    """A digest is readable even where its log cannot be written just now."""
    try:
        with here.database.write() as connection:
            note(connection, one)
    except TryLater as error:
        log.warning("an opening of visit %s was not noted: %s", one.visit_id, error)
        return
    here.opened.add(one)
