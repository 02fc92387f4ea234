"""`invitations`: lists the form links, for a mail merge or a script, and revokes one."""

import csv
import io
import sys
from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from collector.chores import Chores, add_json, ready_database, real_chance, say_json, utc_now
from collector.config import Config
from collector.invitations import Invitation, find_invitations, revoke_invitation
from collector.links import form_token
from collector.schedule import announce, scheduled_visits

COLUMNS = (
    "visit",
    "company_en",
    "company_zh",
    "kind",
    "expert",
    "name_en",
    "name_zh",
    "email",
    "language",
    "url",
    "deadline",
    "answered",
    "revoked_at",
    "revoked_by",
    "id",
)
BYTE_ORDER_MARK = "\ufeff"  # without it Excel garbles the Chinese
FORMULA_STARTS = ("=", "+", "-", "@")  # what a spreadsheet would execute


def add_to(chores: Chores) -> None:
    parser = chores.add_parser("invitations", help="list the form links, or revoke one")
    parser.add_argument("--visit", metavar="ID", help="only of this visit")
    parser.add_argument("--expert", metavar="ID", help="only of this expert")
    parser.add_argument("--revoke", metavar="ID", help="make this invitation's link stop working, for good")
    shape = parser.add_mutually_exclusive_group()
    add_json(shape)
    shape.add_argument("--csv", action="store_true", help="print CSV for a spreadsheet or a mail merge")
    parser.set_defaults(run=invitations)


def invitations(arguments: Namespace, config: Config) -> int:
    secret = config.require_secret()
    with ready_database(config) as database:
        if arguments.revoke:
            with database.write() as connection:
                now = utc_now()
                visit = revoke_invitation(connection, arguments.revoke, now)
                changed = scheduled_visits(connection, visit_id=visit)
                announce(connection, changed.values(), now, real_chance())
            return _say_revoked(arguments, visit)
        with database.read() as connection:
            found = find_invitations(connection, arguments.visit, arguments.expert)
    _say(arguments, [_as_row(one, config.public_url, secret) for one in found])
    return 0


def _say_revoked(arguments: Namespace, visit: str) -> int:
    if arguments.json:
        say_json({"id": arguments.revoke, "visit": visit, "revoked": True})
    else:
        print(f"Revoked: invitation {arguments.revoke} to {visit}. Answers already given stay.")
    return 0


def _say(arguments: Namespace, rows: list[dict[str, Any]]) -> None:
    if arguments.json:
        say_json(rows)
    elif arguments.csv:
        sys.stdout.write(as_csv(rows))
    elif not rows:
        print("No invitations.")
    else:
        for row in rows:
            state = (
                f"  revoked {row['revoked_at']:%Y-%m-%d} ({row['revoked_by']})" if row["revoked_at"] else ""
            )
            print(f"{row['visit']:<20} {row['expert'] or 'open link':<10} {row['url']}{state}")


def _as_row(one: Invitation, public_url: str, secret: str) -> dict[str, Any]:
    return {
        "visit": one.visit,
        "company_en": one.company["en"],
        "company_zh": one.company["zh"],
        "kind": one.kind,
        "expert": one.expert,
        "name_en": one.name["en"] if one.name else None,
        "name_zh": one.name["zh"] if one.name else None,
        "email": one.email,
        "language": one.language,
        "url": f"{public_url}/f/{form_token(secret, one.id)}",
        "deadline": one.deadline,
        "answered": one.answered,
        "revoked_at": one.revoked_at,
        "revoked_by": one.revoked_by,
        "id": one.id,
    }


def as_csv(rows: Iterable[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)
    return BYTE_ORDER_MARK + out.getvalue()


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
