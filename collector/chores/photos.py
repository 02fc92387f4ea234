"""`photos`: how many photos and voice notes there are; `photos purge` throws left-over ones away."""

from argparse import Namespace
from dataclasses import asdict

from collector import photos as rows
from collector import voices
from collector.chores import Chores, add_json, ready_database, say_json, utc_now
from collector.config import Config
from collector.housekeeping import purge as purge_photos
from collector.photostore import open_photo_store


def add_to(chores: Chores) -> None:
    parser = chores.add_parser("photos", help="how many photos and voice notes there are; purge old ones")
    add_json(parser)
    parser.set_defaults(run=show)
    away = parser.add_subparsers(metavar="purge").add_parser(
        "purge", help="do now what the relay does every hour"
    )
    away.add_argument("--dry-run", action="store_true", help="say what would go, and leave it")
    away.add_argument("--json", action="store_true", default=False, help="print JSON for a script")
    away.set_defaults(run=purge)


def show(arguments: Namespace, config: Config) -> int:
    with ready_database(config) as database, database.read() as connection:
        found = {"photos": rows.UPLOADS.count(connection), "voice_notes": voices.UPLOADS.count(connection)}
    if arguments.json:
        say_json(found)
        return 0
    for kind, counts in found.items():
        told = ", ".join(f"{number} {state}" for state, number in counts.items())
        print(f"{kind.replace('_', ' ')}: {told}")
    return 0


def purge(arguments: Namespace, config: Config) -> int:
    store = open_photo_store(config.photo_store_url)
    with ready_database(config) as database:
        purged = purge_photos(database, store, utc_now(), dry_run=arguments.dry_run)
    if arguments.json:
        say_json(asdict(purged))
        return 0
    verb = "Would go" if arguments.dry_run else "Gone"
    parts = (f"pictures {purged.pictures}", f"recordings {purged.recordings}", f"unfinished {purged.uploads}")
    print(f"{verb}: {', '.join(parts)}")
    return 0
