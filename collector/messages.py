"""The events that the collector sends out, as the contract wants them (tests/contract/).

In: plain facts and checked answers.  Out: an Event whose body is a CloudEvents 1.0 envelope, JSON in UTF-8.
Pure: ids and times come in.  Fat on purpose: every answer carries its question's wording and role, so the
reader never asks back.  Consent questions do not travel as answers, and contact only when it was agreed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from collector.answering import CheckedAnswers, consents, narrowed
from collector.questionnaire import Question, Questionnaire, Scale
from collector.text import Bilingual

SOURCE = "/collector"
VOICE_NOTE = {"en": "Voice note", "zh": "语音留言"}
SUBMITTED = "response.submitted.v1"
WITHDRAWN = "response.withdrawn.v1"
PHOTO_STORED = "photo.stored.v1"
SCHEDULED = "visit.scheduled.v1"


@dataclass(frozen=True)
class Event:
    id: str  # UUIDv7; the reader's guard against counting twice
    type: str  # also the routing key
    subject: str  # response id or visit id
    time: datetime
    body: bytes

    def traced(self, traceparent: str) -> "TracedEvent":
        """As the outbox takes it."""
        return TracedEvent(self.id, self.type, self.subject, self.body.decode("utf-8"), traceparent)


@dataclass(frozen=True)
class TracedEvent:
    """An event and the W3C trace that it belongs to: one row of the outbox."""

    event_id: str
    type: str
    subject: str
    body: str
    traceparent: str


@dataclass(frozen=True)
class Expert:
    """The invited expert behind a personal link."""

    name: Bilingual
    organisation: Bilingual
    organisation_kind: str
    discipline: str | None


@dataclass(frozen=True)
class Transcript:
    """What the organiser wrote down of a voice note."""

    voice_id: str
    text: str
    readership: str  # as chosen by the expert
    transcribed_at: datetime


@dataclass(frozen=True)
class Submission:
    """One revision of one response, beside its answers."""

    response_id: str
    revision: int  # from 1
    visit_id: str
    fair_id: str
    company_id: str
    verified: bool  # came through a personal link
    sample: bool
    invitation_id: str
    expert: Expert | None  # None: open link
    submitted_at: datetime | None  # the phone's clock
    received_at: datetime  # ours
    answers_revision: int  # in which the expert last changed an answer
    notice: str | None = None  # sha256 of the consent notice that was shown
    photos: Sequence[Mapping[str, str]] = ()  # {"id", "readership"} as it holds
    transcripts: Sequence[Transcript] = ()  # of its voice notes, in their order


@dataclass(frozen=True)
class StoredPhoto:
    """A photo that can be looked at from now on."""

    id: str
    response_id: str
    visit_id: str
    width: int  # pixels
    height: int
    stored_at: datetime


@dataclass(frozen=True)
class ScheduledVisit:
    visit_id: str
    fair_id: str
    fair_name: Bilingual
    timezone: str
    company_id: str
    company_name: Bilingual
    industry: Bilingual
    visited_at: datetime
    deadline: datetime
    invited: int  # experts with a personal link that is not revoked
    minimum_group: int
    link_generation: int
    sample: bool
    # counts of invited experts by kind, discipline, language; and by "kind/language", "discipline/language"
    visitors: Mapping[str, Mapping[str, int]]
    needs: tuple[Mapping[str, Any], ...] = ()  # see programme.Company
    same_as: str | None = None
    contacts: tuple[Mapping[str, str], ...] = ()
    attribution: str = "named"
    minimum_text: int | None = None


def response_submitted(
    event_id: str, submission: Submission, questionnaire: Questionnaire, checked: CheckedAnswers
) -> Event:
    """The first submission and every amendment of it; the event's time is received_at."""
    agreed = consents(questionnaire, checked.consent)
    data: dict[str, Any] = {
        "response_id": submission.response_id,
        "revision": submission.revision,
        "answers_revision": submission.answers_revision,
        "visit_id": submission.visit_id,
        "fair_id": submission.fair_id,
        "company_id": submission.company_id,
        "verified": submission.verified,
        "sample": submission.sample,
        "language": checked.language,
        "respondent": _respondent(submission, agreed),
        "questionnaire": {"id": questionnaire.id, "version": questionnaire.version},
        "consent": agreed,
        "submitted_at": _time(submission.submitted_at) if submission.submitted_at else None,
        "received_at": _time(submission.received_at),
        "answers": [
            *_answers(questionnaire, checked),
            *_transcripts(questionnaire, submission.transcripts, agreed),
        ],
    }
    if submission.notice:
        data["notice"] = {"sha256": submission.notice}
    if submission.photos:
        data["photos"] = [dict(photo) for photo in submission.photos]
    return _event(event_id, SUBMITTED, submission.response_id, submission.received_at, data)


