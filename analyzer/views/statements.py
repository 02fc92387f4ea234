"""A statement of a digest: whose words it is in, and the form that puts others in their place."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from analyzer import acting
from analyzer.digests import as_items
from analyzer.digests.statements import Statement, find_statement
from analyzer.errors import BadLink
from analyzer.forms import words_of
from analyzer.reception import reception
from analyzer.views.access import Opened, open_digest
from analyzer.views.writing import back, frame, page, take_pen

statements = Blueprint("statements", __name__)


@statements.get("/d/<token>/statements/<statement_id>")
def show_statement(token: str, statement_id: str) -> ResponseReturnValue:
    opened = open_digest(token)
    found = _statement(opened, statement_id)
    with reception().database.read() as connection:
        words = acting.statement_history(connection, opened.digest.visit.id).get(statement_id, [])
    told = as_items.Told(words, (), "saved" in request.args)
    return page(as_items.render_statement(opened.digest, found, told, frame(token, opened)))


@statements.post("/d/<token>/statements/<statement_id>")
def reword(token: str, statement_id: str) -> ResponseReturnValue:
    pen = take_pen(token)
    found = _statement(pen.opened, statement_id)
    about = {"statement_id": statement_id, "answers": found.answers, "basis": found.basis}
    with reception().database.write() as connection:
        acting.add_statement(connection, {**pen.row(), **about, **words_of(request.form)})
    return back(f"/d/{token}/statements/{statement_id}")


def _statement(opened: Opened, statement_id: str) -> Statement:
    found = find_statement(opened.digest, statement_id)
    if found is None:
        raise BadLink(f"this digest does not state {statement_id}")
    return found
