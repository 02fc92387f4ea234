"""Turns every refusal into words: a page for people, problem+json (RFC 9457) for programs."""

import logging

from flask import Flask, Response, json, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from analyzer import assets
from analyzer.digests import as_html, wording
from analyzer.errors import BadForm, BadLink, CannotRender, ExpiredLink, Forbidden, TryLater
from analyzer.speaking import request_language

COME_AGAIN = 5  # seconds until a retry makes sense; a database restarts in about as long
NOTICES = {404: "unknown", 410: "gone", 503: "later", 401: "unauthorised", 405: "readonly", 500: "fault"} | {
    403: "forbidden",
    400: "badform",
}

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    app.register_error_handler(BadLink, lambda error: refuse(404))
    app.register_error_handler(ExpiredLink, lambda error: refuse(410))
    app.register_error_handler(Forbidden, lambda error: refuse(403))
    app.register_error_handler(BadForm, lambda error: refuse(400))
    app.register_error_handler(TryLater, _later)
    app.register_error_handler(CannotRender, _unable)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(Exception, _fault)


def refuse(status: int, key: str | None = None) -> Response:
    """In the reader's language; the page in both."""
    language = request_language()
    key = key or NOTICES[status]
    answer = _as_json(status, key, language) if wants_json() else _as_page(key, language)
    answer.status_code = status
    answer.headers["Content-Language"] = language
    return answer


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.path.endswith(".json")


def _as_json(status: int, key: str, language: str) -> Response:
    document = {
        "type": f"urn:debrief:problem:{key}",
        "title": wording.say(f"{key}_title", language),
        "status": status,
        "detail": wording.say(f"{key}_text", language),
    }
    return Response(json.dumps(document, ensure_ascii=False), content_type="application/problem+json")


def _as_page(key: str, language: str) -> Response:
    page = as_html.render_notice(key, language, assets.address)
    return Response(page, content_type="text/html; charset=utf-8")


def _later(error: TryLater) -> ResponseReturnValue:
    log.error("could not serve a request: %s", error)
    answer = refuse(503)
    answer.headers["Retry-After"] = str(COME_AGAIN)
    return answer


def _unable(error: CannotRender) -> ResponseReturnValue:
    """No retry helps until the operator has installed what is missing."""
    log.error("cannot make this form of a digest: %s", error)
    return refuse(503, "nopdf")


def _plain(error: HTTPException) -> ResponseReturnValue:
    """What Flask refuses by itself: no such address, wrong method."""
    if error.code is None or error.code < 400:
        return error.get_response()  # a redirect that routing asks for
    answer = refuse(error.code if error.code in NOTICES else 404 if error.code < 500 else 500)
    for name, value in error.get_headers():
        if name in ("Allow", "WWW-Authenticate"):
            answer.headers[name] = value
    return answer


def _fault(error: Exception) -> ResponseReturnValue:
    log.error("fault while answering %s", request.url_rule, exc_info=error)
    return refuse(500)
