"""What an operator does from the command line, one module a chore, all of one shape.

Each module offers add_to(chores), which declares the arguments of its chores and sets `run` to a function
(Namespace, Config) -> exit code.  A chore prints its result to stdout; what goes wrong it raises.
"""

import json
import os
from argparse import (
    ArgumentParser,
    ArgumentTypeError,
    Namespace,
    _MutuallyExclusiveGroup,
    _SubParsersAction,
)
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import uuid6

from collector.config import Config
from collector.database import Database, open_database
from collector.errors import Refused
from collector.migrations import is_current
from collector.schedule import Chance
from collector.tracing import continue_trace

Chores: TypeAlias = "_SubParsersAction[ArgumentParser]"
Run = Callable[[Namespace, Config], int]

LONGEST_VALID = 3650  # days


@contextmanager
def ready_database(config: Config) -> Iterator[Database]:
    """Raises Refused where nobody has run init-db, TryLater where the database is away."""
    database = open_database(config.database_url)
    try:
        if not is_current(database):
            raise Refused("the database has no tables of this version; run: python -m collector init-db")
        yield database
    finally:
        database.close()


def real_chance() -> Chance:
    return Chance(lambda: str(uuid6.uuid7()), lambda: continue_trace(None, os.urandom))


def utc_now() -> datetime:
    return datetime.now(UTC)


def say_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2, default=_spell))


def _spell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(value)


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a date such as 2026-11-24") from error


def days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST_VALID):
        raise ArgumentTypeError(f"{text} is not a whole number from 1 to {LONGEST_VALID}")
    return int(text)


def add_json(parser: ArgumentParser | _MutuallyExclusiveGroup) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON for a script")
