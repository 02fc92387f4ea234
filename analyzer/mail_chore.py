"""The chore `mail`: what a worker's side thread does, once and by hand, and a look at what became of it."""

import json
from argparse import Namespace
from contextlib import closing
from dataclasses import asdict
from typing import Any

from analyzer import editions, mailing
from analyzer.chores import ready_database
from analyzer.config import Config


def mail(config: Config, arguments: Namespace) -> int:
    """Exit 1 where a mail was refused for good: somebody must look."""
    with closing(ready_database(config)) as database:
        office = mailing.open_office(config, database)
        if arguments.due:
            return _due(office, arguments)
        if arguments.list:
            return _list(office, arguments)
        if arguments.retry:
            with database.write() as connection:
                editions.retry(connection, office.clock())
        return _send(office, arguments)


def _due(office: mailing.Office, arguments: Namespace) -> int:
    found = [{"visit": due.visit_id, "reason": due.reason} for due in mailing.due_now(office)]
    lines = [f"{due['visit']}  {due['reason']}" for due in found]
    return _print(found, lines or ["Nothing is due."], arguments)


def _list(office: mailing.Office, arguments: Namespace) -> int:
    with office.database.read() as connection:
        rows = [_facts(row) for row in editions.fetch_deliveries(connection)]
    lines = [
        f"{row['visit']}  {row['edition']}  {row['reason']}  {row['recipient']}  {row['state']}"
        + (f"  {row['error']}" if row["error"] else "")
        for row in rows
    ]
    return _print(rows, lines or ["No digest was mailed yet."], arguments)


def _facts(row: Any) -> dict[str, Any]:
    return {
        "visit": row.visit_id,
        "edition": row.number,
        "reason": row.reason,
        "issued_at": row.issued_at.isoformat(),
        "recipient": row.recipient,
        "language": row.language,
        "state": row.state,
        "attempts": row.attempts,
        "error": row.error,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
    }


def _send(office: mailing.Office, arguments: Namespace) -> int:
    done = mailing.once(office)
    told = (
        f"{done.issued} issued, {done.sent} sent, {done.waiting} to be tried again, {done.refused} refused."
    )
    _print(asdict(done), [told], arguments)
    return 1 if done.refused else 0


def _print(facts: Any, lines: list[str], arguments: Namespace) -> int:
    print(json.dumps(facts, ensure_ascii=False, indent=1) if arguments.json else "\n".join(lines))
    return 0
