"""Reads what the form and the API show: invitations with their visit, stored responses, drafts.

In: a connection.  Out: frozen facts, or None.  The writing of responses is in recording.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from collector.tables import company, draft, expert, fair, invitation, response, submission, visit
from collector.text import Bilingual

PERSONAL = "personal"
OPEN = "open"


@dataclass(frozen=True)
class Visit:
    id: str
    fair_id: str
    company_id: str
    company: Bilingual
    visited_at: datetime
    deadline: datetime
    minimum_group: int
    questionnaire: tuple[str, str]  # id, version
    zone: ZoneInfo  # of the fair
    sample: bool


@dataclass(frozen=True)
class Expert:
    name: Bilingual
    organisation: Bilingual
    organisation_kind: str
    discipline: str | None
    language: str


@dataclass(frozen=True)
class Invitation:
    id: str
    kind: str  # PERSONAL or OPEN
    revoked: bool
    visit: Visit
    expert: Expert | None  # None: open

    def closed(self, now: datetime) -> bool:
        return now >= self.visit.deadline


@dataclass(frozen=True)
class StoredResponse:
    """The newest revision of a response."""

    id: str
    invitation_id: str
    revision: int
    answers: Mapping[str, Any]
    consent: Mapping[str, bool]
    readership: Mapping[str, str]
    language: str
    questionnaire_version: str
    received_at: datetime
    key: str  # the Idempotency-Key of this revision
    content_hash: str
    photos: Sequence[Mapping[str, str]]  # {"id", "readership"}, as chosen
    dropped: Sequence[str]  # questions whose answers were left out
    notice: str | None  # sha256 of the consent notice that was shown with these answers
    withdrawn_at: datetime | None

    def asked_by(self, invitation: "Invitation") -> tuple[str, str]:
        """(id, version) of the questionnaire that it answers; the visit's may be another by now."""
        return invitation.visit.questionnaire[0], self.questionnaire_version


@dataclass(frozen=True)
class Draft:
    answers: Mapping[str, Any]  # {"answers", "consent", "readership"}: as typed, not validated
    language: str
    saved_at: datetime
    revision: int = 1  # grows with every save
    device: str | None = None  # which browser saved it, by a random name it gave itself
    diverged: Mapping[str, Any] | None = None  # another device's, kept beside it: drafts.py


def find_invitation(connection: sa.Connection, invitation_id: str) -> Invitation | None:
    row = connection.execute(_INVITATIONS.where(invitation.c.id == invitation_id)).one_or_none()
    return None if row is None else _invitation(row)


def find_open_invitations(connection: sa.Connection, email: str, now: datetime) -> list[Invitation]:
    """Of the experts with this address: neither revoked nor closed, the next deadline first."""
    mine = sa.func.lower(expert.c.email) == email.lower()
    query = _INVITATIONS.where(mine, invitation.c.revoked_at.is_(None), visit.c.deadline > now)
    return [_invitation(row) for row in connection.execute(query.order_by(visit.c.deadline, visit.c.id))]


def _invitation(row: Any) -> Invitation:
    place = Visit(
        row.visit_id,
        row.fair_id,
        row.company_id,
        row.company,
        row.visited_at,
        row.deadline,
        row.minimum_group,
        (row.questionnaire_id, row.questionnaire_version),
        ZoneInfo(row.timezone),
        row.sample,
    )
    return Invitation(row.id, row.kind, row.revoked_at is not None, place, _expert(row))


def _expert(row: Any) -> Expert | None:
    if row.expert_id is None:
        return None
    return Expert(row.name, row.organisation, row.organisation_kind, row.discipline, row.language)


def find_response(
    connection: sa.Connection,
    invitation_id: str,
    response_id: str | None = None,
    *,
    withdrawn: bool = False,
) -> StoredResponse | None:
    """The response of a personal invitation, or the one that response_id names; None if there is none.

    `withdrawn`: also if it was taken back.
    """
    query = _RESPONSE.where(response.c.invitation_id == invitation_id)
    if response_id is None:
        query = query.where(response.c.sole_invitation_id == invitation_id)
    else:
        query = query.where(response.c.id == response_id)
    if not withdrawn:
        query = query.where(response.c.withdrawn_at.is_(None))
    row = connection.execute(query).one_or_none()
    return None if row is None else StoredResponse(**row._mapping)


def find_draft(connection: sa.Connection, invitation_id: str) -> Draft | None:
    row = connection.execute(sa.select(draft).where(draft.c.invitation_id == invitation_id)).one_or_none()
    return None if row is None else Draft(*row[1:])


_INVITATIONS = sa.select(
    invitation.c.id,
    invitation.c.kind,
    invitation.c.visit_id,
    invitation.c.expert_id,
    invitation.c.revoked_at,
    visit.c.fair_id,
    visit.c.company_id,
    visit.c.visited_at,
    visit.c.deadline,
    visit.c.minimum_group,
    visit.c.questionnaire_id,
    visit.c.questionnaire_version,
    company.c.name.label("company"),
    fair.c.timezone,
    fair.c.sample,
    expert.c.name,
    expert.c.organisation,
    expert.c.organisation_kind,
    expert.c.discipline,
    expert.c.language,
).select_from(
    invitation.join(visit, visit.c.id == invitation.c.visit_id)
    .join(company, company.c.id == visit.c.company_id)
    .join(fair, fair.c.id == visit.c.fair_id)
    .outerjoin(expert, expert.c.id == invitation.c.expert_id)
)
_RESPONSE = sa.select(
    response.c.id,
    response.c.invitation_id,
    submission.c.revision,
    submission.c.answers,
    submission.c.consent,
    submission.c.readership,
    submission.c.language,
    submission.c.questionnaire_version,
    submission.c.received_at,
    submission.c.idempotency_key.label("key"),
    submission.c.content_hash,
    response.c.photos,
    submission.c.dropped,
    submission.c.notice,
    response.c.withdrawn_at,
).join(
    submission,
    sa.and_(
        submission.c.response_id == response.c.id,
        submission.c.revision == response.c.revision,
    ),
)
