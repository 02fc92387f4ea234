"""The way in: a response is checked, handed to the committer, and acknowledged once it is on disk.

In: an invitation and what its holder sent.  Out: a Receipt.  Raises BadAnswers (nothing was stored),
Problem (refused: closed, withdrawn link, key reused) or TryLater (database away).
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from uuid6 import uuid7

from collector import messages, tables
from collector.answering import CheckedAnswers, check_answers, shown_photos
from collector.committer import Committer
from collector.database import Database
from collector.errors import BadAnswers, NotFound, TryLater
from collector.narrowing import widened
from collector.problems import Problem
from collector.questionnaire import Questionnaire
from collector.recording import Outcome, Receipt, Revision, Submission, Unfit, record
from collector.store import PERSONAL, Invitation

LOOKS = 3  # tries of one submission that another process overtakes; the second one sees its row


@dataclass(frozen=True)
class Sent:
    """What a sender handed in, as it came: any JSON in the first four."""

    answers: Any
    consent: Any
    readership: Any
    language: Any
    submitted_at: datetime | None = None
    response_id: str | None = None  # the response that is meant, in its usual UUID spelling
    photos: Any = None  # as it came: a list of {"id", "readership"}; None: leave them as they are
    notice: str | None = None  # sha256 of the consent notice that the device showed; None: today's
    # questions whose answers the phone kept to itself, as other answers hide them
    left_out: Sequence[str] = ()

    @classmethod
    def from_body(cls, loaded: Mapping[str, Any]) -> "Sent":
        """`loaded`: what schemas.SubmissionSchema made of a body."""
        named = loaded["response_id"]
        return cls(**{**loaded, "response_id": str(named) if named else None})


@dataclass(frozen=True)
class Arrival:
    """When and in which trace it came in."""

    received_at: datetime
    traceparent: str
    late: bool = False  # handed in by the organiser, who may do so after the deadline
    upon: int | None = None  # the revision that it must go on from


class Intake:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._committer: Committer[Submission, Outcome] = Committer(self._write)
        self._questionnaires: dict[tuple[str, str], Questionnaire] = {}

    def questionnaire(self, name: tuple[str, str]) -> Questionnaire:
        """Kept in memory: a version never changes.  Raises NotFound."""
        if name not in self._questionnaires:
            with self._database.read() as connection:
                self._questionnaires[name] = _read_questionnaire(connection, *name)
        return self._questionnaires[name]

    def check(self, invitation: Invitation, sent: Sent) -> CheckedAnswers:
        """Raises BadAnswers."""
        asked = self.questionnaire(invitation.visit.questionnaire)
        said = (sent.answers, sent.consent, sent.readership)
        return check_answers(asked, *said, sent.language, sent.photos, sent.left_out)

    def submit(
        self,
        invitation: Invitation,
        key: str,
        sent: Sent,
        checked: CheckedAnswers,
        arrival: Arrival,
        also: Callable[[sa.Connection], object] | None = None,
    ) -> Receipt:
        """Returns after the commit.  Raises BadAnswers, Problem or TryLater.

        also: what else is written in the same transaction, unless this was stored before.
        """
        asked = self.questionnaire(invitation.visit.questionnaire)
        submission = _submission(invitation, asked, key, sent, checked, arrival)
        outcome = self._committer.commit(replace(submission, also=also) if also else submission)
        if isinstance(outcome, Receipt):
            return outcome
        if isinstance(outcome, Unfit):
            raise BadAnswers(outcome.errors)
        raise Problem(outcome)

    def _write(self, submissions: Sequence[Submission]) -> Sequence[Outcome]:
        """One transaction.  A batch that collides with another process is left to the committer, which
        writes its members singly; a single one is looked at again."""
        for _ in range(LOOKS if len(submissions) == 1 else 1):
            try:
                with self._database.write() as connection:
                    return record(connection, submissions)
            except IntegrityError as error:
                collision = error
        if len(submissions) > 1:
            raise collision
        raise TryLater("other processes keep storing the same response") from collision


def content_hash(checked: CheckedAnswers, response_id: str | None) -> str:
    """sha256 of what was said.  submitted_at is left out: a retry may look at the clock again."""
    content: list[Any] = [
        checked.answers,
        checked.consent,
        checked.chosen_readership,
        checked.language,
        response_id,
    ]
    if checked.photos is not None:
        content.append(checked.photos)
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _read_questionnaire(connection: sa.Connection, name: str, version: str) -> Questionnaire:
    table = tables.questionnaire
    query = sa.select(table.c.document).where(table.c.id == name, table.c.version == version)
    document: Mapping[str, Any] | None = connection.execute(query).scalar_one_or_none()
    if document is None:
        raise NotFound(f"questionnaire {name} {version} is not loaded")
    return Questionnaire.from_document(document)


def _submission(
    invitation: Invitation,
    asked: Questionnaire,
    key: str,
    sent: Sent,
    checked: CheckedAnswers,
    arrival: Arrival,
) -> Submission:
    return Submission(
        key=key,
        content_hash=content_hash(checked, sent.response_id),
        invitation_id=invitation.id,
        personal=invitation.kind == PERSONAL,
        visit_id=invitation.visit.id,
        response_id=sent.response_id,
        answers=checked.answers,
        consent=checked.consent,
        readership=checked.chosen_readership,
        language=checked.language,
        questionnaire_version=asked.version,
        submitted_at=sent.submitted_at,
        received_at=arrival.received_at,
        traceparent=arrival.traceparent,
        late=arrival.late,
        upon=arrival.upon,
        event=_Announcement(invitation, asked, sent, checked, arrival, sent.response_id or key),
        photos=checked.photos,
        notice=_notice(asked, sent),
        dropped=checked.dropped,
        check=lambda before: widened(asked, before, checked),
    )


def _notice(asked: Questionnaire, sent: Sent) -> str | None:
    return sent.notice or (asked.notice.sha256 if asked.notice else None)


class _Announcement:
    """Writes the event.  The usual case, a first revision, is written before the transaction opens."""

    def __init__(
        self,
        invitation: Invitation,
        asked: Questionnaire,
        sent: Sent,
        checked: CheckedAnswers,
        arrival: Arrival,
        expected_id: str,
    ) -> None:
        self._facts = (invitation, asked, sent, checked, arrival)
        self._usual = Revision(expected_id, 1, 1, checked.photos or (), ())
        self._ready = self._write(self._usual)

    def __call__(self, revision: Revision) -> messages.TracedEvent:
        return self._ready if revision == self._usual else self._write(revision)

    def _write(self, stored: Revision) -> messages.TracedEvent:
        invitation, asked, sent, checked, arrival = self._facts
        told = messages.Submission(
            response_id=stored.response_id,
            revision=stored.revision,
            answers_revision=stored.answers_revision,
            visit_id=invitation.visit.id,
            fair_id=invitation.visit.fair_id,
            company_id=invitation.visit.company_id,
            verified=invitation.kind == PERSONAL,
            sample=invitation.visit.sample,
            invitation_id=invitation.id,
            expert=_told_expert(invitation),
            submitted_at=sent.submitted_at,
            received_at=arrival.received_at,
            notice=_notice(asked, sent),
            photos=shown_photos(asked, stored.photos, checked.consent),
            transcripts=stored.transcripts,
        )
        event = messages.response_submitted(str(uuid7()), told, asked, checked)
        return event.traced(arrival.traceparent)


def _told_expert(invitation: Invitation) -> messages.Expert | None:
    expert = invitation.expert
    if expert is None:
        return None
    return messages.Expert(expert.name, expert.organisation, expert.organisation_kind, expert.discipline)
