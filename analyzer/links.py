"""Signed links to digests and photos: what stands in the address that a company opens.

In: the secret, a token, the time.  Out: a Grant.  Pure.  The collector mints these tokens; that both
services read them alike is held by tests/contract/digest-link.json.  Photos lie at the collector: their
links are minted here and read there (tests/contract/photo-link.json).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from analyzer.errors import BadLink, ExpiredLink

ROLES = ("company", "organiser", "reader")  # a reader changes nothing


@dataclass(frozen=True)
class Grant:
    visit_id: str
    generation: int  # must be the visit's; a higher one in the database revokes the link
    expires_at: datetime
    role: str = "company"  # one of ROLES: who holds the link, and so may write what


def digest_token(secret: str, grant: Grant) -> str:
    expiry = int(grant.expires_at.timestamp())
    payload: dict[str, str | int] = {"v": grant.visit_id, "g": grant.generation, "x": expiry}
    if grant.role != "company":
        payload["r"] = grant.role
    return str(_serializer(secret).dumps(payload))


def photo_token(secret: str, photo_id: str, grant: Grant) -> str:
    """For whoever holds this digest link, and as long; the collector asks each time whether it still may."""
    expiry = int(grant.expires_at.timestamp())
    payload = {"p": photo_id, "a": "company", "x": expiry, "g": grant.generation}
    return str(_serializer(secret, "photo").dumps(payload))


def photo_addresses(public_url: str, secret: str, grant: Grant) -> Callable[[str], str]:
    """photo id -> where the collector shows it."""
    return lambda photo_id: f"{public_url}/photos/{photo_token(secret, photo_id, grant)}"


def read_digest_token(secret: str, token: str, now: datetime) -> Grant:
    """Raises BadLink or ExpiredLink; the caller compares the generation with the visit's."""
    try:
        payload = _serializer(secret).loads(token)
        expires_at = datetime.fromtimestamp(payload["x"], UTC)
        role = payload.get("r", "company")
        grant = Grant(str(payload["v"]), int(payload["g"]), expires_at, role if role in ROLES else "reader")
    except (BadData, ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError) as error:
        raise BadLink("digest link was not signed here") from error
    if now >= expires_at:
        raise ExpiredLink(f"digest link expired at {expires_at:%Y-%m-%d %H:%M} UTC")
    return grant


def read_stage_token(secret: str, token: str, now: datetime) -> str:
    """The response that the collector may ask about.  Raises BadLink or ExpiredLink."""
    try:
        payload = _serializer(secret, "stage").loads(token)
        response_id, expires_at = str(payload["r"]), datetime.fromtimestamp(payload["x"], UTC)
    except (BadData, ValueError, TypeError, KeyError, OverflowError, OSError) as error:
        raise BadLink("stage token was not signed here") from error
    if now >= expires_at:
        raise ExpiredLink("stage token expired")
    return response_id


def _serializer(secret: str, salt: str = "digest") -> URLSafeSerializer:
    return URLSafeSerializer(
        secret, salt=salt, signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"}
    )
