"""The JSON twin: complete, bilingual, stable."""

import json
from datetime import datetime

from analyzer.digests import as_json
from tests.analyzer.stories import said
from tests.analyzer.test_build import build, crowd


def test_the_document_is_json_with_both_languages() -> None:
    """One document for all readers."""
    document = json.loads(as_json.render(build(*crowd(6))))
    assert document["format"] == "debrief.digest.v1"
    assert document["headline"]["text"]["en"] == "Production process impressed the experts most."
    assert document["headline"]["text"]["zh"] == "生产工艺最受专家认可。"
    assert document["visit"]["company"] == {"en": "Ruige Magnesium", "zh": "瑞格镁业"}


def test_small_groups_of_visitors_are_not_told() -> None:
    """The counts by attribute decide what may be shown; they are not shown themselves."""
    assert "visitors" not in as_json.document(build(*crowd(3)))["visit"]


def test_times_are_utc_and_say_so() -> None:
    """RFC 3339 with a Z."""
    document = as_json.document(build(*crowd(1)))
    assert document["visit"]["deadline"] == "2026-12-01T10:00:00Z"
    assert datetime.fromisoformat(document["as_of"]).tzinfo is not None


def test_a_quote_points_at_its_place() -> None:
    """Marks are code points into the quote, evidence code points into the answer."""
    document = as_json.document(build(*crowd(3, text="😀 炉子 modern furnace", evidence="furnace")))
    quote = document["praised"][0]["quotes"][0]
    [mark] = quote["marks"]
    assert quote["text"][mark["start"] : mark["end"]] == "furnace"
    assert quote["evidence"]["question_id"] == "impressed"


def test_the_same_digest_is_the_same_text() -> None:
    """Byte for byte, or caches and comparisons are useless."""
    events = [*crowd(4), said("s", "improve", "Too dusty.", "safety", "negative")]
    assert as_json.render(build(*events)) == as_json.render(build(*events[::-1]))
