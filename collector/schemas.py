"""The shapes of the HTTP bodies, and what to say when a body has another shape.

The questions' answers are one field here: answering.py checks them against the questionnaire, which is
several times faster than nested schemas (33 instead of 192 us) and speaks both languages.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from collector.errors import AnswerError
from collector.text import Bilingual

MOST_LEFT_OUT = 200  # question ids; more than any questionnaire asks
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

WORDS: Mapping[str, Bilingual] = {
    "unknown_field": {"en": "This field is not known", "zh": "未知字段"},
    "not_an_object": {"en": "Send a JSON object", "zh": "应为 JSON 对象"},
    "bad_time": {
        "en": "Send a date and time with its offset, like 2026-11-24T14:30:00+08:00, or null",
        "zh": "请提供带时区的日期时间，例如 2026-11-24T14:30:00+08:00，或 null",
    },
    "bad_size": {"en": "Send the number of bytes", "zh": "应为字节数"},
    "bad_hash": {
        "en": "Send the sha256 of the notice that was shown, 64 hex digits, or null",
        "zh": "应为所示告知书的 sha256（64 位十六进制）或 null",
    },
    "not_a_name": {"en": "Send the id of a question", "zh": "应为问题 id"},
    "not_names": {"en": "Send a list of question ids", "zh": "应为问题 id 列表"},
    "bad_uuid": {"en": "Send a UUID", "zh": "应为 UUID"},
    "not_a_revision": {
        "en": "Send the draft's revision, a whole number, or null",
        "zh": "应为草稿版本号（整数）或 null",
    },
    "not_true_or_false": {"en": "Send true or false", "zh": "应为 true 或 false"},
    "missing": {"en": "This field is missing", "zh": "缺少该字段"},
}


class AnyJson(fields.Field[Any]):
    """Checked by answering.py."""


def _plausible(moment: datetime) -> None:
    if not EARLIEST <= moment <= LATEST:
        raise ValidationError("bad_time")


class _Body(Schema):
    """Error messages are keys of WORDS."""

    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}  # noqa: RUF012 - marshmallow's way

    class Meta:
        unknown = RAISE


Codes = dict[str, str | list[Any] | dict[Any, Any]]  # as marshmallow declares it
_MISSING: Codes = {"required": "missing"}
_TIME: Codes = dict.fromkeys(("invalid", "invalid_awareness", "format"), "bad_time")
_UUID: Codes = dict.fromkeys(("invalid", "invalid_uuid", "null"), "bad_uuid")


class SubmissionSchema(_Body):
    answers = AnyJson(required=True, error_messages=_MISSING)
    consent = AnyJson(load_default=None, allow_none=True)
    readership = AnyJson(load_default=None, allow_none=True)
    language = AnyJson(required=True, error_messages=_MISSING)
    submitted_at = fields.AwareDateTime(
        load_default=None, allow_none=True, format="iso", validate=_plausible, error_messages=_TIME
    )
    response_id = fields.UUID(load_default=None, allow_none=True, error_messages=_UUID)
    photos = AnyJson(load_default=None, allow_none=True)
    notice = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"\A[0-9a-f]{64}\Z", error="bad_hash"),
        error_messages={"invalid": "bad_hash"},
    )
    left_out = fields.List(
        fields.String(error_messages={"invalid": "not_a_name"}),
        load_default=(),
        validate=validate.Length(max=MOST_LEFT_OUT, error="not_names"),
        error_messages={"invalid": "not_names", "null": "not_names"},
    )


class PhotoSchema(_Body):
    id = fields.UUID(required=True, error_messages={**_UUID, **_MISSING})
    size = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, error="bad_size"),
        error_messages={**_MISSING, "invalid": "bad_size"},
    )
    readership = AnyJson(load_default=None, allow_none=True)


class VoiceSchema(PhotoSchema):
    """The same shape; the readership is the transcript's."""


class DraftSchema(_Body):
    answers = fields.Dict(required=True, error_messages={"required": "missing", "invalid": "not_an_object"})
    consent = fields.Dict(load_default=dict, error_messages={"invalid": "not_an_object"})
    readership = fields.Dict(load_default=dict, error_messages={"invalid": "not_an_object"})
    language = AnyJson(required=True, error_messages=_MISSING)
    base_revision = fields.Integer(
        load_default=None, allow_none=True, strict=True, error_messages={"invalid": "not_a_revision"}
    )
    device = fields.UUID(load_default=None, allow_none=True, error_messages=_UUID)
    chosen = fields.Boolean(
        load_default=False, truthy={True}, falsy={False}, error_messages={"invalid": "not_true_or_false"}
    )


def shape_errors(found: Any, pointer: str = "") -> Iterator[AnswerError]:
    """marshmallow's messages as errors with a JSON pointer."""
    if isinstance(found, Mapping):
        for step, inner in found.items():
            yield from shape_errors(inner, pointer if step == "_schema" else f"{pointer}/{_escape(step)}")
        return
    for code in found:
        yield AnswerError(pointer, code, WORDS.get(code, WORDS["not_an_object"]))


def _escape(step: object) -> str:
    return str(step)[:64].replace("~", "~0").replace("/", "~1")
