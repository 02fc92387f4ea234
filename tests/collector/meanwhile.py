"""What else happens while a request is under way."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from collector import tables
from collector.questionnaire import Questionnaire
from tests.collector.house import House


@contextmanager
def overtaken(house: House, monkeypatch: pytest.MonkeyPatch, other: Callable[[], object]) -> Iterator[None]:
    """Whatever is going to be submitted next, `other` is stored just before it."""
    intake = house.app.extensions["debrief"].intake
    submit = intake.submit

    def late(*args: object) -> object:
        monkeypatch.setattr(intake, "submit", submit)
        other()
        return submit(*args)

    monkeypatch.setattr(intake, "submit", late)
    yield
    assert intake.submit == submit


def ask_otherwise(house: House) -> None:
    """The visit gets another version of the questionnaire, with another notice."""
    document = json.loads(json.dumps(house.questionnaire.document))
    document["notice"]["text"]["en"] += " Changed."
    changed = Questionnaire.from_document(document)
    row = {"id": changed.id, "version": changed.version, "document": document, "loaded_at": house.now}
    with house.database.write() as connection:
        connection.execute(sa.insert(tables.questionnaire).values(row))
        connection.execute(sa.update(tables.visit).values(questionnaire_version=changed.version))
