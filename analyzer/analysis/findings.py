"""What the analysis finds, as plain values.

In: nothing. Out: the dataclasses every other module of this room speaks in.
`start` and `end` are code points into the text that was given to the analyser. Nobody changes them once
made; they are not declared frozen because that makes each of them three times as dear.
"""

from dataclasses import dataclass
from typing import Any

POSITIVE, NEUTRAL, NEGATIVE, MIXED = "positive", "neutral", "negative", "mixed"
LABELS = (POSITIVE, NEUTRAL, NEGATIVE)


@dataclass(slots=True)
class Aspect:
    """One topic of a sentence and how the writer feels about it."""

    topic: str  # taxonomy id, e.g. "energy_environment"
    sentiment: str  # positive, neutral or negative
    polarity: float | None  # -1..1; None: nothing scorable stood near it
    evidence: str  # the words that show it
    start: int
    end: int
    rule: str  # id of the rule or phrase that gave the topic


@dataclass(slots=True)
class Sentence:
    """One sentence with its reading; `sentiment` None means: cannot be scored."""

    text: str
    start: int
    end: int
    lang: str  # en, zh, mixed or other
    sentiment: str | None
    polarity: float | None  # -1..1
    suggestion: bool
    kind: str  # praise, problem, advice, question, offer or fact
    aspects: tuple[Aspect, ...]
    explanation: dict[str, Any]  # plain JSON: hits, weights, scores


@dataclass(slots=True)
class TextAnalysis:
    """One answer: its sentences and the reading of the whole."""

    lang: str
    sentiment: str | None  # positive, neutral, negative, mixed; None: nothing scorable
    polarity: float | None
    sentences: tuple[Sentence, ...]
