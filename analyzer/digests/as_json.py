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


def document(digest: Digest, photo: Address = nowhere) -> dict[str, Any]:
    plain: dict[str, Any] = _plain(asdict(digest))
    del plain["visit"]["visitors"]  # groups of one are in it; only the thresholds need it
    plain["headline"] = {
        **plain["headline"],
        "text": {
            language: wording.headline_text(digest.headline, digest.labels, language)
            for language in ("en", "zh")
        },
    }
    for one in plain["photos"]:
        one["address"] = photo(one["id"]) or None
    return {"format": FORMAT, **plain}


def render(digest: Digest, photo: Address = nowhere) -> str:
    return json.dumps(document(digest, photo), ensure_ascii=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
