"""Promises about the sample fair: varied enough to try Debrief with, and plainly invented."""

import json
from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from collector.answering import check_answers, consents
from collector.programme import parse_programme
from collector.questionnaire import Questionnaire
from collector.yamlfile import read_yaml
from tests.collector.builders import site_visit

SAMPLES = Path(__file__).parents[2] / "collector" / "samples"
TEXTS = ("impressed", "improve", "outlook", "offer")
TRIVIAL = {"", "无"}  # what people type to get past a question


@pytest.fixture(scope="module")
def fair() -> dict:
    return YAML(typ="safe", pure=True).load(SAMPLES / "yuncheng-13.yaml")


@pytest.fixture(scope="module")
def responses() -> list[dict]:
    lines = (SAMPLES / "yuncheng-13-responses.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return site_visit()


def texts_of(response: dict) -> list[str]:
    return [response["answers"][name] for name in TEXTS if name in response["answers"]]


def test_the_fair_is_of_a_real_size(fair):
    """A newcomer sees several companies and a whole delegation, not three rows."""
    assert 4 <= len(fair["companies"]) <= 6
    assert len(fair["experts"]) >= 60
    assert all(18 <= len(visit["experts"]) <= 30 for visit in fair["visits"])


def test_nobody_is_at_two_visits_at_once(fair):
    """The timetable is invented, but it has to be possible."""
    places = Counter((visit["visited_at"], expert) for visit in fair["visits"] for expert in visit["experts"])
    assert max(places.values()) == 1


def test_every_invented_name_says_that_it_is_a_sample(fair):
    """No expert, organisation or company of the sample can be taken for a real one; Ruige alone is real."""
    invented = [company["name"] for company in fair["companies"] if company["id"] != "ruige"]
    for expert in fair["experts"]:
        invented += [expert["name"], expert["organisation"]]
    assert fair["fair"]["sample"] is True
    assert [n for n in invented if "sample" not in n["en"].lower() or "样例" not in n["zh"]] == []


def test_no_address_or_number_can_reach_anybody(fair, responses):
    """A trial run that sends mail or dials must not disturb a stranger."""
    contacts = [response["answers"].get("contact", {}) for response in responses]
    emails = [person["email"] for person in (*fair["experts"], *contacts) if "email" in person]
    phones = [contact["phone"] for contact in contacts if "phone" in contact]
    assert len(emails) > 50
    assert [email for email in emails if not email.endswith("@example.org")] == []
    assert phones
    assert [phone for phone in phones if not phone.startswith("+86 000 0000 00")] == []


def test_a_named_contact_is_the_sample_expert(responses):
    """Nobody's real name stands in a contact answer."""
    names = {(r["expert"], r["answers"].get("contact", {}).get("name")) for r in responses}
    wrong = [(e, n) for e, n in names if n and n not in (f"样例专家{e[1:]}", f"Sample Expert {e[1:]}")]
    assert wrong == []


def test_responses_come_unevenly_and_in_both_languages(responses):
    """Full digests, one below the group of 5 and one without quotes can all be looked at."""
    visits = Counter(response["visit"] for response in responses)
    languages = Counter(response["language"] for response in responses)
    assert len(responses) >= 90
    assert languages["en"] >= 25
    assert languages["zh"] >= 50
    assert min(visits.values()) == 2
    assert 4 in visits.values()
    assert visits["ruige-1124"] == 30


def test_an_expert_answers_a_visit_once_and_only_if_invited(fair, responses):
    """Each line with an expert can be sent through that expert's personal link."""
    invited = {(visit["id"], expert) for visit in fair["visits"] for expert in visit["experts"]}
    sent = Counter((r["visit"], r["expert"]) for r in responses if r["expert"] is not None)
    assert max(sent.values()) == 1
    assert set(sent) <= invited


def test_no_two_responses_say_the_same(responses):
    """Written one by one: apart from blanks and "无", no text occurs twice."""
    written = Counter(text for response in responses for text in texts_of(response) if text not in TRIVIAL)
    assert len(written) > 200
    assert [text for text, times in written.items() if times > 1] == []


def test_the_programme_is_one_that_load_accepts():
    """Not a single mistake, and local times become UTC."""
    programme = parse_programme(read_yaml(SAMPLES / "yuncheng-13.yaml"))
    assert programme.fair.sample is True
    assert programme.visits[0].visited_at.isoformat() == "2026-11-24T06:30:00+00:00"
    assert {visit.minimum_group for visit in programme.visits} == {5}


def kept_by_the_server(questionnaire: Questionnaire, line: dict) -> set[str]:
    """Ids of the answers that intake would store; raises BadAnswers."""
    checked = check_answers(
        questionnaire, line["answers"], line["consent"], line.get("readership"), line["language"]
    )
    return set(checked.answers)


def test_every_response_is_accepted_as_it_stands(questionnaire, responses):
    """The server keeps each answer that a line holds: none refused, none dropped, blank texts aside."""
    for number, line in enumerate(responses, start=1):
        typed = {name for name, value in line["answers"].items() if value != ""}
        assert kept_by_the_server(questionnaire, line) == typed, f"line {number}"


def test_consent_is_given_in_part_as_well(questionnaire, responses):
    """A digest of the sample has answers it may not use, words it may not quote and names it may show."""
    agreed: Counter[str] = Counter()
    for line in responses:
        agreed.update(name for name, said in consents(questionnaire, line["consent"]).items() if said)
    assert 85 <= agreed["use"] < len(responses)
    assert 75 <= agreed["quote"] < agreed["use"]
    assert 10 <= agreed["named"] < agreed["quote"]
