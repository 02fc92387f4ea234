"""Sends responses over HTTP as a phone would, and goes on when the server is busy or not yet there.

In: a request and its key.  Out: Sent.  A request is tried again only where that is safe: the key names
the response, so a second copy is the same response.
"""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from collector.errors import TryLater

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0  # seconds between tries
PATIENCE = 60.0  # seconds of trying for one response
TIMEOUT = 30.0  # seconds for one answer
BUSY = frozenset({429, 500, 502, 503, 504})  # the server may be fine in a moment


@dataclass(frozen=True)
class Sent:
    status: int
    document: Mapping[str, Any]  # receipt or problem+json; empty where the body was neither

    @property
    def accepted(self) -> bool:
        return self.status in (200, 201)

    @property
    def problem(self) -> str:
        """What the server says, in one line."""
        errors = self.document.get("errors") or []
        parts = [f"{error.get('pointer')}: {error.get('detail')}" for error in errors]
        said = (
            "; ".join(parts) or self.document.get("detail") or self.document.get("title") or "no reason given"
        )
        return f"{self.status}: {said}"


@dataclass(frozen=True)
class Clock:
    """Time, handed in so that tests need not wait."""

    now: Callable[[], float]  # monotonic seconds
    sleep: Callable[[float], None]


class Sender:
    """One collector, by the address under which its form is reached."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = f"{url.rstrip('/')}/api/v1/responses"
        self._clock = clock
        self._opener = _opener(url)

    def send(self, token: str, key: str, body: Mapping[str, Any]) -> Sent:
        """Raises TryLater when the server stays away or busy for PATIENCE seconds."""
        deadline, pause = self._clock.now() + PATIENCE, FIRST_PAUSE
        while True:
            try:
                sent = self._post(token, key, body)
                reason = f"the server is busy ({sent.status})"
                if sent.status not in BUSY:
                    return sent
            except (OSError, http.client.HTTPException) as error:
                reason = f"no answer: {getattr(error, 'reason', error)}"
            if self._clock.now() + pause > deadline:
                raise TryLater(f"{self._url}: {reason}")
            self._clock.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _post(self, token: str, key: str, body: Mapping[str, Any]) -> Sent:
        request = urllib.request.Request(
            self._url,
            data=json.dumps(body, ensure_ascii=False).encode("utf-8"),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
                "Accept-Language": "en",
            },
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return Sent(answer.status, _document(answer.read()))
        except urllib.error.HTTPError as error:
            with error:
                return Sent(error.code, _document(error.read()))


def _opener(url: str) -> urllib.request.OpenerDirector:
    """A proxy of the environment is meant for strangers, not for this machine."""
    near = urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
    return urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if near else []))


def _document(content: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(content)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
