"""What each command does.  One function a command: a Config and its arguments in, the exit code out.

Raises BadConfig (exit 2) and the other errors of errors.py (exit 1); results go to stdout.
"""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from analyzer.config import Config
from analyzer.consumers import Dead, DeadLetters, open_dead_letters
from analyzer.database import Database, is_current, migrate, open_database
from analyzer.errors import Refused

if TYPE_CHECKING:  # each command loads what it needs
    from analyzer.digests.content import Address
    from analyzer.gathering import Announced


def work(config: Config, arguments: Namespace) -> int:
    from analyzer import worker

    return worker.main(config)


def web(config: Config, arguments: Namespace) -> int:
    from analyzer.web import serve

    return serve(config)


def init_db(config: Config, arguments: Namespace) -> int:
    with closing(open_database(config.database_url)) as database:
        migrate(database)
    print("The analyzer's database is up to date.")
    return 0


def digest(config: Config, arguments: Namespace) -> int:
    from analyzer.assets import address
    from analyzer.background import find_companies, find_previous
    from analyzer.digests.comparing import Background
    from analyzer.digests.renderers import FORMS, Place
    from analyzer.gathering import find_responses, find_visit, make_digest
    from analyzer.naming import topic_labels

    with closing(ready_database(config)) as database, database.read() as connection:
        announced = find_visit(connection, arguments.visit)
        if announced is None:
            raise Refused(f"there is no visit {arguments.visit!r}")
        responses = find_responses(connection, arguments.visit)
        previous = find_previous(connection, arguments.visit)
        background = Background(previous, find_companies(connection, arguments.visit))
        labels, now = topic_labels(config.taxonomy), datetime.now(UTC)
        found = make_digest(connection, announced, responses, labels, now, background)
    if arguments.format in ("pdf", "xlsx") and sys.stdout.isatty():
        raise Refused(f"a terminal cannot show it: add `> {arguments.visit}.{arguments.format}`")
    place = Place(
        static=lambda name: config.digest_url + address(name),
        photo=_photos(config, announced, now),
        origin=config.digest_url,
    )
    sys.stdout.buffer.write(FORMS[arguments.format].render(found, arguments.language, place))
    return 0


def _photos(config: Config, announced: "Announced", now: datetime) -> "Address":
    """Links that live as long as a mailed digest's; none without the key to sign them."""
    from analyzer.digests.as_email import LINK_DAYS
    from analyzer.digests.content import nowhere
    from analyzer.links import Grant, photo_addresses

    if config.secret_key is None:
        return nowhere
    grant = Grant(announced.visit.id, announced.link_generation, now + timedelta(days=LINK_DAYS))
    return photo_addresses(config.public_url, config.secret_key, grant)


def rebuild(config: Config, arguments: Namespace) -> int:
    from analyzer.store import rebuild_tallies

    with closing(ready_database(config)) as database, database.write() as connection:
        changed = rebuild_tallies(connection)
    print(f"Counted again: {changed} {'sum was' if changed == 1 else 'sums were'} different.")
    return 0


def reanalyse(config: Config, arguments: Namespace) -> int:
    from analyzer import rereading
    from analyzer.analysis import load_engine
    from analyzer.analysis.comparing import summary as count_changes

    run = rereading.apply if arguments.apply else rereading.preview
    with closing(ready_database(config)) as database:
        done = run(database, load_engine(config.taxonomy), datetime.now(UTC), arguments.visit)
    if arguments.json:
        told = {"responses": done.responses, "changes": [asdict(change) for change in done.changes]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for one in done.changes:
        print(f"{one.response_id} {one.question_id} {one.what}: {one.before} -> {one.after}  {one.sentence}")
    counts = ", ".join(f"{many} {what}" for what, many in count_changes(list(done.changes)).items())
    verb = "Read again" if arguments.apply else "Would be read again"
    print(f"{verb}: {done.responses} of older versions. Changes: {counts or 'none'}.")
    return 0


def dead_list(config: Config, arguments: Namespace) -> int:
    with closing(open_dead_letters(config.amqp_url)) as letters:
        found = letters.list()
    if arguments.json:
        print(json.dumps([summary(dead) for dead in found], ensure_ascii=False, indent=1))
        return 0
    for dead in found:
        print(f"{dead.id}  {_moment(dead)}  {dead.type}  {dead.reason}")
    if not found:
        print("No dead letters.")
    return 0


def dead_show(config: Config, arguments: Namespace) -> int:
    with closing(open_dead_letters(config.amqp_url)) as letters:
        dead = letters.show(arguments.id)
    if dead is None:
        raise Refused(f"there is no dead letter {arguments.id!r}")
    body = dead.body.decode("utf-8", "backslashreplace")
    if arguments.json:
        print(json.dumps({**summary(dead), "body": body}, ensure_ascii=False, indent=1))
    else:
        facts = {"id": dead.id, "type": dead.type, "died": _moment(dead), "reason": dead.reason}
        print("".join(f"{name + ':':8}{value}\n" for name, value in facts.items()), body, sep="\n")
    return 0


def dead_replay(config: Config, arguments: Namespace) -> int:
    """Tries start at zero again, or a message parked for its attempts would be parked at once."""
    from analyzer import attempts

    with closing(open_dead_letters(config.amqp_url)) as letters:
        chosen = _chosen(letters, arguments)
        with closing(ready_database(config)) as database, database.write() as connection:
            attempts.forget(connection, chosen)
        done = letters.replay(chosen)
    return _report("replayed", done, arguments)


def dead_discard(config: Config, arguments: Namespace) -> int:
    with closing(open_dead_letters(config.amqp_url)) as letters:
        done = letters.discard(_chosen(letters, arguments))
    return _report("discarded", done, arguments)


def dead_resume(config: Config, arguments: Namespace) -> int:
    from analyzer import attempts

    with closing(ready_database(config)) as database, database.write() as connection:
        stopped = attempts.resume(connection)
    if arguments.json:
        print(json.dumps({"resumed": stopped}))
    else:
        print("The workers go on." if stopped else "The workers were not stopped.")
    return 0


def ready_database(config: Config) -> Database:
    """Raises Refused where the tables are missing, TryLater where the database is away."""
    database = open_database(config.database_url)
    if not is_current(database):
        raise Refused("the database is not up to date: run `python -m analyzer init-db` first")
    return database


def summary(dead: Dead) -> dict[str, Any]:
    """Without the body, which is personal."""
    died_at = dead.died_at.isoformat() if dead.died_at else None
    return {"id": dead.id, "type": dead.type, "died_at": died_at, "reason": dead.reason}


def _chosen(letters: DeadLetters, arguments: Namespace) -> Sequence[str]:
    """The ids that were named, or all.  Raises Refused for none, for both and for an unknown one."""
    if bool(arguments.ids) == arguments.all:
        raise Refused("name the dead letters by their ids, or say --all")
    known = [dead.id for dead in letters.list()]
    unknown = [identity for identity in arguments.ids if identity not in known]
    if unknown:
        raise Refused(f"there is no dead letter {unknown[0]!r}")
    return known if arguments.all else arguments.ids


def _report(what: str, ids: Sequence[str], arguments: Namespace) -> int:
    if arguments.json:
        print(json.dumps({what: list(ids)}))
    else:
        print(f"{len(ids)} dead {'letter' if len(ids) == 1 else 'letters'} {what}.")
    return 0


def _moment(dead: Dead) -> str:
    return f"{dead.died_at:%Y-%m-%d %H:%M:%SZ}" if dead.died_at else "at an unknown time"
