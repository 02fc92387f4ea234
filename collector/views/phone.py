"""The service worker, which opens the form where there is no reception.

Served beside the forms, so that its scope is the forms and nothing else.
"""

import json
from functools import cache
from hashlib import sha256

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from collector.assets import FOLDER, WORKER

phone = Blueprint("phone", __name__)
SHELL = ("expert.css", "expert.js", "icon.svg")  # what every page of the form needs


@phone.get("/f/worker.js")
def worker() -> ResponseReturnValue:
    static = current_app.jinja_env.globals["static"]
    shell = [static(name) for name in SHELL]  # type: ignore[operator]  # assets.py put a function there
    response = Response(_script(tuple(shell)), mimetype="text/javascript")
    # The browser compares it with its copy at each visit: a new release arrives at once.
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _script(shell: tuple[str, ...]) -> str:
    """The version is a hash of the addresses, which are hashes themselves."""
    version = sha256("".join(shell).encode()).hexdigest()[:12]
    facts = f"const SHELL = {json.dumps(shell)};\nconst VERSION = {json.dumps(version)};\n"
    return facts + (FOLDER / WORKER).read_text("utf-8")
