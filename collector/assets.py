"""Style sheets and icons under an address that holds the hash of their content: cached for ever.

A new release has new addresses, so no phone keeps an old style beside a new page.
"""

from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, abort, send_from_directory, url_for
from flask.typing import ResponseReturnValue

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"


def install(app: Flask) -> None:
    """Adds the route and `static(name)` for templates."""
    hashes = {
        file.relative_to(FOLDER).as_posix(): sha256(file.read_bytes()).hexdigest()[:12]
        for file in sorted(FOLDER.rglob("*"))
        if file.is_file()
    }

    def static(name: str) -> str:
        return url_for("asset", digest=hashes[name], name=name)

    def asset(digest: str, name: str) -> ResponseReturnValue:
        if name not in hashes:
            abort(404)
        response: Response = send_from_directory(FOLDER, name, etag=hashes[name])
        # An old page may ask for an old hash: it gets today's file, but must not keep it.
        response.headers["Cache-Control"] = FOR_EVER if digest == hashes[name] else "no-cache"
        return response

    app.add_url_rule("/static/<digest>/<path:name>", "asset", asset)
    app.jinja_env.globals["static"] = static
