"""A stored answer in words, for the receipt.  Pure."""

from collections.abc import Mapping
from typing import Any

from collector.phrases import PHRASES
from collector.questionnaire import Question, Scale

Shown = str | list[tuple[str, str]] | None  # text, rows of a matrix, or None: not answered


def show_answer(question: Question, value: Any, language: str) -> Shown:
    """`value` is normalised: see values.py."""
    if value is None:
        return None
    if isinstance(value, bool):
        return PHRASES["agreed" if value else "declined"][language]
    if question.type == "matrix":
        rows = [(item.label[language], value[item.id]) for item in question.items if item.id in value]
        return [(label, _number(question.scale, rating, language)) for label, rating in rows]
    if isinstance(value, Mapping):
        return (
            _contact(value, language) if question.type == "contact" else _choices(question, value, language)
        )
    return _number(question.scale, value, language) if question.scale else str(value)


def _number(scale: Scale | None, value: Any, language: str) -> str:
    if scale and isinstance(value, int):
        return f"{value} / {scale.max}"
    return scale.opt_out[language] if scale and scale.opt_out else str(value)


def _choices(question: Question, value: Mapping[str, Any], language: str) -> str:
    picked = value.get("choices") or [value.get("choice")]
    labels = [choice.label[language] for choice in question.choices if choice.id in picked]
    if value.get("text"):
        labels[-1:] = [f"{labels[-1]}{'：' if language == 'zh' else ': '}{value['text']}"]
    return ("、" if language == "zh" else ", ").join(labels)


def _contact(value: Mapping[str, Any], language: str) -> str:
    if not value["agreed"]:
        return PHRASES["declined"][language]
    parts = [value[part] for part in ("name", "email", "phone") if part in value]
    return "\n".join([PHRASES["agreed"][language], *parts])
