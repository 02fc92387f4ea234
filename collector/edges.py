"""What every answer gets at the edge of the app: security headers, caching rules, a log line, a count."""

import io
import logging
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from collector import metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

# No inline style or script, no other host: the pages need neither.
POLICY = (
    "default-src 'self'; connect-src 'self'; worker-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # addresses hold tokens: no other site may learn them
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(self)",  # for voice notes
}

log = logging.getLogger("collector.access")


QUIET = ("/healthz", "/readyz", "/metrics")  # asked every few seconds by machines


def install(app: Flask) -> None:
    largest = app.config["MAX_CONTENT_LENGTH"]
    app.wsgi_app = _with_length(app.wsgi_app, largest)  # type: ignore[method-assign, assignment]
    app.before_request(_start)
    app.after_request(_finish)


def _with_length(inner: "WSGIApplication", largest: int) -> "WSGIApplication":
    """Gives a body without a length (chunked) one, so that the limit on it holds; WSGI alone cannot tell
    where such a body ends, and werkzeug would cut it off at the limit without a word."""

    def outer(environ: "WSGIEnvironment", start: "StartResponse") -> "Iterable[bytes]":
        if environ.pop("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            body = _read(environ["wsgi.input"], largest + 1)
            environ.update({"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)})
        return inner(environ, start)

    return outer


def _read(stream: "InputStream", most: int) -> bytes:
    body = bytearray()
    while len(body) < most and (part := stream.read(min(65536, most - len(body)))):
        body += part
    return bytes(body)


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Pages are personal unless they say otherwise.
    response.headers.setdefault("Cache-Control", "no-store")
    _record(response, time.perf_counter() - g.pop("started", time.perf_counter()))
    return response


def _record(response: Response, seconds: float) -> None:
    """The route's pattern stands for the address: "/f/<token>" tells nothing about who asked."""
    route = request.url_rule.rule if request.url_rule else "unknown"
    # A made-up method must not grow the set of labels.
    method = request.method if request.method in ("GET", "HEAD", "POST", "PUT", "OPTIONS") else "other"
    metrics.REQUESTS.labels(method, route, str(response.status_code)).inc()
    metrics.SECONDS.labels(route).observe(seconds)
    level = logging.DEBUG if route in QUIET else logging.INFO
    log.log(level, "%s %s %d %.1f ms", method, route, response.status_code, seconds * 1000)
