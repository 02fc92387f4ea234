"""The marshmallow shapes that messages.py reads with: what a message must have, and how large it may be.

Fields that no shape names are dropped (unknown=EXCLUDE); limits stand well above what the collector
can send, so that only a broken or hostile message meets them.  Pure.
"""

from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from analyzer.message_values import VALUE_CHECKS

MAX_ID = 200  # code points
MAX_LABEL = 2_000
MAX_ANSWERS = 200
MAX_CHOICES = 200
MAX_PHOTOS = 20
MAX_PIXELS = 100_000  # of one edge
EMAIL = r"[^@\s<>\",;:]{1,64}@[^@\s<>\",;:]{1,189}\Z"  # nothing that could add a line to a mail's head
MESSAGES = {"type": "Not an object."}  # instead of "Invalid input type."


class Shape(Schema):
    class Meta:
        unknown = EXCLUDE

    error_messages = MESSAGES


class Timestamp(fields.Field[datetime]):
    """RFC 3339 with an offset; always given on in UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValidationError("Not a timestamp (RFC 3339).") from None
        if moment.tzinfo is None:
            raise ValidationError("No offset from UTC.")
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError("Out of range.") from None


def _id(**options: Any) -> fields.String:
    return fields.String(validate=validate.Length(1, MAX_ID), **({"required": True} | options))


def _count(low: int, high: int = 1_000_000) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(low, high))


def _flag() -> fields.Boolean:
    return fields.Boolean(required=True, truthy={True}, falsy={False})


def _one_of(*words: str) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(words))


class BilingualShape(Shape):
    en = fields.String(required=True, validate=validate.Length(1, MAX_LABEL))
    zh = fields.String(required=True, validate=validate.Length(1, MAX_LABEL))


def _bilingual() -> fields.Nested:
    return fields.Nested(BilingualShape, required=True)


def _bilingual_or_none() -> fields.Nested:
    return fields.Nested(BilingualShape, load_default=None, allow_none=True)


class EnvelopeShape(Shape):
    specversion = _one_of("1.0")
    id = _id()
    type = _id()
    time = Timestamp(required=True)
    data = fields.Raw(required=True)


class ScaleShape(Shape):
    min = _count(0, 100)
    max = _count(0, 100)
    low = _bilingual_or_none()
    high = _bilingual_or_none()
    opt_out = _bilingual_or_none()


class ChoiceShape(Shape):
    id = _id()
    label = _bilingual()


class ItemShape(ChoiceShape):
    role = _id()


def _list_of(shape: type[Shape]) -> fields.Nested:
    return fields.Nested(shape, many=True, load_default=list, validate=validate.Length(max=MAX_CHOICES))


class TranscribedShape(Shape):
    at = Timestamp(required=True)


class AnswerShape(Shape):
    question_id = _id()
    position = _count(0, 10_000)
    role = _id()
    type = fields.String(required=True)
    label = _bilingual()
    value = fields.Raw(required=True)
    readership = _one_of("quote", "summary", "organiser")
    scale = fields.Nested(ScaleShape, load_default=None, allow_none=True)
    choices = _list_of(ChoiceShape)
    items = _list_of(ItemShape)
    transcribed = fields.Nested(TranscribedShape, load_default=None, allow_none=True)

    @validates_schema
    def check_value(self, answer: dict[str, Any], **_: Any) -> None:
        check = VALUE_CHECKS.get(answer["type"])
        if check is None:
            raise ValidationError(f"Unknown answer type {answer['type']!r}.", "type")
        problem = check(answer["value"], answer)
        if problem:
            raise ValidationError(problem, "value")


class RespondentShape(Shape):
    named = _flag()
    expert_id = _id(required=False, load_default=None, allow_none=True)
    organisation_kind = _id(required=False, load_default=None, allow_none=True)
    discipline = _id(required=False, load_default=None, allow_none=True)
    name = _bilingual_or_none()
    organisation = _bilingual_or_none()


class ConsentShape(Shape):
    use = _flag()
    quote = _flag()
    named = _flag()


class QuestionnaireShape(Shape):
    id = _id()
    version = _id()


class PhotoShape(Shape):
    id = _id()
    readership = _one_of("quote", "summary", "organiser")


class SubmittedShape(Shape):
    response_id = _id()
    revision = _count(1)
    answers_revision = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 1_000_000)
    )
    visit_id = _id()
    fair_id = _id()
    company_id = _id()
    verified = _flag()
    sample = _flag()
    language = _one_of("en", "zh")
    respondent = fields.Nested(RespondentShape, required=True)
    questionnaire = fields.Nested(QuestionnaireShape, required=True)
    consent = fields.Nested(ConsentShape, required=True)
    submitted_at = Timestamp(load_default=None, allow_none=True)
    received_at = Timestamp(required=True)
    answers = fields.Nested(AnswerShape, many=True, required=True, validate=validate.Length(max=MAX_ANSWERS))
    photos = fields.Nested(PhotoShape, many=True, load_default=list, validate=validate.Length(max=MAX_PHOTOS))

    @validates_schema
    def one_answer_a_question(self, data: dict[str, Any], **_: Any) -> None:
        seen: set[str] = set()
        for answer in data["answers"]:
            if answer["question_id"] in seen:
                raise ValidationError(f"Question {answer['question_id']!r} answered twice.", "answers")
            seen.add(answer["question_id"])


class WithdrawnShape(Shape):
    response_id = _id()
    visit_id = _id()
    revision = _count(1)
    withdrawn_at = Timestamp(required=True)


class PhotoStoredShape(Shape):
    photo_id = _id()
    response_id = _id()
    visit_id = _id()
    width = _count(1, MAX_PIXELS)
    height = _count(1, MAX_PIXELS)
    stored_at = Timestamp(required=True)


class FairShape(Shape):
    id = _id()
    name = _bilingual()
    timezone = _id()


class NeedShape(Shape):
    id = _id()
    label = _bilingual()
    topic = _id(required=False, load_default=None, allow_none=True)
    phrases = fields.List(
        fields.String(validate=validate.Length(1, MAX_ID)),
        load_default=list,
        validate=validate.Length(max=MAX_CHOICES),
    )


class ContactShape(Shape):
    email = fields.String(required=True, validate=validate.Regexp(EMAIL, error="Not an e-mail address."))
    language = fields.String(load_default="zh", validate=validate.OneOf(("en", "zh")))


class CompanyShape(Shape):
    id = _id()
    name = _bilingual()
    industry = _bilingual()
    needs = _list_of(NeedShape)
    same_as = _id(required=False, load_default=None, allow_none=True)
    contacts = _list_of(ContactShape)


class ScheduledShape(Shape):
    visit_id = _id()
    fair = fields.Nested(FairShape, required=True)
    company = fields.Nested(CompanyShape, required=True)
    visited_at = Timestamp(required=True)
    deadline = Timestamp(required=True)
    invited = _count(0)
    minimum_group = _count(1)
    link_generation = _count(0)
    sample = _flag()
    attribution = fields.String(
        load_default="named", validate=validate.OneOf(("named", "discipline", "pooled"))
    )
    minimum_text = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 1_000_000)
    )
    visitors = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(validate=validate.Length(max=MAX_ID)), values=_count(0)),
        load_default=dict,
    )
