"""Style sheets under an address that holds the hash of their content: cached for ever.

A new release has new addresses, so no phone keeps an old style beside a new page.  The path is our
own, because both services may stand behind one public origin.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, abort, send_from_directory
from flask.typing import ResponseReturnValue

FOLDER = Path(__file__).parent / "static"
PREFIX = "/digest-static"
FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=1)
def _hashes() -> dict[str, str]:
    return {f.name: sha256(f.read_bytes()).hexdigest()[:12] for f in sorted(FOLDER.iterdir()) if f.is_file()}


def address(name: str) -> str:
    """Path of a file in static/."""
    return f"{PREFIX}/{_hashes()[name]}/{name}"


def install(app: Flask) -> None:
    app.add_url_rule(f"{PREFIX}/<digest>/<name>", "asset", _serve)


def _serve(digest: str, name: str) -> ResponseReturnValue:
    if name not in _hashes():
        abort(404)
    response: Response = send_from_directory(FOLDER, name, etag=_hashes()[name])
    # An old page may ask for an old hash: it gets today's file, but must not keep it.
    response.headers["Cache-Control"] = FOR_EVER if digest == _hashes()[name] else "no-cache"
    return response
