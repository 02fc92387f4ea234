"""Keeps what was typed and not yet sent, so that another device of the same expert can go on.

In: a connection in a write transaction and a draft that says which revision it was made from.
Out: Kept, or Apart: another device saved meanwhile.  Then both are kept and nothing is mixed; the expert
chooses, and the chosen one is saved with `chosen` and the revision of the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from collector.store import Draft
from collector.tables import draft


@dataclass(frozen=True)
class Typed:
    """What a device hands in."""

    answers: Mapping[str, Any]  # {"answers", "consent", "readership"}: as typed, not validated
    language: str
    saved_at: datetime
    base: int | None  # the revision it goes on from, 0: none; None: it does not care
    device: str | None
    chosen: bool  # the expert has seen both and wants this one


@dataclass(frozen=True)
class Kept:
    revision: int
    saved_at: datetime


@dataclass(frozen=True)
class Apart:
    other: Draft  # the one that stays in its place


def keep(connection: sa.Connection, invitation_id: str, new: Typed) -> Kept | Apart:
    mine = draft.c.invitation_id == invitation_id
    row = connection.execute(sa.select(draft).where(mine).with_for_update()).one_or_none()
    if row is None:
        connection.execute(sa.insert(draft).values(invitation_id=invitation_id, **_values(new)))
        return Kept(1, new.saved_at)
    stored = Draft(*row[1:])
    if _is_apart(new, stored):
        connection.execute(sa.update(draft).where(mine).values(diverged=_beside(new)))
        return Apart(stored)
    settled = {"diverged": None} if new.chosen else {}
    revision = stored.revision + 1
    connection.execute(sa.update(draft).where(mine).values(revision=revision, **settled, **_values(new)))
    return Kept(revision, new.saved_at)


def _is_apart(new: Typed, stored: Draft) -> bool:
    """A device whose own save was answered into the void is behind too, but not apart."""
    if new.base is None or new.base == stored.revision or new.answers == stored.answers:
        return False
    return new.device is None or new.device != stored.device


def _values(new: Typed) -> dict[str, Any]:
    return {
        "answers": new.answers,
        "language": new.language,
        "saved_at": new.saved_at,
        "device": new.device,
    }


def _beside(new: Typed) -> dict[str, Any]:
    return {
        **new.answers,
        "language": new.language,
        "saved_at": new.saved_at.isoformat(),
        "device": new.device,
    }
