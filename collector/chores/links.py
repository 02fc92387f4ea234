"""`digest-link VISIT` and `organiser-link FAIR`: make a signed link, or revoke all links made so far."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from collector import tables
from collector.chores import Chores, add_json, days, ready_database, real_chance, say_json, utc_now
from collector.config import Config
from collector.invitations import link_generation, revoke_links
from collector.links import Grant, digest_token, organiser_token
from collector.schedule import announce, scheduled_visits


@dataclass(frozen=True)
class Kind:
    """A kind of link: what it opens, where its generation is kept, where it leads."""

    subject: str  # visit or fair
    table: sa.Table
    token: Callable[[str, Grant, str | None], str]
    address: Callable[[Config, str], str]


def _fair_token(secret: str, grant: Grant, role: str | None) -> str:
    """An overview has one role."""
    return organiser_token(secret, grant)


DIGEST = Kind("visit", tables.visit, digest_token, lambda config, token: f"{config.digest_url}/d/{token}")
ORGANISER = Kind("fair", tables.fair, _fair_token, lambda config, token: f"{config.public_url}/o/{token}")


def add_to(chores: Chores) -> None:
    digest = chores.add_parser("digest-link", help="make the link to a company's digest, or revoke it")
    _add_arguments(digest, DIGEST, valid=30)
    told = "company: may assign, reply and correct (default); reader: only reads"
    digest.add_argument("--role", choices=("company", "reader"), default="company", help=told)
    organiser = chores.add_parser("organiser-link", help="make the link to a fair's overview, or revoke it")
    _add_arguments(organiser, ORGANISER, valid=90)


def _add_arguments(parser: ArgumentParser, kind: Kind, valid: int) -> None:
    parser.add_argument("id", metavar=kind.subject.upper(), help=f"id of the {kind.subject}")
    parser.add_argument("--days", type=days, default=valid, help=f"how long it is valid (default: {valid})")
    parser.add_argument("--revoke", action="store_true", help="make every link so far stop working")
    add_json(parser)
    parser.set_defaults(run=lambda arguments, config: make_link(arguments, config, kind))


def make_link(arguments: Namespace, config: Config, kind: Kind) -> int:
    secret, now = config.require_secret(), utc_now()
    if arguments.revoke:
        return _revoke(arguments, config, kind)
    with ready_database(config) as database, database.read() as connection:
        generation = link_generation(connection, kind.table, arguments.id)
    grant = Grant(arguments.id, generation, now + timedelta(days=arguments.days))
    role = getattr(arguments, "role", None)
    url = kind.address(config, kind.token(secret, grant, None if role == "company" else role))
    if arguments.json:
        told = {kind.subject: grant.subject, "url": url, "expires_at": grant.expires_at}
        say_json(told | ({"role": role} if role else {}))
    else:
        print(url)
    return 0


def _revoke(arguments: Namespace, config: Config, kind: Kind) -> int:
    with ready_database(config) as database, database.write() as connection:
        generation = revoke_links(connection, kind.table, arguments.id)
        if kind is DIGEST:  # the analyzer opens these links, so it has to know
            changed = scheduled_visits(connection, visit_id=arguments.id)
            announce(connection, changed.values(), utc_now(), real_chance())
    if arguments.json:
        say_json({kind.subject: arguments.id, "revoked": True, "generation": generation})
    else:
        print(f"Every earlier link to {arguments.id} is revoked. Run without --revoke for a new one.")
    return 0
