"""Promises about the events: what the contract allows, nothing that was not agreed, whole in UTF-8."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from collector.messages import (
    Event,
    Expert,
    ScheduledVisit,
    Submission,
    response_submitted,
    response_withdrawn,
    visit_scheduled,
)
from tests.collector.builders import ANSWERS, CONSENT, answers, checked, site_visit

CONTRACT = Path(__file__).parents[1] / "contract"
EVENT_ID = "01a20f02-224f-7344-89d3-d3da368be95c"
RESPONSE_ID = "b6de3728-7346-51d4-83f6-ce099256bfe4"
INVITATION_ID = "01a20f01-a053-7d0d-94cd-5cc8fb5818c4"
NOW = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC)
EXPERT = Expert({"en": "One", "zh": "甲"}, {"en": "University", "zh": "大学"}, "university", "materials")


def submission(**changed: Any) -> Submission:
    facts: dict[str, Any] = {
        "response_id": RESPONSE_ID,
        "revision": 1,
        "answers_revision": 1,
        "visit_id": "plant-1124",
        "fair_id": "fair",
        "company_id": "plant",
        "verified": True,
        "sample": True,
        "invitation_id": INVITATION_ID,
        "expert": EXPERT,
        "submitted_at": None,
        "received_at": NOW,
    }
    return Submission(**(facts | changed))


def submitted(raw: Any = ANSWERS, consent: Any = CONSENT, **changed: Any) -> dict[str, Any]:
    return data(response_submitted(EVENT_ID, submission(**changed), site_visit(), checked(raw, consent)))


def data(event: Event) -> dict[str, Any]:
    """What the event says, after it was held to its schema."""
    envelope = json.loads(event.body.decode("utf-8"))
    schema = json.loads((CONTRACT / f"{event.type}.schema.json").read_text("utf-8"))
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(envelope)
    return dict(envelope["data"])


def by_id(event_data: dict[str, Any]) -> dict[str, Any]:
    return {answer["question_id"]: answer for answer in event_data["answers"]}


def scheduled(**changed: Any) -> ScheduledVisit:
    facts: dict[str, Any] = {
        "visit_id": "plant-1124",
        "fair_id": "fair",
        "fair_name": {"en": "Fair", "zh": "交流会"},
        "timezone": "Asia/Shanghai",
        "company_id": "plant",
        "company_name": {"en": "Plant", "zh": "工厂"},
        "industry": {"en": "magnesium", "zh": "镁业"},
        "visited_at": NOW,
        "deadline": NOW + timedelta(days=7),
        "invited": 2,
        "minimum_group": 5,
        "link_generation": 1,
        "sample": True,
        "visitors": {
            "organisation_kind": {"university": 2},
            "discipline": {},
            "language": {"en": 1, "zh": 1},
        },
    }
    return ScheduledVisit(**(facts | changed))


def test_a_response_is_told_with_everything_needed_to_read_it():
    """The analyzer never asks back: wording, role and scale travel along."""
    overall = by_id(submitted())["overall"]
    assert overall == {
        "question_id": "overall",
        "position": 1,
        "role": "overall",
        "type": "rating",
        "label": {"en": "How good is the company overall?", "zh": "您对该企业的总体评价如何？"},
        "value": 4,
        "readership": "quote",
        "scale": {
            "min": 1,
            "max": 5,
            "low": {"en": "Poor", "zh": "较差"},
            "high": {"en": "Excellent", "zh": "优秀"},
            "opt_out": None,
        },
    }


def test_the_envelope_is_a_cloud_event():
    """Any CloudEvents library can read it."""
    event = response_submitted(EVENT_ID, submission(), site_visit(), checked())
    envelope = json.loads(event.body)
    assert (envelope["id"], envelope["type"], envelope["subject"]) == (event.id, event.type, event.subject)
    assert (event.id, event.type, event.subject) == (EVENT_ID, "response.submitted.v1", RESPONSE_ID)
    assert envelope["time"] == "2026-11-24T09:00:00.123Z"


def test_an_answer_that_was_not_given_is_not_told():
    """Silence is not an empty text."""
    assert "outlook" not in by_id(submitted())


def test_consent_questions_are_no_answers():
    """What was agreed travels by its meaning."""
    told = submitted(consent={"use": True, "quote": False})
    assert told["consent"] == {"use": True, "quote": False, "named": False}
    assert not {"use", "quote", "named"} & set(by_id(told))


def test_contact_travels_only_when_it_was_agreed():
    """An address without leave stays here."""
    agreed, refused = submitted(), submitted(answers(contact={"agreed": False}))
    assert by_id(agreed)["contact"]["value"]["email"] == "expert01@example.org"
    assert "contact" not in by_id(refused)


@pytest.mark.parametrize(
    "consent",
    [{"use": True, "named": False}, {"use": True}, {"use": False, "named": True}],
    ids=["said-no", "said-nothing", "nothing-may-be-used"],
)
def test_a_name_travels_only_when_it_was_agreed(consent):
    """Pseudonymous otherwise: the invitation's id means nothing outside the collector."""
    respondent = submitted(consent=consent)["respondent"]
    assert respondent == {
        "named": False,
        "expert_id": INVITATION_ID,
        "organisation_kind": "university",
        "discipline": "materials",
        "name": None,
        "organisation": None,
    }


