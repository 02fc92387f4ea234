"""What the analysis finds, as plain values.

In: nothing. Out: the dataclasses every other module of this room speaks in.
`start` and `end` are code points into the text that was given to the analyser. Nobody changes them once
made; they are not declared frozen because that makes each of them three times as dear.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

ENGINE_VERSION = "5"
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


class Reason(NamedTuple):
    """What adds to a reading: words, or (no span) all that is not named, the place, the cut."""

    rule: str
    start: int  # in the sentence; -1: no span
    end: int
    value: int  # to the direction, in ten-thousandths
    judgement: int


@dataclass(slots=True)
class Explanation:
    """Why a sentence reads so: the reasons add up to direction and judgement exactly."""

    direction: int  # < 0 criticism, > 0 praise, in ten-thousandths
    judgement: int  # < 0: nothing is judged
    reasons: list[Reason]
    textblob: tuple[float, float]  # its own polarity and subjectivity of the sentence
    clauses: list[tuple[int, int, float]]  # start, end, weight
    cues: list[tuple[int, int, str]]  # of advice: start, end, pattern

    def strongest_first(self) -> list[Reason]:
        """The reasons by what they add to the direction."""
        return sorted(self.reasons, key=_strongest_first)


def _strongest_first(reason: Reason) -> int:
    return -abs(reason[3])


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
    explanation: Explanation | None  # None: cannot be scored

    def explained(self) -> dict[str, Any]:
        """The explanation as it is stored: plain JSON, its reasons ("hits") strongest first."""
        why = self.explanation
        if why is None:
            return {"engine": ENGINE_VERSION, "score": None, "hits": [], "unread": "not English or Chinese"}
        polarity, subjectivity = why.textblob
        return {
            "engine": ENGINE_VERSION,
            "score": self.polarity,
            "direction": why.direction,
            "judgement": why.judgement,
            "textblob": {"polarity": round(polarity, 4), "subjectivity": round(subjectivity, 4)},
            "hits": [
                {
                    "rule": rule,
                    "span": [start, end] if start >= 0 else None,
                    "text": self.text[start:end] if start >= 0 else "",
                    "value": value,
                    "judgement": judgement,
                }
                for rule, start, end, value, judgement in why.strongest_first()
            ],
            "clauses": [list(clause) for clause in why.clauses],
            "advice": [{"span": [start, end], "rule": f"advice:{name}"} for start, end, name in why.cues],
        }


@dataclass(slots=True)
class TextAnalysis:
    """One answer: its sentences and the reading of the whole."""

    lang: str
    sentiment: str | None  # positive, neutral, negative, mixed; None: nothing scorable
    polarity: float | None
    sentences: tuple[Sentence, ...]