def response_withdrawn(
    event_id: str, response_id: str, visit_id: str, revision: int, withdrawn_at: datetime
) -> Event:
    """`revision` is the newest that was submitted: everything up to it is to be forgotten."""
    data = {
        "response_id": response_id,
        "visit_id": visit_id,
        "revision": revision,
        "withdrawn_at": _time(withdrawn_at),
    }
    return _event(event_id, WITHDRAWN, response_id, withdrawn_at, data)


def photo_stored(event_id: str, photo: StoredPhoto) -> Event:
    """Who may see it is said by its response, which may have been told before or will be later."""
    data = {
        "photo_id": photo.id,
        "response_id": photo.response_id,
        "visit_id": photo.visit_id,
        "width": photo.width,
        "height": photo.height,
        "stored_at": _time(photo.stored_at),
    }
    return _event(event_id, PHOTO_STORED, photo.id, photo.stored_at, data)


def visit_scheduled(event_id: str, visit: ScheduledVisit, now: datetime) -> Event:
    """A visit is new, or something about it or its links changed; the newest time wins."""
    data = {
        "visit_id": visit.visit_id,
        "fair": {"id": visit.fair_id, "name": dict(visit.fair_name), "timezone": visit.timezone},
        "company": {
            "id": visit.company_id,
            "name": dict(visit.company_name),
            "industry": dict(visit.industry),
            "needs": [dict(need) for need in visit.needs],
            "same_as": visit.same_as,
            "contacts": [dict(contact) for contact in visit.contacts],
        },
        "visited_at": _time(visit.visited_at),
        "deadline": _time(visit.deadline),
        "invited": visit.invited,
        "minimum_group": visit.minimum_group,
        "minimum_text": visit.minimum_text,
        "attribution": visit.attribution,
        "link_generation": visit.link_generation,
        "sample": visit.sample,
        "visitors": {name: dict(counts) for name, counts in visit.visitors.items()},
    }
    return _event(event_id, SCHEDULED, visit.visit_id, now, data)


def _event(event_id: str, kind: str, subject: str, time: datetime, data: Mapping[str, Any]) -> Event:
    envelope = {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": kind,
        "subject": subject,
        "time": _time(time),
        "datacontenttype": "application/json",
        "data": data,
    }
    body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return Event(event_id, kind, subject, time, body)


def _time(moment: datetime) -> str:
    """RFC 3339 in UTC, with a Z; milliseconds are more than any clock here can promise."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _respondent(submission: Submission, agreed: Mapping[str, bool]) -> dict[str, Any]:
    """Names only where the expert wants to be named and agreed that the answers are used at all."""
    expert = submission.expert
    named = expert is not None and agreed["named"] and agreed["use"]
    return {
        "named": named,
        "expert_id": submission.invitation_id if expert else None,  # means nothing outside the collector
        "organisation_kind": expert.organisation_kind if expert else None,
        "discipline": expert.discipline if expert else None,
        "name": dict(expert.name) if expert and named else None,
        "organisation": dict(expert.organisation) if expert and named else None,
    }


def _answers(questionnaire: Questionnaire, checked: CheckedAnswers) -> list[dict[str, Any]]:
    return [
        _answer(question, position, checked)
        for position, question in enumerate(questionnaire.questions, start=1)
        if _travels(question, checked.answers.get(question.id))
    ]


def _transcripts(
    questionnaire: Questionnaire, transcripts: Sequence[Transcript], agreed: Mapping[str, bool]
) -> list[dict[str, Any]]:
    """Text like any other: a reader that knows nothing of voice notes reads it as an answer."""
    place = questionnaire.voice
    label = place.label if place else VOICE_NOTE
    first = len(questionnaire.questions) + 1
    return [
        {
            "question_id": f"voice-{one.voice_id}",
            "position": position,
            "role": "other",
            "type": "text",
            "label": dict(label),
            "value": one.text,
            "readership": narrowed(one.readership, agreed, words=True),
            "transcribed": {"at": _time(one.transcribed_at)},
        }
        for position, one in enumerate(transcripts, first)
    ]


def _travels(question: Question, value: Any) -> bool:
    return value is not None and (question.type != "contact" or value["agreed"])


def _answer(question: Question, position: int, checked: CheckedAnswers) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "question_id": question.id,
        "position": position,
        "role": question.role,
        "type": question.type,
        "label": dict(question.label),
        "value": checked.answers[question.id],
        "readership": checked.readership[question.id],
    }
    if question.scale is not None:
        answer["scale"] = _scale(question.scale)
    if question.choices:
        answer["choices"] = [{"id": choice.id, "label": dict(choice.label)} for choice in question.choices]
    if question.items:
        answer["items"] = [
            {"id": item.id, "role": item.role, "label": dict(item.label)} for item in question.items
        ]
    return answer


def _scale(scale: Scale) -> dict[str, Any]:
    return {
        "min": scale.min,
        "max": scale.max,
        "low": dict(scale.low),
        "high": dict(scale.high),
        "opt_out": dict(scale.opt_out) if scale.opt_out else None,
    }
