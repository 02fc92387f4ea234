"""The service worker, which opens the form where there is no reception.

Served beside the forms, so that its scope is the forms and nothing else.
"""

import json
from functools import cache
from hashlib import sha256

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from collector.assets import FOLDER, WORKER
from collector.phrases import PHRASES
from collector.speaking import request_language, voice
from collector.text import LANGUAGES

phone = Blueprint("phone", __name__)
SHELL = ("expert.css", "expert.js", "icon.svg")  # what every page of the form needs


@phone.get("/f/worker.js")
def worker() -> ResponseReturnValue:
    static = current_app.jinja_env.globals["static"]
    shell = [static(name) for name in SHELL]  # type: ignore[operator]  # assets.py put a function there
    response = Response(
        _script(tuple(shell), *(_no_connection(language) for language in LANGUAGES)),
        mimetype="text/javascript",
    )
    # The browser compares it with its copy at each visit: a new release arrives at once.
    response.headers["Cache-Control"] = "no-cache"
    return response


@phone.get("/f/no-connection")
def no_connection() -> str:
    """What a page that was not kept, such as a receipt, becomes without reception."""
    return _no_connection(request_language())


def _no_connection(language: str) -> str:
    other = "zh" if language == "en" else "en"
    title, detail = PHRASES["no_page"], PHRASES["no_page_help"]
    return render_template(
        "message.html",
        **voice(language),
        title=title[language],
        detail=detail[language],
        other_lang=other,
        other_title=title[other],
        other_detail=detail[other],
        still_open=True,
    )


@cache
def _script(shell: tuple[str, ...], *pages: str) -> str:
    """The version is a hash of all that is kept with it; the addresses are hashes themselves."""
    version = sha256("".join((*shell, *pages)).encode()).hexdigest()[:12]
    facts = f"const SHELL = {json.dumps(shell)};\nconst VERSION = {json.dumps(version)};\n"
    return facts + (FOLDER / WORKER).read_text("utf-8")
