"""Turns every refusal into words: problem+json (RFC 9457) for programs, a page for people."""

import logging

from flask import Flask, Response, json, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from collector import problems
from collector.errors import TryLater
from collector.problems import Kind, Problem
from collector.speaking import request_language, voice

COME_AGAIN = 5  # seconds until a retry makes sense; a database restarts in about as long
PROBLEM_JSON = "application/problem+json"

BY_STATUS: dict[int, Kind] = {
    400: problems.MALFORMED,
    404: problems.NOT_FOUND,
    405: problems.NOT_ALLOWED,
    413: problems.TOO_LARGE,
    415: problems.UNSUPPORTED,
}

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    app.register_error_handler(Problem, refuse)
    app.register_error_handler(TryLater, _later)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(Exception, _fault)
    app.after_request(_say_when)


def _say_when(response: Response) -> Response:
    """Who is told to come again is told when, whichever part of the collector said so."""
    if response.status_code in (429, 503):
        response.headers.setdefault("Retry-After", str(COME_AGAIN))
    return response


def refuse(problem: Problem) -> ResponseReturnValue:
    language = request_language()
    body = _as_json(problem, language) if request.path.startswith("/api/") else _as_page(problem, language)
    body.status_code = problem.kind.status
    body.headers["Content-Language"] = language
    if problem.kind is problems.UNAUTHORIZED:
        body.headers["WWW-Authenticate"] = 'Bearer realm="debrief"'
    if problem.retry_after is not None:
        body.headers["Retry-After"] = str(problem.retry_after)
    return body


def unavailable(error: TryLater) -> Problem:
    """Logged here, because the sender is told only that it is not their fault."""
    log.error("could not serve a request: %s", error)
    return Problem(problems.UNAVAILABLE, retry_after=COME_AGAIN)


def _later(error: TryLater) -> ResponseReturnValue:
    return refuse(unavailable(error))


def _plain(error: HTTPException) -> ResponseReturnValue:
    """What Flask refuses by itself: no such address, wrong method, too large, cut off."""
    if error.code is None or error.code < 400:
        return error.get_response()  # a redirect that routing asks for
    kind = BY_STATUS.get(error.code, problems.FAULT if error.code >= 500 else problems.MALFORMED)
    answer = make_response(refuse(Problem(kind)))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _fault(error: Exception) -> ResponseReturnValue:
    log.error("fault while answering %s", request.url_rule, exc_info=error)
    return refuse(Problem(problems.FAULT))


def _as_json(problem: Problem, language: str) -> Response:
    document: dict[str, object] = {
        "type": f"urn:debrief:problem:{problem.kind.slug}",
        "title": problem.kind.title[language],
        "status": problem.kind.status,
        "detail": problem.detail[language],
        **problem.more,
    }
    if problem.errors:
        document["errors"] = [
            {"pointer": error.pointer, "code": error.code, "detail": error.detail[language]}
            for error in problem.errors
        ]
    return Response(json.dumps(document), content_type=PROBLEM_JSON)


def _as_page(problem: Problem, language: str) -> Response:
    other = "zh" if language == "en" else "en"
    return make_response(
        render_template(
            "message.html",
            **voice(language),
            title=problem.kind.title[language],
            detail=problem.detail[language],
            other_lang=other,
            other_title=problem.kind.title[other],
            other_detail=problem.detail[other],
        )
    )
