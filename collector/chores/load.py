"""`load FILE`: brings a fair's programme into the database, or shows what that would change."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from collector.chores import Chores, a_day, add_json, ready_database, real_chance, say_json, utc_now
from collector.config import Config
from collector.differences import Changes, InvitationChanges
from collector.errors import Refused
from collector.loading import Loaded, load_programme, read_plan

KINDS = ("companies", "experts", "visits")


def add_to(chores: Chores) -> None:
    parser = chores.add_parser("load", help="load a fair's programme; repeating changes nothing")
    parser.add_argument("file", type=Path, help="the programme, see docs/programme.md")
    parser.add_argument("--dry-run", action="store_true", help="only show what would change")
    parser.add_argument("--starting", type=a_day, metavar="YYYY-MM-DD", help="move the fair to start then")
    add_json(parser)
    parser.set_defaults(run=load)


def load(arguments: Namespace, config: Config) -> int:
    try:
        plan = read_plan(arguments.file, arguments.starting)
    except OverflowError as error:
        raise Refused(f"the fair cannot be moved to {arguments.starting}") from error
    with ready_database(config) as database:
        loaded = load_programme(database, plan, utc_now(), real_chance(), dry_run=arguments.dry_run)
    if arguments.json:
        say_json(as_document(loaded, arguments.dry_run))
    else:
        print("\n".join(as_lines(loaded, arguments.dry_run)))
    return 0


def as_document(loaded: Loaded, dry_run: bool) -> dict[str, Any]:
    found = loaded.difference
    return {
        "fair": loaded.programme.fair.id,
        "dry_run": dry_run,
        "changes": not found.is_empty,
        **{kind: asdict(getattr(found, kind)) for kind in KINDS},
        "invitations": {
            "added": _places(found.invitations.added),
            "restored": _places(found.invitations.restored),
            "revoked": _places(found.invitations.revoked),
            "unchanged": found.invitations.unchanged,
        },
        "events": loaded.events,
    }


def as_lines(loaded: Loaded, dry_run: bool) -> Iterator[str]:
    fair, found = loaded.programme.fair, loaded.difference
    yield f"{fair.name['en']} · {fair.name['zh']}"
    yield f"{fair.id}: {fair.starts_on} to {fair.ends_on}, {fair.timezone}"
    for kind in KINDS:
        yield f"  {kind:<12} {_counts(getattr(found, kind))}"
    yield f"  {'invitations':<12} {_invitation_counts(found.invitations)}"
    for change in found.fair.changed:
        yield f"changed: fair {change.id}: {', '.join(change.fields)}"
    yield from _details(loaded)
    if found.is_empty:
        yield "Nothing to change."
    elif dry_run:
        yield "Nothing was changed: this was a dry run."
    else:
        yield f"Loaded. The analyzer is told about {loaded.events} visits."


def _details(loaded: Loaded) -> Iterator[str]:
    for kind in KINDS:
        changes: Changes = getattr(loaded.difference, kind)
        for change in changes.changed:
            yield f"changed: {kind} {change.id}: {', '.join(change.fields)}"
        for name in changes.removed:
            yield f"not in the file, kept: {kind} {name}"
    for visit, expert in loaded.difference.invitations.revoked:
        yield f"revoked: invitation of {expert} to {visit}"
    for visit, expert in loaded.difference.invitations.restored:
        yield f"valid again: invitation of {expert} to {visit}"


def _counts(changes: Changes) -> str:
    kept = f", {len(changes.removed)} not in the file" if changes.removed else ""
    return f"{len(changes.added)} added, {len(changes.changed)} changed, {changes.unchanged} unchanged{kept}"


def _invitation_counts(changes: InvitationChanges) -> str:
    counts = {name: len(getattr(changes, name)) for name in ("added", "restored", "revoked")}
    return (
        ", ".join(f"{number} {name}" for name, number in counts.items()) + f", {changes.unchanged} unchanged"
    )


def _places(places: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"visit": visit, "expert": expert} for visit, expert in places]
