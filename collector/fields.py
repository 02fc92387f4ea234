"""Names of the form's fields, and the way between them and the answers of the API.

In: what a browser posts, or answers raw or stored.  Out: raw answers, or what each field shows.  Pure.
A question `overall` is the field "q.overall", a matrix row "q.aspects.process", the words beside "other"
"q.seen.text", a part of the contact "q.contact.email"; "r.improve" carries the readership of a text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.questionnaire import Question, Questionnaire

CONTACT_PARTS = ("name", "email", "phone")
YES, NO = "yes", "no"
OPT_OUT = "opt_out"


@dataclass(frozen=True)
class FieldValues:
    """What stands in the fields: name -> every value chosen or typed."""

    values: Mapping[str, Sequence[str]]

    def first(self, name: str) -> str:
        chosen = self.values.get(name) or [""]
        return chosen[0]

    def has(self, name: str, value: object) -> bool:
        return str(value) in self.values.get(name, ())


def field_name(pointer: str) -> str:
    """The field that an error's JSON pointer means: "/answers/aspects/process" -> "q.aspects.process"."""
    group, *steps = pointer.strip("/").split("/")
    named = [step for step in steps if not step.isdigit() and step not in ("choice", "choices")]
    return ".".join([{"readership": "r"}.get(group, "q"), *named])


# Browser -> API


def read_answers(questionnaire: Questionnaire, posted: FieldValues) -> dict[str, Any]:
    """The body of a submission as the API takes it; fields left empty are left out."""
    answers, consent, readership = {}, {}, {}
    for question in questionnaire.questions:
        name = f"q.{question.id}"
        if question.type == "consent":
            if posted.first(name) in (YES, NO):
                consent[question.id] = posted.first(name) == YES
            continue
        answer = _read(question, name, posted)
        if answer not in (None, "", [], {}):
            answers[question.id] = answer
        if chosen := posted.first(f"r.{question.id}"):
            readership[question.id] = chosen
    return {"answers": answers, "consent": consent, "readership": readership}


def _read(question: Question, name: str, posted: FieldValues) -> Any:
    if question.type in ("rating", "nps"):
        return _number(posted.first(name))
    if question.type == "matrix":
        rows = {item.id: _number(posted.first(f"{name}.{item.id}")) for item in question.items}
        return {item: value for item, value in rows.items() if value is not None}
    if question.type == "text":
        return _text(posted.first(name))
    if question.type == "contact":
        return _read_contact(name, posted)
    return _read_choices(question, name, posted)


def _number(typed: str) -> int | str | None:
    """Anything but a short number goes on as it is: the questionnaire refuses it in its own words."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else typed or None


def _text(typed: str) -> str:
    return typed.replace("\r\n", "\n").strip()  # browsers send line ends as CRLF, which counts as two


def _read_contact(name: str, posted: FieldValues) -> dict[str, Any] | None:
    parts = {part: _text(posted.first(f"{name}.{part}")) for part in CONTACT_PARTS}
    typed = {part: value for part, value in parts.items() if value}
    if posted.has(f"{name}.agreed", YES):
        return {"agreed": True, **typed}
    return {"agreed": False} if typed else None


def _read_choices(question: Question, name: str, posted: FieldValues) -> Any:
    known = {choice.id for choice in question.choices}
    chosen = [value for value in posted.values.get(name, ()) if value in known or value]
    words = _text(posted.first(f"{name}.text"))
    asked = next((choice.id for choice in question.choices if choice.text), None)
    if question.type == "multiple_choice":
        # Who writes beside "other" means it, ticked or not.
        if words and asked and asked not in chosen:
            chosen.append(asked)
        return {"choices": chosen, "text": words} if words else chosen
    if not chosen:
        return None
    return {"choice": chosen[0], "text": words} if words and chosen[0] == asked else chosen[0]


# API or store -> browser


def show_answers(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    consent: Mapping[str, Any],
    readership: Mapping[str, Any],
) -> FieldValues:
    """What the fields show for these answers, raw or normalised; what does not fit is left out."""
    values: dict[str, list[str]] = {}
    for question in questionnaire.questions:
        source = consent if question.type == "consent" else answers
        for name, value in _show(question, source.get(question.id)):
            values.setdefault(f"q.{question.id}{name}", []).append(value)
        if isinstance(chosen := readership.get(question.id), str):
            values[f"r.{question.id}"] = [chosen]
    return FieldValues(values)


def _show(question: Question, answer: Any) -> Iterator[tuple[str, str]]:
    if isinstance(answer, bool):
        yield "", YES if answer else NO
    elif isinstance(answer, int | str):
        yield "", str(answer)
    elif isinstance(answer, list):
        yield from (("", value) for value in answer if isinstance(value, str))
    elif isinstance(answer, Mapping):
        yield from _show_group(question, answer)


def _show_group(question: Question, answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for part, value in answer.items():
        if part in ("choice", "choices") and question.type != "matrix":
            yield from _show(question, value)
        elif isinstance(value, bool):
            yield f".{part}", YES if value else NO
        elif isinstance(value, int | str):
            yield f".{part}", str(value)
