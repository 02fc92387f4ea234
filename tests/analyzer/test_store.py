"""Each event counts once, each response in its newest revision, and the tallies agree with the rows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer import store, tallies
from analyzer.database import Database, migrate, open_database
from analyzer.errors import TryLater
from analyzer.rows import AnalysedEvent
from analyzer.tables import inbox, metadata, response, sentence, visit
from tests.analyzer.stories import NOW, analysed, answer, said, scheduled, submitted, withdrawn
from tests.schemas import with_tables


@pytest.fixture
def database(any_database_url: str) -> Iterator[Database]:
    database = with_tables(open_database(any_database_url), open_database, migrate)
    yield database
    database.close()


def record(database: Database, *events: AnalysedEvent) -> None:
    with database.write() as connection:
        store.record(connection, events)


def sums(database: Database) -> dict[str, int]:
    """{"metric key": count} over all visits and days."""
    with database.read() as connection:
        found = tallies.fetch(connection)
    return {f"{key.metric} {key.key}": n for key, n in found.items()}


def number(database: Database, table: sa.Table) -> int:
    with database.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_a_response_is_written_with_its_sentences_and_counted(database: Database) -> None:
    """One transaction holds the rows and the sums."""
    record(database, said("r-1", more=[answer("aspects", {"process": 5, "safety": "opt_out"})]))
    counted = sums(database)
    assert counted["response answered"] == counted["response verified"] == 1
    assert counted["rating overall:4"] == counted["nps recommend:8"] == 1
    assert counted["matrix production_process:5"] == counted["matrix safety:opt_out"] == 1
    assert counted["topic_expert production_process:positive"] == 1
    assert number(database, sentence) == 1


def test_an_event_delivered_twice_is_counted_once(database: Database) -> None:
    """At-least-once delivery must not inflate a digest, in one batch or in two."""
    record(database, said("r-1"), said("r-1"))
    record(database, said("r-1"))
    assert sums(database)["response answered"] == 1
    assert number(database, inbox) == 1


def test_a_batch_that_fails_leaves_nothing_behind(database: Database) -> None:
    """Inbox, rows and sums are one transaction."""

    def cut() -> None:
        with database.write() as connection:
            store.record(connection, [said("r-1")])
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        cut()
    assert number(database, inbox) == number(database, response) == 0
    assert sums(database) == {}


def test_an_amendment_replaces_the_first_answers(database: Database) -> None:
    """The expert changed their mind: only the last word counts."""
    record(database, analysed(submitted("r-1", [answer("overall", 2)])))
    record(database, analysed(submitted("r-1", [answer("overall", 5)], revision=2)))
    counted = sums(database)
    assert counted["rating overall:5"] == 1
    assert "rating overall:2" not in counted


def test_an_older_revision_never_overwrites_a_newer_one(database: Database) -> None:
    """Messages may overtake each other on the way."""
    record(database, analysed(submitted("r-1", [answer("overall", 5)], revision=2)))
    record(database, analysed(submitted("r-1", [answer("overall", 2)])))
    assert sums(database)["rating overall:5"] == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_withdrawn_response_is_gone_whatever_came_first(database: Database, order: tuple[int, ...]) -> None:
    """The expert's right to take it back does not depend on the broker's order."""
    events = [said("r-1"), analysed(withdrawn("r-1"))]
    for place in order:
        record(database, events[place])
    assert sums(database) == {}
    assert number(database, response) == number(database, sentence) == 0


def test_sending_again_after_a_withdrawal_counts(database: Database) -> None:
    """A higher revision is a new decision of the same expert."""
    record(database, said("r-1"), analysed(withdrawn("r-1", revision=2)))
    record(database, said("r-1", revision=3))
    assert sums(database)["response answered"] == 1


def test_without_consent_only_the_answering_counts(database: Database) -> None:
    """The company may know that somebody answered, and nothing else."""
    record(database, said("r-1", use=False))
    expected = {"answered", "verified", "withheld", "language:en"}
    assert sums(database) == {f"response {key}": 1 for key in expected}
    assert number(database, sentence) == 1


def test_an_answer_for_the_organiser_alone_is_not_counted(database: Database) -> None:
    """Readership holds for sums too."""
    record(database, said("r-1", readership="organiser"))
    assert not any(key.startswith(("topic", "sentence", "text")) for key in sums(database))


def test_an_unscorable_text_is_counted_as_such(database: Database) -> None:
    """Unknown is not neutral."""
    record(database, said("r-1", text="AZ91D", topic="other", sentiment=None))
    counted = sums(database)
    assert counted["text unscorable"] == counted["sentence unscorable"] == 1


def test_an_older_word_on_a_visit_never_overwrites_a_newer_one(database: Database) -> None:
    """A revoked link stays revoked when the first announcement arrives late."""
    record(database, analysed(scheduled(time=NOW, link_generation=2)))
    record(database, analysed(scheduled(time=NOW - timedelta(hours=1), link_generation=1)))
    with database.read() as connection:
        assert connection.execute(sa.select(visit.c.link_generation)).scalar_one() == 2


def test_two_writers_of_the_same_visits_do_not_block_each_other(database: Database) -> None:
    """Several workers at once: no deadlock, and the sums are exact."""
    visits = ("ruige-1124", "delta-1124", "acme-1125")

    def write(worker: int) -> None:
        for batch in range(12):
            names = [f"w{worker}-{batch}-{n}" for n in range(8)]
            names = names if worker else names[::-1]
            events = [said(name, visit_id=visits[n % 3]) for n, name in enumerate(names)]
            shared = [said(f"both-{batch}-{n}", visit_id=visits[n % 3]) for n in range(4)]
            record(database, *(events + shared if worker else shared[::-1] + events))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(2)))
    with database.read() as connection:
        found = tallies.fetch(connection)
    answered = sum(n for key, n in found.items() if (key.metric, key.key) == ("response", "answered"))
    assert answered == 2 * 12 * 8 + 12 * 4


def test_two_writers_of_one_response_leave_the_newest_revision(database: Database) -> None:
    """Revisions of one response in the hands of two workers at once."""
    revisions = range(1, 21)
    events = [
        analysed(submitted("r-1", [answer("overall", 5 if n == 20 else 1)], revision=n)) for n in revisions
    ]

    def write(offset: int) -> None:
        for event in events[offset::2]:
            record(database, event)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(2)))
    assert {k: n for k, n in sums(database).items() if k.startswith("rating")} == {"rating overall:5": 1}


def test_a_database_that_is_away_means_try_later() -> None:
    """Nothing is buried because a server restarts."""
    nowhere = open_database("postgresql+psycopg://postgres@127.0.0.1:1/none")
    with pytest.raises(TryLater, match="database"), nowhere.write():
        pass


FEELINGS = ("positive", "neutral", "negative", None)


@st.composite
def stories(draw: Any) -> list[AnalysedEvent]:
    """Events of up to four responses: revisions, withdrawals, copies, in any order."""
    events: list[AnalysedEvent] = []
    for n in range(draw(st.integers(1, 4))):
        for revision in range(1, draw(st.integers(1, 4)) + 1):
            if draw(st.booleans()) or revision == 1:
                feeling = draw(st.sampled_from(FEELINGS))
                topic = draw(st.sampled_from(("safety", "other")))
                use, advice = draw(st.booleans()), draw(st.booleans())
                event = said(
                    f"r-{n}", topic=topic, sentiment=feeling, use=use, suggestion=advice, revision=revision
                )
            else:
                event = analysed(withdrawn(f"r-{n}", revision=revision))
            events += [event] * draw(st.integers(1, 2))
    return list(draw(st.permutations(events)))


@given(story=stories(), size=st.integers(1, 5))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tallies_rebuilt_are_the_tallies_kept(
    database: Database, story: list[AnalysedEvent], size: int
) -> None:
    """Whatever arrives, in whatever order and batches: counting again gives the same numbers."""
    with database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))
    for start in range(0, len(story), size):
        record(database, *story[start : start + size])
    kept = sums(database)
    with database.write() as connection:
        assert store.rebuild_tallies(connection) == 0
    assert sums(database) == kept
    assert kept.get("response answered", 0) == _standing(story)


def _standing(story: list[AnalysedEvent]) -> int:
    """Said the plain way: responses whose highest event is a submission."""
    highest: dict[str, tuple[int, bool]] = {}
    for item in story:
        event: Any = item.event
        rank = (event.revision, event.type == "response.withdrawn.v1")
        highest[event.response_id] = max(highest.get(event.response_id, (0, False)), rank)
    return sum(not taken_back for _, taken_back in highest.values())


def test_a_wrong_tally_is_put_right(database: Database) -> None:
    """rebuild-tallies repairs, and says how many sums it changed."""
    record(database, said("r-1"))
    with database.write() as connection:
        connection.execute(sa.update(metadata.tables["tally"]).values(count=7))
    with database.write() as connection:
        assert store.rebuild_tallies(connection) > 0
    assert sums(database)["response answered"] == 1
