"""SQL for what people do with a digest: corrections of readings and statements, what becomes of items.

In: a connection in a transaction.  Nothing is overwritten: each change is a row with who and when, and
the newest row holds.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from analyzer.digests.model import Action, CorrectedStatement
from analyzer.digests.texts import answer_name
from analyzer.rows import Row
from analyzer.tables import action, answer, correction, response, statement


def corrections_of(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[Row]:
    """All that was said about readings, oldest first."""
    chosen = sa.select(correction).where(condition).order_by(correction.c.made_at, correction.c.id)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def newest_corrections(
    connection: sa.Connection, condition: sa.ColumnElement[bool]
) -> dict[tuple[str, str], Row]:
    """The one that holds for each sentence, by response id and text hash."""
    rows = corrections_of(connection, condition)
    return {(row["response_id"], row["text_hash"]): row for row in rows}


def add_correction(connection: sa.Connection, made: Row) -> None:
    connection.execute(sa.insert(correction), dict(made))


def add_action(connection: sa.Connection, made: Row) -> None:
    connection.execute(sa.insert(action), dict(made))


def newest_actions(connection: sa.Connection, visit_id: str) -> dict[str, Action]:
    """The last word on each item of a visit."""
    return {item: words[-1] for item, words in history(connection, action.c.visit_id == visit_id).items()}


def history(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> dict[str, list[Action]]:
    """All words on each item, oldest first."""
    chosen = sa.select(action).where(condition).order_by(action.c.made_at, action.c.id)
    found: dict[str, list[Action]] = {}
    for row in connection.execute(chosen):
        word = Action(
            row.owner, row.due_on, row.status, row.reply, row.role, row.name, row.made_at, row.to_expert
        )
        found.setdefault(row.item_id, []).append(word)
    return found


def add_statement(connection: sa.Connection, made: Row) -> None:
    connection.execute(sa.insert(statement), dict(made))


def statement_history(connection: sa.Connection, visit_id: str) -> dict[str, list[CorrectedStatement]]:
    """All that people wrote in the place of statements, by the statement's name, oldest first."""
    chosen = sa.select(statement).where(statement.c.visit_id == visit_id)
    found: dict[str, list[CorrectedStatement]] = {}
    for row in connection.execute(chosen.order_by(statement.c.made_at, statement.c.id)):
        words = CorrectedStatement(row.text, row.role, row.name, row.made_at, row.basis)
        found.setdefault(row.statement_id, []).append(words)
    return found


def newest_statements(connection: sa.Connection, visit_id: str) -> dict[str, CorrectedStatement]:
    """The words that hold; empty ones where the software's hold again."""
    return {name: words[-1] for name, words in statement_history(connection, visit_id).items()}


def forget(connection: sa.Connection, response_ids: Iterable[str]) -> None:
    """What was said about a response goes with it when its expert takes it back.

    To be called while the response's rows still stand: they tell which statements rest on it.
    """
    chosen = sorted(response_ids)
    if not chosen:
        return
    _forget_statements(connection, chosen)
    for table in (correction, action):
        connection.execute(sa.delete(table).where(table.c.response_id.in_(chosen)))


def _forget_statements(connection: sa.Connection, response_ids: list[str]) -> None:
    mine = answer.c.response_id.in_(response_ids)
    given = sa.select(answer.c.response_id, answer.c.question_id).where(mine)
    names = {answer_name(row.response_id, row.question_id) for row in connection.execute(given)}
    visits = sa.select(response.c.visit_id).where(response.c.id.in_(response_ids))
    written = sa.select(statement.c.id, statement.c.answers).where(statement.c.visit_id.in_(visits))
    gone = [row.id for row in connection.execute(written) if names & set(row.answers)]
    if gone:
        connection.execute(sa.delete(statement).where(statement.c.id.in_(gone)))
