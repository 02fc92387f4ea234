"""Writing down what arrived: each event once, each response in its newest revision.

In: a connection in a transaction, and analysed events in any order, some of them perhaps seen before.
Out: nothing; the rows stand, and the tallies say the same as the rows.  The caller commits.
Whatever the order, a response ends in the state of its highest revision; a withdrawal beats
submissions of its own and of lower revisions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from analyzer import acting, editions, tallies
from analyzer.corrections import corrected
from analyzer.database import hold, insert
from analyzer.messages import PhotoStored, ResponseSubmitted, ResponseWithdrawn, VisitScheduled
from analyzer.rows import AnalysedEvent, Row, Rows, rows_of
from analyzer.tables import answer, aspect, inbox, photo, response, sentence, visit, withdrawal

__all__ = ["AnalysedEvent", "fetch_rows", "rebuild_tallies", "record", "replace"]
CHUNK = 500  # responses read at a time; bounds memory and the number of bound values


def record(connection: sa.Connection, events: Sequence[AnalysedEvent]) -> None:
    """Record a batch.  Events seen before change nothing; locks are taken in one order by all writers."""
    new = _keep_new(connection, events)
    _record_visits(connection, [a.event for a in new if isinstance(a.event, VisitScheduled)])
    _record_photos(connection, [a.event for a in new if isinstance(a.event, PhotoStored)])
    responses = [a for a in new if isinstance(a.event, ResponseSubmitted | ResponseWithdrawn)]
    if responses:
        hold(connection, {f"response {a.event.subject}" for a in responses})
        _record_responses(connection, responses)


def rebuild_tallies(connection: sa.Connection) -> int:
    """Count all stored responses again.  Returns how many sums were different before."""
    if connection.dialect.name == "postgresql":  # on SQLite a writer is alone anyway
        connection.execute(sa.text("LOCK TABLE tally IN EXCLUSIVE MODE"))
    before, after = tallies.fetch(connection), Counter[tallies.Key]()
    ids = connection.execute(sa.select(response.c.id).order_by(response.c.id)).scalars().all()
    for start in range(0, len(ids), CHUNK):
        for rows in fetch_rows(connection, response.c.id.in_(ids[start : start + CHUNK])):
            after.update(tallies.count(rows))
    tallies.replace_all(connection, after)
    return sum(before[key] != after[key] for key in before.keys() | after.keys())


def fetch_rows(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[Rows]:
    """The responses that meet a condition on their table, whole, by id, as people corrected them."""
    responses = connection.execute(sa.select(response).where(condition).order_by(response.c.id)).mappings()
    chosen = sa.select(response.c.id).where(condition)
    answers = _children(connection, answer, chosen)
    sentences = _children(connection, sentence, chosen)
    aspects = _children(connection, aspect, chosen)
    made = acting.newest_corrections(connection, acting.correction.c.response_id.in_(chosen))
    return [
        corrected(Rows(r, answers[r["id"]], sentences[r["id"]], aspects[r["id"]]), made)
        for r in map(dict, responses)
    ]


def correct(connection: sa.Connection, made: Row) -> None:
    """Write a correction down and move the tallies by what it changes.

    made: a row of the table correction.  Held like a response, so that a worker cannot replace the rows
    between the two counts.
    """
    hold(connection, {f"response {made['response_id']}"})
    delta: tallies.Tally = Counter()
    for rows in fetch_rows(connection, response.c.id == made["response_id"]):
        delta.subtract(tallies.count(rows))
    acting.add_correction(connection, made)
    for rows in fetch_rows(connection, response.c.id == made["response_id"]):
        delta.update(tallies.count(rows))
    tallies.add(connection, delta)


def replace(connection: sa.Connection, stored: Sequence[Rows], fresh: Sequence[Rows]) -> None:
    """Put other readings of these responses in the place of theirs and move the tallies by the difference.

    stored: as fetched by the caller, who has held the responses since.  Corrections stand beside the rows
    and stay.
    """
    ids = {rows.response["id"] for rows in fresh}
    delta: tallies.Tally = Counter()
    for rows in stored:
        delta.subtract(tallies.count(rows))
    _delete(connection, ids)
    _insert_rows(connection, fresh)
    for rows in fetch_rows(connection, response.c.id.in_(ids)):
        delta.update(tallies.count(rows))
    tallies.add(connection, delta)


def _children(connection: sa.Connection, table: sa.Table, chosen: Any) -> "defaultdict[str, tuple[Row, ...]]":
    statement = sa.select(table).where(table.c.response_id.in_(chosen)).order_by(*table.primary_key)
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in connection.execute(statement).mappings():
        grouped[row["response_id"]].append(dict(row))
    return defaultdict(tuple, {key: tuple(rows) for key, rows in grouped.items()})


def _keep_new(connection: sa.Connection, events: Sequence[AnalysedEvent]) -> list[AnalysedEvent]:
    """Put the events into the inbox and give back those that were not there."""
    by_id = {analysed.event.event_id: analysed for analysed in events}
    if not by_id:
        return []
    statement = insert(connection, inbox).on_conflict_do_nothing(index_elements=["event_id"])
    rows = [_inbox_row(by_id[event_id]) for event_id in sorted(by_id)]
    fresh = set(connection.execute(statement.values(rows).returning(inbox.c.event_id)).scalars())
    return [analysed for event_id, analysed in by_id.items() if event_id in fresh]


def _inbox_row(analysed: AnalysedEvent) -> Row:
    event = analysed.event
    return {
        "event_id": event.event_id,
        "type": event.type,
        "subject": event.subject,
        "body": event.body,
        "recorded_at": analysed.analysed_at,
    }


def _record_visits(connection: sa.Connection, events: Iterable[VisitScheduled]) -> None:
    """The newest word on each visit stays; ties go to the later event id, which is the later UUIDv7."""
    for event in sorted(events, key=lambda e: (e.visit_id, e.time, e.event_id)):
        statement = insert(connection, visit).values(_visit_row(event))
        changed = {c.name: statement.excluded[c.name] for c in visit.c if c.name != "id"}
        newer = visit.c.announced_at <= statement.excluded.announced_at
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed, where=newer))


def _visit_row(event: VisitScheduled) -> Row:
    return {
        "id": event.visit_id,
        "fair_id": event.fair["id"],
        "fair_name": dict(event.fair["name"]),
        "timezone": event.fair["timezone"],
        "company_id": event.company.get("same_as") or event.company["id"],
        "company_name": dict(event.company["name"]),
        "industry": dict(event.company["industry"]),
        "visited_at": event.visited_at,
        "deadline": event.deadline,
        "invited": event.invited,
        "minimum_group": event.minimum_group,
        "link_generation": event.link_generation,
        "sample": event.sample,
        "visitors": {attribute: dict(counts) for attribute, counts in event.visitors.items()},
        "announced_at": event.time,
        "needs": [dict(need) for need in event.company.get("needs", ())],
        "attribution": event.attribution,
        "minimum_text": event.minimum_text,
        "contacts": [dict(contact) for contact in event.company.get("contacts", ())],
    }


def _record_photos(connection: sa.Connection, events: Iterable[PhotoStored]) -> None:
    """By id, the one order in which all writers take their locks; a photo never changes."""
    for event in sorted(events, key=lambda e: e.photo_id):
        names = ("visit_id", "response_id", "width", "height", "stored_at")
        row = {"id": event.photo_id, **{name: getattr(event, name) for name in names}}
        connection.execute(insert(connection, photo).values(row).on_conflict_do_nothing())


def _record_responses(connection: sa.Connection, events: Sequence[AnalysedEvent]) -> None:
    """Decide per response what it is now, replace its rows and move the tallies by the difference."""
    ids = {analysed.event.subject for analysed in events}
    stored = {r.response["id"]: r for r in fetch_rows(connection, response.c.id.in_(ids))}
    withdrawn = _withdrawn(connection, ids)
    made = acting.newest_corrections(connection, acting.correction.c.response_id.in_(ids))
    delta: tallies.Tally = Counter()
    gone: set[str] = set()
    fresh: dict[str, Rows] = {}
    for event_id in sorted(ids):
        mine = [a for a in events if a.event.subject == event_id]
        mark = max([withdrawn.get(event_id, 0), *_withdrawals(mine)])
        newest = _newest(mine, stored.get(event_id), mark)
        if newest is stored.get(event_id):
            continue
        if event_id in stored:
            gone.add(event_id)
            delta.subtract(tallies.count(stored[event_id]))
        if newest is not None:
            fresh[event_id] = newest
            delta.update(tallies.count(corrected(newest, made)))
    taken_back = [a.event for a in events if isinstance(a.event, ResponseWithdrawn)]
    _mark_withdrawn(connection, taken_back)
    acting.forget(connection, gone - fresh.keys())
    _forget_photos(connection, gone - fresh.keys())
    editions.forget(connection, {event.visit_id for event in taken_back})
    _delete(connection, gone)
    _insert_rows(connection, list(fresh.values()))
    tallies.add(connection, delta)


def _newest(events: Sequence[AnalysedEvent], stored: Rows | None, withdrawn: int) -> Rows | None:
    """The stored rows themselves, or those of a higher revision; None: taken back up to `withdrawn`."""
    best, revision = stored, stored.response["revision"] if stored else 0
    for analysed in events:
        event = analysed.event
        if isinstance(event, ResponseSubmitted) and event.revision > revision:
            best, revision = rows_of(analysed, event), event.revision
    return best if revision > withdrawn else None


def _withdrawals(events: Iterable[AnalysedEvent]) -> list[int]:
    return [a.event.revision for a in events if isinstance(a.event, ResponseWithdrawn)]


def _withdrawn(connection: sa.Connection, ids: Iterable[str]) -> dict[str, int]:
    """Up to which revision each response is taken back; ids without a mark are left out."""
    chosen = sa.select(withdrawal.c.response_id, withdrawal.c.revision)
    rows = connection.execute(chosen.where(withdrawal.c.response_id.in_(ids)))
    return {row.response_id: row.revision for row in rows}


def _mark_withdrawn(connection: sa.Connection, events: Iterable[ResponseWithdrawn]) -> None:
    for event in events:
        statement = insert(connection, withdrawal).values(
            response_id=event.response_id,
            visit_id=event.visit_id,
            revision=event.revision,
            withdrawn_at=event.withdrawn_at,
        )
        changed = {name: statement.excluded[name] for name in ("visit_id", "revision", "withdrawn_at")}
        higher = withdrawal.c.revision < statement.excluded.revision
        connection.execute(
            statement.on_conflict_do_update(index_elements=["response_id"], set_=changed, where=higher)
        )


def _forget_photos(connection: sa.Connection, response_ids: set[str]) -> None:
    if response_ids:
        connection.execute(sa.delete(photo).where(photo.c.response_id.in_(response_ids)))


def _delete(connection: sa.Connection, ids: set[str]) -> None:
    """The rows below go with their response (ON DELETE CASCADE)."""
    if ids:
        connection.execute(sa.delete(response).where(response.c.id.in_(ids)))


def _insert_rows(connection: sa.Connection, all_rows: Sequence[Rows]) -> None:
    """One statement per table for the whole batch."""
    below = (
        (response, [rows.response for rows in all_rows]),
        (answer, [row for rows in all_rows for row in rows.answers]),
        (sentence, [row for rows in all_rows for row in rows.sentences]),
        (aspect, [row for rows in all_rows for row in rows.aspects]),
    )
    for table, rows in below:
        if rows:
            connection.execute(sa.insert(table), rows)
