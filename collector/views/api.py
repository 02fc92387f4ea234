"""The JSON API for the form's script and for other programs.  Described by openapi.yaml."""

from typing import Any

from flask import Blueprint, jsonify, url_for
from flask.typing import ResponseReturnValue

from collector import drafts, metrics, problems, receipts
from collector.desk import desk
from collector.drafts import Apart, Typed
from collector.entrance import arrival, bearer, find, let_in
from collector.errors import BadAnswers
from collector.intake import Sent
from collector.links import form_token
from collector.problems import Problem
from collector.reading import idempotency_key, load, read_json
from collector.recording import Receipt
from collector.schemas import DraftSchema, SubmissionSchema
from collector.speaking import prefer
from collector.store import PERSONAL, Draft, Invitation, find_draft, find_response
from collector.text import known_language

api = Blueprint("api", __name__, url_prefix="/api/v1")
_SUBMISSION, _DRAFT = SubmissionSchema(), DraftSchema()


@api.post("/responses")
def submit() -> ResponseReturnValue:
    body = read_json()
    invitation = find(bearer(), problems.UNAUTHORIZED)
    key = idempotency_key()
    if isinstance(body, dict):
        prefer(known_language(body.get("language")) or None)
    sent = Sent.from_body(load(_SUBMISSION, body))
    try:
        checked = desk().intake.check(invitation, sent)
        receipt = desk().intake.submit(invitation, key, sent, checked, arrival())
    except BadAnswers as error:
        raise Problem(problems.INVALID, error.errors) from error
    metrics.RESPONSES.labels(_outcome(receipt)).inc()
    document = receipts.as_json(receipt, _address(invitation, receipt), checked.dropped)
    return jsonify(document), 200 if receipt.replayed else 201


@api.get("/form/<token>")
def form(token: str) -> ResponseReturnValue:
    invitation = find(token, problems.NOT_FOUND)
    let_in(invitation)
    here = desk()
    with here.database.read() as connection:
        stored = find_response(connection, invitation.id)
        draft = find_draft(connection, invitation.id)
    asked = here.intake.questionnaire(invitation.visit.questionnaire)
    return jsonify(
        visit=_visit(invitation),
        expert=_expert(invitation),
        questionnaire={**asked.document, "version": asked.version},
        response=stored and _response(stored),
        draft=draft and _stored_draft(draft),
    )


@api.put("/form/<token>/draft")
def keep_draft(token: str) -> ResponseReturnValue:
    """Another device of the same expert goes on from here; an open link has no owner, so no draft."""
    body = read_json()
    invitation = find(token, problems.NOT_FOUND)
    let_in(invitation)
    if invitation.kind != PERSONAL:
        raise Problem(problems.NO_DRAFT)
    draft = _typed(load(_DRAFT, body))
    with desk().database.write() as connection:
        kept = drafts.keep(connection, invitation.id, draft)
    if isinstance(kept, Apart):
        raise Problem(problems.DIVERGED, more={"draft": _stored_draft(kept.other)})
    return jsonify(saved_at=_time(kept.saved_at), revision=kept.revision)


def _typed(loaded: dict[str, Any]) -> Typed:
    return Typed(
        {name: loaded[name] for name in ("answers", "consent", "readership")},
        known_language(loaded["language"]) or "en",
        desk().clock(),
        loaded["base_revision"],
        str(loaded["device"]) if loaded["device"] else None,
        loaded["chosen"],
    )


def _outcome(receipt: Receipt) -> str:
    if receipt.replayed:
        return "replayed"
    return "stored" if receipt.revision == 1 else "amended"


def _address(invitation: Invitation, receipt: Receipt) -> str:
    here = desk()
    named = None if invitation.kind == PERSONAL else receipt.response_id
    token = form_token(here.secret, invitation.id)
    return here.config.public_url + url_for("forms.receipt", token=token, r=named)


def _visit(invitation: Invitation) -> dict[str, Any]:
    visit = invitation.visit
    return {
        "id": visit.id,
        "company": visit.company,
        "visited_at": _time(visit.visited_at),
        "deadline": _time(visit.deadline),
        "timezone": visit.zone.key,
        "minimum_group": visit.minimum_group,
        "sample": visit.sample,
        "verified": invitation.kind == PERSONAL,
    }


def _expert(invitation: Invitation) -> dict[str, Any] | None:
    expert = invitation.expert
    if expert is None:
        return None
    return {"name": expert.name, "organisation": expert.organisation, "language": expert.language}


def _response(stored: Any) -> dict[str, Any]:
    return {
        "response_id": stored.id,
        "receipt": receipts.reference(stored.id),
        "revision": stored.revision,
        "answers": stored.answers,
        "consent": stored.consent,
        "readership": stored.readership,
        "language": stored.language,
        "received_at": _time(stored.received_at),
    }


def _stored_draft(draft: Draft) -> dict[str, Any]:
    return {
        **draft.answers,
        "language": draft.language,
        "saved_at": _time(draft.saved_at),
        "revision": draft.revision,
        "device": draft.device,
        "diverged": draft.diverged,
    }


def _time(moment: Any) -> str:
    return str(moment.isoformat(timespec="milliseconds")).replace("+00:00", "Z")
