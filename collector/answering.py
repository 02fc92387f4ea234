"""Are these answers what the questionnaire asks for, and who may read each of them?

In: a questionnaire and the answers, consent and readership as an expert's phone sent them: any JSON.
Out: CheckedAnswers, or BadAnswers with every error at its place.  Pure.

Answers of questions that `show_if` hides are dropped, whatever stands in them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from collector import wording
from collector.errors import AnswerError, BadAnswers
from collector.plaintext import clean_line
from collector.questionnaire import READERSHIPS, PhotoRequest, Question, Questionnaire
from collector.rules import shown
from collector.text import LANGUAGES, Bilingual
from collector.values import check_value

MOST_UNKNOWN = 20  # unknown names that are complained about; the rest of a flood is silence
LONGEST_NAME = 64  # characters of an unknown name that are repeated


Photo = Mapping[str, str]  # {"id": UUID, "readership": "quote" or "organiser"}


@dataclass(frozen=True)
class CheckedAnswers:
    """Only what was answered and shown; ids in the questionnaire's order."""

    answers: Mapping[str, Any]  # question id -> normalised value (values.py); no consent questions
    consent: Mapping[str, bool]  # consent question id -> answer
    chosen_readership: Mapping[str, str]  # text question id -> what the expert chose, to show it again
    readership: Mapping[str, str]  # answered question id -> quote, summary or organiser: what holds
    language: str  # of the form, "en" or "zh"
    photos: tuple[Photo, ...] | None = None  # as declared; None: those that were declared before
    dropped: tuple[str, ...] = ()  # questions that were answered although other answers hide them


def check_answers(
    questionnaire: Questionnaire,
    raw_answers: Any,
    consent: Any,
    readership: Any,
    language: Any,
    photos: Any = None,
    left_out: Sequence[str] = (),
) -> CheckedAnswers:
    """Raises BadAnswers; its pointers lead into answers, consent, readership, language and photos.

    left_out: questions whose answers the sender has dropped already; named in `dropped` where it was right.
    """
    errors: list[AnswerError] = []
    raw = _group(raw_answers, "answers", errors)
    answers = _check_all(questionnaire, raw, consent, errors)
    dropped = _dropped(questionnaire, {**raw, **dict.fromkeys(left_out, True)}, answers)
    given_consent = {q.id: answers.pop(q.id) for q in _consents(questionnaire) if q.id in answers}
    chosen = _check_readership(questionnaire, _group(readership, "readership", errors), errors)
    if not isinstance(language, str) or language not in LANGUAGES:
        errors.append(AnswerError("/language", "unknown_language", wording.CHOOSE_LANGUAGE))
    declared = _check_photos(questionnaire, photos, errors)
    if errors:
        raise BadAnswers(errors)
    effective = effective_readership(questionnaire, answers, given_consent, chosen)
    kept_choices = {name: reader for name, reader in chosen.items() if name in answers}
    return CheckedAnswers(answers, given_consent, kept_choices, effective, language, declared, dropped)


def consents(questionnaire: Questionnaire, consent: Mapping[str, bool]) -> dict[str, bool]:
    """{"use", "quote", "named"}: what was agreed, by role; not asked or not answered is not agreed."""
    agreed = {q.role: consent.get(q.id, False) for q in _consents(questionnaire)}
    return {name: agreed.get(f"consent_{name}", False) for name in ("use", "quote", "named")}


def narrowed(chosen: str, agreed: Mapping[str, bool], *, words: bool) -> str:
    """The narrowest of what was chosen and what consent allows; `words`: own words could be quoted."""
    limits = [chosen]
    if words and not agreed["quote"]:
        limits.append("summary")
    if not agreed["use"]:
        limits.append("organiser")
    return max(limits, key=READERSHIPS.index)


def shown_photos(
    questionnaire: Questionnaire, photos: Sequence[Photo], consent: Mapping[str, bool]
) -> tuple[Photo, ...]:
    """The photos with the readership that holds: without consent to use, the organiser's alone."""
    used = consents(questionnaire, consent)["use"]
    return tuple({**photo, "readership": photo["readership"] if used else "organiser"} for photo in photos)


def _check_all(
    questionnaire: Questionnaire, raw: Mapping[str, Any], raw_consent: Any, errors: list[AnswerError]
) -> dict[str, Any]:
    """Every question in turn: what it shows depends on the good answers before it."""
    consent = _group(raw_consent, "consent", errors)
    asked = {question.id for question in questionnaire.questions if question.type != "consent"}
    errors.extend(_unknown("answers", raw, asked, wording.NOT_ASKED))
    errors.extend(_unknown("consent", consent, {q.id for q in _consents(questionnaire)}, wording.NOT_ASKED))
    good: dict[str, Any] = {}
    for question in questionnaire.questions:
        if not shown(question, good):
            continue
        value = _check_one(question, raw, consent, errors)
        if value is not None:
            good[question.id] = value
    return good


