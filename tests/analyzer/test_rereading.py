"""Reading old events again: shown first, applied when told, and never over a person's word."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from analyzer import rereading, store, tallies
from analyzer.__main__ import main
from analyzer.analysis.findings import TextAnalysis
from analyzer.corrections import text_hash
from analyzer.messages import ResponseSubmitted, parse
from analyzer.reading import read
from analyzer.tables import inbox, response
from tests.analyzer.reading_room import SECRET, ReadingRoom, open_room
from tests.analyzer.stories import NOW, read_as

BODY = (Path(__file__).parents[1] / "contract" / "examples" / "response-full.json").read_bytes()
OLDER = BODY.replace(b'"answers_revision": 1,', b"").replace(b'"revision": 1,', b'"revision": 3,')


class Fashion:
    """An engine that reads every text the same way, in a version of its own."""

    def __init__(self, name: str, topic: str, sentiment: str) -> None:
        self.versions = {"engine": name, "lexicon": "1", "taxonomy": "1"}
        self.topic, self.sentiment = topic, sentiment

    def analyse_all(self, asked: Sequence[tuple[str, str | None]]) -> list[TextAnalysis]:
        return [read_as(text, self.topic, self.sentiment) for text, _ in asked]

    def response_sentiment(self, analyses: list[TextAnalysis]) -> str | None:
        return self.sentiment


OLD, NEW = Fashion("old", "safety", "negative"), Fashion("new", "market_prospects", "positive")


@pytest.fixture
def room(tmp_path: Path, any_database_url: str) -> Iterator[ReadingRoom]:
    """One response, read by the old engine."""
    room = open_room(tmp_path, any_database_url)
    room.record([read(event(), OLD, NOW)])
    yield room
    room.database.close()


def event() -> ResponseSubmitted:
    found = parse(BODY)
    assert isinstance(found, ResponseSubmitted)
    return found


def topics(room: ReadingRoom) -> set[str]:
    with room.database.read() as connection:
        [rows] = store.fetch_rows(connection, response.c.id == event().response_id)
    return {aspect["topic"] for aspect in rows.aspects}


def sums(room: ReadingRoom) -> tallies.Tally:
    with room.database.read() as connection:
        return tallies.fetch(connection)


def test_what_a_migration_found_out_stays(room: ReadingRoom) -> None:
    """An older collector's event does not tell when an answer was changed; the events before it did."""
    with room.database.write() as connection:
        connection.execute(sa.update(response).values(revision=3, answers_revision=2))
        connection.execute(sa.update(inbox).values(body=OLDER.decode()))
    assert rereading.apply(room.database, NEW, NOW).responses == 1
    with room.database.read() as connection:
        assert connection.execute(sa.select(response.c.answers_revision)).scalar_one() == 2


def test_a_preview_tells_every_change_and_makes_none(room: ReadingRoom) -> None:
    """Nobody's digest moves before somebody has looked."""
    before = sums(room)
    seen = rereading.preview(room.database, NEW, NOW)
    assert seen.responses == 1
    assert {change.what for change in seen.changes} >= {"sentiment", "topics"}
    assert {change.after for change in seen.changes if change.what == "topics"} == {
        "market_prospects positive"
    }
    assert (topics(room), sums(room)) == ({"safety"}, before)


def test_applying_changes_just_what_the_preview_told(room: ReadingRoom) -> None:
    """Rows and sums agree afterwards, and a second run finds nothing to do."""
    seen = rereading.preview(room.database, NEW, NOW)
    assert rereading.apply(room.database, NEW, NOW) == seen
    assert topics(room) == {"market_prospects"}
    with room.database.write() as connection:
        assert store.rebuild_tallies(connection) == 0
    assert rereading.apply(room.database, NEW, NOW) == rereading.Reread(0, [])


def test_the_same_version_reads_nothing_again(room: ReadingRoom) -> None:
    """The same words in the same version give the same reading, so there is nothing to look for."""
    assert rereading.preview(room.database, OLD, NOW) == rereading.Reread(0, [])


def test_another_visit_is_left_alone(room: ReadingRoom) -> None:
    """`--visit` reads that visit's responses only."""
    assert rereading.apply(room.database, NEW, NOW, "elsewhere").responses == 0
    assert topics(room) == {"safety"}


def test_a_corrected_sentence_is_not_touched(room: ReadingRoom) -> None:
    """What the company's editor said is right stays right, and is no difference."""
    words = correct_the_first_sentence(room)
    untouched = rereading.preview(room.database, NEW, NOW).changes
    assert words not in {change.sentence for change in untouched}
    rereading.apply(room.database, NEW, NOW)
    assert topics(room) == {"market_prospects", "cost_supply"}
    with room.database.write() as connection:
        assert store.rebuild_tallies(connection) == 0


def correct_the_first_sentence(room: ReadingRoom) -> str:
    """A person says that it is a neutral word on cost.  Gives its words."""
    with room.database.write() as connection:
        [rows] = store.fetch_rows(connection, response.c.id == event().response_id)
        words = str(rows.sentences[0]["text"])
        span = {"start": 0, "end": len(words)}
        reading = {
            "sentiment": "neutral",
            "suggestion": False,
            "topics": [{"topic": "cost_supply", "sentiment": "neutral", **span}],
        }
        made = {
            "id": "c-1",
            "visit_id": event().visit_id,
            "response_id": event().response_id,
            "text_hash": text_hash(words),
            "reading": reading,
            "role": "company",
            "name": "Zhang",
            "made_at": NOW,
        }
        store.correct(connection, made)
    return words


def test_the_chore_wants_to_know_whether_to_show_or_to_do(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`reanalyse` alone changes nothing; `--diff` says what the engine of today would."""
    url = room.config.database_url
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATA_DIR", str(room.config.data_dir))
    monkeypatch.setenv("SECRET_KEY", SECRET)
    with pytest.raises(SystemExit) as stopped:
        main(["reanalyse"])
    assert stopped.value.code == 2
    assert main(["reanalyse", "--diff", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["responses"] == 1
    assert main(["reanalyse", "--diff"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("Would be read again: 1 of older versions.")
    assert topics(room) == {"safety"}
