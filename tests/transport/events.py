"""Small real events for tests of the pipe."""

import json
from typing import Any


def withdrawn(number: int | str) -> bytes:
    return envelope(
        f"event-{number}",
        "response.withdrawn.v1",
        {
            "response_id": f"response-{number}",
            "visit_id": "ruige-1124",
            "revision": 1,
            "withdrawn_at": "2026-11-24T08:00:00Z",
        },
    )


def envelope(event_id: str, type: str, data: dict[str, Any]) -> bytes:
    document = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/collector",
        "type": type,
        "subject": data["response_id"],
        "time": "2026-11-24T08:00:00Z",
        "datacontenttype": "application/json",
        "data": data,
    }
    return json.dumps(document, ensure_ascii=False).encode()
