"""What every answer gets at the edge of the app: security headers, caching rules, a log line, a count."""

import logging
import time
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from analyzer import metrics
from analyzer.reception import reception

# The digest needs a style sheet, its own forms and experts' photos: no script, no host but the collector's.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data: {photos}; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",  # the address is the key: no other site may learn it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}

log = logging.getLogger("analyzer.access")


def install(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_finish)
    app.after_request(_confine)


def _start() -> None:
    g.started = time.perf_counter()


def _confine(response: Response) -> Response:
    where = urlsplit(reception().config.public_url)
    policy = POLICY.format(photos=f"{where.scheme}://{where.netloc}")
    response.headers.setdefault("Content-Security-Policy", policy)
    return response


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    _record(response, time.perf_counter() - g.pop("started", time.perf_counter()))
    return response


def _record(response: Response, seconds: float) -> None:
    """The route's pattern stands for the address: "/d/<name>" tells nothing about which digest."""
    route = request.url_rule.rule if request.url_rule else "unknown"
    # A made-up method must not grow the set of labels.
    method = request.method if request.method in ("GET", "HEAD", "POST", "PUT", "OPTIONS") else "other"
    metrics.REQUESTS.labels(method, route, str(response.status_code)).inc()
    metrics.SECONDS.labels(route).observe(seconds)
    log.info("%s %s %d %.1f ms", method, route, response.status_code, seconds * 1000)
