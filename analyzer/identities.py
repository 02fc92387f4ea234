"""Ids of what people write down: later ones sort after earlier ones, like UUIDv7 (RFC 9562)."""

import secrets
import time
import uuid


def new_id() -> str:
    stamp = time.time_ns() // 1_000_000
    number = (stamp << 80) | (0x7 << 76) | (secrets.randbits(12) << 64) | (0b10 << 62) | secrets.randbits(62)
    return str(uuid.UUID(int=number))
