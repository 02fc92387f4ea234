"""Writes submissions: what each of them means is decided here, inside the transaction that stores it.

In: a connection in a write transaction, and submissions that passed the questionnaire.
Out: for each, a Receipt, or the kind of problem that refuses it.  Response, revision and outbox event
are written together or not at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from collector import outbox, problems
from collector.errors import AnswerError
from collector.messages import TracedEvent, Transcript
from collector.narrowing import Said
from collector.problems import Kind
from collector.revisions import answered_in
from collector.tables import invitation, response, submission, visit
from collector.voices import transcripts

Photos = Sequence[Mapping[str, str]]  # {"id", "readership"}


@dataclass(frozen=True)
class Submission:
    """One press of "send", checked and ready to be stored."""

    key: str  # Idempotency-Key, a UUID: names this very content
    content_hash: str
    invitation_id: str
    personal: bool
    visit_id: str
    response_id: str | None  # the response that the client means; None: the key names a new one
    answers: Mapping[str, Any]  # normalised
    consent: Mapping[str, bool]
    readership: Mapping[str, str]  # as chosen
    language: str
    questionnaire_version: str
    submitted_at: datetime | None  # the phone's clock
    received_at: datetime
    traceparent: str
    event: Callable[["Revision"], TracedEvent]  # the message about it
    photos: Photos | None = None  # as declared; None: those of the revision before
    notice: str | None = None  # sha256 of the consent notice that was shown
    dropped: Sequence[str] = ()  # questions whose answers were left out
    late: bool = False  # taken after the deadline too: the organiser hands it in
    upon: int | None = None  # the revision that this must go on from; None: whichever
    # what it may not do to the revision before
    check: Callable[[Said], Sequence[AnswerError]] = lambda _: ()
    also: Callable[[sa.Connection], object] = lambda _: None  # written with it, before it is told

    @property
    def names(self) -> str:
        return self.response_id or self.key


@dataclass(frozen=True)
class Revision:
    """What only the transaction knows of a submission that it stores."""

    response_id: str
    revision: int
    answers_revision: int  # in which the expert last changed an answer
    photos: Photos
    transcripts: Sequence[Transcript]


@dataclass(frozen=True)
class Receipt:
    """Proof that a submission is on disk."""

    response_id: str
    revision: int
    received_at: datetime
    replayed: bool  # it was stored before; this is the original receipt again


@dataclass(frozen=True)
class Unfit:
    """It does not go with what was said before: see narrowing.py."""

    errors: Sequence[AnswerError]


Outcome = Receipt | Kind | Unfit


def record(connection: sa.Connection, submissions: Sequence[Submission]) -> list[Outcome]:
    """Raises IntegrityError where another process stored the same thing meanwhile: look again."""
    ledger = _Ledger.read(connection, submissions)
    outcomes = [ledger.enter(one) for one in submissions]
    ledger.write(connection)
    return outcomes


@dataclass
class _Response:
    id: str
    invitation_id: str
    revision: int
    stored: bool  # has a row already
    photos: Photos = ()
    withdrawn: bool = False
    said: Said | None = None  # None: nothing yet, or withdrawn


@dataclass
class _Ledger:
    """What the database knows of a batch, kept up to date while the batch is decided one by one."""

    invitations: dict[str, Any]  # id -> row of revoked_at, deadline
    keys: dict[str, tuple[str, str, Receipt]]  # key -> content hash, invitation id, receipt
    by_id: dict[str, _Response]
    by_invitation: dict[str, _Response]  # personal invitations only
    entries: list[tuple[Submission, Receipt, Photos]]

    @classmethod
    def read(cls, connection: sa.Connection, submissions: Sequence[Submission]) -> "_Ledger":
        responses = _responses(connection, submissions)
        by_invitation = {sole: found for sole, found in responses if sole is not None}
        by_id = {found.id: found for _, found in responses}
        return cls(
            _invitations(connection, submissions), _keys(connection, submissions), by_id, by_invitation, []
        )

    def enter(self, new: Submission) -> Outcome:
        """The order matters: a retry gets its receipt also after the deadline."""
        if new.key in self.keys:
            return self._replay(new)
        place = self.invitations.get(new.invitation_id)
        if place is None:
            return problems.NOT_FOUND
        if place.revoked_at is not None:
            return problems.REVOKED
        if new.received_at >= place.deadline and not new.late:
            return problems.CLOSED
        return self._store(new)

    def _replay(self, new: Submission) -> Outcome:
        content_hash, invitation_id, receipt = self.keys[new.key]
        same = content_hash == new.content_hash and invitation_id == new.invitation_id
        return receipt if same else problems.KEY_REUSED

    def _store(self, new: Submission) -> Outcome:
        meant = self.by_invitation.get(new.invitation_id) if new.personal else self.by_id.get(new.names)
        if meant is None:
            if new.names in self.by_id:  # taken by a response of another invitation
                return problems.FOREIGN_RESPONSE
            meant = self._begin(new)
        elif meant.invitation_id != new.invitation_id:
            return problems.FOREIGN_RESPONSE
        if new.upon is not None and (meant.withdrawn or meant.revision != new.upon):
            return problems.DIVERGED
        if meant.said and (errors := new.check(meant.said)):
            return Unfit(errors)
        meant.revision += 1
        meant.withdrawn = False
        meant.photos = meant.photos if new.photos is None else new.photos
        meant.said = Said(new.answers, new.readership, meant.photos)
        receipt = Receipt(meant.id, meant.revision, new.received_at, replayed=False)
        self.keys[new.key] = (new.content_hash, new.invitation_id, _again(receipt))
        self.entries.append((new, receipt, meant.photos))
        return receipt

    def _begin(self, new: Submission) -> _Response:
        begun = _Response(new.names, new.invitation_id, 0, stored=False)
        self.by_id[begun.id] = begun
        if new.personal:
            self.by_invitation[new.invitation_id] = begun
        return begun

    def write(self, connection: sa.Connection) -> None:
        if not self.entries:
            return
        touched = {receipt.response_id: new for new, receipt, _ in self.entries}
        fresh = [_response_row(self.by_id[i], n) for i, n in touched.items() if not self.by_id[i].stored]
        if fresh:
            connection.execute(sa.insert(response), fresh)
        amended = [_amended_row(self.by_id[i]) for i in touched if self.by_id[i].stored]
        if amended:
            connection.execute(_AMEND, amended)
        connection.execute(sa.insert(submission), [_submission_row(*entry) for entry in self.entries])
        for new, _, _ in self.entries:
            new.also(connection)
        self._tell(connection, [row["row_id"] for row in amended])

    def _tell(self, connection: sa.Connection, amended: Sequence[str]) -> None:
        """Voice notes come after the first revision, so only amended responses can have transcripts."""
        spoken = transcripts(connection, amended) if amended else {}
        since = answered_in(connection, amended) if amended else {}
        events = []
        for new, receipt, photos in self.entries:
            name, revision = receipt.response_id, receipt.revision
            told = (since.get((name, revision), revision), photos, spoken.get(name, ()))
            events.append(new.event(Revision(name, revision, *told)))
        outbox.add(connection, events, self.entries[0][0].received_at)


# A withdrawn response that is sent again is there again.
_AMEND = (
    sa.update(response)
    .where(response.c.id == sa.bindparam("row_id"))
    .values(revision=sa.bindparam("newest"), withdrawn_at=None, photos=sa.bindparam("declared"))
)


def _again(receipt: Receipt) -> Receipt:
    return Receipt(receipt.response_id, receipt.revision, receipt.received_at, replayed=True)


def _invitations(connection: sa.Connection, submissions: Sequence[Submission]) -> dict[str, Any]:
    rows = connection.execute(
        sa.select(invitation.c.id, invitation.c.revoked_at, visit.c.deadline)
        .join(visit, visit.c.id == invitation.c.visit_id)
        .where(invitation.c.id.in_({one.invitation_id for one in submissions}))
    )
    return {row.id: row for row in rows}


def _keys(
    connection: sa.Connection, submissions: Sequence[Submission]
) -> dict[str, tuple[str, str, Receipt]]:
    rows = connection.execute(
        sa.select(
            submission.c.idempotency_key,
            submission.c.content_hash,
            submission.c.response_id,
            submission.c.revision,
            submission.c.received_at,
            response.c.invitation_id,
        )
        .join(response, response.c.id == submission.c.response_id)
        .where(submission.c.idempotency_key.in_({one.key for one in submissions}))
    )
    return {
        row.idempotency_key: (
            row.content_hash,
            row.invitation_id,
            Receipt(row.response_id, row.revision, row.received_at, replayed=True),
        )
        for row in rows
    }


def _responses(
    connection: sa.Connection, submissions: Sequence[Submission]
) -> list[tuple[str | None, _Response]]:
    personal = {one.invitation_id for one in submissions if one.personal}
    rows = connection.execute(
        sa.select(
            response.c.sole_invitation_id,
            response.c.id,
            response.c.invitation_id,
            response.c.revision,
            response.c.photos,
            response.c.withdrawn_at,
            submission.c.answers,
            submission.c.readership,
        )
        .join(
            submission,
            sa.and_(submission.c.response_id == response.c.id, submission.c.revision == response.c.revision),
        )
        .where(
            sa.or_(
                response.c.id.in_({one.names for one in submissions}),
                response.c.sole_invitation_id.in_(personal),
            )
        )
    )
    return [(row.sole_invitation_id, _stored(row)) for row in rows]


def _stored(row: Any) -> _Response:
    found = _Response(row.id, row.invitation_id, row.revision, stored=True, photos=row.photos)
    found.withdrawn = row.withdrawn_at is not None
    found.said = None if found.withdrawn else Said(row.answers, row.readership, row.photos)
    return found


def _response_row(found: _Response, new: Submission) -> dict[str, Any]:
    return {
        "id": found.id,
        "visit_id": new.visit_id,
        "invitation_id": new.invitation_id,
        "sole_invitation_id": new.invitation_id if new.personal else None,
        "verified": new.personal,
        "revision": found.revision,
        "withdrawn_at": None,
        "photos": list(found.photos),
    }


def _amended_row(found: _Response) -> dict[str, Any]:
    return {"row_id": found.id, "newest": found.revision, "declared": list(found.photos)}


def _submission_row(new: Submission, receipt: Receipt, photos: Photos) -> dict[str, Any]:
    return {
        "idempotency_key": new.key,
        "response_id": receipt.response_id,
        "revision": receipt.revision,
        "content_hash": new.content_hash,
        "answers": new.answers,
        "consent": new.consent,
        "readership": new.readership,
        "language": new.language,
        "questionnaire_version": new.questionnaire_version,
        "submitted_at": new.submitted_at,
        "received_at": new.received_at,
        "photos": list(photos),
        "notice": new.notice,
        "dropped": list(new.dropped),
    }
