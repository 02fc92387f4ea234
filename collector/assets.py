"""Style sheets, scripts and icons under an address that holds the hash of their content: cached for ever.

A new release has new addresses, so no phone keeps an old style beside a new page.  Everything is read,
joined and compressed once, at the start.
"""

import gzip
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from collector.joining import join_modules

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
WORKER = "worker.js"  # has an address of its own: views/phone.py
# What the expert's pages need, in one file each.
JOINED_STYLES: Mapping[str, tuple[str, ...]] = {"expert.css": ("tokens.css", "ui.css", "form.css")}
JOINED_SCRIPTS: Mapping[str, str] = {"expert.js": "form/main.js"}  # name: entry module


@dataclass(frozen=True)
class Asset:
    content: bytes
    squeezed: bytes  # gzip; empty where it would not be smaller
    digest: str
    mimetype: str


def install(app: Flask) -> None:
    """Adds the route, and `static(name)` for templates."""
    assets = {name: _asset(name, content) for name, content in _contents()}

    def static(name: str) -> str:
        return url_for("asset", digest=assets[name].digest, name=name)

    def asset(digest: str, name: str) -> ResponseReturnValue:
        if name not in assets:
            abort(404)
        response = _response(assets[name])
        # An old page may ask for an old hash: it gets today's file, but must not keep it.
        response.headers["Cache-Control"] = FOR_EVER if digest == assets[name].digest else "no-cache"
        return response

    app.add_url_rule("/static/<digest>/<path:name>", "asset", asset)
    app.jinja_env.globals["static"] = static


def _contents() -> Iterator[tuple[str, bytes]]:
    for file in sorted(FOLDER.rglob("*")):
        if file.is_file() and file.name != WORKER:
            yield file.relative_to(FOLDER).as_posix(), file.read_bytes()
    for name, parts in JOINED_STYLES.items():
        yield name, b"\n".join((FOLDER / part).read_bytes() for part in parts)
    for name, entry in JOINED_SCRIPTS.items():
        yield name, join_modules(FOLDER / entry).encode()


def _asset(name: str, content: bytes) -> Asset:
    squeezed = gzip.compress(content, 9, mtime=0)
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    smaller = squeezed if len(squeezed) < len(content) else b""
    return Asset(content, smaller, sha256(content).hexdigest()[:12], mimetype)


def _response(asset: Asset) -> Response:
    squeezed = bool(asset.squeezed) and request.accept_encodings["gzip"] > 0
    response = Response(asset.squeezed if squeezed else asset.content, mimetype=asset.mimetype)
    response.set_etag(f"{asset.digest}-gzip" if squeezed else asset.digest)
    response.vary.add("Accept-Encoding")
    if squeezed:
        response.content_encoding = "gzip"
    response.make_conditional(request)
    return response
