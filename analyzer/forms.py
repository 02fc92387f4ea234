"""What people type into the forms of an item, checked.

In: the fields of a POST.  Out: the part of a row that they make.  Pure.  Raises BadForm.
"""

from collections.abc import Mapping
from datetime import date
from itertools import zip_longest
from typing import Any

from werkzeug.datastructures import MultiDict

from analyzer.digests.model import STATUSES, Bilingual
from analyzer.errors import BadForm

LONGEST_NAME, LONGEST_REPLY, LONGEST_STATEMENT = 120, 2000, 300  # code points
FEELINGS = {"positive": "positive", "neutral": "neutral", "negative": "negative", "": None}
TOPICS = 4  # of one sentence, at most

Fields = MultiDict[str, str]


def action_of(fields: Fields) -> dict[str, Any]:
    status = fields.get("status", "")
    if status not in STATUSES:
        raise BadForm(f"no such status: {status!r}")
    return {
        "owner": _line(fields, "owner"),
        "due_on": _day(fields.get("due_on", "")),
        "status": status,
        "reply": _text(fields.get("reply", ""), LONGEST_REPLY),
        "to_expert": fields.get("to_expert") == "yes",
        "name": _name(fields),
    }


def reading_of(fields: Fields, text: str, labels: Mapping[str, Bilingual]) -> dict[str, Any]:
    """`undo` gives the sentence back to the software; else all of its reading is said anew."""
    if fields.get("undo"):
        return {"name": _name(fields), "reading": {}}
    columns = (fields.getlist(name) for name in ("topic", "feeling", "words"))
    slots = zip_longest(*columns, fillvalue="")
    topics = [_topic(slot[0], slot[1], slot[2], text, labels) for slot in list(slots)[:TOPICS] if slot[0]]
    reading = {
        "sentiment": _feeling(fields.get("sentiment", "")),
        "suggestion": fields.get("suggestion") == "yes",
        "topics": topics,
    }
    return {"name": _name(fields), "reading": reading}


def words_of(fields: Fields) -> dict[str, Any]:
    """A statement's new words in one language or both; `undo` gives it back to the software."""
    if fields.get("undo"):
        return {"name": _name(fields), "text": {}}
    typed = {lang: _line(fields, f"words_{lang}", LONGEST_STATEMENT) for lang in ("en", "zh")}
    text = {lang: words for lang, words in typed.items() if words}
    if not text:
        raise BadForm("a statement needs words")
    return {"name": _name(fields), "text": text}


def _topic(
    topic: str, feeling: str, words: str, text: str, labels: Mapping[str, Bilingual]
) -> dict[str, Any]:
    """Without words, the whole sentence names the topic."""
    if topic not in labels:
        raise BadForm(f"no such topic: {topic!r}")
    words = words.strip() or text
    start = text.find(words)
    if start < 0:
        raise BadForm(f"{words!r} is not in the remark")
    return {"topic": topic, "sentiment": _feeling(feeling), "start": start, "end": start + len(words)}


def _feeling(name: str) -> str | None:
    if name not in FEELINGS:
        raise BadForm(f"no such tone: {name!r}")
    return FEELINGS[name]


def _name(fields: Fields) -> str:
    name = _line(fields, "name")
    if not name:
        raise BadForm("a name is needed")
    return name


def _line(fields: Fields, name: str, longest: int = LONGEST_NAME) -> str:
    return " ".join(_text(fields.get(name, ""), longest).split())


def _text(typed: str, longest: int) -> str:
    clean = "".join(c for c in typed.replace("\r\n", "\n") if c == "\n" or c.isprintable()).strip()
    if len(clean) > longest:
        raise BadForm(f"more than {longest} characters")
    return clean


def _day(typed: str) -> str | None:
    try:
        return date.fromisoformat(typed).isoformat() if typed else None
    except ValueError:
        raise BadForm(f"not a date: {typed!r}") from None
