"""The receipt: what an expert can read out on the phone, and what a program gets back.  Pure."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from collector.recording import Receipt

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to mishear


def reference(response_id: str) -> str:
    """K7QF-2M9X: the same for every revision; says nothing about the response itself."""
    number = int.from_bytes(sha256(response_id.encode("ascii")).digest()[:5], "big")
    letters = "".join(ALPHABET[(number >> shift) & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def as_json(receipt: Receipt, address: str, dropped: Sequence[str] = ()) -> dict[str, Any]:
    """`address` is where a person can look at it; `dropped` names answers that nobody asked for."""
    return {
        "receipt": reference(receipt.response_id),
        "response_id": receipt.response_id,
        "revision": receipt.revision,
        "received_at": receipt.received_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "status": "stored",
        "dropped": list(dropped),
        "links": {"receipt": address},
    }
