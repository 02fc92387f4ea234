"""The expert's form, whole without script: read, send, see the receipt.  Opening it changes nothing."""

import re
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import Blueprint, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from collector import metrics, pages, problems, receiptpage
from collector.desk import desk
from collector.entrance import arrival, find, let_in, named_response
from collector.errors import BadAnswers, TryLater
from collector.fields import FieldValues, read_answers, show_answers
from collector.intake import Sent, content_hash
from collector.problems import Problem
from collector.refusals import unavailable
from collector.speaking import prefer, request_language
from collector.store import PERSONAL, Draft, Invitation, StoredResponse, find_draft, find_response
from collector.text import known_language

forms = Blueprint("forms", __name__)


@forms.get("/f/<token>")
def show(token: str) -> ResponseReturnValue:
    invitation = find(token, problems.NOT_FOUND)
    stored = _stored(invitation)
    if stored and not invitation.revoked and invitation.closed(desk().clock()):
        # Nothing can be changed any more, but what was sent can be read.
        return redirect(_receipt_address(token, invitation, stored.id), 303)
    let_in(invitation)
    if "blank" in request.args:
        return _blank(invitation)
    with desk().database.read() as connection:
        draft = find_draft(connection, invitation.id)
    key = stored.id if stored else str(uuid4())
    values, withdrawn = _values(invitation, stored, draft), None if stored else named_response(invitation)
    return pages.form(invitation, values, key, stored=stored, draft=draft, withdrawn=withdrawn)


def _blank(invitation: Invitation) -> str:
    """The page that a phone keeps for the next time without reception: nobody's answers stand in it.

    Several people may use the phone, and what a page showed would stay there as long as the browser likes.
    """
    with desk().database.read() as connection:
        stored = find_response(connection, invitation.id) if invitation.kind == PERSONAL else None
    return pages.form(invitation, FieldValues({}), str(uuid4()), stored=stored, blank=True)


@forms.post("/f/<token>")
def send(token: str) -> ResponseReturnValue:
    posted = FieldValues(request.form.to_dict(flat=False))
    prefer(posted.first("lang"))
    spoken = known_language(posted.first("lang"))
    invitation = find(token, problems.NOT_FOUND)
    if turned := known_language(posted.first("switch")):
        return _turn(invitation, posted, turned)
    prefer(spoken or request_language())
    return _send(token, invitation, posted)


@forms.get("/f/<token>/receipt")
def receipt(token: str) -> ResponseReturnValue:
    invitation = find(token, problems.NOT_FOUND)
    if invitation.revoked:
        raise Problem(problems.REVOKED)
    return receiptpage.render(invitation, named_response(invitation), token)


def _send(token: str, invitation: Invitation, posted: FieldValues) -> ResponseReturnValue:
    """Stored, then 303 to the receipt, so that a reload sends nothing again."""
    form_key, sent = _form_key(posted), _sent(invitation, posted)
    try:
        checked = desk().intake.check(invitation, sent)
        key = _key(invitation, form_key, content_hash(checked, sent.response_id))
        done = desk().intake.submit(invitation, key, sent, checked, arrival())
    except BadAnswers as error:
        let_in(invitation)
        before = _before(invitation, form_key)
        return pages.form(invitation, posted, str(form_key), errors=error.errors, before=before), 422
    except TryLater as error:
        return _not_stored(invitation, posted, str(form_key), error)
    metrics.RESPONSES.labels(
        "replayed" if done.replayed else "stored" if done.revision == 1 else "amended"
    ).inc()
    return redirect(_receipt_address(token, invitation, done.response_id), 303)


def _not_stored(
    invitation: Invitation, posted: FieldValues, key: str, error: TryLater
) -> ResponseReturnValue:
    """The database is away: every answer stays on the page, and the same key makes the retry safe."""
    problem = unavailable(error)
    answer = make_response(pages.form(invitation, posted, key, not_stored=True), problem.kind.status)
    answer.headers["Retry-After"] = str(problem.retry_after)
    return answer


def _turn(invitation: Invitation, posted: FieldValues, language: str) -> ResponseReturnValue:
    """The other language, with everything typed so far and the errors that were shown."""
    let_in(invitation)
    prefer(language)
    errors: Any = ()
    if posted.first("checked"):
        try:
            desk().intake.check(invitation, _sent(invitation, posted))
        except BadAnswers as error:
            errors = error.errors
    form_key = _form_key(posted)
    before = _before(invitation, form_key)
    return pages.form(invitation, posted, str(form_key), errors=errors, before=before)


def _sent(invitation: Invitation, posted: FieldValues) -> Sent:
    asked = desk().intake.questionnaire(invitation.visit.questionnaire)
    # The form's key names the response, so an edited form amends it instead of adding another.
    shown = posted.first("notice")
    return Sent(
        **read_answers(asked, posted),
        language=request_language(),
        response_id=str(_form_key(posted)),
        notice=shown if re.fullmatch("[0-9a-f]{64}", shown) else None,
    )


def _key(invitation: Invitation, form_key: UUID, content: str) -> str:
    """The Idempotency-Key of what a form says: a second tap on "send" has the same, an edit another.

    The revision before it counts too, or going back to what was said first would look like a second tap.
    """
    newest = _before(invitation, form_key)
    if newest and newest.content_hash == content:
        return newest.key
    return str(uuid5(form_key, f"{newest.revision if newest else 0}:{content}"))


def _before(invitation: Invitation, form_key: UUID) -> StoredResponse | None:
    """What this form has sent before."""
    named = None if invitation.kind == PERSONAL else str(form_key)
    with desk().database.read() as connection:
        return find_response(connection, invitation.id, named)


def _form_key(posted: FieldValues) -> UUID:
    try:
        return UUID(posted.first("form_key"))
    except ValueError:
        return uuid4()


def _stored(invitation: Invitation) -> StoredResponse | None:
    """The one response of a personal link, or the one that ?r= names."""
    named: str | None = None
    if invitation.kind != PERSONAL:
        try:
            named = str(UUID(request.args.get("r", "")))
        except ValueError:
            return None
    with desk().database.read() as connection:
        return find_response(connection, invitation.id, named)


def _values(invitation: Invitation, stored: StoredResponse | None, draft: Draft | None) -> FieldValues:
    asked = desk().intake.questionnaire(invitation.visit.questionnaire)
    shown = pages.newer(draft, stored)
    if isinstance(shown, Draft):
        return show_answers(asked, *(shown.answers.get(k, {}) for k in ("answers", "consent", "readership")))
    return show_answers(asked, shown.answers, shown.consent, shown.readership) if shown else FieldValues({})


def _receipt_address(token: str, invitation: Invitation, response_id: str) -> str:
    named = None if invitation.kind == PERSONAL else response_id
    return url_for("forms.receipt", token=token, r=named, lang=request_language())
