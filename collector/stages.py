"""How far a response has come: stored, published, analysed, in a digest, replied to by the company.

The first two stand in our own tables; the others are asked of the analyzer, which may be away: then the
line says so and nothing else changes.
"""

import json
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from collector.links import stage_token
from collector.messages import SUBMITTED
from collector.tables import outbox

PATIENCE = 1.5  # seconds: somebody is waiting for the page
FORGIVE_AFTER = 10.0  # seconds in which an analyzer that was away is not asked again
TOKEN_LIVES = timedelta(minutes=5)
LONGEST_ANSWER = 1 << 20  # bytes
STATUSES = ("new", "accepted", "started", "done", "declined")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reply:
    """What the company lets the expert read about one thing that they wrote."""

    said: str | None  # their own words; None: that they may be contacted
    status: str  # new, accepted, started, done, declined
    text: str
    at: datetime


@dataclass(frozen=True)
class Analysed:
    """What the analyzer knows of a response; revision 0: nothing yet."""

    revision: int
    analysed_at: datetime | None
    digest_number: int | None  # the first edition that it is in; None: none was issued since
    digest_at: datetime | None
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True)
class Stages:
    stored_at: datetime
    published: bool
    published_at: datetime | None  # None with published: so long ago that the outbox has forgotten
    analysed: Analysed | None  # None: the analyzer could not be asked
    revision: int  # the newest that is stored

    @property
    def is_analysed(self) -> bool:
        return self.analysed is not None and self.analysed.revision >= self.revision


class AnalyzerDesk:
    """Asks the analyzer; remembers for a while that it was away, so that no page waits twice."""

    def __init__(self, url: str, secret: str, clock: Callable[[], datetime]) -> None:
        self._url, self._secret, self._clock = url, secret, clock
        self._away_until = 0.0
        # Settings of the machine's own proxies are not for a neighbour.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(self, response_id: str) -> Analysed | None:
        """None: it could not be asked."""
        if time.monotonic() < self._away_until:
            return None
        try:
            return _read(self._fetch(response_id))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("the analyzer cannot be asked for a stage: %s", type(error).__name__)
            self._away_until = time.monotonic() + FORGIVE_AFTER
            return None

    def _fetch(self, response_id: str) -> Mapping[str, Any]:
        token = stage_token(self._secret, response_id, self._clock() + TOKEN_LIVES)
        request = urllib.request.Request(
            f"{self._url}/api/v1/responses/{response_id}/stage", headers={"Authorization": f"Bearer {token}"}
        )
        with self._opener.open(request, timeout=PATIENCE) as answer:
            document: Mapping[str, Any] = json.loads(answer.read(LONGEST_ANSWER))
        return document


def published(connection: sa.Connection, response_id: str) -> tuple[bool, datetime | None]:
    """Whether the newest message about the response has left, and when."""
    newest = (
        sa.select(outbox.c.published_at)
        .where(outbox.c.subject == response_id, outbox.c.type == SUBMITTED)
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    row = connection.execute(newest).one_or_none()
    return (True, None) if row is None else (row[0] is not None, row[0])


def _read(document: Mapping[str, Any]) -> Analysed:
    digest = document["digest"] or {}
    return Analysed(
        int(document["revision"] or 0),
        _time(document["analysed_at"]),
        digest.get("number"),
        _time(digest.get("issued_at")),
        tuple(_reply(reply) for reply in document.get("replies", ())),
    )


def _reply(told: Mapping[str, Any]) -> Reply:
    at = datetime.fromisoformat(told["at"])
    status = told["status"] if told["status"] in STATUSES else "new"
    return Reply(told["said"], status, str(told["reply"]), at)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
