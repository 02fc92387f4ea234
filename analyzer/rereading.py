"""Reads stored responses again, from their events, with the engine of today: `analyzer reanalyse`.

In: the database and an engine.  Out: what would be, or was, read differently.  Responses that were read by
the same versions already are left alone: the same words in the same version give the same reading.
Corrections by people win on both sides of the comparison, so a corrected sentence never differs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from analyzer import acting, store
from analyzer.analysis.comparing import Change, Key, compare
from analyzer.analysis.findings import Aspect, Sentence, TextAnalysis
from analyzer.corrections import corrected
from analyzer.database import Database, hold
from analyzer.messages import ResponseSubmitted, parse
from analyzer.reading import Reader, read
from analyzer.rows import Row, Rows, rows_of
from analyzer.tables import inbox, response

CHUNK = 100  # responses of one transaction; reading them again takes well under a second


@dataclass(frozen=True)
class Reread:
    """responses: how many were read again; changes: what came out differently."""

    responses: int
    changes: Sequence[Change]


def preview(database: Database, engine: Reader, now: datetime, visit: str | None = None) -> Reread:
    """What `apply` would change; changes nothing."""
    found, changes = 0, list[Change]()
    for ids in chunks(old_responses(database, engine, visit)):
        with database.read() as connection:
            pairs = _read_again(connection, ids, engine, now)
            changes += _differences(connection, pairs)
        found += len(pairs)
    return Reread(found, changes)


def apply(database: Database, engine: Reader, now: datetime, visit: str | None = None) -> Reread:
    """Put the new readings in place, a transaction per CHUNK: broken off, it goes on where it was."""
    found, changes = 0, list[Change]()
    for ids in chunks(old_responses(database, engine, visit)):
        with database.write() as connection:
            hold(connection, {f"response {one}" for one in ids})
            pairs = _read_again(connection, ids, engine, now)
            changes += _differences(connection, pairs)
            store.replace(connection, [stored for stored, _ in pairs], [fresh for _, fresh in pairs])
        found += len(pairs)
    return Reread(found, changes)


def old_responses(database: Database, engine: Reader, visit: str | None) -> list[str]:
    """Ids of the responses that other versions have read."""
    chosen = sa.select(response.c.id, response.c.versions).order_by(response.c.id)
    if visit is not None:
        chosen = chosen.where(response.c.visit_id == visit)
    with database.read() as connection:
        return [row.id for row in connection.execute(chosen) if row.versions != engine.versions]


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _read_again(
    connection: sa.Connection, ids: Sequence[str], engine: Reader, now: datetime
) -> list[tuple[Rows, Rows]]:
    """(stored, fresh) of each response; the event of the stored revision is what is read."""
    events = _events(connection, ids)
    pairs = []
    for stored in store.fetch_rows(connection, response.c.id.in_(ids)):
        event = events.get((stored.response["id"], stored.response["revision"]))
        if event is not None:
            pairs.append((stored, _with_history(rows_of(read(event, engine, now), event), stored)))
    return pairs


def _with_history(fresh: Rows, stored: Rows) -> Rows:
    """What one event alone may not tell: an older collector's says nothing of the revisions before it."""
    kept = {"answers_revision": stored.response["answers_revision"]}
    return replace(fresh, response={**fresh.response, **kept})


def _events(connection: sa.Connection, ids: Sequence[str]) -> dict[tuple[str, int], ResponseSubmitted]:
    bodies = connection.execute(sa.select(inbox.c.body).where(inbox.c.subject.in_(ids))).scalars()
    parsed = (parse(body.encode()) for body in bodies)
    return {(e.response_id, e.revision): e for e in parsed if isinstance(e, ResponseSubmitted)}


def _differences(connection: sa.Connection, pairs: Sequence[tuple[Rows, Rows]]) -> list[Change]:
    ids = [stored.response["id"] for stored, _ in pairs]
    made = acting.newest_corrections(connection, acting.correction.c.response_id.in_(ids))
    before, after = dict[Key, TextAnalysis](), dict[Key, TextAnalysis]()
    for stored, fresh in pairs:
        before |= _analyses(stored)
        after |= _analyses(corrected(fresh, made))
    return compare(before, after)


def _analyses(rows: Rows) -> dict[Key, TextAnalysis]:
    """Rows as the analysis speaks; offsets and words only, no explanations."""
    return {
        (answer["response_id"], answer["question_id"]): TextAnalysis(
            "", answer["sentiment"], answer["polarity"], tuple(_sentences(rows, answer["question_id"]))
        )
        for answer in rows.answers
        if answer["type"] == "text"
    }


def _sentences(rows: Rows, question: str) -> Iterator[Sentence]:
    for row in rows.sentences:
        if row["question_id"] == question:
            mine = [a for a in rows.aspects if _place(a) == (question, row["position"])]
            yield Sentence(
                text=row["text"],
                start=row["start"],
                end=row["end"],
                lang=row["lang"],
                sentiment=row["sentiment"],
                polarity=row["polarity"],
                suggestion=row["suggestion"],
                kind=row["kind"] if row.get("corrected") is None else "corrected",
                aspects=tuple(map(_aspect, mine)),
                explanation=None,
            )


def _place(aspect: Row) -> tuple[str, int]:
    return aspect["question_id"], aspect["sentence_position"]


def _aspect(row: Row) -> Aspect:
    names = ("topic", "sentiment", "polarity", "evidence", "start", "end", "rule")
    return Aspect(**{name: row[name] for name in names})
