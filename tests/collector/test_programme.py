"""Promises about programme files: every mistake with its line, and a difference that can be trusted."""

from datetime import UTC, date, datetime

import pytest

from collector.differences import ACTIVE, BARRED, OFF, Change, diff
from collector.programme import parse_programme, starting
from collector.yamlfile import read_yaml
from tests.collector.builders import problems_of, programme_file

EVERYBODY = {("plant-1124", "e01"): ACTIVE, ("plant-1124", "e02"): ACTIVE}


@pytest.fixture
def read(tmp_path):
    """read(changes…) -> the Programme of the changed file."""
    return lambda *changes: parse_programme(read_yaml(programme_file(tmp_path, *changes)))


def test_a_programme_is_read_with_its_times_in_utc(read):
    """14:30 in Shanghai is 06:30 in UTC."""
    (visit,) = read().visits
    assert visit.visited_at == datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    assert visit.deadline == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    assert visit.experts == ("e01", "e02")


def test_what_may_be_left_out_has_a_default(read):
    """Five experts at least, no address, no sample."""
    programme = read(
        ("    minimum_group: 5\n", ""), ("    email: e01@example.org\n", ""), ("  sample: true\n", "")
    )
    assert programme.visits[0].minimum_group == 5
    assert programme.experts[0].email is None
    assert programme.fair.sample is False


def test_a_company_may_ask_for_something(read):
    """Its needs travel with the visit; what quotes may tell is the organiser's choice."""
    asks = "zh: 镁业}, needs: [{id: dust, label: {en: Dust, zh: 粉尘}, phrases: [粉尘]}]}"
    chosen = "    attribution: discipline\n    minimum_text: 4\n"
    programme = read(("zh: 镁业}}", asks), ("    minimum_group: 5\n", chosen))
    (company,), (visit,) = programme.companies, programme.visits
    label = {"en": "Dust", "zh": "粉尘"}
    assert company.needs == ({"id": "dust", "label": label, "topic": None, "phrases": ["粉尘"]},)
    assert (visit.attribution, visit.minimum_text) == ("discipline", 4)


