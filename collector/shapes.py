"""Building blocks for the shapes of organisers' files: marshmallow fields that speak plain words.

In: a document from yamlfile.py.  Out: Mistakes, each with its path and how to put it right.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from collector.errors import Mistake, Path

LONGEST_LABEL = 500  # characters
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
EMAIL = re.compile(r"[^@\s<>\",;:]{1,64}@[^@\s<>\",;:.]+(\.[^@\s<>\",;:.]+)+")

_WORDS: dict[str, Any] = {"required": "is missing", "null": "is empty"}
_SHAPE_WORDS = {
    "unknown": "is not a field that belongs here",
    "type": "must be a group of fields (name: value)",
}


class Shape(Schema):
    """A group of fields; anything that is not declared is a typing mistake and is refused."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages = {**self.error_messages, **_SHAPE_WORDS}


class Text(fields.Field[str]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("must be text; put it in quotes")
        if not value.strip():
            raise ValidationError("is empty")
        return value


class WholeNumber(fields.Field[int]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("must be a whole number")
        return value


class YesNo(fields.Field[bool]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("must be true or false")
        return value


class Anything(fields.Field[Any]):
    """A field that other code checks."""


class LabelShape(Shape):
    """Both languages, always: an expert must never meet a question without words."""

    en = Text(required=True, error_messages=_WORDS, validate=validate.Length(max=LONGEST_LABEL))
    zh = Text(required=True, error_messages=_WORDS, validate=validate.Length(max=LONGEST_LABEL))


def text(required: bool = True, longest: int = LONGEST_LABEL) -> Text:
    problem = f"is longer than {longest} characters"
    check = validate.Length(max=longest, error=problem)
    return Text(required=required, error_messages=_WORDS, validate=check)


def identifier(required: bool = True) -> Text:
    def check(value: str) -> None:
        if not IDENTIFIER.fullmatch(value):
            raise ValidationError("must be made of small letters, digits, - and _ (64 at most)")

    return Text(required=required, error_messages=_WORDS, validate=check)


def email(required: bool = False) -> Text:
    def check(value: str) -> None:
        if len(value) > 254 or not EMAIL.fullmatch(value):
            raise ValidationError("is not an e-mail address")

    return Text(required=required, error_messages=_WORDS, validate=check)


def one_of(allowed: Mapping[str, object] | tuple[str, ...], required: bool = True) -> Text:
    def check(value: str) -> None:
        if value not in allowed:
            raise ValidationError(f"unknown: {value}; use one of {', '.join(allowed)}")

    return Text(required=required, error_messages=_WORDS, validate=check)


def whole_number(lowest: int, highest: int, required: bool = False) -> WholeNumber:
    check = validate.Range(lowest, highest, error=f"must be from {lowest} to {highest}")
    return WholeNumber(required=required, error_messages=_WORDS, validate=check)


def yes_no() -> YesNo:
    return YesNo(error_messages=_WORDS)


def label(required: bool = True) -> fields.Nested:
    return group(LabelShape, required)


def group(shape: type[Shape], required: bool = True) -> fields.Nested:
    return fields.Nested(shape, required=required, error_messages=_WORDS)


def list_of(member: fields.Field[Any], required: bool = True, fewest: int = 1) -> fields.List[Any]:
    words = {**_WORDS, "invalid": "must be a list"}
    check = validate.Length(min=fewest, error=f"needs at least {fewest}")
    return fields.List(member, required=required, error_messages=words, validate=check)


def mistakes_of(shape: Shape, document: Any, at: Path = ()) -> list[Mistake]:
    """What is wrong with the document's shape, in no particular order."""
    return list(_flatten(shape.validate(document), at))


def _flatten(found: Any, path: Path) -> Iterator[Mistake]:
    if isinstance(found, Mapping):
        for step, inner in found.items():
            yield from _flatten(inner, path if step == "_schema" else (*path, step))
    else:
        for problem in found:
            yield Mistake(path, str(problem))
