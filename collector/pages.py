"""Renders the form and its receipt from plain facts."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for

from collector import facts
from collector.desk import desk
from collector.errors import AnswerError
from collector.fields import FieldValues, field_name
from collector.links import form_token
from collector.narrowing import Choices, open_choices
from collector.questionnaire import Question, Questionnaire
from collector.receipts import reference
from collector.speaking import request_language, voice
from collector.store import PERSONAL, Draft, Invitation, StoredResponse
from collector.text import say_day, say_moment


def form(
    invitation: Invitation,
    values: FieldValues,
    key: str,
    *,
    errors: Sequence[AnswerError] = (),
    stored: StoredResponse | None = None,
    draft: Draft | None = None,
    withdrawn: StoredResponse | None = None,
    not_stored: bool = False,
    blank: bool = False,
    before: StoredResponse | None = None,
) -> str:
    """`before`: what was sent, where the page need not say so; it limits who may read it from now on.

    `blank`: the copy that a phone keeps; it knows that answers have arrived, and none of them.
    """
    asked = desk().intake.questionnaire(invitation.visit.questionnaire)
    language = request_language()
    said = {field_name(error.pointer): error.detail[language] for error in reversed(errors)}
    return render_template(
        "form.html",
        **voice(language),
        **visit_facts(invitation, language),
        asked=asked,
        sections=_sections(asked, invitation),
        values=values,
        errors=said,
        summary=_summary(asked, errors, language),
        dom=dom,
        key=key,
        stored=stored,
        reference=reference(stored.id) if stored else None,
        stored_at=stored and say_moment(stored.received_at, invitation.visit.zone, language),
        not_stored=not_stored,
        withdrawn_at=_when_withdrawn(withdrawn, invitation, language),
        open_readers=_readers(asked, None if blank else before or stored),
        facts=_facts(asked, invitation, stored, draft, language) | (facts.blank(stored) if blank else {}),
    )


def _facts(
    asked: Questionnaire,
    invitation: Invitation,
    stored: StoredResponse | None,
    draft: Draft | None,
    language: str,
) -> dict[str, Any]:
    """For the script of the form: see facts.py."""
    newest = newer(draft, stored)
    token = form_token(desk().secret, invitation.id)
    return {
        "token": token,
        "language": language,
        "personal": invitation.kind == PERSONAL,
        "api": url_for("api.submit"),
        "draft_api": url_for("api.keep_draft", token=token),
        "deadline": invitation.visit.deadline.isoformat(),
        "receipt_page": url_for("forms.receipt", token=token),
        "base": facts.base(draft, stored),
        "shown": newest and ("draft" if newest is draft else "response"),
        "shown_at": _since(newest),
        "device": draft and draft.device,
        "diverged": facts.diverged(draft),
        "questions": facts.questions(asked, language),
        "email": facts.email_pattern(),
        "words": facts.words(language),
    }


def _readers(asked: Questionnaire, before: StoredResponse | None) -> Choices:
    """Who may still be chosen; questions that are not in it offer all of their readers."""
    return open_choices(asked, before.answers, before.readership) if before else {}


def _since(shown: Draft | StoredResponse | None) -> str | None:
    if shown is None:
        return None
    return (shown.saved_at if isinstance(shown, Draft) else shown.received_at).isoformat()


def newer(draft: Draft | None, stored: StoredResponse | None) -> Draft | StoredResponse | None:
    """What the expert sees again: what was sent, or a draft that is newer than that."""
    if draft and (stored is None or draft.saved_at > stored.received_at):
        return draft
    return stored


def _when_withdrawn(withdrawn: StoredResponse | None, invitation: Invitation, language: str) -> str | None:
    at = withdrawn and withdrawn.withdrawn_at
    return say_moment(at, invitation.visit.zone, language) if at else None


def dom(name: str) -> str:
    """A field's name as an HTML id: "q.contact.email" -> "q-contact-email"."""
    return name.replace(".", "-")


def visit_facts(invitation: Invitation, language: str) -> dict[str, Any]:
    visit = invitation.visit
    return {
        "visit": visit,
        "expert": invitation.expert,
        "day": say_day(visit.visited_at.astimezone(visit.zone).date(), language),
        "deadline": say_moment(visit.deadline, visit.zone, language),
    }


def _sections(asked: Questionnaire, invitation: Invitation) -> list[tuple[Any, list[Question]]]:
    """Nobody can be named through an open link, so it does not ask."""
    hidden = () if invitation.expert else ("consent_named",)
    return [(part, [q for q in part.questions if q.role not in hidden]) for part in asked.sections]


def _summary(asked: Questionnaire, errors: Sequence[AnswerError], language: str) -> list[dict[str, str]]:
    """Each error in the words of its field, with the question before it and a link to its first control."""
    return [_summary_line(asked, error, language) for error in errors]


def _summary_line(asked: Questionnaire, error: AnswerError, language: str) -> dict[str, str]:
    name = field_name(error.pointer)
    _, question_id, *rest = [*name.split("."), ""]
    question = asked.question(question_id)
    if question is None:
        return {"target": "main", "label": "", "detail": error.detail[language]}
    item = next((item for item in question.items if item.id in rest), None)
    label = (item or question).label[language]
    return {"target": _target(question, name, bool(item)), "label": label, "detail": error.detail[language]}


def _target(question: Question, name: str, is_row: bool) -> str:
    """The id of the control that gets the focus."""
    parts = name.split(".")
    if question.type == "matrix" and not is_row:
        parts.append(question.items[0].id)
    if question.scale:
        return f"{dom('.'.join(parts))}-{question.scale.min}"
    if question.type == "consent":
        return f"{dom(name)}-yes"
    if question.type == "contact" and len(parts) == 2:
        return f"{dom(name)}-agreed"
    if question.choices and len(parts) == 2:
        return f"{dom(name)}-{question.choices[0].id}"
    return dom(name)
