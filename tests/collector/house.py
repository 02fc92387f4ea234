"""A small fair with one visit, and a collector that runs in this process with a clock that stands still."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from collector import tables
from collector.app import create_app
from collector.config import Config
from collector.database import Database, open_database
from collector.links import Grant, form_token, organiser_token
from collector.migrations import migrate
from collector.questionnaire import Questionnaire
from tests.collector.builders import site_visit
from tests.schemas import with_tables

SECRET = "a-secret-for-tests-that-is-long-enough"
VISITED_AT = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # 14:30 at the fair
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)  # 18:00 at the fair
PERSONAL = "018f0000-0000-7000-8000-000000000001"
ENGLISH = "018f0000-0000-7000-8000-000000000002"
OPEN = "018f0000-0000-7000-8000-000000000009"
ASPECTS = ("process", "product", "market", "innovation", "energy", "safety", "management")


@dataclass
class House:
    database: Database
    app: Flask
    now: datetime = NOW
    questionnaire: Questionnaire = field(default_factory=site_visit)

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def post(
        self, body: Any, token: str | None = None, key: str | None = None, **headers: str
    ) -> TestResponse:
        sent = {"Authorization": f"Bearer {token or self.token()}", "Idempotency-Key": key or str(uuid4())}
        return self.client.post("/api/v1/responses", json=body, headers={**sent, **headers})

    def token(self, invitation: str = PERSONAL) -> str:
        return form_token(SECRET, invitation)

    def overview(self, generation: int = 1, until: datetime = DEADLINE) -> str:
        return "/o/" + organiser_token(SECRET, Grant("fair", generation, until))

    def rows(self, table: sa.Table) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(sa.select(table)))

    def revoke(self, invitation: str = PERSONAL) -> None:
        with self.database.write() as connection:
            mine = tables.invitation.c.id == invitation
            connection.execute(sa.update(tables.invitation).where(mine).values(revoked_at=NOW))


def settings(url: str, folder: Path, **more: str) -> Config:
    environ = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "DATA_DIR": str(folder), **more}
    return Config.from_env(environ)


def build(url: str, folder: Path, *, fill: bool = True, **more: str) -> House:
    database = with_tables(open_database(url), open_database, migrate)
    app = create_app(settings(url, folder, **more), clock=lambda: house.now, database=database)
    house = House(database, app)
    if fill:
        fill_fair(house)
    return house


def fill_fair(house: House, company: dict[str, str] | None = None) -> None:
    asked = house.questionnaire
    with house.database.write() as connection:
        for table, rows in _fair(asked, company or {"en": "Ruige Magnesium", "zh": "瑞格镁业"}):
            connection.execute(sa.insert(table), rows)


def good(**more: Any) -> dict[str, Any]:
    """A body that has every required answer; `more` replaces single answers."""
    answers = {"overall": 4, "aspects": dict.fromkeys(ASPECTS, 4), "recommend": 8, "cooperate": "no"}
    return {
        "answers": {**answers, **more},
        "language": "en",
        "submitted_at": "2026-11-24T16:55:00+08:00",
        "consent": {"use": True, "quote": True},
    }


def _fair(asked: Questionnaire, company: dict[str, str]) -> list[tuple[sa.Table, list[dict[str, Any]]]]:
    def expert(name: str, language: str) -> dict[str, Any]:
        return {
            "id": name,
            "fair_id": "fair",
            "name": {"en": f"Expert {name}", "zh": f"专家{name}"},
            "organisation": {"en": "A university", "zh": "某大学"},
            "organisation_kind": "university",
            "discipline": "materials",
            "language": language,
            "email": None,
        }

    def invited(name: str, kind: str, expert_id: str | None) -> dict[str, Any]:
        return {
            "id": name,
            "kind": kind,
            "visit_id": "visit",
            "expert_id": expert_id,
            "created_at": VISITED_AT,
        }

    fair = {
        "id": "fair",
        "name": {"en": "Autumn Fair", "zh": "秋季交流会"},
        "timezone": "Asia/Shanghai",
        "starts_on": "2026-11-24",
        "ends_on": "2026-11-25",
        "sample": False,
        "link_generation": 1,
    }
    visit = {
        "id": "visit",
        "fair_id": "fair",
        "company_id": "company",
        "visited_at": VISITED_AT,
        "deadline": DEADLINE,
        "minimum_group": 3,
        "questionnaire_id": asked.id,
        "questionnaire_version": asked.version,
        "link_generation": 1,
    }
    industry = {"en": "Magnesium", "zh": "镁业"}
    return [
        (tables.fair, [fair]),
        (tables.company, [{"id": "company", "fair_id": "fair", "name": company, "industry": industry}]),
        (
            tables.questionnaire,
            [{"id": asked.id, "version": asked.version, "document": asked.document, "loaded_at": NOW}],
        ),
        (tables.visit, [visit]),
        (tables.expert, [expert("e1", "zh"), expert("e2", "en")]),
        (
            tables.invitation,
            [
                invited(PERSONAL, "personal", "e1"),
                invited(ENGLISH, "personal", "e2"),
                invited(OPEN, "open", None),
            ],
        ),
    ]