def test_a_named_expert_is_named_in_both_languages():
    """The digest shows the name in its reader's language."""
    respondent = submitted()["respondent"]
    assert (respondent["named"], respondent["name"]) == (True, {"en": "One", "zh": "甲"})


def test_an_open_link_says_nothing_about_who():
    """Nobody was invited, so nobody can be named."""
    respondent = submitted(expert=None, verified=False)["respondent"]
    assert respondent["named"] is False
    assert {value for name, value in respondent.items() if name != "named"} == {None}


def test_chinese_and_emoji_travel_as_they_are():
    """UTF-8, not escapes: an operator can read a dead letter."""
    event = response_submitted(EVENT_ID, submission(), site_visit(), checked(answers(improve="粉尘 👩‍🔬")))
    assert "粉尘 👩‍🔬".encode() in event.body


def test_times_are_told_in_utc():
    """The phone's clock may have any offset."""
    at_the_fair = datetime(2026, 11, 24, 17, 0, tzinfo=timezone(timedelta(hours=8)))
    assert submitted(submitted_at=at_the_fair)["submitted_at"] == "2026-11-24T09:00:00.000Z"


def test_a_withdrawal_names_what_is_to_be_forgotten():
    """Everything up to the revision, whichever message arrives first."""
    told = data(response_withdrawn(EVENT_ID, RESPONSE_ID, "plant-1124", 2, NOW))
    assert told == {
        "response_id": RESPONSE_ID,
        "visit_id": "plant-1124",
        "revision": 2,
        "withdrawn_at": "2026-11-24T09:00:00.123Z",
    }


def test_a_visit_is_told_with_its_fair_and_company():
    """A digest needs no other source."""
    told = data(visit_scheduled(EVENT_ID, scheduled(), NOW))
    assert told["company"] == {
        "id": "plant",
        "name": {"en": "Plant", "zh": "工厂"},
        "industry": {"en": "magnesium", "zh": "镁业"},
        "needs": [],
        "contacts": [],
        "same_as": None,
    }
    assert (told["attribution"], told["minimum_text"]) == ("named", None)
    assert (told["invited"], told["visitors"]["language"]) == (2, {"en": 1, "zh": 1})


def test_the_outbox_gets_the_event_as_text_with_its_trace():
    """What was frozen here is what is published."""
    event = visit_scheduled(EVENT_ID, scheduled(), NOW)
    row = event.traced("00-trace")
    assert (row.event_id, row.traceparent) == (EVENT_ID, "00-trace")
    assert row.body.encode("utf-8") == event.body
