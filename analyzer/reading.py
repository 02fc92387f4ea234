"""An event read by the analysis engine: what the worker hands to the store.

In: an event.  Out: the same event with the analysis of its text answers.  Pure.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from analyzer.analysis.findings import TextAnalysis
from analyzer.messages import AnyEvent, ResponseSubmitted
from analyzer.rows import AnalysedEvent


class Reader(Protocol):
    """What is needed of analyzer.analysis.Engine."""

    @property
    def versions(self) -> dict[str, str]: ...

    def analyse_all(self, asked: Sequence[tuple[str, str | None]]) -> list[TextAnalysis]: ...

    def response_sentiment(self, analyses: list[TextAnalysis]) -> str | None: ...


def read(event: AnyEvent, engine: Reader, now: datetime) -> AnalysedEvent:
    """Only submissions have texts to read; other events pass as they are."""
    if not isinstance(event, ResponseSubmitted):
        return AnalysedEvent(event, now)
    texts = [answer for answer in event.answers if answer.type == "text"]
    read_as = engine.analyse_all([(answer.value, answer.role) for answer in texts])
    analyses = {answer.question_id: said for answer, said in zip(texts, read_as, strict=True)}
    sentiment = engine.response_sentiment(list(analyses.values())) if analyses else None
    return AnalysedEvent(event, now, analyses, sentiment, engine.versions)
