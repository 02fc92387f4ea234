"""W3C trace context: one trace id follows a response from the form to the digest.

Pure but for the random ids, which come in.  Source: https://www.w3.org/TR/trace-context/ (level 1).
"""

import re
from collections.abc import Callable

_SHAPE = re.compile(r"^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$")


def continue_trace(incoming: str | None, random_bytes: Callable[[int], bytes]) -> str:
    """A `traceparent` for what we do now: a new span of the sender's trace, or of a new, sampled one.

    A malformed or all-zero header is ignored, as the standard asks.
    """
    found = _SHAPE.match(incoming.strip().lower()) if incoming else None
    trace, flags = found.group(1, 2) if found else ("0" * 32, "01")
    if trace == "0" * 32:
        trace, flags = random_bytes(16).hex(), "01"
    return f"00-{trace}-{random_bytes(8).hex()}-{flags}"
