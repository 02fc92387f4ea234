"""The digest as JSON: the same content as the page, both languages in one document.

In: a Digest.  Out: plain values, or their text.  Pure.  docs/digest.md names every field.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from analyzer.digests import wording
from analyzer.digests.content import Address, nowhere
from analyzer.digests.model import Digest

FORMAT = "debrief.digest.v1"
SCHEMA = "/schemas/digest.v1.json"  # where web processes serve analyzer/schemas/digest.v1.json

LAST = ("notes", "labels", "actions", "statements", "remarks")  # what the other fields refer to


def document(digest: Digest, photo: Address = nowhere, origin: str | None = None) -> dict[str, Any]:
    """origin: of the address of the schema; None: a document that is kept, not served."""
    plain: dict[str, Any] = _plain(asdict(digest))
    del plain["visit"]["visitors"]  # groups of one are in it; only the thresholds need it
    for corrected in plain["statements"].values():
        del corrected["basis"]  # says nothing to a reader
    plain["headline"] = {
        **plain["headline"],
        "text": {language: wording.headline(digest, language) for language in ("en", "zh")},
    }
    for one in plain["photos"]:
        one["address"] = photo(one["id"]) or None
    named = {} if origin is None else {"$schema": origin + SCHEMA}
    last = {name: plain.pop(name) for name in LAST}
    return {**named, "format": FORMAT, **plain, **last}


def render(digest: Digest, photo: Address = nowhere, origin: str | None = None) -> str:
    return json.dumps(document(digest, photo, origin), ensure_ascii=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
