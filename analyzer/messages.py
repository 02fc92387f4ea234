"""What arrives from the collector: bytes in, a frozen event out, or BadMessage with the reason.

In: one CloudEvents 1.0 envelope (structured JSON, UTF-8).  Out: ResponseSubmitted,
ResponseWithdrawn, PhotoStored or VisitScheduled.  A tolerant reader: fields it does not know are
ignored, so the collector may add some; what it does need is checked once, here, and nowhere behind.
Pure: the same bytes always give the same event.  The contract as data: tests/contract/.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, ClassVar, NoReturn

from marshmallow import ValidationError

from analyzer import message_shapes as shapes
from analyzer.errors import BadMessage

# A site-visit response with every text at its limit is about 40 KiB.
MAX_BODY = 1_048_576  # bytes
# Written as \ud800..\udfff, a lone surrogate passes json.loads but no database takes it.
SUSPECT = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

Bilingual = Mapping[str, str]  # {"en": ..., "zh": ...}, both there and not empty


@dataclass(frozen=True)
class Answer:
    """One answer with the wording of its question, so that nobody has to ask the collector."""

    question_id: str
    position: int  # place in the questionnaire, from 0 or 1; only the order counts
    role: str  # what analysis reads it as: "overall", "aspects", "impressed", ...
    type: str  # rating, nps, single_choice, multiple_choice, matrix, text, contact
    label: Bilingual
    value: Any  # by type, normalised: see tests/contract/response.submitted.v1.schema.json
    readership: str  # quote, summary, organiser: who may read it, widest first
    scale: Mapping[str, Any] | None  # {"min", "max", "low", "high", "opt_out"} of rating and matrix
    choices: tuple[Mapping[str, Any], ...]  # {"id", "label"}
    items: tuple[Mapping[str, Any], ...]  # {"id", "role", "label"} of a matrix
    transcribed: bool = False  # spoken by the expert, written down by the organiser

    @property
    def question(self) -> dict[str, Any]:
        """Wording, scale, choices and items as they came; what the type does not have is left out."""
        parts = {"label": self.label, "scale": self.scale}
        lists = {"choices": list(self.choices), "items": list(self.items)}
        return {name: part for name, part in (parts | lists).items() if part}


@dataclass(frozen=True)
class Respondent:
    named: bool
    expert_id: str | None  # the invitation; None: came by the open link
    organisation_kind: str | None
    discipline: str | None
    name: Bilingual | None  # only of one who agreed to be named
    organisation: Bilingual | None


@dataclass(frozen=True)
class Consent:
    use: bool
    quote: bool
    named: bool


@dataclass(frozen=True)
class Photo:
    """A photo that belongs to a response; it may arrive later than the text, or never."""

    id: str
    readership: str  # as an answer's; only quote may be shown to the company


@dataclass(frozen=True)
class Event:
    """What every event has.  `body` is the envelope as it came, for the inbox and re-analysis."""

    event_id: str
    time: datetime
    body: str
    visit_id: str


@dataclass(frozen=True)
class ResponseSubmitted(Event):
    type: ClassVar[str] = "response.submitted.v1"
    response_id: str
    revision: int  # from 1; a higher one replaces a lower one
    fair_id: str
    company_id: str
    verified: bool  # by a personal link
    sample: bool
    language: str  # of the form: "en" or "zh"
    respondent: Respondent
    questionnaire: Mapping[str, str]  # {"id", "version"}
    consent: Consent
    submitted_at: datetime | None  # the phone's clock
    received_at: datetime
    answers: tuple[Answer, ...]
    photos: tuple[Photo, ...] = ()  # of this revision
    answers_revision: int | None = None  # in which the expert last changed an answer; None: not told

    @property
    def subject(self) -> str:
        return self.response_id


@dataclass(frozen=True)
class PhotoStored(Event):
    """A photo has arrived and can be looked at; whose it is and who may is said by its response."""

    type: ClassVar[str] = "photo.stored.v1"
    photo_id: str
    response_id: str
    width: int  # pixels
    height: int
    stored_at: datetime

    @property
    def subject(self) -> str:
        return self.photo_id


@dataclass(frozen=True)
class ResponseWithdrawn(Event):
    type: ClassVar[str] = "response.withdrawn.v1"
    response_id: str
    revision: int
    withdrawn_at: datetime

    @property
    def subject(self) -> str:
        return self.response_id


@dataclass(frozen=True)
class VisitScheduled(Event):
    type: ClassVar[str] = "visit.scheduled.v1"
    fair: Mapping[str, Any]  # {"id", "name": bilingual, "timezone"}
    company: Mapping[str, Any]  # {"id", "name": bilingual, "industry": bilingual, "needs": [{"id", "label"}]}
    visited_at: datetime
    deadline: datetime
    invited: int
    minimum_group: int
    link_generation: int
    sample: bool
    # counts by organisation_kind, discipline, language, and "<one of the first two>/language"; may be {}
    visitors: Mapping[str, Mapping[str, int]]
    attribution: str = "named"  # named, discipline, pooled: what a quote may tell of who said it
    minimum_text: int | None = None  # visitors behind a quote; None: minimum_group

    @property
    def subject(self) -> str:
        return self.visit_id


AnyEvent = ResponseSubmitted | ResponseWithdrawn | PhotoStored | VisitScheduled


def parse(body: bytes) -> AnyEvent:
    """The event in `body`.  Raises BadMessage("<where>: <what>") when it breaks the contract."""
    envelope = _checked(shapes.EnvelopeShape(), _decode(body), "")
    if envelope["type"] not in READERS:
        raise BadMessage(f"type: unknown event type {envelope['type']!r}")
    shape, build = READERS[envelope["type"]]
    data = _checked(shape, envelope["data"], "data.")
    return build(data, {"event_id": envelope["id"], "time": envelope["time"], "body": body.decode()})


def _decode(body: bytes) -> Any:
    if len(body) > MAX_BODY:
        raise BadMessage(f"body: {len(body)} bytes, more than {MAX_BODY}")
    try:
        document = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadMessage(f"body: not UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise BadMessage("body: nested too deeply") from None
    except ValueError as error:
        raise BadMessage(f"body: not JSON: {error}") from None
    if SUSPECT.search(body):
        _refuse_unstorable(document)
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _refuse_unstorable(document: Any) -> None:
    """NUL and lone surrogates cannot be stored; a valid pair such as an emoji's can."""
    text = "".join(_strings(document))
    if "\0" in text:
        raise BadMessage("body: holds the character U+0000")
    if LONE_SURROGATE.search(text):
        raise BadMessage("body: holds half of a surrogate pair")


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from chain(node, *map(_strings, node.values()))
    elif isinstance(node, list):
        yield from chain.from_iterable(map(_strings, node))


