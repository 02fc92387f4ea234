"""One answer: is it what its question asks for?

In: a question and whatever JSON the sender put there.  Out: the normalised value, None for "not answered";
what is wrong goes to `wrong(path, code, detail)`.  Pure.

| type            | taken                                            | kept                              |
|-----------------|--------------------------------------------------|-----------------------------------|
| rating          | 4, or "opt_out" where the scale offers it        | the same                          |
| nps             | 0 … 10                                           | the same                          |
| single_choice   | "yes" or {"choice": "other", "text": "…"}        | {"choice": "yes"}                 |
| multiple_choice | ["a", "b"] or {"choices": ["other"], "text": "…"} | {"choices": ["a", "b"]}           |
| matrix          | {"process": 4, "safety": "opt_out"}              | the same, in the file's order     |
| text            | "…"                                              | NFC, trimmed, without controls    |
| contact         | {"agreed": true, "email": "…", …}                | the same; {"agreed": false} alone |
"""

from collections.abc import Callable, Mapping
from typing import Any

from collector import wording
from collector.plaintext import clean, clean_line
from collector.questionnaire import Choice, Question, Scale
from collector.shapes import EMAIL
from collector.text import Bilingual

Wrong = Callable[[tuple[str, ...], str, Bilingual], None]

OPT_OUT = "opt_out"
MOST_CHOICES = 100  # members of a list that are looked at
CONTACT_FIELDS: Mapping[str, int] = {"name": 100, "email": 254, "phone": 60}  # characters
# Combining marks can melt into one character, so a text may be somewhat longer before it is normalised.
MELTING = 4


def check_value(question: Question, raw: Any, wrong: Wrong) -> Any:
    """None for an empty answer.  When `wrong` was called, the value means nothing."""
    if raw is None:
        return None
    return _CHECKS[question.type](question, raw, wrong)


def _check_number(question: Question, raw: Any, wrong: Wrong) -> Any:
    assert question.scale is not None  # the file's check guarantees it
    return _number(question.scale, raw, (), wrong)


def _number(scale: Scale, raw: Any, path: tuple[str, ...], wrong: Wrong) -> Any:
    if raw == OPT_OUT and isinstance(raw, str) and scale.opt_out is not None:
        return OPT_OUT
    if isinstance(raw, bool) or not isinstance(raw, int):
        wrong(path, "not_a_number", wording.choose_number(scale))
    elif not scale.min <= raw <= scale.max:
        wrong(path, "out_of_range", wording.choose_number(scale))
    return raw


def _check_text(question: Question, raw: Any, wrong: Wrong) -> str | None:
    return _text(raw, question.max_length, (), wrong, clean)


def _text(
    raw: Any, longest: int, path: tuple[str, ...], wrong: Wrong, tidy: Callable[[str], str]
) -> str | None:
    if not isinstance(raw, str):
        wrong(path, "not_text", wording.WRITE_TEXT)
        return None
    if len(raw) > MELTING * longest + 1000:  # hostile or a paste of a whole report: do not even tidy it
        wrong(path, "too_long", wording.shorten(len(raw), longest))
        return None
    text = tidy(raw)
    if len(text) > longest:
        wrong(path, "too_long", wording.shorten(len(text), longest))
    return text or None


def _check_single(question: Question, raw: Any, wrong: Wrong) -> dict[str, Any] | None:
    chosen, words = _split_choice(raw, "choice", wrong)
    if chosen is None or chosen == "":
        return None
    choice = next((c for c in question.choices if isinstance(chosen, str) and c.id == chosen), None)
    if choice is None:
        wrong((), "unknown_choice", wording.CHOOSE_ONE)
        return None
    return {"choice": choice.id, **_other_words(question, [choice], words, wrong)}


def _check_multiple(question: Question, raw: Any, wrong: Wrong) -> dict[str, Any] | None:
    chosen, words = _split_choice(raw, "choices", wrong)
    if chosen is None:
        return None
    if not isinstance(chosen, list) or len(chosen) > MOST_CHOICES or not all(_is_text(c) for c in chosen):
        wrong((), "not_a_list", wording.CHOOSE_SOME)
        return None
    if set(chosen) - {choice.id for choice in question.choices}:
        wrong((), "unknown_choice", wording.CHOOSE_LISTED)
        return None
    picked = [choice for choice in question.choices if choice.id in chosen]
    if not picked:
        return None
    return {"choices": [choice.id for choice in picked], **_other_words(question, picked, words, wrong)}


def _split_choice(raw: Any, key: str, wrong: Wrong) -> tuple[Any, Any]:
    """The chosen id or ids, and the words beside them."""
    if not isinstance(raw, Mapping):
        return raw, None
    if set(raw) - {key, "text"}:
        wrong((), "unknown_field", wording.NOT_A_FIELD)
        return None, None
    return raw.get(key), raw.get("text")


def _other_words(question: Question, picked: list[Choice], raw: Any, wrong: Wrong) -> dict[str, str]:
    """{"text": …} where a choice that asks for words was picked and some were written."""
    if raw is None:
        return {}
    words = _text(raw, question.max_length, ("text",), wrong, clean_line)
    if words is not None and not any(choice.text for choice in picked):
        wrong(("text",), "words_without_choice", wording.ONLY_WITH_OTHER)
    return {} if words is None else {"text": words}


def _check_matrix(question: Question, raw: Any, wrong: Wrong) -> dict[str, Any] | None:
    assert question.scale is not None  # the file's check guarantees it
    if not isinstance(raw, Mapping):
        wrong((), "not_an_object", wording.RATE_EACH_ROW)
        return None
    known = [item.id for item in question.items]
    if set(raw) - set(known):
        wrong((), "unknown_item", wording.NOT_A_ROW)
    rows: dict[str, Any] = {}
    for item in known:
        if raw.get(item) is not None:
            rows[item] = _number(question.scale, raw[item], (item,), wrong)
        elif question.required:
            wrong((item,), "required", wording.choose_number(question.scale))
    return rows or None


def _check_contact(question: Question, raw: Any, wrong: Wrong) -> dict[str, Any] | None:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("agreed"), bool):
        wrong((), "not_agreed", wording.AGREE_OR_NOT)
        return None
    if set(raw) - {"agreed", *CONTACT_FIELDS}:
        wrong((), "unknown_field", wording.NOT_A_FIELD)
    if not raw["agreed"]:
        return {"agreed": False}  # whatever was typed before the change of mind is dropped
    return {"agreed": True, **_contact_details(raw, wrong)}


def _contact_details(raw: Mapping[str, Any], wrong: Wrong) -> dict[str, str]:
    details: dict[str, str] = {}
    for name, longest in CONTACT_FIELDS.items():
        if raw.get(name) is not None:
            value = _text(raw[name], longest, (name,), wrong, clean_line)
            if value is not None:
                details[name] = value
    if "email" in details and not EMAIL.fullmatch(details["email"]):
        wrong(("email",), "bad_email", wording.GIVE_EMAIL)
    if not raw.get("email") and not raw.get("phone"):
        wrong(("email",), "required", wording.GIVE_CONTACT)
    return details


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


_CHECKS: Mapping[str, Callable[[Question, Any, Wrong], Any]] = {
    "rating": _check_number,
    "nps": _check_number,
    "single_choice": _check_single,
    "multiple_choice": _check_multiple,
    "matrix": _check_matrix,
    "text": _check_text,
    "contact": _check_contact,
}
