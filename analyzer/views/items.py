"""The pages behind a digest: all remarks on a topic, and one item, which can be assigned and corrected."""

import sqlalchemy as sa
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from analyzer import acting, store
from analyzer.digests import as_items
from analyzer.errors import BadForm, BadLink
from analyzer.forms import action_of, reading_of
from analyzer.items import Item, Origin, find_item, find_origin
from analyzer.reception import reception
from analyzer.tables import action, correction
from analyzer.views.access import Opened, open_digest
from analyzer.views.writing import back, frame, page, take_pen

items = Blueprint("items", __name__)


@items.get("/d/<token>/topics/<topic_id>")
def show_topic(token: str, topic_id: str) -> ResponseReturnValue:
    """All remarks that stand behind the statements about a topic."""
    opened = open_digest(token)
    topic = next((topic for topic in opened.digest.topics if topic.id == topic_id), None)
    if topic is None:
        raise BadLink(f"nobody spoke of {topic_id}")
    return page(as_items.render_topic(opened.digest, topic, frame(token, opened)))


@items.get("/d/<token>/items/<item_id>")
def show_item(token: str, item_id: str) -> ResponseReturnValue:
    opened = open_digest(token)
    item = _item(opened, item_id)
    with reception().database.read() as connection:
        origin = find_origin(connection, opened.digest.visit.id, item_id)
        words = acting.history(connection, action.c.response_id == origin.response_id).get(item_id, [])
        readings = acting.corrections_of(connection, _same_sentence(origin))
    told = as_items.Told(words, readings, "saved" in request.args)
    return page(as_items.render_item(opened.digest, item, told, frame(token, opened)))


@items.post("/d/<token>/items/<item_id>")
def act(token: str, item_id: str) -> ResponseReturnValue:
    pen = take_pen(token)
    if _item(pen.opened, item_id).kind == "remark":
        raise BadForm("only suggestions and leads have an owner")
    made = {**pen.row(), "item_id": item_id, **action_of(request.form)}
    with reception().database.write() as connection:
        origin = find_origin(connection, made["visit_id"], item_id)
        acting.add_action(connection, {**made, "response_id": origin.response_id})
    return back(f"/d/{token}/items/{item_id}")


@items.post("/d/<token>/items/<item_id>/reading")
def correct(token: str, item_id: str) -> ResponseReturnValue:
    pen = take_pen(token)
    item = _item(pen.opened, item_id)
    if item.quote is None or not item.correctable:
        raise BadForm("only a remark has a reading")
    made = {**pen.row(), **reading_of(request.form, item.quote.text, reception().labels)}
    with reception().database.write() as connection:
        origin = find_origin(connection, made["visit_id"], item_id)
        store.correct(connection, {**made, "response_id": origin.response_id, "text_hash": origin.text_hash})
    return back(f"/d/{token}/items/{item_id}")


def _item(opened: Opened, item_id: str) -> Item:
    item = find_item(opened.digest, item_id)
    if item is None:
        raise BadLink(f"there is no item {item_id} in this digest")
    return item


def _same_sentence(origin: Origin) -> sa.ColumnElement[bool]:
    return sa.and_(correction.c.response_id == origin.response_id, correction.c.text_hash == origin.text_hash)