def _check_one(
    question: Question, raw: Mapping[str, Any], consent: Mapping[str, Any], errors: list[AnswerError]
) -> Any:
    """The normalised value, or None when unanswered or wrong."""
    is_consent = question.type == "consent"
    pointer = f"/{'consent' if is_consent else 'answers'}/{question.id}"
    found: list[AnswerError] = []

    def wrong(path: tuple[str, ...], code: str, detail: Bilingual) -> None:
        found.append(AnswerError("/".join((pointer, *path)), code, detail))

    if is_consent:
        value = _check_consent(consent.get(question.id), wrong)
    else:
        value = check_value(question, raw.get(question.id), wrong)
    if value is None and question.required and not found:
        wrong((), "required", wording.answer_needed(question))
    errors.extend(found)
    return None if found else value


def _check_consent(raw: Any, wrong: Any) -> bool | None:
    if raw is None or isinstance(raw, bool):
        return raw
    wrong((), "not_yes_or_no", wording.CHOOSE_YES_OR_NO)
    return None


def _check_readership(
    questionnaire: Questionnaire, raw: Mapping[str, Any], errors: list[AnswerError]
) -> dict[str, str]:
    texts = {question.id: question for question in questionnaire.questions if question.type == "text"}
    errors.extend(_unknown("readership", raw, set(texts), wording.NOT_ASKED))
    chosen: dict[str, str] = {}
    for name, question in texts.items():
        reader = raw.get(name)
        if isinstance(reader, str) and reader in question.readership:
            chosen[name] = reader
        elif reader is not None:
            detail = wording.choose_reader(question)
            errors.append(AnswerError(f"/readership/{name}", "unknown_choice", detail))
    return chosen


def _dropped(
    questionnaire: Questionnaire, raw: Mapping[str, Any], answers: Mapping[str, Any]
) -> tuple[str, ...]:
    """Told on the receipt, so that nobody believes that these words went out."""
    return tuple(
        question.id
        for question in questionnaire.questions
        if raw.get(question.id) not in (None, "", [], {}) and not shown(question, answers)
    )


def _check_photos(
    questionnaire: Questionnaire, raw: Any, errors: list[AnswerError]
) -> tuple[Photo, ...] | None:
    if raw is None:
        return None
    asked = questionnaire.photos
    if not isinstance(raw, list) or (raw and asked is None):
        errors.append(AnswerError("/photos", "not_asked", wording.NO_PHOTOS_ASKED))
        return None
    if asked and len(raw) > asked.most:
        errors.append(AnswerError("/photos", "too_many", wording.fewer_photos(asked.most)))
        return None
    found = [_check_photo(asked, place, one, errors) for place, one in enumerate(raw) if asked]
    once = {photo["id"]: photo for photo in found if photo}
    return tuple(once.values())


def _check_photo(
    asked: PhotoRequest, place: int, raw: Any, errors: list[AnswerError]
) -> dict[str, str] | None:
    named = raw.get("id") if isinstance(raw, Mapping) else None
    try:
        photo_id = str(UUID(named)) if isinstance(named, str) else ""
    except ValueError:
        photo_id = ""
    reader = raw.get("readership", asked.readership[0]) if isinstance(raw, Mapping) else None
    if not photo_id:
        errors.append(AnswerError(f"/photos/{place}/id", "bad_uuid", wording.NAME_PHOTO))
    elif reader not in asked.readership:
        detail = wording.choose_reader(asked)
        errors.append(AnswerError(f"/photos/{place}/readership", "unknown_choice", detail))
    else:
        return {"id": photo_id, "readership": reader}
    return None


def effective_readership(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    consent: Mapping[str, bool],
    chosen: Mapping[str, str],
) -> dict[str, str]:
    """The narrowest of what was chosen, what consent allows, and the question's default."""
    agreed = consents(questionnaire, consent)
    effective: dict[str, str] = {}
    for question in questionnaire.questions:
        if question.id in answers:
            wanted = chosen.get(question.id, question.readership[0])
            words = _has_words(question, answers[question.id])
            effective[question.id] = narrowed(wanted, agreed, words=words)
    return effective


def _has_words(question: Question, value: Any) -> bool:
    """Own words can be quoted, and the words beside "other" are own words too."""
    return question.type == "text" or (
        question.type != "contact" and isinstance(value, dict) and "text" in value
    )


def _consents(questionnaire: Questionnaire) -> list[Question]:
    return [question for question in questionnaire.questions if question.type == "consent"]


def _group(raw: Any, name: str, errors: list[AnswerError]) -> Mapping[str, Any]:
    if raw is None:
        return {}
    if isinstance(raw, Mapping):
        return raw
    errors.append(AnswerError(f"/{name}", "not_an_object", wording.NOT_A_GROUP))
    return {}


def _unknown(group: str, raw: Mapping[str, Any], known: set[str], detail: Bilingual) -> Iterator[AnswerError]:
    for name in [name for name in raw if name not in known][:MOST_UNKNOWN]:
        yield AnswerError(f"/{group}/{_spell(name)}", "unknown_question", detail)


def _spell(name: object) -> str:
    """A stranger's name as one step of a JSON pointer (RFC 6901), short and printable."""
    return clean_line(str(name)[:LONGEST_NAME]).replace("~", "~0").replace("/", "~1")
