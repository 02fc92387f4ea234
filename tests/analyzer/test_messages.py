"""The tolerant reader: what it makes of good messages, and how it says what is wrong with others.

Every example and every broken message of the contract is held in tests/contract/; here are the details.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import BadMessage
from analyzer.messages import (
    Answer,
    Consent,
    Respondent,
    ResponseSubmitted,
    ResponseWithdrawn,
    VisitScheduled,
    first_problem,
    parse,
)
from tests.contract.files import example


def encode(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def submitted(name: str) -> ResponseSubmitted:
    event = parse(encode(example(name)))
    assert isinstance(event, ResponseSubmitted)
    return event


def answer_to(event: ResponseSubmitted, question: str) -> Answer:
    return next(answer for answer in event.answers if answer.question_id == question)


def test_a_full_response_is_read_whole() -> None:
    """Nothing that the digest needs is lost on the way."""
    event = submitted("response-full")
    assert (event.revision, event.verified, event.sample, event.language) == (1, True, False, "en")
    assert event.consent == Consent(use=True, quote=True, named=True)
    assert event.respondent.named
    assert event.respondent.name == {"en": "Example Expert", "zh": "示例专家"}
    assert event.received_at == datetime(2026, 11, 24, 7, 41, 9, 512000, tzinfo=UTC)
    assert [answer.question_id for answer in event.answers][:3] == ["overall", "aspects", "recommend"]
    aspects = answer_to(event, "aspects")
    assert aspects.value["safety"] == "opt_out"
    assert aspects.items[0]["role"] == "aspect:production_process"


def test_a_minimal_response_is_read_with_its_gaps() -> None:
    """What is optional is None or empty, never a guess."""
    event = submitted("response-minimal")
    assert event.respondent == Respondent(False, None, None, None, None, None)
    assert event.submitted_at is None
    [answer] = event.answers
    assert answer.scale == {"min": 1, "max": 5, "low": None, "high": None, "opt_out": None}


def test_a_question_is_kept_without_what_its_type_lacks() -> None:
    """The stored wording has no empty lists."""
    question = answer_to(submitted("response-full"), "impressed").question
    assert set(question) == {"label"}


def test_times_come_out_in_utc() -> None:
    """Whatever offset they were written with."""
    event = submitted("response-local-time")
    assert event.received_at == datetime(2026, 11, 24, 7, 41, 9, 500000, tzinfo=UTC)
    assert event.received_at.tzinfo is UTC


def test_a_withdrawal_and_a_visit_are_read() -> None:
    """The other two types."""
    withdrawal, visit = parse(encode(example("withdrawn"))), parse(encode(example("visit-scheduled")))
    assert isinstance(withdrawal, ResponseWithdrawn)
    assert (withdrawal.revision, withdrawal.subject) == (2, withdrawal.response_id)
    assert isinstance(visit, VisitScheduled)
    assert visit.company["name"]["zh"] == "瑞格"
    assert visit.visitors["organisation_kind"] == {"university": 14, "institute": 10}
    assert visit.subject == visit.visit_id


def test_a_visit_without_visitors_has_none() -> None:
    """They may be absent."""
    visit = parse(encode(example("visit-rescheduled")))
    assert isinstance(visit, VisitScheduled)
    assert visit.visitors == {}


def test_unknown_fields_are_dropped() -> None:
    """They are not even carried along, at any depth; the raw body keeps them for later."""
    event = submitted("response-unknown-fields")
    assert "celsius" in event.body
    assert not hasattr(event, "weather")
    assert set(event.answers[0].scale or {}) == {"min", "max", "low", "high", "opt_out"}


def test_an_emoji_written_as_a_pair_of_escapes_is_fine() -> None:
    """JSON writers that escape everything are right, too."""
    event = parse(json.dumps(example("response-emoji"), ensure_ascii=True).encode())
    assert isinstance(event, ResponseSubmitted)
    assert answer_to(event, "improve").value == "😐"


def test_a_typed_backslash_is_no_escape() -> None:
    """An expert may write \\u0000 in words."""
    document = example("response-emoji")
    document["data"]["answers"][3]["value"] = "the file says \\u0000 and \\ud83d"
    assert isinstance(parse(encode(document)), ResponseSubmitted)


def test_the_first_problem_is_named_by_its_place() -> None:
    """An operator reads a path, not a tree."""
    tree = {"answers": {3: {"label": {"zh": ["Missing."]}}, 4: {"value": ["Wrong."]}}}
    assert first_problem(tree) == ("answers[3].label.zh", "Missing.")
    assert first_problem({"_schema": ["Not an object."]}) == ("", "Not an object.")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(body: bytes) -> None:
    """Whatever arrives is an event or a BadMessage."""
    with pytest.raises(BadMessage):
        parse(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), junk=JSON)
def test_no_value_in_any_place_crashes_the_reader(data: st.DataObject, junk: Any) -> None:
    """Any JSON in place of any part of a good event is read or refused; no other exception comes."""
    document = example("response-full")
    part, key = data.draw(st.sampled_from(list(places(document))))
    part[key] = junk
    with suppress(BadMessage):
        parse(json.dumps(document).encode())


def places(part: Any) -> Any:
    """Every (container, key) below this part."""
    keys = part.keys() if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    for key in keys:
        yield part, key
        yield from places(part[key])