def _checked(shape: shapes.Shape, document: Any, prefix: str) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = shape.load(document)
    except ValidationError as error:
        where, what = first_problem(error.messages)
        raise BadMessage(f"{(prefix + where).strip('.') or 'body'}: {what}") from None
    return loaded


def first_problem(messages: Any, where: str = "") -> tuple[str, str]:
    """The first leaf of marshmallow's error tree as ("answers[0].value", "Not a valid integer.")."""
    if isinstance(messages, Mapping):
        key, inner = next(iter(messages.items()))
        if key == "_schema":
            return first_problem(inner, where)
        step = f"[{key}]" if isinstance(key, int) else f".{key}" if where else str(key)
        return first_problem(inner, where + step)
    return where, str(messages[0] if isinstance(messages, list) else messages)


def _submitted(data: dict[str, Any], common: dict[str, Any]) -> ResponseSubmitted:
    data["answers"] = tuple(map(_answer, data["answers"]))
    data["respondent"] = Respondent(**data["respondent"])
    data["consent"] = Consent(**data["consent"])
    data["photos"] = tuple(Photo(**photo) for photo in data["photos"])
    return ResponseSubmitted(**common, **data)


def _answer(answer: dict[str, Any]) -> Answer:
    lists = {name: tuple(answer[name]) for name in ("choices", "items")}
    return Answer(**answer | lists | {"transcribed": answer["transcribed"] is not None})


def _withdrawn(data: dict[str, Any], common: dict[str, Any]) -> ResponseWithdrawn:
    return ResponseWithdrawn(**common, **data)


def _photo_stored(data: dict[str, Any], common: dict[str, Any]) -> PhotoStored:
    return PhotoStored(**common, **data)


def _scheduled(data: dict[str, Any], common: dict[str, Any]) -> VisitScheduled:
    return VisitScheduled(**common, **data)


READERS: dict[str, tuple[shapes.Shape, Callable[[dict[str, Any], dict[str, Any]], AnyEvent]]] = {
    ResponseSubmitted.type: (shapes.SubmittedShape(), _submitted),
    ResponseWithdrawn.type: (shapes.WithdrawnShape(), _withdrawn),
    PhotoStored.type: (shapes.PhotoStoredShape(), _photo_stored),
    VisitScheduled.type: (shapes.ScheduledShape(), _scheduled),
}
