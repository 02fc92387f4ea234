"""Signed links: what stands in the address that an expert, a company or an organiser opens.

In: the secret, what the link is for and, to read one, the time.  Out: a token, or what it stands for.
Pure.  A form token is only signed: its visit's deadline and its revocation are in the database.
Organiser and digest tokens carry an expiry and a generation; a higher generation in the database revokes
them.  Digest and photo tokens are contracts with the analyzer: tests/contract/digest-link.json, and
photo-link.json, whose company links the analyzer mints.
"""

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from itsdangerous import BadData, Signer, URLSafeSerializer

from collector.errors import BadLink, ExpiredLink


@dataclass(frozen=True)
class Grant:
    """What an organiser's or a company's link opens."""

    subject: str  # fair id or visit id
    generation: int
    expires_at: datetime


def form_token(secret: str, invitation_id: str) -> str:
    """invitation_id is a UUID in its usual spelling."""
    packed = urlsafe_b64encode(uuid.UUID(invitation_id).bytes).rstrip(b"=")
    return _form_signer(secret).sign(packed).decode("ascii")


def read_form_token(secret: str, token: str) -> str:
    """The invitation's id.  Raises BadLink."""
    try:
        packed = _form_signer(secret).unsign(token.encode("ascii"))
        return str(uuid.UUID(bytes=urlsafe_b64decode(packed + b"==")))
    except (BadData, ValueError) as error:
        raise BadLink("form link was not signed here") from error


def organiser_token(secret: str, grant: Grant) -> str:
    return _mint(secret, "organiser", "f", grant)


def read_organiser_token(secret: str, token: str, now: datetime) -> Grant:
    """Raises BadLink or ExpiredLink; the caller compares the generation with the fair's."""
    return _read(secret, "organiser", "f", token, now)


def digest_token(secret: str, grant: Grant, role: str | None = None) -> str:
    """role: None for the company; "organiser" signs what the organiser writes; a "reader" writes nothing."""
    return _mint(secret, "digest", "v", grant, {"r": role} if role else {})


def read_digest_token(secret: str, token: str, now: datetime) -> Grant:
    """Raises BadLink or ExpiredLink; the caller compares the generation with the visit's."""
    return _read(secret, "digest", "v", token, now)


@dataclass(frozen=True)
class Sight:
    """What the link to a photo opens, and for whom."""

    photo_id: str
    audience: str  # COMPANY, ORGANISER or SENDER
    expires_at: datetime
    generation: int | None = None  # of the company's digest link: revoking that one revokes this one


COMPANY, ORGANISER, SENDER = "company", "organiser", "sender"


def photo_token(secret: str, sight: Sight) -> str:
    payload = {"p": sight.photo_id, "a": sight.audience, "x": int(sight.expires_at.timestamp())}
    if sight.generation is not None:
        payload["g"] = sight.generation
    return str(_serializer(secret, "photo").dumps(payload))


def read_photo_token(secret: str, token: str, now: datetime) -> Sight:
    """Raises BadLink or ExpiredLink; the caller asks whether this audience may still see it."""
    try:
        payload = _serializer(secret, "photo").loads(token)
        expires_at = datetime.fromtimestamp(payload["x"], UTC)
        generation = int(payload["g"]) if payload["a"] == COMPANY else None
        sight = Sight(str(payload["p"]), str(payload["a"]), expires_at, generation)
    except (BadData, ValueError, TypeError, KeyError, OverflowError, OSError) as error:
        raise BadLink("photo link was not signed here") from error
    if now >= expires_at:
        raise ExpiredLink("photo link expired")
    return sight


def stage_token(secret: str, response_id: str, expires_at: datetime) -> str:
    """What the analyzer wants to see before it tells how far a response has come."""
    return str(_serializer(secret, "stage").dumps({"r": response_id, "x": int(expires_at.timestamp())}))


def _form_signer(secret: str) -> Signer:
    return Signer(secret, salt="form", sep=".", digest_method=sha256)


def _serializer(secret: str, salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret, salt=salt, signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"}
    )


def _mint(
    secret: str, salt: str, subject_key: str, grant: Grant, more: Mapping[str, str] | None = None
) -> str:
    expiry = int(grant.expires_at.timestamp())
    payload = {subject_key: grant.subject, "g": grant.generation, "x": expiry, **(more or {})}
    return str(_serializer(secret, salt).dumps(payload))


def _read(secret: str, salt: str, subject_key: str, token: str, now: datetime) -> Grant:
    try:
        payload = _serializer(secret, salt).loads(token)
        expires_at = datetime.fromtimestamp(payload["x"], UTC)
        grant = Grant(str(payload[subject_key]), int(payload["g"]), expires_at)
    except (BadData, ValueError, TypeError, KeyError) as error:
        raise BadLink(f"{salt} link was not signed here") from error
    if now >= grant.expires_at:
        raise ExpiredLink(f"{salt} link expired at {expires_at:%Y-%m-%d %H:%M} UTC")
    return grant
