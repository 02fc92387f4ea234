"""Promises about signed links: ours open, others do not, and nothing can be learnt from one."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import BadLink, ExpiredLink
from collector.links import (
    Grant,
    digest_token,
    form_token,
    organiser_token,
    read_digest_token,
    read_form_token,
    read_organiser_token,
)

SECRET = "a secret for tests, long enough to be one"
OTHER = "another secret for tests, as long as that"
INVITATION = "01a20f01-a053-7d0d-94cd-5cc8fb5818c4"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
GRANT = Grant("yuncheng-13", 3, NOW + timedelta(days=30))
VECTORS = json.loads((Path(__file__).parents[1] / "contract" / "digest-link.json").read_text("utf-8"))


def outcome(case):
    try:
        grant = read_digest_token(case["secret"], case["token"], datetime.fromisoformat(case["now"]))
    except ExpiredLink:
        return "expired"
    except BadLink:
        return "forged"
    return {"v": grant.subject, "g": grant.generation, "x": int(grant.expires_at.timestamp())}


def test_a_form_link_names_its_invitation():
    """The happy path."""
    assert read_form_token(SECRET, form_token(SECRET, INVITATION)) == INVITATION


def test_a_form_link_is_short_enough_for_a_qr_code():
    """A denser code does not scan from two metres."""
    assert len(form_token(SECRET, INVITATION)) <= 66


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "nonsense",
        "镁",
        form_token(OTHER, INVITATION),
        form_token(SECRET, INVITATION)[:-1],
        "A" + form_token(SECRET, INVITATION),
        organiser_token(SECRET, GRANT),
        form_token(SECRET, INVITATION).split(".")[0],
    ],
)
def test_a_form_link_that_is_not_ours_is_refused(token):
    """Forged, cut short, of another kind: all the same to the stranger."""
    with pytest.raises(BadLink):
        read_form_token(SECRET, token)


def test_an_organisers_link_grants_one_fair():
    """Subject, generation and expiry come back to the second."""
    assert read_organiser_token(SECRET, organiser_token(SECRET, GRANT), NOW) == GRANT


def test_an_organisers_link_expires():
    """On the second that it says."""
    token = organiser_token(SECRET, GRANT)
    with pytest.raises(ExpiredLink):
        read_organiser_token(SECRET, token, GRANT.expires_at)


@pytest.mark.parametrize(
    "token",
    ["", "x.y", digest_token(SECRET, GRANT), organiser_token(OTHER, GRANT), form_token(SECRET, INVITATION)],
)
def test_an_organisers_link_that_is_not_ours_is_refused(token):
    """A company's link opens no overview."""
    with pytest.raises(BadLink):
        read_organiser_token(SECRET, token, NOW)


def test_a_digest_link_grants_one_visit():
    """The collector reads what it wrote."""
    assert read_digest_token(SECRET, digest_token(SECRET, GRANT), NOW) == GRANT


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["why"])
def test_digest_links_are_what_the_contract_says(case):
    """The analyzer opens what the collector signs; a role in it is the analyzer's business."""
    expected = {name: value for name, value in (case["payload"] or {}).items() if name != "r"}
    assert outcome(case) == (expected if case["expected"] == "ok" else case["expected"])


@pytest.mark.parametrize("case", [c for c in VECTORS if c["expected"] == "ok"], ids=lambda case: case["why"])
def test_digest_links_are_signed_as_the_contract_says(case):
    """To the letter."""
    payload = case["payload"]
    grant = Grant(payload["v"], payload["g"], datetime.fromtimestamp(payload["x"], UTC))
    assert digest_token(case["secret"], grant, payload.get("r")) == case["token"]
