"""The schema comes from migrations alone, and they say the same as the tables."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

import analyzer
from analyzer import store
from analyzer.analysis import load_engine
from analyzer.database import is_current, migrate, open_database
from analyzer.messages import AnyEvent, parse
from analyzer.reading import read
from analyzer.rows import AnalysedEvent
from analyzer.tables import answer, metadata, response
from tests.analyzer.stories import NOW
from tests.contract.files import HERE


def test_the_migrations_build_the_tables_that_the_code_knows(any_database_url: str) -> None:
    """No column can be added to the code without a migration."""
    database = open_database(any_database_url)
    migrate(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(any_database_url: str) -> None:
    """init-db may run at every start."""
    database = open_database(any_database_url)
    migrate(database)
    migrate(database)
    assert is_current(database)


def test_two_at_once_take_turns(any_database_url: str) -> None:
    """Two containers that start together do not trip over each other."""
    databases = [open_database(any_database_url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate, databases))
    assert all(is_current(database) for database in databases)


def test_an_empty_database_is_not_current(any_database_url: str) -> None:
    """A role that needs the tables can say so before it fails."""
    assert not is_current(open_database(any_database_url))


def downgrade(connection: sa.Connection, revision: str) -> None:
    """Back to how the tables were, by the migrations' own way down."""
    config = Config()
    config.set_main_option("script_location", str(Path(analyzer.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


def test_photos_of_responses_from_before_are_found_in_their_events(any_database_url: str) -> None:
    """A worker that knew nothing of photos kept the messages that did."""
    database = open_database(any_database_url)
    migrate(database)
    told = parse((HERE / "examples" / "response-photos.json").read_bytes())
    with database.write() as connection:
        store.record(connection, [read(told, load_engine(), NOW)])
        downgrade(connection, "0003")
    migrate(database)
    with database.read() as connection:
        [photos] = connection.execute(sa.select(response.c.photos)).scalars()
        assert connection.execute(sa.select(sa.func.count()).select_from(answer)).scalar_one() > 0
    database.close()
    assert [photo["readership"] for photo in photos] == ["quote", "organiser"]


def test_changes_of_answers_from_before_are_found_in_their_events(any_database_url: str) -> None:
    """Of two responses with three revisions, one's expert changed an answer in the second."""
    database = open_database(any_database_url)
    migrate(database)
    with database.write() as connection:
        store.record(connection, [AnalysedEvent(event, NOW) for event in THREE_REVISIONS])
        downgrade(connection, "0007")
    migrate(database)
    with database.read() as connection:
        found = connection.execute(sa.select(response.c.id, response.c.answers_revision)).all()
    database.close()
    assert {row.id: row.answers_revision for row in found} == {"changed": 2, "photos": 1, "once": 1}


def example(response_id: str, revision: int, overall: int) -> AnyEvent:
    """The third revision of all has a transcript, which is no answer of the expert's own form."""
    told = json.loads((HERE / "examples" / "response-transcript.json").read_text("utf-8"))
    told |= {"id": f"{response_id}-{revision}", "subject": response_id}
    told["data"] |= {"response_id": response_id, "revision": revision}
    if revision < 3:
        told["data"]["answers"] = [a for a in told["data"]["answers"] if "transcribed" not in a]
    del told["data"]["answers_revision"]
    told["data"]["answers"][0]["value"] = overall
    return parse(json.dumps(told).encode())


THREE_REVISIONS = [
    *(example("changed", revision, overall) for revision, overall in ((3, 2), (1, 4), (2, 2))),
    *(example("photos", revision, 4) for revision in (1, 2, 3)),
    example("once", 1, 4),
]


def test_spoken_answers_from_before_are_found_in_their_events(any_database_url: str) -> None:
    """A worker that read transcripts as any other text kept the messages that told them apart."""
    database = open_database(any_database_url)
    migrate(database)
    told = [
        parse((HERE / "examples" / f"response-{name}.json").read_bytes()) for name in ("transcript", "full")
    ]
    with database.write() as connection:
        store.record(connection, [read(event, load_engine(), NOW) for event in told])
        downgrade(connection, "0006")
    migrate(database)
    with database.read() as connection:
        rows = connection.execute(sa.select(answer.c.question_id).where(answer.c.transcribed)).scalars().all()
        assert connection.execute(sa.select(sa.func.count()).select_from(answer)).scalar_one() > len(rows)
    database.close()
    assert [row.startswith("voice-") for row in rows] == [True]
