"""What a company, or the organiser, does with a digest: look into a topic, assign, reply, correct.

GET only shows.  Every change is a POST under the digest's own link, which nobody else knows; a browser
that says the request comes from another site is refused.  A change never overwrites: who, when, what.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from analyzer import acting, assets, store
from analyzer.digests import as_items
from analyzer.errors import BadForm, BadLink, Forbidden
from analyzer.forms import action_of, reading_of
from analyzer.identities import new_id
from analyzer.items import Item, find_item, find_origin
from analyzer.reception import reception
from analyzer.speaking import request_language
from analyzer.tables import action
from analyzer.views.access import Opened, open_digest

items = Blueprint("items", __name__)
OWN_SITE = ("same-origin", "none")  # of Sec-Fetch-Site


@items.get("/d/<token>/topics/<topic_id>")
def show_topic(token: str, topic_id: str) -> ResponseReturnValue:
    """All remarks that stand behind the statements about a topic."""
    opened = open_digest(token)
    topic = next((topic for topic in opened.digest.topics if topic.id == topic_id), None)
    if topic is None:
        raise BadLink(f"nobody spoke of {topic_id}")
    return _page(as_items.render_topic(opened.digest, topic, _frame(token, opened)))


@items.get("/d/<token>/items/<item_id>")
def show_item(token: str, item_id: str) -> ResponseReturnValue:
    opened = open_digest(token)
    item = _item(opened, item_id)
    with reception().database.read() as connection:
        found = acting.history(connection, action.c.visit_id == opened.digest.visit.id)
    words = found.get(item_id, [])
    saved = "saved" in request.args
    return _page(as_items.render_item(opened.digest, item, words, saved, _frame(token, opened)))


@items.post("/d/<token>/items/<item_id>")
def act(token: str, item_id: str) -> ResponseReturnValue:
    written = _write(token, item_id)
    if written.item.kind == "remark":
        raise BadForm("only suggestions and leads have an owner")
    made = action_of(request.form)
    with reception().database.write() as connection:
        origin = find_origin(connection, written.visit_id, item_id)
        acting.add_action(connection, {**written.row(origin.response_id), "item_id": item_id, **made})
    return _back(token, item_id)


@items.post("/d/<token>/items/<item_id>/reading")
def correct(token: str, item_id: str) -> ResponseReturnValue:
    written = _write(token, item_id)
    quote = written.item.quote
    if quote is None or not written.item.correctable:
        raise BadForm("only a remark has a reading")
    made = reading_of(request.form, quote.text, reception().labels)
    with reception().database.write() as connection:
        origin = find_origin(connection, written.visit_id, item_id)
        store.correct(connection, {**written.row(origin.response_id), "text_hash": origin.text_hash, **made})
    return _back(token, item_id)


@dataclass(frozen=True)
class Written:
    """A change that may be made, and by whom."""

    item: Item
    visit_id: str
    role: str

    def row(self, response_id: str) -> dict[str, Any]:
        """What corrections and actions have in common."""
        return {
            "id": new_id(),
            "visit_id": self.visit_id,
            "response_id": response_id,
            "role": self.role,
            "made_at": reception().clock(),
        }


def _write(token: str, item_id: str) -> Written:
    """Raises Forbidden for a link that only reads, and for a request from elsewhere."""
    opened = open_digest(token)
    if opened.grant.role == "reader" or not _from_here():
        raise Forbidden("this link only reads, or the request came from another site")
    return Written(_item(opened, item_id), opened.digest.visit.id, opened.grant.role)


def _from_here() -> bool:
    """Our pages tell no referrer, so a browser writes "null" as the origin of their forms too."""
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITE:
        return False
    ours = {"null", reception().config.digest_url, request.host_url.rstrip("/")}
    return request.headers.get("Origin", "null") in ours


def _item(opened: Opened, item_id: str) -> Item:
    item = find_item(opened.digest, item_id)
    if item is None:
        raise BadLink(f"there is no item {item_id} in this digest")
    return item


def _frame(token: str, opened: Opened) -> as_items.Frame:
    writable = opened.grant.role != "reader"
    return as_items.Frame(request_language(), assets.address, f"/d/{token}", writable, reception().labels)


def _page(text: str) -> Response:
    answer = Response(text, content_type="text/html; charset=utf-8")
    answer.headers["Content-Language"] = request_language()
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.add("Accept-Language")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _back(token: str, item_id: str) -> ResponseReturnValue:
    """303, so that a reload does not write twice."""
    return redirect(f"/d/{token}/items/{item_id}?lang={request_language()}&saved", 303)
