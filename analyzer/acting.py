"""SQL for what people do with a digest: corrections of readings, and what becomes of items.

In: a connection in a transaction.  Nothing is overwritten: each change is a row with who and when, and
the newest row holds.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from analyzer.digests.model import Action
from analyzer.rows import Row
from analyzer.tables import action, correction

__all__ = ["add_action", "add_correction", "correction", "forget", "history", "newest_actions"]


def newest_corrections(
    connection: sa.Connection, condition: sa.ColumnElement[bool]
) -> dict[tuple[str, str], Row]:
    """The one that holds for each sentence, by response id and text hash."""
    statement = sa.select(correction).where(condition).order_by(correction.c.made_at, correction.c.id)
    rows = connection.execute(statement).mappings()
    return {(row["response_id"], row["text_hash"]): dict(row) for row in rows}


def add_correction(connection: sa.Connection, made: Row) -> None:
    connection.execute(sa.insert(correction), dict(made))


def add_action(connection: sa.Connection, made: Row) -> None:
    connection.execute(sa.insert(action), dict(made))


def newest_actions(connection: sa.Connection, visit_id: str) -> dict[str, Action]:
    """The last word on each item of a visit."""
    return {item: words[-1] for item, words in history(connection, action.c.visit_id == visit_id).items()}


def history(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> dict[str, list[Action]]:
    """All words on each item, oldest first."""
    statement = sa.select(action).where(condition).order_by(action.c.made_at, action.c.id)
    found: dict[str, list[Action]] = {}
    for row in connection.execute(statement):
        word = Action(row.owner, row.due_on, row.status, row.reply, row.role, row.name, row.made_at)
        found.setdefault(row.item_id, []).append(word)
    return found


def forget(connection: sa.Connection, response_ids: Iterable[str]) -> None:
    """What was said about a response goes with it when its expert takes it back."""
    chosen = sorted(response_ids)
    for table in (correction, action):
        if chosen:
            connection.execute(sa.delete(table).where(table.c.response_id.in_(chosen)))
