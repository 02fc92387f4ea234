"""The files that "Save my answers as a file" writes on a phone.

In: a path.  Out: the answers in it, each to be read by itself, so that one bad response costs no other.
A file holds {"format", "token", "idempotency_key", "body", …}, or a list of them where several people
used the phone.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

FORMAT = "debrief-answers.v1"
LARGEST_FILE = 1024 * 1024  # bytes


@dataclass(frozen=True)
class Saved:
    """The answers of one response."""

    token: str
    key: str
    body: Mapping[str, Any]


class Unusable(Exception):
    """These answers were not taken; the sentence says why.  The others go on."""


def answers_in(path: Path) -> Iterator[tuple[str, Callable[[], Saved]]]:
    """(what to call them, a reader that may raise Unusable) of each response in a file."""
    try:
        documents = _documents(path)
    except Unusable as error:
        yield str(path), partial(_fail, error)
        return
    for place, document in enumerate(documents, 1):
        name = str(path) if len(documents) == 1 else f"{path} ({place} of {len(documents)})"
        yield name, partial(_saved, document)


def _fail(error: Unusable) -> Saved:
    raise error


def _documents(path: Path) -> list[Any]:
    """At least one.  Raises Unusable."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Unusable("is larger than 1 MiB: no file of answers")
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Unusable(f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Unusable("is not JSON text in UTF-8") from error
    return document if isinstance(document, list) and document else [document]


def _saved(document: Any) -> Saved:
    """Raises Unusable."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unusable(f'is no file of saved answers ("format" is not "{FORMAT}")')
    token, body = document.get("token"), document.get("body")
    if not isinstance(token, str) or not isinstance(body, dict):
        raise Unusable('needs "token" and "body"')
    try:
        return Saved(token, str(UUID(document.get("idempotency_key", ""))), body)
    except (ValueError, AttributeError, TypeError) as error:
        raise Unusable('"idempotency_key" is not a UUID') from error
