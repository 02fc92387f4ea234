"""Promises about loading a programme: once, whole or not at all, and the analyzer is told what changed."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from collector import tables
from collector.database import Database, open_database
from collector.invitations import find_invitations, revoke_invitation
from collector.loading import load_programme, read_plan
from collector.migrations import migrate
from tests.collector.builders import counting_chance, problems_of, programme_file

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def database(any_database_url: str) -> Iterator[Database]:
    opened = open_database(any_database_url)
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def load(database, tmp_path):
    """load(changes…) -> Loaded, each time a minute later."""
    chance, clock = counting_chance(), iter(NOW + timedelta(minutes=n) for n in range(100))

    def do(*changes: tuple[str, str], first_day: date | None = None, **more):
        plan = read_plan(programme_file(tmp_path, *changes), first_day)
        return load_programme(database, plan, next(clock), chance, **more)

    return do


def rows(database: Database, table: sa.Table) -> list:
    with database.read() as connection:
        return list(connection.execute(sa.select(table).order_by(*table.primary_key)))


def told(database: Database) -> list[dict]:
    """The data of every event, oldest first."""
    return [json.loads(row.body)["data"] for row in rows(database, tables.outbox)]


def state(database: Database, expert: str | None) -> tuple:
    with database.read() as connection:
        (found,) = [one for one in find_invitations(connection) if one.expert == expert]
    return found.id, found.revoked_by


def test_a_programme_is_stored_with_its_invitations(database, load):
    """One personal link for each expert of a visit, one open link for the visit."""
    loaded = load()
    invitations = rows(database, tables.invitation)
    assert [(one.kind, one.expert_id) for one in invitations] == [
        ("open", None),
        ("personal", "e01"),
        ("personal", "e02"),
    ]
    assert (len(rows(database, tables.expert)), loaded.events) == (2, 1)


def test_the_questionnaire_is_stored_with_its_version(database, load):
    """Answers say which words they answered."""
    load()
    (stored,) = rows(database, tables.questionnaire)
    (visit,) = rows(database, tables.visit)
    assert (stored.id, stored.version) == (visit.questionnaire_id, visit.questionnaire_version)
    assert stored.document["title"]["zh"] == "这次参访，您怎么看？"


def test_the_analyzer_is_told_of_a_new_visit(database, load):
    """Names, times, how many were invited and who they are, by groups."""
    load()
    (event,) = told(database)
    assert (event["visit_id"], event["invited"], event["minimum_group"]) == ("plant-1124", 2, 5)
    assert event["visited_at"] == "2026-11-24T06:30:00.000Z"
    assert event["company"]["name"] == {"en": "Plant", "zh": "工厂"}
    assert event["visitors"] == {
        "organisation_kind": {"institute": 1, "university": 1},
        "discipline": {"materials": 1},
        "language": {"en": 1, "zh": 1},
        "organisation_kind/language": {"institute/en": 1, "university/zh": 1},
        "discipline/language": {"/en": 1, "materials/zh": 1},
    }


def test_loading_again_changes_nothing(database, load):
    """No second invitation, no second event."""
    load()
    before = rows(database, tables.invitation)
    again = load()
    assert again.difference.is_empty
    assert rows(database, tables.invitation) == before
    assert len(told(database)) == 1


def test_a_dry_run_changes_nothing(database, load):
    """It only says what would change."""
    found = load(dry_run=True).difference
    assert found.visits.added == ("plant-1124",)
    assert rows(database, tables.fair) == []
    assert told(database) == []


def test_a_changed_deadline_is_stored_and_told(database, load):
    """The form closes later, and the digest knows."""
    load()
    loaded = load(("2026-12-01 18:00", "2026-12-02 18:00"))
    assert loaded.events == 1
    assert rows(database, tables.visit)[0].deadline == datetime(2026, 12, 2, 10, 0, tzinfo=UTC)
    assert told(database)[-1]["deadline"] == "2026-12-02T10:00:00.000Z"


def test_a_changed_address_is_nobody_elses_business(database, load):
    """What the analyzer does not know does not wake it."""
    load()
    assert load(("e01@example.org", "new@example.org")).events == 0
    assert rows(database, tables.expert)[0].email == "new@example.org"


def test_an_expert_taken_off_a_visit_loses_the_link_and_gets_it_back(database, load):
    """The invitation is kept: back on the visit, the same link works again."""
    load()
    before, _ = state(database, "e02")
    load(("[e01, e02]", "[e01]"))
    assert state(database, "e02") == (before, "programme")
    assert told(database)[-1]["invited"] == 1
    load()
    assert state(database, "e02") == (before, None)
    assert told(database)[-1]["invited"] == 2


def test_a_link_revoked_by_hand_stays_revoked(database, load):
    """An organiser's decision outlives every load."""
    load()
    invitation, _ = state(database, "e02")
    with database.write() as connection:
        revoke_invitation(connection, invitation, NOW)
    load()
    load(("[e01, e02]", "[e01]"))
    load()
    assert state(database, "e02") == (invitation, "organiser")