def test_a_company_may_name_whom_to_write_to(read):
    """Its digest goes there by mail, in Chinese unless it says otherwise."""
    there = "zh: 镁业}, contacts: [{email: a@example.org}, {email: b@example.org, language: en}]}"
    (company,) = read(("zh: 镁业}}", there)).companies
    assert company.contacts == (
        {"email": "a@example.org", "language": "zh"},
        {"email": "b@example.org", "language": "en"},
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("{en: Fair, zh: 交流会}", "{en: Fair}", 3, "fair.name.zh", "is missing"),
        ("Asia/Shanghai", "Asia/Yuncheng", 4, "fair.timezone", "is not a time zone"),
        ("Asia/Shanghai", "../../etc/passwd", 4, "fair.timezone", "is not a time zone"),
        ("starts_on: 2026-11-24", "starts_on: 24.11.2026", 5, "fair.starts_on", "must be a date"),
        ("starts_on: 2026-11-24", "starts_on: 2026-11-31", 5, "fair.starts_on", "must be a date"),
        ("ends_on: 2026-11-25", "ends_on: 2026-11-23", 6, "fair.ends_on", "is before starts_on"),
        ("sample: true", "sample: maybe", 7, "fair.sample", "true or false"),
        (
            "zh: 镁业}}",
            "zh: 镁业}, contacts: [{email: no}]}",
            9,
            "….contacts[1].email",
            "is not an e-mail address",
        ),
        ("id: plant,", "id: Plant 1,", 9, "companies[Plant 1].id", "small letters"),
        (
            "organisation_kind: university",
            "organisation_kind: school",
            14,
            "…organisation_kind",
            "unknown: school",
        ),
        ("language: zh", "language: fr", 16, "…language", "unknown: fr"),
        ("email: e01@example.org", "email: e01@example", 17, "…email", "is not an e-mail address"),
        ("  - id: e02", "  - id: e01", 18, "experts[e01].id", "already the id of another expert"),
        ("    language: en\n", "", 18, "experts[e02].language", "is missing"),
        ("company: plant", "company: plnat", 25, "visits[plant-1124].company", "is not the id of a company"),
        ("2026-11-24 14:30", "2026-11-24", 26, "…visited_at", "a date and a local time"),
        ("2026-11-24 14:30", "2026-11-24T14:30:00Z", 26, "…visited_at", "a date and a local time"),
        ("2026-11-24 14:30", "2026-11-24 25:00", 26, "…visited_at", "a date and a local time"),
        ("2026-12-01 18:00", "2026-11-24 14:30", 27, "…deadline", "is not after the visit"),
        ("minimum_group: 5", "minimum_group: 2", 29, "…minimum_group", "must be from 3 to 100"),
        ("minimum_group: 5", "minimum_group: '5'", 29, "…minimum_group", "whole number"),
        ("[e01, e02]", "[e01, e09]", 30, "…experts[e09]", "is not the id of an expert"),
        ("[e01, e02]", "[e01, e01]", 30, "…experts[e01]", "is named twice"),
        ("[e01, e02]", "e01", 30, "…experts", "must be a list"),
        (
            "    company: plant\n",
            "    company: plant\n    bus: 2\n",
            26,
            "…bus",
            "not a field that belongs here",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(read, old, new, line, field, problem):
    """Whoever wrote the file finds the place without help."""
    found = problems_of(lambda: read((old, new)))
    matching = [one for one in found if problem in one[2]]
    assert matching, found
    assert matching[0][0] == line
    assert matching[0][1].endswith(field.removeprefix("…"))


def test_all_mistakes_come_at_once(read):
    """A file is put right in one go, top to bottom."""
    changes = (("company: plant", "company: x"), ("zh: 交流会", "zh: ''"), ("[e01, e02]", "[e01, e09]"))
    assert [line for line, _, _ in problems_of(lambda: read(*changes))] == [3, 25, 30]


def test_an_hour_that_summer_time_leaves_out_is_refused(read):
    """02:30 did not happen in Berlin on that day."""
    found = problems_of(
        lambda: read(
            ("Asia/Shanghai", "Europe/Berlin"),
            ("2026-11-24 14:30", "2026-03-29 02:30"),
        )
    )
    assert [(line, problem[:14]) for line, _, problem in found] == [(26, "does not exist")]


def test_a_fair_can_be_moved_and_keeps_its_clock_times(read):
    """Over a change to winter time the visit stays at 14:30."""
    programme = read(
        ("Asia/Shanghai", "Europe/Berlin"),
        ("2026-11-24", "2026-10-24"),
        ("2026-11-25", "2026-10-25"),
    )
    moved = starting(programme, date(2026, 10, 26))
    assert programme.visits[0].visited_at == datetime(2026, 10, 24, 12, 30, tzinfo=UTC)
    assert moved.visits[0].visited_at == datetime(2026, 10, 26, 13, 30, tzinfo=UTC)
    assert (moved.fair.starts_on, moved.fair.ends_on) == (date(2026, 10, 26), date(2026, 10, 27))


def test_everything_is_new_the_first_time(read):
    """Nothing stored, everything added."""
    found = diff(None, read(), {})
    assert (found.fair.added, found.companies.added, found.experts.added) == (
        ("fair",),
        ("plant",),
        ("e01", "e02"),
    )
    assert found.invitations.added == (("plant-1124", "e01"), ("plant-1124", "e02"))


def test_the_same_again_is_no_difference(read):
    """Loading is idempotent."""
    found = diff(read(), read(), EVERYBODY)
    assert found.is_empty
    assert (found.experts.unchanged, found.invitations.unchanged) == (2, 2)


def test_what_changed_is_named_by_field(read):
    """The dry run says what, not only that."""
    new = read(("2026-12-01 18:00", "2026-12-02 18:00"), ("zh: 甲", "zh: 甲甲"))
    found = diff(read(), new, EVERYBODY)
    assert found.visits.changed == (Change("plant-1124", ("deadline",)),)
    assert found.experts.changed == (Change("e01", ("name",)),)


def test_what_is_missing_from_the_file_is_reported_and_kept(read):
    """Answers may hang on it."""
    stored = read(("    experts: [e01, e02]", "    experts: []"))
    found = diff(stored, read(("  - id: e02", "  - id: e03"), ("[e01, e02]", "[e01]")), {})
    assert found.experts.removed == ("e02",)
    assert found.experts.added == ("e03",)


def test_an_expert_taken_off_a_visit_loses_the_invitation(read):
    """And gets it back with the next load that names them again."""
    off = diff(read(), read(("[e01, e02]", "[e01]")), EVERYBODY)
    again = diff(read(), read(), EVERYBODY | {("plant-1124", "e02"): OFF})
    assert off.invitations.revoked == (("plant-1124", "e02"),)
    assert again.invitations.restored == (("plant-1124", "e02"),)


def test_an_invitation_revoked_by_hand_stays_revoked(read):
    """A load must not overrule the organiser, in either direction."""
    barred = EVERYBODY | {("plant-1124", "e02"): BARRED}
    assert diff(read(), read(), barred).is_empty
    assert diff(read(), read(("[e01, e02]", "[e01]")), barred).is_empty


def test_invitations_of_a_visit_that_is_not_in_the_file_stay(read):
    """The visit stays too."""
    elsewhere = EVERYBODY | {("other-visit", "e01"): ACTIVE}
    assert diff(read(), read(), elsewhere).invitations.revoked == ()
