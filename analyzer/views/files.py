"""A digest as a file: /d/<token>.pdf, .xlsx and .csv, in the language of `?lang=`, made once a state.

A file of the page is the page: the same link opens it, the same answers to what does not open.
"""

import re

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from analyzer.digests.renderers import FORMS, Place
from analyzer.printing import print_apart
from analyzer.reception import reception
from analyzer.speaking import request_language
from analyzer.views.access import Opened, open_digest
from analyzer.views.caching import cached
from analyzer.views.openings import noted

files = Blueprint("files", __name__)


@files.get("/d/<token>.<any(pdf, xlsx, csv):form>")
def send(token: str, form: str) -> ResponseReturnValue:
    """Raises CannotRender where this machine cannot make a PDF.  `?bom=1` is for a CSV that Excel opens."""
    opened, language = open_digest(token), request_language()
    bom = request.args.get("bom") == "1"
    answer = Response(_made(opened, form, language, bom), content_type=FORMS[form].content_type)
    name = f"debrief-{_plain(opened.digest.visit.id)}-{language}.{form}"
    answer.headers["Content-Disposition"] = f'{FORMS[form].disposition}; filename="{name}"'
    answer.headers["Content-Language"] = language
    answer.vary.add("Accept-Language")
    return noted(cached(answer), token, opened, form)


def _made(opened: Opened, form: str, language: str, bom: bool) -> bytes:
    def make() -> bytes:
        if form == "pdf":
            return print_apart(
                opened.digest, language, reception().config.data_dir / "printing.lock", opened.photo
            )
        return FORMS[form].render(opened.digest, language, Place(bom=bom, photo=opened.photo))

    return reception().files.get((opened.told, form, language, bom), make)


def _plain(visit_id: str) -> str:
    """Ids are made by organisers; a file name must not end its header."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", visit_id)
