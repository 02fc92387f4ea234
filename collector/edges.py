"""What every answer gets at the edge of the app: security headers, caching rules, a log line, a count."""

import logging
import time

from flask import Flask, Response, g, request

from collector import metrics

# No inline style or script, no other host: the pages need neither.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # addresses hold tokens: no other site may learn them
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}

log = logging.getLogger("collector.access")


def install(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_finish)


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
    log.info("%s %s %d %.1f ms", method, route, response.status_code, seconds * 1000)
