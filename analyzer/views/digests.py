"""Digests over HTTP: the page, its JSON twin, the API."""

from pathlib import Path

from flask import Blueprint, Response, send_file
from flask.typing import ResponseReturnValue

from analyzer import assets
from analyzer.digests import as_html, as_json, renderers
from analyzer.errors import BadLink
from analyzer.reception import reception
from analyzer.speaking import request_language
from analyzer.views.access import Opened, bearer_token, open_digest
from analyzer.views.caching import cached
from analyzer.views.openings import noted

digests = Blueprint("digests", __name__)
JSON_ENDING = ".json"
SCHEMA_FILE = Path(__file__).parents[1] / "schemas" / "digest.v1.json"


@digests.get("/d/<name>")
def show(name: str) -> ResponseReturnValue:
    """`name` is a token, or a token and the form that is wanted.  Tokens hold dots, so we cut the end."""
    if name.endswith(JSON_ENDING):
        return _json(name.removesuffix(JSON_ENDING))
    language, opened = request_language(), open_digest(name)
    answer = Response(_page(name, language, opened), content_type="text/html; charset=utf-8")
    answer.headers["Content-Language"] = language
    answer.vary.add("Accept-Language")
    return noted(cached(answer), name, opened, "html")


@digests.get("/api/v1/digests/<visit_id>")
def fetch(visit_id: str) -> ResponseReturnValue:
    """The token in the header must be for this very visit."""
    token = bearer_token()
    if open_digest(token).digest.visit.id != visit_id:
        raise BadLink(f"the token is not for visit {visit_id}")
    return _json(token)


def _page(token: str, language: str, opened: Opened) -> bytes:
    """Made once for each state of the digest and each link."""
    base, writable = f"/d/{token}", opened.grant.role != "reader"
    links = renderers.links(base, language)

    def make() -> bytes:
        return as_html.render(
            opened.digest, language, assets.address, links, base, writable, opened.photo
        ).encode()

    return reception().pages.get((opened.state, token, language), make)


def _json(token: str) -> Response:
    opened, origin = open_digest(token), reception().config.digest_url

    def make() -> bytes:
        return as_json.render(opened.digest, opened.photo, origin).encode()

    text = reception().pages.get((opened.told, "json"), make)
    answer = Response(text, content_type="application/json")
    answer.headers["Link"] = f'<{origin}{as_json.SCHEMA}>; rel="describedby"'
    return noted(cached(answer), token, opened, "json")


@digests.get(as_json.SCHEMA)
def schema() -> ResponseReturnValue:
    """For everybody: it says nothing of any digest."""
    answer = send_file(SCHEMA_FILE, mimetype="application/schema+json", conditional=True, etag=True)
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
