"""`outbox`: says how much waits to be published, and publishes again what the analyzer lost."""

from argparse import Namespace
from dataclasses import asdict
from datetime import UTC, datetime, time

from collector import outbox as rows
from collector.chores import Chores, a_day, add_json, ready_database, say_json, utc_now
from collector.config import Config
from collector.errors import NotFound


def add_to(chores: Chores) -> None:
    parser = chores.add_parser("outbox", help="how much waits to be published; replay publishes again")
    add_json(parser)
    parser.set_defaults(run=show)
    again = parser.add_subparsers(metavar="replay").add_parser(
        "replay", help="publish again; the analyzer counts nothing twice"
    )
    which = again.add_mutually_exclusive_group(required=True)
    which.add_argument("--event", nargs="+", metavar="ID", help="these events")
    which.add_argument("--since", type=a_day, metavar="YYYY-MM-DD", help="all since this day began, UTC")
    which.add_argument("--all", action="store_true", help="everything that is kept")
    # Not overwriting what `outbox --json replay` has set.
    again.add_argument("--json", action="store_true", default=False, help="print JSON for a script")
    again.set_defaults(run=replay)


def show(arguments: Namespace, config: Config) -> int:
    with ready_database(config) as database, database.read() as connection:
        stats = rows.stats(connection)
    if arguments.json:
        say_json(asdict(stats))
        return 0
    oldest = f", the oldest since {stats.oldest_waiting_at:%Y-%m-%d %H:%M:%S} UTC" if stats.waiting else ""
    print(f"{stats.accepted} accepted, {stats.published} published, {stats.waiting} waiting{oldest}")
    return 0


def replay(arguments: Namespace, config: Config) -> int:
    since = datetime.combine(arguments.since, time(), UTC) if arguments.since else None
    with ready_database(config) as database, database.write() as connection:
        count = rows.replay(connection, utc_now(), event_ids=arguments.event, since=since)
    if arguments.event and not count:
        raise NotFound("none of these events was published and is still kept")
    if arguments.json:
        say_json({"replayed": count})
    else:
        print(f"{count} events are published again.")
    return 0
