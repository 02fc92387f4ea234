"""What the form's script has to know, as JSON inside the page.  Pure.

The script checks answers by the same rules and in the same words as the server, because both are sent along.
"""

from collections.abc import Mapping
from typing import Any

from collector import wording
from collector.phrases import PHRASES
from collector.phrases_phone import SCRIPT
from collector.questionnaire import Question, Questionnaire
from collector.receipts import reference
from collector.shapes import EMAIL
from collector.store import Draft, StoredResponse
from collector.values import CONTACT_FIELDS

SHARED = ("problem_title", "unanswered", "agreed")  # phrases that pages and script both say


def words(language: str) -> dict[str, str]:
    own = {name: said[language] for name, said in SCRIPT.items()}
    shared = {name: PHRASES[name][language] for name in SHARED}
    errors = {
        "shorten": wording.SHORTEN[language],
        "give_email": wording.GIVE_EMAIL[language],
        "give_contact": wording.GIVE_CONTACT[language],
    }
    return {**own, **shared, **errors}


def questions(asked: Questionnaire, language: str) -> list[dict[str, Any]]:
    return [_question(question, language) for question in asked.questions]


def _question(question: Question, language: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": question.id,
        "type": question.type,
        "label": question.label[language],
        "required": question.required,
        "needed": wording.answer_needed(question)[language],
        "most": question.max_length,
    }
    if question.show_if:
        told["show_if"] = question.show_if
    if question.items:
        assert question.scale is not None  # the file's check guarantees it
        told["items"] = [item.id for item in question.items]
        told["needed_row"] = wording.choose_number(question.scale)[language]
    if question.choices:
        told["other"] = next((choice.id for choice in question.choices if choice.text), None)
    if question.type == "contact":
        told["parts"] = dict(CONTACT_FIELDS)
    return told


def email_pattern() -> str:
    """As JavaScript reads it: the pattern uses nothing that differs."""
    return f"^(?:{EMAIL.pattern})$"


def base(draft: Draft | None, stored: StoredResponse | None) -> dict[str, int]:
    """What this page was made from: two devices compare it to find out whether they went apart."""
    return {"draft": draft.revision if draft else 0, "response": stored.revision if stored else 0}


def blank(stored: StoredResponse | None) -> dict[str, Any]:
    """A kept copy was made from nothing, so it never goes ahead of a draft or a response unasked."""
    arrived = stored and {
        "receipt": reference(stored.id),
        "received_at": stored.received_at.isoformat(),
        "response_id": stored.id,
    }
    return {"blank": True, "arrived": arrived, "base": base(None, None), "shown": None, "shown_at": None}


def diverged(draft: Draft | None) -> Mapping[str, Any] | None:
    return draft.diverged if draft else None


def kept(language: str, api: str, refused: bool) -> dict[str, Any]:
    """For the pages around the form; `refused`: this one says that nothing is taken any more."""
    return {"language": language, "api": api, "refused": refused, "words": words(language)}
