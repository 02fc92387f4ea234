"""What one analysed response becomes in the tables.

In: an event with the analysis of its texts.  Out: Rows, one mapping a table row, ready for SQL.
Pure.  Tallies are counted from these rows, whether they come from an event or back from the database,
so what was added can always be taken away again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:  # who only reads rows need not wait for the language libraries
    from analyzer.analysis.findings import Aspect, Sentence, TextAnalysis
    from analyzer.messages import AnyEvent, ResponseSubmitted

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class AnalysedEvent:
    """An event and what the analysis found in it; the last three are empty unless it is a submission."""

    event: "AnyEvent"
    analysed_at: datetime
    analyses: Mapping[str, "TextAnalysis"] = field(default_factory=dict)  # by question id, texts only
    sentiment: str | None = None  # of the whole response; None: nothing scorable
    versions: Mapping[str, str] = field(default_factory=dict)  # {"engine", "lexicon", "taxonomy"}


@dataclass(frozen=True)
class Rows:
    """One response: its row, and the rows below it."""

    response: Row
    answers: tuple[Row, ...]
    sentences: tuple[Row, ...]
    aspects: tuple[Row, ...]
    kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What a reader worked out from these rows alone, by its name; a changed copy begins anew."""


def rows_of(analysed: AnalysedEvent, event: "ResponseSubmitted") -> Rows:
    texts = [(question, text) for question, text in analysed.analyses.items()]
    return Rows(
        response=_response(analysed, event),
        answers=tuple(_answers(analysed, event)),
        sentences=tuple(
            _sentence(event.response_id, question, position, sentence)
            for question, text in texts
            for position, sentence in enumerate(text.sentences)
        ),
        aspects=tuple(
            _aspect(event.response_id, question, place, position, aspect)
            for question, text in texts
            for place, sentence in enumerate(text.sentences)
            for position, aspect in enumerate(sentence.aspects)
        ),
    )


def _response(analysed: AnalysedEvent, event: "ResponseSubmitted") -> Row:
    return {
        "id": event.response_id,
        "visit_id": event.visit_id,
        "revision": event.revision,
        "answers_revision": event.answers_revision,
        "verified": event.verified,
        "sample": event.sample,
        "respondent": asdict(event.respondent),
        "language": event.language,
        "consent": asdict(event.consent),
        "submitted_at": event.submitted_at,
        "received_at": event.received_at,
        "analysed_at": analysed.analysed_at,
        "sentiment": analysed.sentiment,
        "versions": dict(analysed.versions),
        "photos": [asdict(photo) for photo in event.photos],
    }


def _answers(analysed: AnalysedEvent, event: "ResponseSubmitted") -> list[Row]:
    found = analysed.analyses
    return [
        {
            "response_id": event.response_id,
            "question_id": answer.question_id,
            "position": answer.position,
            "role": answer.role,
            "type": answer.type,
            "question": answer.question,
            "value": answer.value,
            "readership": answer.readership,
            "transcribed": answer.transcribed,
            "sentiment": found[answer.question_id].sentiment if answer.question_id in found else None,
            "polarity": found[answer.question_id].polarity if answer.question_id in found else None,
        }
        for answer in event.answers
    ]


def _sentence(response_id: str, question_id: str, position: int, sentence: "Sentence") -> Row:
    return {
        "response_id": response_id,
        "question_id": question_id,
        "position": position,
        "text": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
        "lang": sentence.lang,
        "sentiment": sentence.sentiment,
        "polarity": sentence.polarity,
        "suggestion": sentence.suggestion,
        "kind": sentence.kind,
        "explanation": sentence.explained(),
    }


def _aspect(response_id: str, question_id: str, place: int, position: int, aspect: "Aspect") -> Row:
    return {
        "response_id": response_id,
        "question_id": question_id,
        "sentence_position": place,
        "position": position,
        **asdict(aspect),
    }
