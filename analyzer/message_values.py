"""Whether the value of an answer has the form that its type of question wants.

In: the value and the answer it stands in, with scale, choices and items.  Out: what is wrong, or None.
Pure.
"""

from collections.abc import Callable, Mapping
from typing import Any

MAX_TEXT = 20_000  # code points; the form allows 600, anything near this is not typed on a phone
OPT_OUT = "opt_out"


def _on_scale(value: Any, answer: dict[str, Any]) -> str | None:
    scale = answer["scale"]
    if scale is None:
        return "No scale to read it by."
    if value == OPT_OUT:
        return None if scale["opt_out"] else "The question offers no opt-out."
    if not _whole(value) or not scale["min"] <= value <= scale["max"]:
        return f"Not a whole number from {scale['min']} to {scale['max']}."
    return None


def _nps(value: Any, answer: dict[str, Any]) -> str | None:
    return None if _whole(value) and 0 <= value <= 10 else "Not a whole number from 0 to 10."


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _single_choice(value: Any, answer: dict[str, Any]) -> str | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("choice"), str):
        return 'Not {"choice": id}.'
    return _known([value["choice"]], answer["choices"], "choice") or _words(value)


def _multiple_choice(value: Any, answer: dict[str, Any]) -> str | None:
    chosen = value.get("choices") if isinstance(value, Mapping) else None
    if not isinstance(chosen, list) or not all(isinstance(choice, str) for choice in chosen):
        return 'Not {"choices": [id, ...]}.'
    return _known(chosen, answer["choices"], "choice") or _words(value)


def _matrix(value: Any, answer: dict[str, Any]) -> str | None:
    if not isinstance(value, Mapping):
        return "Not {item: rating}."
    unknown = _known(list(value), answer["items"], "item")
    return unknown or next(filter(None, (_on_scale(rating, answer) for rating in value.values())), None)


def _known(chosen: list[str], offered: list[dict[str, Any]], what: str) -> str | None:
    unknown = set(chosen) - {one["id"] for one in offered}
    return f"The question offers no {what} {min(unknown)!r}." if unknown else None


def _words(value: Mapping[str, Any]) -> str | None:
    return _text(value["text"], {}) if "text" in value else None


def _text(value: Any, answer: dict[str, Any]) -> str | None:
    if not isinstance(value, str):
        return "Not a text."
    return f"Longer than {MAX_TEXT} characters." if len(value) > MAX_TEXT else None


def _contact(value: Any, answer: dict[str, Any]) -> str | None:
    if not isinstance(value, Mapping) or value.get("agreed") is not True:
        return "A contact travels only when it is agreed."
    texts = (_text(value[key], {}) for key in ("name", "email", "phone") if key in value)
    return next(filter(None, texts), None)


VALUE_CHECKS: dict[str, Callable[[Any, dict[str, Any]], str | None]] = {
    "rating": _on_scale,
    "nps": _nps,
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "matrix": _matrix,
    "text": _text,
    "contact": _contact,
}
