"""`sample-responses FILE`: sends written-for-it responses through the real HTTP API with personal links.

The file holds one JSON object a line:
{"visit", "expert" (null: open link), "language", "answers", "consent", "readership"?, "submitted_at"?}
The content of each line names its response, so sending the file again adds nothing.
"""

import json
import sys
import time
import uuid
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collector.chores import Chores, ready_database
from collector.config import Config
from collector.errors import BadFile, FileProblem, Refused
from collector.invitations import Invitation, find_invitations
from collector.links import form_token
from collector.sending import Clock, Sender, Sent

NAMESPACE = uuid.UUID("6f0f3c1e-6f0b-5a43-9e0e-0d6f6d0c9a11")  # of the keys; any fixed UUID would do
SENT_FIELDS = ("answers", "language", "consent", "readership", "submitted_at")


@dataclass(frozen=True)
class Line:
    number: int  # from 1
    place: tuple[str, str | None]  # visit, expert; None: open link
    key: str
    body: Mapping[str, Any]


def add_to(chores: Chores) -> None:
    parser = chores.add_parser("sample-responses", help="send responses over HTTP; repeating adds nothing")
    parser.add_argument("file", type=Path, help="JSON lines")
    parser.add_argument("--url", help="address of the collector (default: PUBLIC_URL)")
    parser.set_defaults(run=send_samples)


def send_samples(arguments: Namespace, config: Config) -> int:
    secret = config.require_secret()
    lines = read_lines(arguments.file)
    with ready_database(config) as database, database.read() as connection:
        tokens = tokens_of(find_invitations(connection), secret)
    _check_places(arguments.file, lines, tokens)
    sender = Sender(arguments.url or config.public_url, Clock(time.monotonic, time.sleep))
    return report(arguments.file, send_all(sender, lines, tokens), len(lines))


def read_lines(path: Path) -> list[Line]:
    """Raises BadFile with every line that cannot be used."""
    try:
        texts = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise BadFile([FileProblem(str(path), None, "", f"cannot be read: {reason}")]) from error
    problems: list[FileProblem] = []
    lines: list[Line] = []
    copies: Counter[str] = Counter()
    for number, text in enumerate(texts, start=1):
        if text.strip():
            try:
                lines.append(_line(number, text, copies))
            except ValueError as error:
                problems.append(FileProblem(str(path), number, "", str(error)))
    if problems:
        raise BadFile(problems)
    return lines


def _line(number: int, text: str, copies: Counter[str]) -> Line:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ValueError(f"is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ValueError("must be a JSON object")
    visit, expert = document.get("visit"), document.get("expert")
    if not isinstance(visit, str) or not isinstance(expert, str | None):
        raise ValueError('needs "visit" and "expert" (an id, or null for the open link)')
    content = json.dumps(document, sort_keys=True, ensure_ascii=False)
    copies[content] += 1  # two equal answers through the open link are two responses
    key = str(uuid.uuid5(NAMESPACE, f"{copies[content]} {content}"))
    body = {name: document[name] for name in SENT_FIELDS if name in document}
    return Line(number, (visit, expert), key, body)


Tokens = Mapping[tuple[str, str | None], str]


def tokens_of(found: Sequence[Invitation], secret: str) -> Tokens:
    return {(one.visit, one.expert): form_token(secret, one.id) for one in found if one.revoked_at is None}


def _check_places(path: Path, lines: Sequence[Line], tokens: Tokens) -> None:
    problems = [
        FileProblem(str(path), line.number, "", f"no valid invitation of {line.place[1]} to {line.place[0]}")
        for line in lines
        if line.place not in tokens
    ]
    if problems:
        raise BadFile(problems)


def send_all(sender: Sender, lines: Sequence[Line], tokens: Tokens) -> Iterator[tuple[Line, Sent]]:
    """Each line with what the server said, one after the other.  Raises TryLater."""
    for line in lines:
        yield line, sender.send(tokens[line.place], line.key, line.body)


def report(path: Path, results: Iterator[tuple[Line, Sent]], total: int) -> int:
    """Prints progress; raises Refused when the server did not take some."""
    counts: Counter[int] = Counter()
    refused = []
    for line, sent in results:
        counts[sent.status] += 1
        if not sent.accepted:
            refused.append(str(FileProblem(str(path), line.number, "", sent.problem)))
        print(f"sent {counts.total()}/{total}", end="\r" if sys.stdout.isatty() else "\n", flush=True)
    print(f"{counts[201]} new, {counts[200]} known before, {len(refused)} refused")
    if refused:
        raise Refused("\n".join(refused))
    return 0
