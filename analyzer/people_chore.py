"""The chores `actions` and `openings`: what people did with a digest, for the organiser."""

import json
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from analyzer.acting import corrections_of, history, statement_history
from analyzer.chores import ready_database
from analyzer.config import Config
from analyzer.corrections import item_id, text_hash
from analyzer.openings import openings_of
from analyzer.tables import action, correction, sentence

Facts = Mapping[str, Any]


def actions(config: Config, arguments: Namespace) -> int:
    """Every word on each item, every corrected reading and wording: oldest first, who and when."""
    with closing(ready_database(config)) as database, database.read() as connection:
        done = _done(connection, arguments.visit)
        fixed = [*_readings(connection, arguments.visit), *_wordings(connection, arguments.visit)]
    lines = [
        *(f"{one['item']}  {_action_line(one)}" for one in _newest(done)),
        *(f"{one['item'] or one.get('statement') or '-'}  corrected  {_fix_line(one)}" for one in fixed),
    ]
    return _print([*done, *fixed], lines or ["Nothing was assigned, answered or corrected."], arguments)


def openings(config: Config, arguments: Namespace) -> int:
    with closing(ready_database(config)) as database, database.read() as connection:
        found = openings_of(connection, arguments.visit)
    lines = [
        f"{one.hour:%Y-%m-%d %H}:00Z  {one.form:5} {one.role:9}  {one.link}  until {one.expires_at:%Y-%m-%d}"
        for one in found
    ]
    return _print([asdict(one) for one in found], lines or ["Nobody has opened it yet."], arguments)


def _done(connection: sa.Connection, visit_id: str) -> list[Facts]:
    found = history(connection, action.c.visit_id == visit_id)
    return [{"item": item, **asdict(word)} for item, words in found.items() for word in words]


def _newest(done: Iterable[Facts]) -> Iterable[Facts]:
    return {one["item"]: one for one in done}.values()


def _readings(connection: sa.Connection, visit_id: str) -> list[Facts]:
    """item: None where an amendment took the sentence out."""
    rows = corrections_of(connection, correction.c.visit_id == visit_id)
    chosen = sentence.c.response_id.in_({row["response_id"] for row in rows})
    texts = connection.execute(sa.select(sentence.c.response_id, sentence.c.text).where(chosen)).all()
    named = {(response, text_hash(text)): (item_id(response, text), text) for response, text in texts}
    return [_reading(row, *named.get((row["response_id"], row["text_hash"]), (None, None))) for row in rows]


def _reading(row: Facts, item: str | None, text: str | None) -> Facts:
    return {"item": item, "text": text, "reading": row["reading"], **_author(row)}


def _wordings(connection: sa.Connection, visit_id: str) -> list[Facts]:
    return [
        {"item": None, "statement": name, "wording": dict(words.text), **_author(asdict(words))}
        for name, written in statement_history(connection, visit_id).items()
        for words in written
    ]


def _author(words: Facts) -> Facts:
    return {name: words[name] for name in ("role", "name", "made_at")}


def _action_line(one: Facts) -> str:
    due, owner = one["due_on"] or "-", one["owner"] or "-"
    return f"{one['status']:9} {due:10}  {owner}  {one['reply']}".rstrip()


def _fix_line(one: Facts) -> str:
    said = one["wording"] if "wording" in one else one["reading"]
    what = json.dumps(said, ensure_ascii=False) if said else "as the software says"
    return f"{what}  {one['name']} ({one['role']}), {one['made_at']:%Y-%m-%d %H:%MZ}"


def _print(facts: Sequence[Any], lines: list[str], arguments: Namespace) -> int:
    told = json.dumps(facts, ensure_ascii=False, indent=1, default=lambda moment: moment.isoformat())
    print(told if arguments.json else "\n".join(lines))
    return 0
