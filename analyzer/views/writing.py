"""Who may write into a digest, and the pages around what they write.

In: a token from the address, and the request.  Out: the opened digest and what every row has in common.
Raises Forbidden for a link that only reads, and for a request that another site made.
"""

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue

from analyzer import assets
from analyzer.digests import as_items
from analyzer.errors import Forbidden
from analyzer.identities import new_id
from analyzer.reception import reception
from analyzer.speaking import request_language
from analyzer.views.access import Opened, open_digest
from analyzer.views.caching import cached

OWN_SITE = ("same-origin", "none")  # of Sec-Fetch-Site


@dataclass(frozen=True)
class Pen:
    """The right to write into one digest."""

    opened: Opened

    def row(self) -> dict[str, Any]:
        """What everything that is written has in common."""
        return {
            "id": new_id(),
            "visit_id": self.opened.digest.visit.id,
            "role": self.opened.grant.role,
            "made_at": reception().clock(),
        }


def take_pen(token: str) -> Pen:
    opened = open_digest(token)
    if opened.grant.role == "reader" or not _from_here():
        raise Forbidden("this link only reads, or the request came from another site")
    return Pen(opened)


def _from_here() -> bool:
    """Our pages tell no referrer, so a browser writes "null" as the origin of their forms too."""
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITE:
        return False
    ours = {"null", reception().config.digest_url, request.host_url.rstrip("/")}
    return request.headers.get("Origin", "null") in ours


def frame(token: str, opened: Opened) -> as_items.Frame:
    writable = opened.grant.role != "reader"
    return as_items.Frame(request_language(), assets.address, f"/d/{token}", writable, reception().labels)


def page(text: str) -> Response:
    answer = Response(text, content_type="text/html; charset=utf-8")
    answer.headers["Content-Language"] = request_language()
    answer.vary.add("Accept-Language")
    return cached(answer)


def back(address: str) -> ResponseReturnValue:
    """303, so that a reload does not write twice."""
    return redirect(f"{address}?lang={request_language()}&saved", 303)