def test_a_visit_that_is_gone_from_the_file_is_kept(database, load):
    """Its answers and its digest stay."""
    load()
    loaded = load(("id: plant-1124", "id: plant-1125"))
    assert loaded.difference.visits.removed == ("plant-1124",)
    assert [visit.id for visit in rows(database, tables.visit)] == ["plant-1124", "plant-1125"]


def test_a_moved_fair_moves_in_the_database(database, load):
    """The sample fair is always on today."""
    load()
    load(first_day=date(2026, 12, 24))
    assert rows(database, tables.fair)[0].starts_on == "2026-12-24"
    assert rows(database, tables.visit)[0].visited_at == datetime(2026, 12, 24, 6, 30, tzinfo=UTC)


def test_an_id_of_another_fair_is_refused(database, load):
    """Ids stand in links and messages, so they are unique over all fairs; nothing is written."""
    load()
    found = problems_of(lambda: load(("  id: fair", "  id: next-fair")))
    assert [(line, problem) for line, _, problem in found] == [
        (9, "plant already belongs to the fair fair"),
        (11, "e01 already belongs to the fair fair"),
        (18, "e02 already belongs to the fair fair"),
        (24, "plant-1124 already belongs to the fair fair"),
    ]
    assert len(rows(database, tables.fair)) == 1


def test_a_questionnaire_that_does_not_exist_is_refused(load):
    """With the line of the visit that asks for it."""
    ((line, field, problem),) = problems_of(
        lambda: load(("questionnaire: site-visit", "questionnaire: sitevisit"))
    )
    assert (line, field) == (28, "visits[plant-1124].questionnaire")
    assert "no built-in sitevisit" in problem


def test_a_questionnaire_of_ones_own_lies_beside_the_programme(database, load, tmp_path):
    """A changed word is a new version, and the form shows it."""
    own = (
        "id: own\ntitle: {en: Own, zh: 自拟}\n"
        "sections:\n  - id: s\n    title: {en: S, zh: 节}\n    questions:\n"
        "      - {id: use, type: consent, role: consent_use, required: true, label: {en: Use, zh: 使用}}\n"
    )
    (tmp_path / "own.yaml").write_text(own)
    change = ("questionnaire: site-visit", "questionnaire: own.yaml")
    load(change)
    (tmp_path / "own.yaml").write_text(own.replace("en: Use", "en: Use it"))
    loaded = load(change)
    assert loaded.difference.visits.changed[0].fields == ("questionnaire",)
    assert [row.id for row in rows(database, tables.questionnaire)] == ["own", "own"]


def test_a_mistake_in_that_questionnaire_is_named_with_its_own_line(load, tmp_path):
    """The file that is wrong is the one that is named."""
    (tmp_path / "own.yaml").write_text("id: own\ntitle: {en: Own}\nsections: []\n")
    found = problems_of(lambda: load(("questionnaire: site-visit", "questionnaire: own.yaml")))
    assert (2, "title.zh", "is missing") in found
